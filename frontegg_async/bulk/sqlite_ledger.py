"""A ledger in one SQLite file, with a lock that dies with its owner."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import itertools
import os
import sqlite3
import threading
import time
import uuid
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, ParamSpec, TypeVar

import msgspec

from frontegg_async._core.runtime.sqlite_files import beside
from frontegg_async._core.runtime.worker_threads import run_in_thread
from frontegg_async._values.json_values import JsonValue
from frontegg_async.bulk.ledger import Counts, Finished, Item, Job, NewRow, RowState, Turn
from frontegg_async.bulk.sqlite_file import (
    APPLICATION,
    VERSION,
    check_beside,
    check_size,
    explained,
    in_use,
    name_of,
    writable,
)
from frontegg_async.bulk.sqlite_lock import LedgerLock, connecting, take
from frontegg_async.bulk.sqlite_reader import SqliteReader, counts_of, job_of
from frontegg_async.bulk.stored_values import CODES, check_types, checked_item
from frontegg_async.errors import LedgerError, LedgerExistsError, UnusableLedgerError

P = ParamSpec("P")
T = TypeVar("T")

_TABLES: Final = """
CREATE TABLE job (
  id TEXT NOT NULL, operation TEXT NOT NULL, environment TEXT NOT NULL, created_at REAL NOT NULL,
  settings BLOB NOT NULL, total INTEGER NOT NULL DEFAULT 0, is_sealed INTEGER NOT NULL DEFAULT 0,
  last_generation INTEGER NOT NULL DEFAULT 0, requests INTEGER NOT NULL DEFAULT 0, elapsed REAL NOT NULL DEFAULT 0,
  guard TEXT, guard_reason TEXT
);
CREATE TABLE item (
  number INTEGER PRIMARY KEY, line INTEGER, generation INTEGER NOT NULL, key TEXT, parent TEXT, input TEXT NOT NULL
);
CREATE TABLE state (
  number INTEGER PRIMARY KEY, state INTEGER NOT NULL, attempts INTEGER NOT NULL DEFAULT 0, sent_at REAL,
  finished_at REAL, error TEXT, status INTEGER, trace_id TEXT, message TEXT, is_unsent INTEGER
);
CREATE TABLE taking (last INTEGER PRIMARY KEY, sent_at REAL NOT NULL);
CREATE VIEW reached AS SELECT ifnull(max(last), 0) AS number FROM taking;
CREATE VIEW outcome AS
SELECT i.number, i.line, i.key, ifnull(s.state, i.number <= (SELECT number FROM reached)) AS state,
  ifnull(s.attempts, 0) AS attempts, s.error, s.status, s.trace_id, s.message,
  CASE WHEN s.error IS 'UnusableRowsError' THEN NULL
    ELSE ifnull(s.sent_at, (SELECT sent_at FROM taking WHERE last >= i.number ORDER BY last LIMIT 1)) END AS sent_at,
  s.finished_at, i.input
