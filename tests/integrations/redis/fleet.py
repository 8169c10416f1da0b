"""``Fleet``: processes that manage an environment of an emulator, and begin at the same moment."""

from __future__ import annotations

import os
import subprocess
import time
from collections import Counter
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from cryptography.fernet import Fernet

from frontegg_async.emulator import EmulatorHandle
from tests.integrations.redis.worker import TENANT
from tests.support.nursery import forked
from tests.support.redis import RedisServer

_ROOT: Final = Path(__file__).resolve().parents[3]


class Fleet:
    """Processes, which are ready when it is entered.

    Args:
        emulator: The environment.
        redis: What they share.
        processes: How many.
        work: What each does, as the worker takes it.
        budget: The budget, as the worker takes it.
    """

    def __init__(
        self,
        emulator: EmulatorHandle,
        redis: RedisServer,
        *,
        processes: int,
        work: tuple[str, int],
        budget: str = "0 0 0",
    ) -> None:
        emulator.seed(tenants=[{"tenantId": TENANT, "name": "One"}])
        self._emulator = emulator
        self._count = processes
        self._command = [*forked("tests.integrations.redis.worker"), work[0], str(work[1])]
        self._variables = {
            **os.environ,
            "PYTHONPATH": str(_ROOT),
            "FRONTEGG_CLIENT_ID": emulator.client_id,
            "FRONTEGG_SECRET_KEY": emulator.secret,
            "FRONTEGG_BASE_URL": emulator.url,
            "FLEET_REDIS": redis.url,
            "FLEET_KEY": Fernet.generate_key().decode(),
            "FLEET_BUDGET": budget,
        }
        self._processes: list[subprocess.Popen[str]] = []
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        for _ in range(self._count):
            process = subprocess.Popen(
                self._command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                encoding="utf-8",
                cwd=_ROOT,
                env=self._variables,
            )
            self._processes.append(self._stack.enter_context(process))
        for process in self._processes:
            if process.stdout is None or process.stdout.readline() != "ready\n":
                raise RuntimeError("a process of the fleet did not start")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        for process in self._processes:
            if error is not None:
                process.kill()
        self._stack.close()

    def say(self) -> None:
        """Tell each to begin, or to end its flow."""
        for process in self._processes:
            if process.stdin is not None:
                process.stdin.write("now\n")
                process.stdin.flush()

    def failures(self) -> list[str]:
        """Wait until each has ended its work; return the error of each, or an empty text."""
        return ["" if process.stdout is None else process.stdout.readline().strip() for process in self._processes]

    def wait_for(self, requests: int) -> None:
        """Wait until the service has had so many requests for the tenant."""
        while self.requests()["tenants.get"] < requests:
            time.sleep(0.01)

    def requests(self) -> Counter[str]:
        """Return how many requests the service had, by their routes."""
        return Counter(entry.route or "" for entry in self._emulator.journal())
