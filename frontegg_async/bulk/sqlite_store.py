"""A ledger in one SQLite file, with a lock that dies with its owner."""

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
"""The memory for pages, in negative kibibytes: the default of SQLite."""

_PLANNING_CACHE: Final = -16_000
"""The same until the ledger is sealed."""


class SqliteStore:
    """A ledger in a file, or in a temporary one without a name. Make it by `begin` or `resume`.

    Each call runs in a thread, in a transaction of its own, because a commit waits for the disk.
    """

    def __init__(self, path: str, connection: sqlite3.Connection, lock: LedgerLock | None, job: Job) -> None:
        self._path = path
        self._connection = connection
        self._lock = lock
        self._calls = threading.RLock()
        self._is_lent = False
        self._commits = SqliteCommits(connection)
        self.job: Job = job
        """What holds for all rows, as of the last call."""
        self._epoch = sqlite_tables.begin_run(connection)

    @classmethod
    async def begin(
        cls, path: str | None, *, operation: str, environment: str, settings: Mapping[str, JsonValue]
    ) -> SqliteStore:
        """Make a ledger.

        Args:
            path: The file, which must not be there; ``None`` for a temporary one.
            operation: The name of the operation.
            environment: The environment.
            settings: How the job is asked to run.

        Raises:
            LedgerInUseError: Another run holds the ledger.
            LedgerExistsError: There is a ledger already.
            LedgerError: There is another file, or it cannot be made.
        """
        return await _finish(cls._begin, path, operation, environment, settings)

    @classmethod
    def _begin(
        cls, path: str | None, operation: str, environment: str, settings: Mapping[str, JsonValue]
    ) -> SqliteStore:
        # SQLite takes some other names for no files.
        name = "" if path is None else os.path.realpath(path)
        with explained(name), contextlib.ExitStack() as opened:
            lock = None
            if path is not None:
                lock = opened.enter_context(contextlib.closing(make_room(name)))
                opened.callback(remove, name, lock)
            connection = opened.enter_context(contextlib.closing(writable(name)))
            job = sqlite_tables.make_tables(connection, operation, environment, settings)
            connection.execute("PRAGMA journal_mode = WAL")
            # Nothing is sent before the ledger is sealed, and the commit of that waits for the disk.
            connection.execute("PRAGMA synchronous = NORMAL")
            # The planner changes rows in the order of the tree, which is not that of the file.
            connection.execute(f"PRAGMA cache_size = {_PLANNING_CACHE}")
            store = cls(name, connection, lock, job)
            opened.pop_all()
            return store

    @classmethod
    async def resume(cls, path: str) -> SqliteStore:
        """Take a ledger that is there.

        Args:
            path: The file.

        Raises:
            LedgerInUseError: Another run holds it.
            LedgerError: There is none, or it cannot be used.
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
            # Find out now, and not with the first rows, whether the file can be written and is whole.
            connection.execute("UPDATE job SET elapsed = elapsed")
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            pages = connection.execute("PRAGMA page_count").fetchone()[0]
            check_size(path, pages * connection.execute("PRAGMA page_size").fetchone()[0])
            sqlite_tables.check_rows(connection)
            store = cls(path, connection, lock, job_of(connection))
            opened.pop_all()
            return store

    def reader(self) -> SqliteReader:
        """Return what a report reads."""
        if self._path:
            return SqliteReader(self._path)
        # A temporary ledger has no file that could be opened again, and ends with the report.
        self._is_lent = True
        return SqliteReader("", self._connection)

    async def add(self, rows: Sequence[NewRow]) -> None:
        """Add rows, before `plan`."""
        await self._in_thread(sqlite_tables.add_rows, self._connection, rows)

    async def plan(self, step: Callable[[Execute], T]) -> T:
        """Run a step of the planner in a transaction, after `add` and before `seal`."""
        return await self._in_thread(step, self._connection.execute)

    async def seal(self, guard: tuple[str, str] | None = None) -> None:
        """Record that all rows are there and in their generations; those with a problem have failed."""
        await run_in_thread(self._seal, guard)

    def _seal(self, guard: tuple[str, str] | None) -> None:
        with self._calls, explained(self._path):
            self._connection.execute("PRAGMA synchronous = FULL")
            self._connection.execute(f"PRAGMA cache_size = {_CACHE}")
            self._change_job(functools.partial(sqlite_tables.seal, self._connection, guard))
            # Move the log into the file: it costs the disk less to write over the log than to let it grow.
            self._connection.execute("PRAGMA wal_checkpoint")

    async def start(self, settings: Mapping[str, JsonValue], *, opens_guard: bool = False) -> None:
        """Begin a run: rows that failed without reaching the service are pending again, and those skipped with them."""
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
        """Return rows in some states after a number, in order."""
        return await self._in_thread(self._commits.items, self.job, states, after, most)

    async def before(self, numbers: Sequence[int]) -> Mapping[int, Before]:
        """Return the values that rows expect to find, or replaced, by their numbers."""
        return await self._in_thread(self._commits.before, numbers)

    async def next_generation(self, after: int) -> int | None:
        """Return the first generation after one that has rows, or ``None``; skip rows whose parent was not created."""
        if not self._commits.has_generations:
            return 0 if after < 0 else None
        return await self._in_thread(sqlite_tables.next_generation, self._connection, after)

    async def commit(self, commit: Commit) -> Committed:
        """Make a commit; when this returns, all of it is durable."""
        return await run_in_thread(self._commit, commit)

    def _commit(self, commit: Commit) -> Committed:
        with self._calls:
            items = self._in_transaction(functools.partial(self._commits.commit, commit, self.job, time.time()))
            # Nobody else changes the job, so it need not be read again.
            job = self.job
            guard, reason = commit.guard or (job.guard, job.guard_reason)
            requests, elapsed = job.requests + commit.requests, job.elapsed + commit.elapsed
            self.job = attrs.evolve(job, requests=requests, elapsed=elapsed, guard=guard, guard_reason=reason)
            return Committed(items)

    async def counts(self) -> Counts:
        """Return the number of rows in each state."""
        return await self._in_thread(counts_of, self._connection)

    async def close(self, *, is_removed: bool = False) -> None:
        """Give the ledger up; another process may take it then."""
        closing = asyncio.ensure_future(run_in_thread(self.close_now, is_removed=is_removed))
        try:
            await asyncio.shield(closing)
        except asyncio.CancelledError:
            # The next run finds the ledger free.
            await closing
            raise

    def close_now(self, *, is_removed: bool = False) -> None:
        """Give the ledger up, without an event loop.

        Args:
            is_removed: Whether the ledger is removed, before another process can have it.
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
        """Leave nothing beside the file: a reader of a ledger with a log would make one again, and could not remove it.

        While another process reads the ledger, the log stays.
        """
        with contextlib.suppress(sqlite3.Error):
            self._connection.execute("PRAGMA busy_timeout = 0")
            self._connection.execute("PRAGMA journal_mode = DELETE")

    async def _in_thread(self, step: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Call a function in a transaction, in a thread."""
        return await run_in_thread(self._in_transaction, functools.partial(step, *args, **kwargs))

    def _in_transaction(self, step: Callable[[], T]) -> T:
        # A caller that was cancelled does not wait for its thread. The next call does.
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
            LedgerError: Another run has taken it, or it is not in its place.
        """
        if self._lock is not None:
            self._lock.check()
        if self._connection.execute("SELECT max(epoch) FROM run").fetchone() != (self._epoch,):
            raise LedgerError(f"another run has taken the ledger {name_of(self._path)}")


async def _finish(make: Callable[P, SqliteStore], *args: P.args, **kwargs: P.kwargs) -> SqliteStore:
    """Make a store in a thread; if that is cancelled, give up what the thread made, with its lock."""
    making = asyncio.ensure_future(run_in_thread(make, *args, **kwargs))
    try:
        return await asyncio.shield(making)
    except asyncio.CancelledError:
        with contextlib.suppress(LedgerError):
            (await making).close_now()
        raise
