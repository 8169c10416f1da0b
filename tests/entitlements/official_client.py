"""Frontegg's own client for Node, in a process, as it reads the snapshot of an emulator and decides."""

from __future__ import annotations

import json
import os
import subprocess
import threading
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from frontegg_async.emulator import EmulatorHandle
from frontegg_async.endpoints.entitlements import SNAPSHOT_OFFSET
from tests.support.npm import npm_packages

_PROGRAM: Final = Path(__file__).with_suffix(".cjs")
_PATIENCE: Final = 600.0
"""Seconds after which a process that says nothing more is killed."""


class OfficialClient:
    """The process."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self.snapshots = 0
        """How many snapshots it has read of the environment that is open."""

    def open(self, client_id: str, secret: str, *, refresh: float = 0.02) -> float:
        """Read the snapshot of an environment, and follow it until `close`; return the processor time that it took."""
        context = {"FRONTEGG_CLIENT_ID": client_id, "FRONTEGG_API_KEY": secret}
        self._write({"open": context, "refresh": refresh * 1_000})
        found = self._read("snapshot")
        self.snapshots = 1
        return float(found["seconds"])

    def close(self) -> None:
        """Stop following the environment."""
        self._write({"close": True})

    def wait_for_snapshot(self, environment: EmulatorHandle) -> None:
        """Wait until it has read the snapshot as the environment is now."""
        with environment.client() as frontegg:
            offset = frontegg.send(SNAPSHOT_OFFSET).value
        while self._read("snapshot")["snapshot"] != offset["snapshotOffset"]:  # type: ignore[index] # it is any JSON value
            pass

    def decide(self, questions: Sequence[Mapping[str, Any]]) -> list[dict[str, Any] | None]:
        """Return the decisions; ``None`` where it raises an error."""
        self._write({"ask": questions})
        decisions: list[dict[str, Any] | None] = self._read("decisions")["decisions"]
        return decisions

    def measure(self, question: Mapping[str, Any], calls: int) -> float:
        """Decide the same again and again; return the processor time of each call, in seconds."""
        self._write({"measure": question, "calls": calls})
        return float(self._read("seconds")["seconds"])

    def _write(self, command: Mapping[str, Any]) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(f"{json.dumps(command)}\n")
        self._process.stdin.flush()

    def _read(self, name: str) -> dict[str, Any]:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            found: dict[str, Any] = json.loads(line)
            self.snapshots += "snapshot" in found
            if name in found:
                return found
        raise AssertionError("the process has ended")


@contextmanager
def official_client(url: str) -> Generator[OfficialClient]:
    """Run the process against an emulator at a URL; skip the test where there is no Node."""
    command = ["node", str(_PROGRAM), str(npm_packages())]
    environ = {**os.environ, "FRONTEGG_API_GATEWAY_URL": url}
    with subprocess.Popen(
        command, env=environ, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8"
    ) as process:
        guard = threading.Timer(_PATIENCE, process.kill)
        guard.start()
        try:
            yield OfficialClient(process)
        finally:
            guard.cancel()
            process.kill()
