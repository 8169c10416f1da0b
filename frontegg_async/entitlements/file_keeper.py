"""`FileKeeper`: write the last good snapshot to its file in the background, one write at a time."""

from __future__ import annotations

import asyncio
import math
from types import ModuleType
from typing import Final

import attrs

from frontegg_async._core.runtime.clocks import Clocks
from frontegg_async._core.runtime.leaked_on_purpose import leak_on_purpose
from frontegg_async._core.runtime.worker_threads import run_in_thread
from frontegg_async.entitlements.reading import Read, parse
from frontegg_async.entitlements.shared import Confirmed, logger
from frontegg_async.entitlements.stale_file import StaleFile, UnusableFileError
from frontegg_async.errors import ConfigurationError

_TOLERANCE: Final = 5.0
"""The accepted seconds by which a confirmation may be in the future. Clocks are adjusted sometimes."""
_LONGEST: Final = 10.0
"""The longest wait for a write in progress when a client closes, in seconds."""


@attrs.frozen
class _Job:
    offset: object
    confirmed_at: float
    body: bytes | None

    def beside(self, earlier: _Job | None) -> _Job:
        """Return this job with the body of an earlier, failed job if both jobs are for the same snapshot."""
        if self.body is not None or earlier is None or earlier.offset != self.offset:
            return self
        return attrs.evolve(self, body=earlier.body)


class FileKeeper:
    """Writer of the snapshot file of one client.

    Args:
        file: The file.
        clocks: The clocks.
    """

    def __init__(self, file: StaleFile, clocks: Clocks) -> None:
        self.is_missing: bool = False
        """Whether the file does not contain the snapshot. Then the next write needs the JSON of the snapshot."""
        self._file = file
        self._clocks = clocks
        self._job: _Job | None = None
        self._unwritten: _Job | None = None
        """The last job whose write failed."""
        self._task: asyncio.Task[None] | None = None
        self._has_warned = False

    async def check(self) -> None:
        """Check that the file may be written.

        Raises:
            ConfigurationError: The file belongs to another program, environment or user. Or the file cannot be read, or
                its directory does not exist.
        """
        try:
            await run_in_thread(self._file.check)
        except UnusableFileError as error:
            raise ConfigurationError(f"stale_file: {error}") from None

    async def read(self, re2: ModuleType) -> tuple[Read, float]:
        """Return the snapshot of the file, and the time when the service confirmed it, on the monotonic clock.

        If the system clock was changed, the time of the confirmation may be in the future. Then the returned time is
        ``-inf``, which means unknown.

        Args:
            re2: The ``re2`` module, for regular expressions.

        Raises:
            UnusableFileError: The file does not exist, is damaged, belongs to another environment or user, or other
                users may write it.
        """
        kept = await run_in_thread(self._file.read)
        try:
            read = await run_in_thread(parse, kept.body, re2)
        except ValueError as error:
            raise UnusableFileError(f"{self._file.path} is damaged: {error}") from None
        age = self._clocks.wall() - kept.confirmed_at
        return read, -math.inf if age < -_TOLERANCE else self._clocks.monotonic() - max(0.0, age)

    def keep(self, confirmed: Confirmed, body: bytes | None) -> None:
        """Start to write a confirmed snapshot, in a task of the running event loop. Do not wait for the end.

        Args:
            confirmed: The snapshot.
            body: The JSON of the snapshot. ``None`` if the file already contains the snapshot.
        """
        at = self._clocks.wall() - (self._clocks.monotonic() - confirmed.at)
        self._job = _Job(confirmed.snapshot.offset, at, body).beside(self._job)
        if self._task is None or self._task.done() or self._task.get_loop().is_closed():
            self._task = asyncio.get_running_loop().create_task(self._work(), name="entitlements: file")

    async def drain(self) -> None:
        """Wait for a write in progress."""
        if self._task is not None and self._task.get_loop() is asyncio.get_running_loop():
            await asyncio.wait([self._task], timeout=_LONGEST)

    def after_fork(self) -> None:
        """In a forked child, abandon the write that the parent process started."""
        leak_on_purpose(self._task)
        self._task = self._job = None

    async def _work(self) -> None:
        while (job := self._job) is not None:
            job, self._job = job.beside(self._unwritten), None
            try:
                self.is_missing = not await run_in_thread(self._write, job)
            except Exception as error:  # noqa: BLE001 - a defect must not end the task silently
                self._unwritten, self.is_missing = job, False
                self._warn(error)
            else:
                self._unwritten, self._has_warned = None, False

    def _write(self, job: _Job) -> bool:
        now = self._clocks.wall()
        if job.body is None:
            return self._file.confirm(job.offset, job.confirmed_at, now)
        self._file.write(job.body, job.offset, job.confirmed_at, now)
        return True

    def _warn(self, error: Exception) -> None:
        """Log a warning that the file cannot be written. Log the next such warning only after a successful write."""
        if not self._has_warned:
            self._has_warned = True
            logger.warning("entitlements: stale_file cannot be written: %s", error)