FROM item i LEFT JOIN state s ON s.number = i.number;
"""
_ADDED_TABLES: Final = (
    "CREATE TABLE IF NOT EXISTS run (epoch INTEGER PRIMARY KEY)",
    "CREATE TABLE IF NOT EXISTS creation (number INTEGER PRIMARY KEY, created_at REAL NOT NULL)",
)
"""Those that ledgers of older programs lack."""
# Rows of a job of one generation are taken in order, those of a turn by one row of `taking`. A row without a state is
# sent if it was taken so, and otherwise pending: one statement writes it, when it ends.

_BY_KEY: Final = "CREATE {unique} INDEX item_by_key ON item (key)"
_BY_PARENT: Final = "CREATE INDEX item_by_parent ON item (parent) WHERE parent IS NOT NULL"

_ADD: Final = "INSERT INTO item (number, line, generation, key, parent, input) VALUES "
_ADDED: Final = "(?, nullif(?, 0), 0, ?, nullif(?, ''), ?)"
"""Without ``None`` and ``bytes``: for each of them `sqlite3` looks for an adapter, longer than all else takes."""

_AT_ONCE: Final = 100
"""The rows that a statement adds; SQLite may take no more than 999 values."""

_decode: Final = msgspec.json.Decoder().decode

_FAIL: Final = (
    "INSERT OR REPLACE INTO state (number, state, error, message, finished_at) VALUES (?, 3, 'UnusableRowsError', ?, ?)"
)
# A statement for many rows, given as a JSON array: between two rows a thread would wait for the interpreter each time.
_MARK_SENT: Final = (
    "INSERT INTO state (number, state, sent_at) SELECT value, 1, ? FROM json_each(?) WHERE true"
    " ON CONFLICT (number) DO UPDATE SET state = 1, sent_at = excluded.sent_at"
)
_GIVE_BACK: Final = (
    "INSERT INTO state (number, state) SELECT value, 0 FROM json_each(?) WHERE true"
    " ON CONFLICT (number) DO UPDATE SET state = 0"
)
_FINISH: Final = (
    "INSERT INTO state (number, state, attempts, error, status, trace_id, message, is_unsent, finished_at)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (number) DO UPDATE SET state = excluded.state,"
    " attempts = excluded.attempts, error = excluded.error, status = excluded.status, trace_id = excluded.trace_id,"
    " message = excluded.message, is_unsent = excluded.is_unsent, finished_at = excluded.finished_at"
)
_DONE_AT: Final = (
    "INSERT INTO state (number, state, attempts, finished_at) SELECT value, 2, ?, ? FROM json_each(?) WHERE true"
    " ON CONFLICT (number) DO UPDATE"
    " SET state = 2, attempts = excluded.attempts, finished_at = excluded.finished_at, error = NULL, status = NULL,"
    " trace_id = NULL, message = NULL"
)
"""What most rows end with, in half of the time."""

_NEXT: Final = (
    "SELECT i.number, i.key, i.input, 0 AS attempts FROM item i LEFT JOIN state s ON s.number = i.number"
    " WHERE i.number > ? AND s.number IS NULL ORDER BY i.number LIMIT ?"
)
"""Rows that were never taken, of a job of one generation."""

_NEXT_OF_GENERATION: Final = (
    "SELECT i.number, i.key, i.input, ifnull(s.attempts, 0) AS attempts"
    " FROM item i LEFT JOIN state s ON s.number = i.number"
    " WHERE i.generation = ? AND i.number > ? AND ifnull(s.state, 0) = 0{awaited} ORDER BY i.number LIMIT ?"
)
_NONE_IS_AWAITED: Final = (
    " AND NOT EXISTS (SELECT 1 FROM item p LEFT JOIN state t ON t.number = p.number"
    " WHERE p.key = i.parent AND ifnull(t.state, 0) <> 2)"
    " AND NOT EXISTS (SELECT 1 FROM item e LEFT JOIN state t ON t.number = e.number"
    " WHERE e.number = (SELECT max(number) FROM item WHERE key = i.key AND number < i.number)"
    " AND (ifnull(t.state, 0) IN (0, 1, 4) OR t.state = 3 AND t.is_unsent))"
)
"""The parent is done; and the row before it of the same key has ended, and is not to be sent again by `reopen`."""
_GIVEN_BACK: Final = (
    "SELECT i.number, i.key, i.input, s.attempts FROM state s JOIN item i ON i.number = s.number"
    " WHERE s.state = 0 AND s.number <= ? ORDER BY s.number LIMIT ?"
)
_TOGETHER: Final = (
    "SELECT '[[' || group_concat(number) || '],' || json_group_array(key) || ',[' || group_concat(input) || '],['"
    " || group_concat(attempts) || ']]' FROM ({rows})"
)
"""The columns of all rows as one text: between two rows a thread would wait for the interpreter each time."""

_UNSETTLED: Final = (
    "SELECT s.number, i.key, i.input, s.attempts FROM state s CROSS JOIN item i ON i.number = s.number"
    " WHERE s.state IN (1, 4) AND s.number > ?1 UNION ALL"
    " SELECT i.number, i.key, i.input, 0 FROM item i LEFT JOIN state s ON s.number = i.number"
    " WHERE i.number > ?1 AND i.number <= (SELECT number FROM reached) AND s.number IS NULL ORDER BY 1 LIMIT ?2"
)
_OUTSIDE: Final = (
    "SELECT 1 FROM item i LEFT JOIN state s ON s.number = i.number"
    " WHERE (i.generation < 0 OR i.generation > ?) AND ifnull(s.state, 0) <> 3 LIMIT 1"
)
"""Only rows that cannot be used are in none."""
_SKIP: Final = """
INSERT OR REPLACE INTO state (number, state, error, message, finished_at)
SELECT c.number, 5, 'ParentFailed', 'its parent ' || c.parent || ' failed: ' || ifnull(t.message, 'unknown why'), ?
FROM item c JOIN item p ON p.key = c.parent JOIN state t ON t.number = p.number
LEFT JOIN state s ON s.number = c.number
WHERE c.generation = ? AND t.state IN (3, 5) AND ifnull(s.state, 0) = 0
"""


class SqliteLedger:
    """A ledger in a file, or in a temporary one without a name. Make it by `begin` or `resume`."""

    def __init__(self, path: str, connection: sqlite3.Connection, lock: LedgerLock | None) -> None:
        self._path = path
        self._connection = connection
        self._lock = lock
        self._calls = threading.Lock()
        self._is_lent = False
        self._reached: int | None = None
        """Up to where rows of a job of one generation were taken; ``None`` while rows may be left before that."""
        self._seen: dict[int, int] = {}
        """Up to where rows of each generation of another job were taken."""
        self._has_repeated = True
        self._job = job_of(connection)
        self._last_generation: int = connection.execute("SELECT last_generation FROM job").fetchone()[0]
        self._epoch = _next_epoch(connection)

    @classmethod
    async def begin(
        cls, path: str | None, *, operation: str, environment: str, settings: Mapping[str, JsonValue]
    ) -> SqliteLedger:
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
    ) -> SqliteLedger:
        # SQLite takes some other names for no files.
        name = "" if path is None else os.path.realpath(path)
        with explained(name), contextlib.ExitStack() as opened:
            lock = None
            if path is not None:
                lock = opened.enter_context(contextlib.closing(_make_room(name)))
                opened.callback(_remove, name, lock)
            connection = opened.enter_context(contextlib.closing(writable(name)))
            connection.execute("BEGIN")
            for statement in (
                f"PRAGMA application_id = {APPLICATION}",
                f"PRAGMA user_version = {VERSION}",
                *_TABLES.split(";")[:-1],
                *_ADDED_TABLES,
            ):
                connection.execute(statement)
            connection.execute(
                "INSERT INTO job (id, operation, environment, created_at, settings) VALUES (?, ?, ?, ?, ?)",
                (str(uuid.uuid4()), operation, environment, time.time(), msgspec.json.encode(settings)),
            )
            connection.execute("COMMIT")
            connection.execute("PRAGMA journal_mode = WAL")
            # Nothing is sent before it is sealed, and the commit of that waits for the disk.
            connection.execute("PRAGMA synchronous = NORMAL")
            ledger = cls(name, connection, lock)
            opened.pop_all()
            return ledger

    @classmethod
    async def resume(cls, path: str) -> SqliteLedger:
        """Take a ledger that is there.

        Raises:
            LedgerInUseError: Another run holds it.
            LedgerError: There is none, or it cannot be used.
        """
        return await _finish(cls._resume, path)

    @classmethod
    def _resume(cls, path: str) -> SqliteLedger:
        path = os.path.realpath(path)
        with connecting(path):
            pass
        with explained(path), contextlib.ExitStack() as opened:
            lock = opened.enter_context(contextlib.closing(take(path, may_make=False)))
            connection = opened.enter_context(contextlib.closing(writable(path)))
            connection.executescript("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;")
            # Now, and not with the first rows: whether it can be written, and is whole.
            for statement in _ADDED_TABLES:
                connection.execute(statement)
            connection.execute("UPDATE job SET elapsed = elapsed")
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            pages = connection.execute("PRAGMA page_count").fetchone()[0]
            check_size(path, pages * connection.execute("PRAGMA page_size").fetchone()[0])
            _check_rows(connection)
            ledger = cls(path, connection, lock)
            opened.pop_all()
            return ledger

    @property
    def job(self) -> Job:
        """What holds for all rows, as of the last call."""
        return self._job

    def reader(self) -> SqliteReader:
        """Return what a report reads."""
        if self._path:
            return SqliteReader(self._path)
        # It has no file that could be opened again, and ends with the report.
        self._is_lent = True
        return SqliteReader("", self._connection)

    async def add(self, rows: Sequence[NewRow]) -> None:
        """Add rows, before `seal`."""
        await self._in_thread(self._add, rows)

    def _add(self, rows: Sequence[NewRow]) -> None:
        for start in range(0, len(rows), _AT_ONCE):
            some = rows[start : start + _AT_ONCE]
            given = [(row.number, row.line or 0, row.key, row.parent or "", row.input.decode()) for row in some]
            self._connection.execute(_ADD + ", ".join([_ADDED] * len(some)), [*itertools.chain(*given)])
        self._reject([(row.number, row.problem) for row in rows if row.problem is not None])

    async def reject(self, rows: Sequence[tuple[int, str]]) -> None:
        """Mark rows as failed, before `seal`."""
        await self._in_thread(self._reject, rows)

    def _reject(self, rows: Sequence[tuple[int, str]]) -> None:
        now = time.time()
        self._connection.executemany(_FAIL, [(number, message, now) for number, message in rows])

    async def repeated(self, most: int) -> Sequence[tuple[int, int | None, str]]:
        """Return rows whose key an earlier row has too, and make them no row of that key."""
        return await self._in_thread(self._repeated, most)

    def _repeated(self, most: int) -> Sequence[tuple[int, int | None, str]]:
        if not self._has_repeated:
            return []
        found = self._connection.execute(
            "SELECT number, line, key FROM item i WHERE EXISTS"
            " (SELECT 1 FROM item j WHERE j.key = i.key AND j.number < i.number) ORDER BY number LIMIT ?",
            (most,),
        ).fetchall()
        self._connection.executemany(
            "UPDATE item SET key = NULL, parent = NULL WHERE number = ?", [row[:1] for row in found]
        )
        return found

    async def strange_parents(self, after: str, most: int) -> Sequence[str]:
        """Return parents that are not in the input, in order."""
        query = (
            "SELECT DISTINCT parent FROM item i WHERE parent > ? AND NOT EXISTS"
            " (SELECT 1 FROM item p WHERE p.key = i.parent) ORDER BY parent LIMIT ?"
        )
        return [row[0] for row in await self._select(query, after, most)]

    async def children(self, parent: str, most: int) -> Sequence[tuple[int, int | None]]:
        """Return number and line of rows with a parent."""
        query = (
            "SELECT number, line FROM item i WHERE parent = ? AND NOT EXISTS"
            " (SELECT 1 FROM state s WHERE s.number = i.number) ORDER BY number LIMIT ?"
        )
        return await self._select(query, parent, most)

    async def keys(self, after: int, most: int) -> Sequence[tuple[int, str]]:
        """Return number and key of usable rows after a number, in order."""
        query = (
            "SELECT number, key FROM item i WHERE number > ? AND key IS NOT NULL AND NOT EXISTS"
            " (SELECT 1 FROM state s WHERE s.number = i.number) ORDER BY number LIMIT ?"
        )
        return await self._select(query, after, most)

    async def usable(self, after: int, most: int) -> Sequence[Item]:
        """Return usable rows after a number, in order, for a dry run."""
        query = (
            "SELECT number, key, input, 0 FROM item i WHERE number > ? AND key IS NOT NULL AND NOT EXISTS"
            " (SELECT 1 FROM state s WHERE s.number = i.number) ORDER BY number LIMIT ?"
        )
        return await self._in_thread(
            lambda: [self._item(row) for row in self._connection.execute(query, (after, most))]
        )

    async def put(self, generations: Sequence[tuple[int, int]]) -> None:
        """Put rows into generations."""
        await self._in_thread(self._put, generations)

    def _put(self, generations: Sequence[tuple[int, int]]) -> None:
        self._connection.executemany(
            "UPDATE item SET generation = ? WHERE number = ?",
            [(generation, number) for number, generation in generations],
        )

    async def note_creations(self, times: Sequence[tuple[int, float]]) -> None:
        """Keep when the tenants of rows were created."""
        await self._in_thread(self._connection.executemany, "INSERT INTO creation VALUES (?, ?)", times)

    async def creations(self, numbers: Sequence[int]) -> Mapping[int, float]:
        """Return when the tenants of some rows were created."""
        query = "SELECT number, created_at FROM creation WHERE number IN (SELECT value FROM json_each(?))"
        found = dict(await self._select(query, _array(numbers)))
        check_types(float, *found.values())
        return found

    async def put_below_parents(self) -> Sequence[tuple[int, int | None, str]]:
        """Put each row into the generation after that of its parent; return those of circles."""
        return await self._in_thread(self._put_below_parents)

    def _put_below_parents(self) -> Sequence[tuple[int, int | None, str]]:
        connection = self._connection
        changed = connection.execute(
            "UPDATE item SET generation = -1 WHERE parent IS NOT NULL"
            " AND EXISTS (SELECT 1 FROM item p WHERE p.key = item.parent)"
        ).rowcount
        if not changed:
            return []
        connection.execute("CREATE INDEX item_by_generation ON item (generation)")
        # The plus keeps SQLite from looking through all that are left for each parent.
        below = (
            "UPDATE item SET generation = ? WHERE number IN"
            " (SELECT c.number FROM item p CROSS JOIN item c ON c.parent = p.key AND c.parent IS NOT NULL"
            " WHERE p.generation = ? AND +c.generation = -1)"
        )
        generation = 0
        while connection.execute(below, (generation + 1, generation)).rowcount:
            generation += 1
        return connection.execute("SELECT number, line, key FROM item WHERE generation = -1 ORDER BY number").fetchall()

    async def put_repeated_apart(self) -> None:
        """Put the rows of one key into generations one after the other."""
        if self._has_repeated:
            await self._in_thread(
                self._connection.execute,
                "UPDATE item SET generation = n FROM (SELECT number AS m,"
                " row_number() OVER (PARTITION BY key ORDER BY number) - 1 AS n FROM item"
                " WHERE key IS NOT NULL) WHERE number = m AND n > 0",
            )

    async def prepare(self) -> None:
        """Make what the calls between `add` and `seal` look things up by."""
        await self._in_thread(self._prepare)

    def _prepare(self) -> None:
        try:
            self._connection.execute(_BY_KEY.format(unique="UNIQUE"))
            self._has_repeated = False
        except sqlite3.IntegrityError:
            self._connection.execute(_BY_KEY.format(unique=""))
        self._connection.execute(_BY_PARENT)

    async def seal(self) -> None:
        """Record that the whole input is there and in its generations."""
        await run_in_thread(self._connection.execute, "PRAGMA synchronous = FULL")
        await self._in_thread(self._seal)
        await run_in_thread(self._checkpoint)

    def _seal(self) -> None:
        connection = self._connection
        last = connection.execute("SELECT ifnull(max(generation), 0) FROM item").fetchone()[0]
        if last:
            connection.execute("CREATE INDEX IF NOT EXISTS item_by_generation ON item (generation)")
        connection.execute(
            "UPDATE job SET is_sealed = 1, last_generation = ?, total = (SELECT count(*) FROM item)", (last,)
        )
        self._last_generation = last

    def _checkpoint(self) -> None:
        """Move the log into the file: turns then write it over, which costs the disk less than to let it grow."""
        with self._calls, explained(self._path):
            self._connection.execute("PRAGMA wal_checkpoint")

    async def start(self, settings: Mapping[str, JsonValue]) -> None:
        """Record how the job runs, for the next run of it."""
        given = (msgspec.json.encode(settings),)
        await self._in_thread(self._connection.execute, "UPDATE job SET settings = ?", given)

    async def reopen(self) -> None:
        """Make rows pending again that failed without reaching the service, and those skipped because of them."""
        await self._in_thread(self._reopen)

    def _reopen(self) -> None:
        again = (
            "UPDATE state SET state = 0, error = NULL, status = NULL, message = NULL, is_unsent = NULL WHERE state = "
        )
        if self._connection.execute(f"{again} 3 AND is_unsent").rowcount:
            self._connection.execute(f"{again} 5")

    async def unsettled(self, after: int, most: int) -> Sequence[Item]:
        """Return rows after a number that are sent or unknown, in order."""

        def unsettled() -> Sequence[Item]:
            return [self._item(row, was_sent=True) for row in self._connection.execute(_UNSETTLED, (after, most))]

        return await self._in_thread(unsettled)

    async def next_generation(self, after: int) -> int | None:
        """Return the first generation after one that has rows; skip rows in it whose parent failed."""
        return await self._in_thread(self._next_generation, after)

    def _next_generation(self, after: int) -> int | None:
        if not self._last_generation:
            return 0 if after < 0 else None
        found: int | None = self._connection.execute(
            "SELECT min(generation) FROM item WHERE generation > ?", (after,)
        ).fetchone()[0]
        if found:
            self._connection.execute(_SKIP, (time.time(), found))
        return found

    async def turn(self, turn: Turn) -> Sequence[Item]:
        """Make a turn; when this returns, all of it is durable."""
        return await self._in_thread(self._turn, turn)

    def _turn(self, turn: Turn) -> Sequence[Item]:
        connection, now = self._connection, time.time()
        done: defaultdict[int, list[int]] = defaultdict(list)
        others: list[Finished] = []
        for row in turn.finished:
            if row.state is RowState.DONE:
                done[row.attempts].append(row.number)
            else:
                others.append(row)
        connection.executemany(_DONE_AT, [(attempts, now, _array(numbers)) for attempts, numbers in done.items()])
        connection.executemany(
            _FINISH,
            [
                (
                    row.number,
                    CODES[row.state],
                    row.attempts,
                    row.error,
                    row.status,
                    row.trace_id,
                    row.message and row.message.encode(errors="replace").decode(),
                    row.is_unsent,
                    now,
                )
                for row in others
            ],
        )
        if turn.released:
            connection.execute(_GIVE_BACK, (_array(turn.released),))
        items = self._take(turn, now) if turn.most else list[Item]()
        connection.execute(
            "UPDATE job SET requests = requests + ?, elapsed = elapsed + ?", (turn.requests, turn.elapsed)
        )
        return items

    def _take(self, turn: Turn, now: float) -> list[Item]:
        """Mark the next pending rows of a generation as sent, and return them."""
        if self._last_generation:
            return self._take_of_generation(turn, now)
        items: list[Item] = []
        if self._reached is None:
            reached: int = self._connection.execute("SELECT number FROM reached").fetchone()[0]
            items = self._items(_GIVEN_BACK, reached, turn.most)
            self._mark_sent(items, now)
            if len(items) == turn.most:
                return items
            self._reached = reached
        more = self._items(_NEXT, self._reached, turn.most - len(items))
        if more:
            self._reached = more[-1].number
            self._connection.execute("INSERT INTO taking (last, sent_at) VALUES (?, ?)", (self._reached, now))
        return items + more

    def _take_of_generation(self, turn: Turn, now: float) -> list[Item]:
        generation = turn.generation
        query = _NEXT_OF_GENERATION.format(awaited=_NONE_IS_AWAITED if generation else "")
        items = self._items(query, generation, self._seen.get(generation, 0), turn.most)
        if items:
            self._seen[generation] = items[-1].number
            self._mark_sent(items, now)
        return items

    def _mark_sent(self, items: Sequence[Item], now: float) -> None:
        self._connection.execute(_MARK_SENT, (now, _array([item.number for item in items])))

    def _items(self, query: str, *arguments: object) -> list[Item]:
        try:
            [together] = self._connection.execute(_TOGETHER.format(rows=query), arguments).fetchone()
        except sqlite3.DataError:
            # They are longer than the longest text of SQLite.
            return [self._item(row) for row in self._connection.execute(query, arguments)]
        if together is None:
            return []
        operation = self._job.operation
        return [
            checked_item(Item(number, operation, key, values, attempts, attempts > 0))
            for number, key, values, attempts in zip(*_decode(together), strict=True)
        ]

    def _item(self, row: tuple[int, str, str, int], *, was_sent: bool = False) -> Item:
        number, key, given, attempts = row
        item = Item(number, self._job.operation, key, _decode(given), attempts, was_sent or attempts > 0)
        return checked_item(item)

    async def shut(self, guard: str | None, reason: str | None) -> None:
        """Record that a guard has shut, and why."""
        await self._in_thread(self._connection.execute, "UPDATE job SET guard = ?, guard_reason = ?", (guard, reason))

    async def counts(self) -> Counts:
        """Return the number of rows in each state."""
        return await self._in_thread(counts_of, self._connection)

    async def failures(self) -> int | None:
        """Return ``None``: no other process works on the job."""
        return None

    async def discard(self) -> None:
        """Give the ledger up and remove it: nothing was sent."""
        await self._give_up(is_removed=True)

    async def close(self) -> None:
        """Give the ledger up; another process may take it then."""
        await self._give_up()

    async def _give_up(self, *, is_removed: bool = False) -> None:
        closing = asyncio.ensure_future(run_in_thread(self.close_now, is_removed=is_removed))
        try:
            await asyncio.shield(closing)
        except asyncio.CancelledError:
            # Whoever goes on with the ledger after this finds it free.
            await closing
            raise

    def _end_log(self) -> None:
        """Leave nothing beside the file: a reader of a ledger with a log would make one again, and could not remove it.

        While another process reads it, the log stays.
        """
        with contextlib.suppress(sqlite3.Error):
            self._connection.execute("PRAGMA busy_timeout = 0")
            self._connection.execute("PRAGMA journal_mode = DELETE")

    def close_now(self, *, is_removed: bool = False) -> None:
        """Give the ledger up, without an event loop; remove it before another process can have it, if it is to be."""
        with self._calls:
            if not self._is_lent:
                if not is_removed:
                    self._end_log()
                self._connection.close()
            if self._lock is not None:
                if is_removed:
                    _remove(self._path, self._lock)
                self._lock.close()
                self._lock = None

    async def _select(self, query: str, *arguments: object) -> list[Any]:
        return await self._in_thread(lambda: self._connection.execute(query, arguments).fetchall())

    async def _in_thread(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Call a function in a transaction, in a thread: a commit waits for the disk."""
        return await run_in_thread(self._in_transaction, functools.partial(function, *args, **kwargs))

    def _in_transaction(self, function: Callable[[], T]) -> T:
        # A caller that was cancelled does not wait for its thread, and the next call must.
        with self._calls, explained(self._path, is_begun=self._job.is_sealed):
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                self._check()
                value = function()
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                # The rows that were taken are not: a later turn must not record that it got beyond them.
                self._reached = None
                self._seen.clear()
                raise
            self._job = job_of(self._connection)
            return value

    def _check(self) -> None:
        """See that the ledger is still that of this run."""
        if self._lock is not None:
            self._lock.check()
        if self._connection.execute("SELECT max(epoch) FROM run").fetchone() != (self._epoch,):
            raise LedgerError(f"another run has taken the ledger {name_of(self._path)}")


