"""`SqliteStore`: a ledger in one SQLite file, with a lock that ends with its process."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import os
import sqlite3
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Final, ParamSpec, TypeVar

import attrs

from frontegg_async._core.runtime.worker_threads import run_in_thread
from frontegg_async._values.json_values import JsonValue
from frontegg_async.bulk import sqlite_tables
from frontegg_async.bulk.ledger import Before, Counts, Job, RowState
from frontegg_async.bulk.sqlite_commits import SqliteCommits
from frontegg_async.bulk.sqlite_file import UNEXPLAINED, check_size, explained, failure_of, name_of, writable
from frontegg_async.bulk.sqlite_lock import LedgerLock, connecting, take
from frontegg_async.bulk.sqlite_new_file import make_room, remove
from frontegg_async.bulk.sqlite_reader import SqliteReader, counts_of, job_of
from frontegg_async.bulk.store import Commit, Committed, Execute, Item, NewRow
from frontegg_async.errors import FronteggError, LedgerError

P = ParamSpec("P")
T = TypeVar("T")

_CACHE: Final = -2_000
"""The size of the page cache in negative kibibytes. It is the default of SQLite."""

_PLANNING_CACHE: Final = -16_000
"""The size of the page cache, in negative kibibytes, until the ledger contains the whole input."""


class SqliteStore:
    """A ledger in a file, or in a temporary file without a name, opened with `begin` or `resume`.

    Each call runs in a thread and in its own transaction, since a commit waits for the disk.
    """

    def __init__(self, path: str, connection: sqlite3.Connection, lock: LedgerLock | None, job: Job) -> None:
        self._path = path
        self._connection = connection
        self._lock = lock
        self._calls = threading.RLock()
        self._is_lent = False
        self._commits = SqliteCommits(connection)
        self.job: Job = job
        """The properties of the job, as of the last call."""
        self._epoch = sqlite_tables.begin_run(connection)

    @classmethod
    async def begin(
        cls, path: str | None, *, operation: str, environment: str, settings: Mapping[str, JsonValue]
    ) -> SqliteStore:
        """Create a ledger.

        Args:
            path: The file, which must not exist; ``None`` for a temporary file.
            operation: The name of the operation.
            environment: The environment.
            settings: The settings of the job.

        Raises:
            LedgerInUseError: Another run uses the ledger.
            LedgerExistsError: The ledger already exists.
            LedgerError: The path contains another file, or the ledger cannot be created.
        """
        return await _finish(cls._begin, path, operation, environment, settings)

    @classmethod
    def _begin(
        cls, path: str | None, operation: str, environment: str, settings: Mapping[str, JsonValue]
    ) -> SqliteStore:
        # Use a real path, since SQLite does not treat some names as files.
        name = "" if path is None else os.path.realpath(path)
        with explained(name), contextlib.ExitStack() as opened:
            lock = None
            if path is not None:
                lock = opened.enter_context(contextlib.closing(make_room(name)))
                opened.callback(remove, name, lock)
            connection = opened.enter_context(contextlib.closing(writable(name)))
            job = sqlite_tables.make_tables(connection, operation, environment, settings)
            connection.execute("PRAGMA journal_mode = WAL")
            # Until the ledger contains the whole input, nothing is sent, so commits need not wait for the disk. The
            # last commit of the input waits.
            connection.execute("PRAGMA synchronous = NORMAL")
            # The planner needs a larger cache, since it changes rows in the order of the tree and not of the file.
            connection.execute(f"PRAGMA cache_size = {_PLANNING_CACHE}")
            store = cls(name, connection, lock, job)
            opened.pop_all()
            return store

    @classmethod
    async def resume(cls, path: str) -> SqliteStore:
        """Open an existing ledger.

        Args:
            path: The file.

        Raises:
            LedgerInUseError: Another run uses the ledger.
            LedgerError: The ledger does not exist or cannot be used.
        """
        return await _finish(cls._resume, path)

    @classmethod
    def _resume(cls, path: str) -> SqliteStore:
        path = os.path.realpath(path)
        with connecting(path):
            pass
        with explained(path), contextlib.ExitStack() as opened:
            lock = opened.enter_context(contextlib.closing(take(path, may_make=False)))
            connection = opened.enter_context(contextlib.closing(writable(path)))
            connection.executescript("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;")
            # Check now, and not with the first rows, that the file is complete and can be written.
            connection.execute("UPDATE job SET elapsed = elapsed")
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            pages = connection.execute("PRAGMA page_count").fetchone()[0]
            check_size(path, pages * connection.execute("PRAGMA page_size").fetchone()[0])
            sqlite_tables.check_rows(connection)
            store = cls(path, connection, lock, job_of(connection))
            opened.pop_all()
            return store

    def reader(self) -> SqliteReader:
        """Return a reader for reports."""
        if self._path:
            return SqliteReader(self._path)
        # A temporary ledger has no file that a reader could open. The ledger exists as long as the report.
        self._is_lent = True
        return SqliteReader("", self._connection)

    async def add(self, rows: Sequence[NewRow]) -> None:
        """Add rows. Must be called before `plan`."""
        await self._in_thread(sqlite_tables.add_rows, self._connection, rows)

    async def plan(self, step: Callable[[Execute], T]) -> T:
        """Run a step of the planner in a transaction, after `add` and before `seal`."""
        return await self._in_thread(step, self._connection.execute)

    async def seal(self, guard: tuple[str, str] | None = None) -> None:
        """Record that the ledger contains the whole input and the order of its rows. Record invalid rows as failed."""
        await run_in_thread(self._seal, guard)

    def _seal(self, guard: tuple[str, str] | None) -> None:
        with self._calls, explained(self._path):
            self._connection.execute("PRAGMA synchronous = FULL")
            self._connection.execute(f"PRAGMA cache_size = {_CACHE}")
            self._change_job(functools.partial(sqlite_tables.seal, self._connection, guard))
            # Move the log into the file, since overwriting the log is cheaper than letting it grow.
            self._connection.execute("PRAGMA wal_checkpoint")

    async def start(self, settings: Mapping[str, JsonValue], *, opens_guard: bool = False) -> None:
        """Begin a run. Rows that failed before they reached the service, and skipped rows, become pending again."""
        start = functools.partial(sqlite_tables.start, self._connection, settings, opens_guard=opens_guard)
        await run_in_thread(self._change_job, start)

    def _change_job(self, step: Callable[[], None]) -> None:
        """Run a step that changes the job or makes rows pending again."""

        def change() -> tuple[Job, SqliteCommits]:
            step()
            return job_of(self._connection), SqliteCommits(self._connection)

        with self._calls:
            self.job, self._commits = self._in_transaction(change)

    async def items(self, states: Sequence[RowState], after: int, most: int) -> Sequence[Item]:
        """Return rows in the given states, in order."""
        return await self._in_thread(self._commits.items, self.job, states, after, most)

    async def before(self, numbers: Sequence[int]) -> Mapping[int, Before]:
        """Return the old values of rows by row number: the values that a row expects or replaced."""
        return await self._in_thread(self._commits.before, numbers)

    async def next_generation(self, after: int) -> int | None:
        """Return the number of the next generation that has rows; ``None`` if no rows follow.

        Rows of this generation whose parent was not created are skipped.
        """
        if not self._commits.has_generations:
            return 0 if after < 0 else None
        return await self._in_thread(sqlite_tables.next_generation, self._connection, after)

    async def commit(self, commit: Commit) -> Committed:
        """Write a commit. When the call returns, the whole commit is durable."""
        return await run_in_thread(self._commit, commit)

    def _commit(self, commit: Commit) -> Committed:
        with self._calls:
            items = self._in_transaction(functools.partial(self._commits.commit, commit, self.job, time.time()))
            # No other process changes the job, so this process need not read it again.
            job = self.job
            guard, reason = commit.guard or (job.guard, job.guard_reason)
            requests, elapsed = job.requests + commit.requests, job.elapsed + commit.elapsed
            self.job = attrs.evolve(job, requests=requests, elapsed=elapsed, guard=guard, guard_reason=reason)
            return Committed(items)

    async def counts(self) -> Counts:
        """Return the number of rows in each state."""
        return await self._in_thread(counts_of, self._connection)

    async def close(self, *, is_removed: bool = False) -> None:
        """Close the ledger, so that another process may open it."""
        closing = asyncio.ensure_future(run_in_thread(self.close_now, is_removed=is_removed))
        try:
            await asyncio.shield(closing)
        except asyncio.CancelledError:
            # Wait until the ledger is closed, so that the next run can use it.
            await closing
            raise

    def close_now(self, *, is_removed: bool = False) -> None:
        """Close the ledger without an event loop.

        Args:
            is_removed: Whether to remove the ledger before another process can open it.
        """
        with self._calls:
            if not self._is_lent:
                if not is_removed:
                    self._end_log()
                self._connection.close()
            if self._lock is not None:
                if is_removed:
                    remove(self._path, self._lock)
                self._lock.close()
                self._lock = None

    def _end_log(self) -> None:
        """Remove the log file, and switch to a journal mode without a log.

        Otherwise, a later reader would create a log file that it could not remove.

        The log stays while another process reads the ledger.
        """
        with contextlib.suppress(sqlite3.Error):
            self._connection.execute("PRAGMA busy_timeout = 0")
            self._connection.execute("PRAGMA journal_mode = DELETE")

    async def _in_thread(self, step: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Call a function in a transaction, in a thread."""
        return await run_in_thread(self._in_transaction, functools.partial(step, *args, **kwargs))

    def _in_transaction(self, step: Callable[[], T]) -> T:
        # A cancelled caller does not wait for its thread. The lock makes the next call wait for this thread.
        with self._calls:
            try:
                return self._committed(step)
            except FronteggError:
                raise
            except UNEXPLAINED as error:
                failure = failure_of(self._path, error, is_begun=self.job.is_sealed)
            raise failure

    def _committed(self, step: Callable[[], T]) -> T:
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            self._check()
            value = step()
            self._connection.execute("COMMIT")
        except BaseException:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            self._commits.forget()
            raise
        return value

    def _check(self) -> None:
        """Refuse to write to a ledger that another run has taken.

        Raises:
            LedgerError: Another run has taken the ledger, or the file was removed or replaced.
        """
        if self._lock is not None:
            self._lock.check()
        if self._connection.execute("SELECT max(epoch) FROM run").fetchone() != (self._epoch,):
            raise LedgerError(f"another run has taken the ledger {name_of(self._path)}")


async def _finish(make: Callable[P, SqliteStore], *args: P.args, **kwargs: P.kwargs) -> SqliteStore:
    """Make a store in a thread. If the caller is cancelled, close the store and release its lock."""
    making = asyncio.ensure_future(run_in_thread(make, *args, **kwargs))
    try:
        return await asyncio.shield(making)
    except asyncio.CancelledError:
        with contextlib.suppress(LedgerError):
            (await making).close_now()
        raise
