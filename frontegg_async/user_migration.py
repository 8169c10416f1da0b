"""The migration of many users: read and send 1,000 rows at a time, and yield the outcome of each row."""

from __future__ import annotations

from collections.abc import AsyncIterable, AsyncIterator, Iterable, Iterator, Sequence
from itertools import islice
from typing import Final, Protocol

from frontegg_async._core.runtime.tracebacks import shorten
from frontegg_async._core.runtime.worker_threads import run_in_thread
from frontegg_async._values.kinds import kind_of
from frontegg_async._values.wrong_statements import OnlyAsyncFor, OnlyFor
from frontegg_async.errors import FronteggError, InvalidArgumentError
from frontegg_async.models.migrated_users import MigratedUser
from frontegg_async.models.user_migrations import UserToMigrate

MAX_USERS: Final = 1_000
"""The most users of a request."""


class UserMigrator(Protocol):
    """Migrates users."""

    def check(self, rows: Sequence[UserToMigrate]) -> None:
        """Refuse rows if one of them cannot be sent."""
        ...

    async def send(self, rows: Sequence[UserToMigrate], first: int) -> list[MigratedUser]:
        """Migrate at most `MAX_USERS` users. Return the outcome of each. ``first`` is the index of the first user."""
        ...


class UserMigrationReader:
    """Reads rows, and migrates `MAX_USERS` rows at a time, so that memory stays constant.

    Plain iterables are read in a thread, since they may block.

    Args:
        rows: The rows.
        sender: Migrates the rows.

    Raises:
        InvalidArgumentError: ``rows`` is not an iterable.
    """

    def __init__(self, rows: Iterable[UserToMigrate] | AsyncIterable[UserToMigrate], sender: UserMigrator) -> None:
        self._sender = sender
        self._first = 0
        self._whole: Sequence[UserToMigrate] | None = None
        self._later: AsyncIterator[UserToMigrate] | None = None
        self._rows: Iterator[UserToMigrate] = iter(())
        if isinstance(rows, AsyncIterable) and not isinstance(rows, OnlyFor):
            self._later = aiter(rows)
        elif isinstance(rows, Iterable):
            self._whole = rows if isinstance(rows, Sequence) else None
            self._rows = iter(rows)
        else:
            raise InvalidArgumentError(f"users must be an iterable of UserToMigrate, not {kind_of(rows)}")

    async def read(self) -> list[MigratedUser] | None:
        """Migrate the next rows, and return the outcome of each row, or ``None`` if there are no more rows.

        Raises:
            InvalidArgumentError: A row is not allowed.
            FronteggError: The first request failed, and nothing was done.
        """
        try:
            if self._whole is not None:
                await run_in_thread(self._sender.check, self._whole)
                self._whole = None
            rows = await self._next()
            found = await self._sender.send(rows, self._first) if rows else None
        except FronteggError as error:
            shorten(error)
            raise
        self._first += len(rows)
        return found

    async def _next(self) -> list[UserToMigrate]:
        if self._later is None:
            return await run_in_thread(lambda: list(islice(self._rows, MAX_USERS)))
        rows: list[UserToMigrate] = []
        async for row in self._later:
            rows.append(row)
            if len(rows) == MAX_USERS:
                break
        return rows


class AsyncUserMigration(OnlyAsyncFor):
    """A migration of many users. The first request is sent when you iterate the migration, which is possible once.

    The iteration yields the outcome of each row, in order.

    Args:
        rows: Reads the rows and migrates them.
    """

    __slots__ = ("_rows",)

    _whole = "migration.all()"

    def __init__(self, rows: UserMigrationReader) -> None:
        self._rows: UserMigrationReader | None = rows

    def _reader(self) -> UserMigrationReader:
        """Return the reader that migrates the rows.

        Raises:
            InvalidArgumentError: The reader was returned before; the rows would be sent twice.
        """
        rows, self._rows = self._rows, None
        if rows is None:
            raise InvalidArgumentError("the users were migrated by an earlier iteration: call bulk_migrate again")
        return rows

    async def __aiter__(self) -> AsyncIterator[MigratedUser]:
        reader = self._reader()
        while (found := await reader.read()) is not None:
            for each in found:
                yield each

    async def all(self) -> list[MigratedUser]:
        """Migrate all users.

        Returns:
            The outcome of each row, in order.

        Raises:
            InvalidArgumentError: A row is not allowed, or the users were migrated before.
            FronteggError: The first request failed, and nothing was done.
        """
        reader = self._reader()
        result: list[MigratedUser] = []
        while (found := await reader.read()) is not None:
            result += found
        return result