async def _finish(make: Callable[P, SqliteLedger], *args: P.args, **kwargs: P.kwargs) -> SqliteLedger:
    """Make a ledger in a thread; if that is cancelled, give up what the thread made, with its lock."""
    making = asyncio.ensure_future(run_in_thread(make, *args, **kwargs))
    try:
        return await asyncio.shield(making)
    except asyncio.CancelledError:
        with contextlib.suppress(LedgerError):
            (await making).close_now()
        raise


def _check_rows(connection: sqlite3.Connection) -> None:
    """Refuse a ledger that has other rows than the job, or rows that are never taken.

    Raises:
        ValueError: It has.
    """
    counts_of(connection)
    last = connection.execute("SELECT last_generation FROM job").fetchone()[0]
    if last and connection.execute(_OUTSIDE, (last,)).fetchone():
        raise ValueError("a row is of no generation")


def _array(numbers: Sequence[int]) -> str:
    return msgspec.json.encode(numbers).decode()


def _next_epoch(connection: sqlite3.Connection) -> int | None:
    """Begin a run: those before it can commit nothing more."""
    return connection.execute("INSERT INTO run DEFAULT VALUES").lastrowid


def _make_room(path: str) -> LedgerLock:
    """Lock an empty file.

    Raises:
        LedgerExistsError: There is a ledger already.
        LedgerError: There is another file, or one beside it that SQLite would destroy.
    """
    file = Path(path)
    if was_ledger := file.exists() and (not file.is_file() or file.stat().st_size > 0):
        with connecting(path):
            pass
    lock = take(path, may_make=True)
    try:
        _check_room(path, lock, was_ledger=was_ledger)
        if was_ledger:
            _clear(path)
        # It may have been there, as one that mktemp made.
        file.chmod(0o600)
    except BaseException:
        if lock.is_made:
            file.unlink()
        lock.close()
        raise
    lock.is_made = lock.is_made or was_ledger
    return lock


