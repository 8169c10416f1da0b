"""``Fleet``: processes that manage an environment of an emulator, and begin at the same moment."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections import Counter
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import attrs
from cryptography.fernet import Fernet

from benchmarks.fleet.worker import TENANT
from frontegg_async.emulator import EmulatorHandle
from tests.support.redis import RedisServer

_ROOT: Final = Path(__file__).resolve().parents[2]


@attrs.frozen
class Outcome:
    """How it went in a process: its time, why it failed, when each call had its answer, and what it logged."""

    seconds: float
    failure: str
    moments: list[float]
    lines: dict[str, int]


class Fleet:
    """Processes, which are ready when it is entered.

    Args:
        emulator: The environment.
        redis: What they share; nothing without it.
        processes: How many.
        work: What each does, as the worker takes it.
        budget: The budget, as the worker takes it.
    """

    def __init__(
        self,
        emulator: EmulatorHandle,
        redis: RedisServer | None,
        *,
        processes: int,
        work: tuple[str, int],
        budget: str = "0 0 0",
    ) -> None:
        emulator.seed(tenants=[{"tenantId": TENANT, "name": "One"}])
        self._emulator = emulator
        self._count = processes
        self._command = [sys.executable, "-W", "error", "-m", "benchmarks.fleet.worker", work[0], str(work[1])]
        self._variables = {
            **os.environ,
            "PYTHONPATH": str(_ROOT),
            "FRONTEGG_CLIENT_ID": emulator.client_id,
            "FRONTEGG_SECRET_KEY": emulator.secret,
            "FRONTEGG_BASE_URL": emulator.url,
            "FLEET_REDIS": "" if redis is None else redis.url,
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

    def outcomes(self) -> list[Outcome]:
        """Wait until each has said how it went."""
        found: list[Outcome] = []
        for process in self._processes:
            line = "" if process.stdout is None else process.stdout.readline()
            found.append(Outcome(**json.loads(line)))
        return found

    def wait_for(self, requests: int) -> None:
        """Wait until the service has had so many requests for the tenant."""
        while self.requests()["tenants.get"] < requests:
            time.sleep(0.01)

    def requests(self) -> Counter[str]:
        """Return how many requests the service had, by their routes."""
        return Counter(entry.route or "" for entry in self._emulator.journal())

    def refusals(self) -> int:
        """Return how many of them were answered with 429."""
        return sum(entry.status == 429 for entry in self._emulator.journal())  # noqa: PLR2004 - too many requests
