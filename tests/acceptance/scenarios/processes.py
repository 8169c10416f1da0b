"""The server processes of a scenario, which can be started, ended and killed, and their stderr."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

import aiohttp

from tests.support.ports import reserved_port

_SECONDS_TO_START: Final = 30.0
_SECONDS_TO_END: Final = 20.0
_EACH: Final = aiohttp.ClientTimeout(total=5.0)
"""Of one request: another process may have the port, and never answer."""
_PAUSE: Final = 0.02
_USER_TICKS: Final = 11
"""The place of the time in user mode in ``/proc/<pid>/stat``, behind the name; that in system mode follows."""


def cpu_seconds(pid: int) -> float:
    """Return the processor time of a process so far, where the system tells it in ``/proc``."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[_USER_TICKS]) + int(fields[_USER_TICKS + 1])) / os.sysconf("SC_CLK_TCK")


class Server:
    """A Python process in its own process group, so that ending it also ends its children.

    Args:
        arguments: What follows ``python`` in its command.
        errors: The file that its stderr is added to.
        environment: Variables in addition to those of this process.
    """

    def __init__(self, arguments: Sequence[str], errors: Path, environment: Mapping[str, str] | None = None) -> None:
        self._arguments = arguments
        self._environment = {**os.environ, **(environment or {})}
        self.errors = errors
        self.process: asyncio.subprocess.Process | None = None
        self.cpu = 0.0
        """Seconds of processor time that it took, up to its end by `end`."""

    async def start(self) -> None:
        """Start it."""
        with self.errors.open("ab") as errors:
            self.process = await asyncio.create_subprocess_exec(
                sys.executable,
                *self._arguments,
                stdout=asyncio.subprocess.DEVNULL,
                stderr=errors,
                env=self._environment,
                start_new_session=True,
            )

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._running.pid

    @property
    def _running(self) -> asyncio.subprocess.Process:
        if self.process is None:
            raise RuntimeError("it was not started")
        return self.process

    def send(self, number: int) -> None:
        """Send it a signal."""
        self._running.send_signal(number)

    async def end(self, number: int = signal.SIGTERM) -> int:
        """Send a signal that ends it, wait, and return its status.

        Raises:
            TimeoutError: It does not end.
        """
        self.cpu += cpu_seconds(self.pid)
        self.send(number)
        async with asyncio.timeout(_SECONDS_TO_END):
            return await self._running.wait()

    def written(self) -> list[str]:
        """Return the lines of its stderr."""
        return self.errors.read_text(encoding="utf-8", errors="replace").splitlines() if self.errors.exists() else []

    async def answers(self, url: str) -> Any:
        """Wait until it answers with success, and return the answer.

        Raises:
            TimeoutError: It does not in time.
            RuntimeError: It has ended.
        """
        async with asyncio.timeout(_SECONDS_TO_START), aiohttp.ClientSession(timeout=_EACH) as session:
            while self._running.returncode is None:
                with contextlib.suppress(aiohttp.ClientError, TimeoutError):
                    async with session.get(url) as response:
                        if response.ok:
                            return await response.json()
                await asyncio.sleep(_PAUSE)
        raise RuntimeError(f"it ended with status {self._running.returncode}: {self.written()[-3:]}")

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            await self.process.wait()


class EmulatorServer(Server):
    """An emulator that stores its state in a file and can be restarted on the same port.

    Args:
        directory: For its files.
    """

    def __init__(self, directory: Path) -> None:
        self._reservation = contextlib.ExitStack()
        self.port = self._reservation.enter_context(reserved_port())
        self.url = f"http://127.0.0.1:{self.port}"
        arguments = ("-m", "frontegg_async.emulator", f"--port={self.port}", f"--persist={directory / 'state.sqlite3'}")
        super().__init__(arguments, directory / "emulator.err")

    async def start(self) -> None:
        """Start it, and wait until it serves."""
        await super().start()
        await self.answers(f"{self.url}/_emulator/v1/health")

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        with self._reservation:
            await super().__aexit__(kind, error, traceback)

    async def restart(self, number: int) -> float:
        """End it by a signal and start it again; return the moment from which it serves."""
        await self.end(number)
        await self.start()
        return time.monotonic()

    async def ask(self, method: str, verb: str, body: object = None) -> Any:
        """Ask the admin API; return the parsed answer."""
        async with (
            aiohttp.ClientSession(raise_for_status=True) as session,
            session.request(method, f"{self.url}/_emulator/v1/{verb}", json=body) as response,
        ):
            return await response.json() if response.content_length else None
