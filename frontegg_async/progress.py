"""The progress of a migration, which is polled with exponential backoff and jitter until the migration ends."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Final, Protocol, cast

from frontegg_async._core.runtime.tracebacks import shorten
from frontegg_async._values.wrong_statements import OnlyAsyncFor
from frontegg_async.errors import (
    ErrorDetails,
    FronteggError,
    MigrationTimeoutError,
    RequestTimeoutError,
)
from frontegg_async.models.migrations import Migration

FIRST_WAIT: Final = 0.5
LONGEST_WAIT: Final = 30.0
GROWTH: Final = 1.5
LAST_POLL: Final = 0.5
"""The seconds between the last poll and the timeout."""

_STEPS: Final = 64
"""The number of polls after which the wait no longer grows."""


def next_wait(polls: int, left: float, draw: float) -> float:
    """Return the seconds to wait before the next poll.

    Args:
        polls: The number of polls so far, from 1.
        left: The seconds until the timeout, above 0; infinite without a timeout.
        draw: A random number from 0 to 1 for the jitter over the upper half of the wait.

    Returns:
        Seconds, at most ``left``.
    """
    longest = min(LONGEST_WAIT, FIRST_WAIT * GROWTH ** min(polls - 1, _STEPS))
    wait = longest * (1 + draw) / 2
    if wait + LAST_POLL <= left:
        return wait
    return left - LAST_POLL if left > 2 * LAST_POLL else left


class MigrationSource(Protocol):
    """A migration that can be polled, with a clock and randomness for the waits."""

    @property
    def migration_id(self) -> str:
        """The id of the migration."""
        ...

    async def poll(self, seconds: float) -> Migration:
        """Return the status of the migration, with one call of at most ``seconds``."""
        ...

    async def pause(self, seconds: float) -> None:
        """Wait for some seconds. Closing the client ends the wait."""
        ...

    def monotonic(self) -> float:
        """Return the monotonic clock in seconds."""
        ...

    def draw(self) -> float:
        """Return a random number from 0 to 1."""
        ...


class ProgressReader:
    """Polls a migration from its present status to its end.

    Args:
        migration: The migration.
        timeout: Seconds from the first poll; infinite for no limit.
    """

    def __init__(self, migration: MigrationSource, timeout: float) -> None:
        self._migration = migration
        self._timeout = timeout
        self._started: float | None = None
        self._polls = 0
        self._last: Migration | None = None

    async def read(self) -> Migration | None:
        """Return the migration after its next change, or ``None`` if it has ended.

        Raises:
            MigrationTimeoutError: The timeout has passed.
            FronteggError: A poll failed.
        """
        try:
            while self._last is None or not self._last.is_over:
                if self._polls:
                    await self._pause()
                found = await self._poll()
                self._polls += 1
                if found != self._last:
                    self._last = found
                    return found
        except FronteggError as error:
            shorten(error)
            raise
        return None

    async def _pause(self) -> None:
        left = self._left()
        if left > 0:
            await self._migration.pause(next_wait(self._polls, left, self._migration.draw()))

    async def _poll(self) -> Migration:
        left = self._left()
        if left > 0:
            try:
                return await self._migration.poll(left)
            except RequestTimeoutError:
                if self._left() > 0:
                    raise
        raise MigrationTimeoutError(
            f"migration {self._migration.migration_id!r} is not over after {self._timeout:g} s: "
            "the migration continues, and another wait() can follow it to its end",
            ErrorDetails(
                endpoint="migrations.get_status",
                attempts=self._polls,
                elapsed=self._timeout - self._left(),
                reason="timeout",
                migration=self._last,
            ),
        )

    def _left(self) -> float:
        now = self._migration.monotonic()
        if self._started is None:
            self._started = now
        return self._started + self._timeout - now


class AsyncMigrationProgress(OnlyAsyncFor):
    """The progress of a migration. You can iterate the progress several times.

    An iteration yields the present state and then each change, until the migration has completed or failed. The
    ``status`` of the last item says whether it failed.

    Args:
        migration: The migration.
        timeout: Seconds for each iteration; infinite for no limit.
    """

    __slots__ = ("_migration", "_timeout")

    _whole = "progress.result()"

    def __init__(self, migration: MigrationSource, *, timeout: float) -> None:
        self._migration = migration
        self._timeout = timeout

    def _reader(self) -> ProgressReader:
        """Return a reader that polls the migration from its present status."""
        return ProgressReader(self._migration, self._timeout)

    async def __aiter__(self) -> AsyncIterator[Migration]:
        reader = self._reader()
        while (migration := await reader.read()) is not None:
            yield migration

    async def result(self) -> Migration:
        """Wait until the migration has ended.

        Returns:
            The finished migration: ``status`` says whether it completed or failed, and ``tenants`` has the reasons.

        Raises:
            MigrationTimeoutError: The timeout has passed; ``migration`` has the last status.
            FronteggError: A poll failed.
        """
        reader = self._reader()
        last = await reader.read()
        while (migration := await reader.read()) is not None:
            last = migration
        return cast("Migration", last)