def _check_room(path: str, lock: LedgerLock, *, was_ledger: bool) -> None:
    """Refuse a file that another run has begun meanwhile, and one beside which SQLite would destroy files of others.

    Raises:
        LedgerError: It is such a file.
    """
    if not was_ledger and Path(path).stat().st_size:
        raise in_use(path)
    check_beside(path)
    if lock.is_made and (others := beside(path)):
        raise UnusableLedgerError(f"{name_of(others[0])} is in the way: it is of a ledger that is gone")


def _clear(path: str) -> None:
    """Empty a ledger whose input was not read to the end, so that nothing was sent.

    Raises:
        LedgerExistsError: It was.
    """
    with contextlib.closing(writable(path)) as connection:
        # Of a process that was killed while it wrote the tables, SQLite leaves an empty file now.
        is_begun = connection.execute("SELECT 1 FROM sqlite_master").fetchone() is not None
        if is_begun and job_of(connection).is_sealed:
            raise LedgerExistsError(
                f"there is a ledger {name_of(path)} already: resume() goes on with it; a new job needs a new one"
            )
    _empty(path)


def _empty(path: str) -> None:
    for name in beside(path):
        Path(name).unlink(missing_ok=True)
    os.truncate(path, 0)


def _remove(path: str, lock: LedgerLock) -> None:
    """Remove a ledger that nothing was sent from; a file that was there before it is empty again."""
    if not lock.is_in_place():
        return
    _empty(path)
    if lock.is_made:
        Path(path).unlink()
