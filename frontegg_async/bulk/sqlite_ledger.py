"""A ledger in one SQLite file, with a lock that dies with its owner."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import os
import sqlite3
import struct
import threading
import time
import uuid
import weakref
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, ParamSpec, TypeVar, cast

import msgspec

from frontegg_async._core.runtime.worker_threads import run_in_thread
from frontegg_async._values.json_values import JsonValue
from frontegg_async.bulk.ledger import Counts, Item, Job, LedgerRow, NewRow, Reason, RowState, Turn
from frontegg_async.errors import LedgerError, LedgerExistsError, LedgerInUseError, UnusableLedgerError

P = ParamSpec("P")
T = TypeVar("T")

_APPLICATION: Final = 0x46726C67
"""What SQLite's ``application_id`` is of a ledger: ``Frlg``."""

VERSION: Final = 1
"""The version of the format."""

_MAGIC: Final = b"SQLite format 3\0"
_HEADER: Final = 100
_PAGE_SIZE: Final = struct.Struct(">16xH")
_PAGES: Final = struct.Struct(">28xI")
_USER_VERSION: Final = struct.Struct(">60xI")
_APPLICATION_ID: Final = struct.Struct(">68xI")
_LARGEST_PAGE: Final = 65_536

_held: Final[set[str]] = set()
"""The ledgers that this process works on. On POSIX, to open and close such a file would end SQLite's locks on it."""

_STATES: Final = tuple(RowState)
_CODES: Final[Mapping[RowState, int]] = {state: code for code, state in enumerate(_STATES)}
_ROWS_AT_A_TIME: Final = 500

_TABLES: Final = """
CREATE TABLE job (
  id TEXT NOT NULL, operation TEXT NOT NULL, environment TEXT NOT NULL, created_at REAL NOT NULL,
  settings BLOB NOT NULL, total INTEGER NOT NULL DEFAULT 0, is_sealed INTEGER NOT NULL DEFAULT 0,
  last_generation INTEGER NOT NULL DEFAULT 0,
  reached INTEGER NOT NULL DEFAULT 0, requests INTEGER NOT NULL DEFAULT 0, elapsed REAL NOT NULL DEFAULT 0,
  guard TEXT, guard_reason TEXT
);
CREATE TABLE item (
  number INTEGER PRIMARY KEY, line INTEGER, generation INTEGER NOT NULL, key TEXT, parent TEXT, input BLOB NOT NULL
);
CREATE TABLE state (
  number INTEGER PRIMARY KEY, state INTEGER NOT NULL, attempts INTEGER NOT NULL DEFAULT 0, sent_at REAL,
  finished_at REAL, error TEXT, status INTEGER, trace_id TEXT, message TEXT, is_unsent INTEGER
);
"""
# A row without a state is pending: what is read once is written once, and a million pending rows cost nothing.

_INDEXES: Final = (
    "CREATE INDEX item_by_key ON item (key)",
    "CREATE INDEX item_by_parent ON item (parent) WHERE parent IS NOT NULL",
)

_JOB: Final = (
    "SELECT id, operation, environment, created_at, settings, total, is_sealed, requests, elapsed, guard, guard_reason"
    " FROM job"
)
_ROW: Final = (
    "SELECT i.number, i.line, i.key, ifnull(s.state, 0), ifnull(s.attempts, 0), s.error, s.status, s.trace_id,"
    " s.message, s.sent_at, s.finished_at, i.input FROM item i LEFT JOIN state s ON s.number = i.number"
)
_FAIL: Final = (
    "INSERT OR REPLACE INTO state (number, state, error, message, finished_at) VALUES (?, 3, 'UnusableRowsError', ?, ?)"
)
# A statement for many rows, given as a JSON array: between two rows a thread would wait for the interpreter each time.
_MARK_SENT: Final = (
    "INSERT INTO state (number, state, sent_at) SELECT value, 1, ? FROM json_each(?) WHERE true"
    " ON CONFLICT (number) DO UPDATE SET state = 1, sent_at = excluded.sent_at"
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
    "SELECT i.number, i.key, i.input, ifnull(s.attempts, 0) FROM item i LEFT JOIN state s ON s.number = i.number"
    " WHERE {generation} i.number > ? AND ifnull(s.state, 0) = 0{parent} ORDER BY i.number LIMIT ?"
)
_OF_GENERATION: Final = "i.generation = ? AND"
_PARENT_IS_DONE: Final = (
    " AND NOT EXISTS (SELECT 1 FROM item p LEFT JOIN state t ON t.number = p.number"
    " WHERE p.key = i.parent AND ifnull(t.state, 0) <> 2)"
)
_SKIP: Final = """
INSERT OR REPLACE INTO state (number, state, error, message, finished_at)
SELECT c.number, 5, 'ParentFailed', 'its parent ' || c.parent || ' failed: ' || ifnull(t.message, 'unknown why'), ?
FROM item c JOIN item p ON p.key = c.parent JOIN state t ON t.number = p.number
LEFT JOIN state s ON s.number = c.number
WHERE c.generation = ? AND t.state IN (3, 5) AND ifnull(s.state, 0) = 0
"""


def _name_of(path: str) -> str:
    """Return a path as it is written in the current directory."""
    with contextlib.suppress(OSError, ValueError):  # the directory is gone, or another
        return str(Path(path).relative_to(Path.cwd()))
    return path


def _failure(path: str, error: Exception, *, is_begun: bool) -> LedgerError:
    """Return the error of ours for one of SQLite, of the system, or of what decodes values."""
    name = getattr(error, "sqlite_errorname", None) or ""
    if isinstance(error, OSError):
        said = f"cannot be used: {error.strerror}"
    elif name.startswith("SQLITE_FULL"):
        said = f"cannot be written: the disk is full. Make room, and {'resume' if is_begun else 'try again'}"
    elif name.startswith("SQLITE_CANTOPEN") and not Path(path).parent.is_dir():
        said = "cannot be made: there is no such directory"
    elif name.startswith(("SQLITE_READONLY", "SQLITE_PERM", "SQLITE_CANTOPEN")):
        said = "cannot be written: the file or its directory is read-only"
    elif name.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB")) or not isinstance(error, sqlite3.Error):
        said = "is damaged: it was cut off, or is no ledger"
    else:
        said = f"cannot be used: {error}"
    return (LedgerError if is_begun else UnusableLedgerError)(f"the ledger {_name_of(path)} {said}")


@contextlib.contextmanager
def _explained(path: str, *, is_begun: bool = False) -> Generator[None]:
    """Raise what SQLite raises, and what a damaged value does, as an error of ours.

    Args:
        path: The ledger.
        is_begun: Whether rows may have been sent.
    """
    try:
        yield
    except (sqlite3.Error, OSError, UnicodeDecodeError, msgspec.DecodeError) as error:
        failure = _failure(path, error, is_begun=is_begun)
    else:
        return
    raise failure


def check_file(path: str) -> None:
    """Refuse a file that is no whole ledger of a known version.

    Raises:
        UnusableLedgerError: There is none, or it is foreign, newer or cut off.
    """
    if path in _held:
        return
    with _explained(path):
        if not Path(path).exists():
            raise UnusableLedgerError(f"there is no ledger {_name_of(path)}: it is made when a job begins")
        with Path(path).open("rb") as file:
            head = file.read(_HEADER)
            size = file.seek(0, os.SEEK_END)
    if not head.startswith(_MAGIC[:size]):
        raise UnusableLedgerError(f"{_name_of(path)} is no ledger: it is another file")
    if len(head) < _HEADER:
        raise UnusableLedgerError(f"{_name_of(path)} is no ledger: it is cut off")
    if _APPLICATION_ID.unpack_from(head)[0] != _APPLICATION:
        raise UnusableLedgerError(f"{_name_of(path)} is no ledger, but another program's SQLite database")
    version = _USER_VERSION.unpack_from(head)[0]
    if version > VERSION:
        raise UnusableLedgerError(
            f"the ledger {_name_of(path)} has version {version} of the format; this program knows up to {VERSION}"
        )
    page_size = _PAGE_SIZE.unpack_from(head)[0]
    _check_size(path, _PAGES.unpack_from(head)[0] * (_LARGEST_PAGE if page_size == 1 else page_size))


def _check_size(path: str, size: int) -> None:
    """Refuse a file that is shorter than it should be.

    Raises:
        UnusableLedgerError: It is.
    """
    if Path(path).stat().st_size < size and not _has_log(path):
        raise UnusableLedgerError(
            f"the ledger {_name_of(path)} is cut off: take the whole file, with the one that ends in -wal beside it"
        )


def _has_log(path: str) -> bool:
    """Whether pages are in the file beside it, as when the disk was full while they were moved into the ledger."""
    log = Path(f"{path}-wal")
    return log.exists() and log.stat().st_size > 0


def _job_of(connection: sqlite3.Connection) -> Job:
    row = connection.execute(_JOB).fetchone()
    if row is None:
        raise sqlite3.DatabaseError("it has no job")
    (job_id, operation, environment, created_at, settings, total, is_sealed, requests, elapsed, guard, reason) = row
    return Job(
        job_id=job_id,
        operation=operation,
        environment=environment,
        created_at=created_at,
        settings=msgspec.json.decode(settings),
        total=total,
        is_sealed=bool(is_sealed),
        requests=requests,
        elapsed=elapsed,
        guard=guard,
        guard_reason=reason,
    )


def _row_of(row: tuple[object, ...]) -> LedgerRow:
    number, line, key, state, attempts, error, status, trace_id, message, sent_at, finished_at, given = row
    values: dict[str, JsonValue] = msgspec.json.decode(cast("bytes", given))
    return LedgerRow(
        number=cast("int", number),
        line=cast("int | None", line),
        tenant_id=cast("str | None", key or values.get("tenant_id") or values.get("child_id")),
        state=_STATES[cast("int", state)],
        attempts=cast("int", attempts),
        error=cast("str | None", error),
        status=cast("int | None", status),
        trace_id=cast("str | None", trace_id),
        message=cast("str | None", message),
        sent_at=cast("float | None", sent_at),
        finished_at=cast("float | None", finished_at),
        input=values,
    )


class SqliteReader:
    """Reads a ledger in a file, also while a job runs.

    Args:
        path: The file, as a real path.
        connection: The connection of a ledger that has no file, as that of a dry run.
    """

    def __init__(self, path: str, connection: sqlite3.Connection | None = None) -> None:
        self._path = path
        self._connection = connection
        if connection is not None:
            weakref.finalize(self, connection.close)

    @contextlib.contextmanager
    def _open(self) -> Generator[sqlite3.Connection]:
        if self._connection is not None:
            yield self._connection
            return
        check_file(self._path)
        with _explained(self._path), contextlib.closing(_readable(self._path)) as connection:
            yield connection

    def job(self) -> Job:
        """Return what holds for all rows."""
        with self._open() as connection:
            return _job_of(connection)

    def counts(self) -> Counts:
        """Return the number of rows in each state."""
        with self._open() as connection:
            return _counts(connection)

    def rows(self, *states: RowState) -> Iterator[LedgerRow]:
        """Return the rows in these states, or all rows, in the order of the input."""
        codes = ",".join(str(_CODES[state]) for state in states)
        wanted = f" AND ifnull(s.state, 0) IN ({codes})" if states else ""
        query = f"{_ROW} WHERE i.number > ?{wanted} ORDER BY i.number LIMIT ?"
        after = 0
        with self._open() as connection:
            while found := connection.execute(query, (after, _ROWS_AT_A_TIME)).fetchall():
                yield from map(_row_of, found)
                after = found[-1][0]

    def reasons(self, most: int = 10) -> Sequence[Reason]:
        """Return the most frequent errors of rows that are failed, unknown or skipped."""
        with self._open() as connection:
            found = connection.execute(
                "SELECT state, ifnull(error, ''), status, count(*), min(number) FROM state WHERE state IN (3, 4, 5)"
                " GROUP BY 1, 2, 3 ORDER BY 4 DESC, 5 LIMIT ?",
                (most,),
            ).fetchall()
            return [
                Reason(
                    _STATES[cast("int", state)],
                    error,
                    status,
                    count,
                    _row_of(connection.execute(f"{_ROW} WHERE i.number = ?", (number,)).fetchone()),
                )
                for state, error, status, count, number in found
            ]


def _readable(path: str) -> sqlite3.Connection:
    """Return a connection that only reads; where nothing can be written, a file without a log is taken as it is."""
    address = Path(path).as_uri()
    connection = sqlite3.connect(f"{address}?mode=ro", uri=True, isolation_level=None, check_same_thread=False)
    try:
        connection.execute("SELECT 1 FROM job")
    except sqlite3.OperationalError as error:
        connection.close()
        name = getattr(error, "sqlite_errorname", "")
        if not name.startswith(("SQLITE_READONLY", "SQLITE_CANTOPEN")) or _has_log(path):
            raise
        return sqlite3.connect(f"{address}?immutable=1", uri=True, isolation_level=None, check_same_thread=False)
    except BaseException:
        connection.close()
        raise
    return connection


def _counts(connection: sqlite3.Connection) -> Counts:
    found = dict(connection.execute("SELECT state, count(*) FROM state GROUP BY state"))
    total = connection.execute("SELECT total FROM job").fetchone()[0]
    by_state = {state.value: found.get(code, 0) for state, code in _CODES.items()}
    by_state["pending"] = total - sum(by_state.values()) + by_state["pending"]
    return Counts(**by_state)


def _locked(path: str) -> sqlite3.Connection:
    """Return the lock of a ledger: a transaction on a file beside it, which the system ends with its process.

    Raises:
        LedgerInUseError: Another run has it.
    """
    lock = sqlite3.connect(f"{path}-lock", timeout=0, isolation_level=None, check_same_thread=False)
    try:
        lock.execute("BEGIN EXCLUSIVE")
    except sqlite3.OperationalError as error:
        lock.close()
        if not getattr(error, "sqlite_errorname", "").startswith("SQLITE_BUSY"):
            raise
        in_use = LedgerInUseError(f"another run holds the ledger {_name_of(path)}")
    except BaseException:
        lock.close()
        raise
    else:
        return lock
    raise in_use


class SqliteLedger:
    """A ledger in a file, or in a temporary one without a name. Make it by `begin` or `resume`."""

    def __init__(self, path: str, connection: sqlite3.Connection, lock: sqlite3.Connection | None) -> None:
        self._path = path
        self._connection = connection
        self._lock = lock
        self._calls = threading.Lock()
        self._is_lent = False
        self._reached: dict[int, int] = {}
        self._job = _job_of(connection)
        self._last_generation: int = connection.execute("SELECT last_generation FROM job").fetchone()[0]
        if lock is not None:
            _held.add(path)

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
        # The lock is beside the real file, and SQLite takes some other names for no files.
        name = "" if path is None else os.path.realpath(path)
        with _explained(name), contextlib.ExitStack() as opened:
            lock = None
            if path is not None:
                lock = opened.enter_context(contextlib.closing(_locked(name)))
                _make_room(name)
            connection = opened.enter_context(contextlib.closing(_writable(name)))
            connection.execute("BEGIN")
            for statement in (
                f"PRAGMA application_id = {_APPLICATION}",
                f"PRAGMA user_version = {VERSION}",
                *_TABLES.split(";")[:-1],
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
        check_file(path)
        with _explained(path), contextlib.ExitStack() as opened:
            lock = opened.enter_context(contextlib.closing(_locked(path)))
            connection = opened.enter_context(contextlib.closing(_writable(path)))
            connection.executescript("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;")
            # Now, and not with the first rows: whether it can be written, and is whole.
            connection.execute("UPDATE job SET elapsed = elapsed")
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            pages = connection.execute("PRAGMA page_count").fetchone()[0]
            _check_size(path, pages * connection.execute("PRAGMA page_size").fetchone()[0])
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
        self._connection.executemany(
            "INSERT INTO item (number, line, generation, key, parent, input) VALUES (?, ?, 0, ?, ?, ?)",
            [(row.number, row.line, row.key, row.parent, row.input) for row in rows],
        )
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
        return [_item(row) for row in await self._select(query, after, most)]

    async def put(self, generations: Sequence[tuple[int, int]]) -> None:
        """Put rows into generations."""
        await self._in_thread(self._put, generations)

    def _put(self, generations: Sequence[tuple[int, int]]) -> None:
        self._connection.executemany(
            "UPDATE item SET generation = ? WHERE number = ?",
            [(generation, number) for number, generation in generations],
        )

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
        for statement in _INDEXES:
            self._connection.execute(statement)

    async def seal(self) -> None:
        """Record that the whole input is there and in its generations."""
        await run_in_thread(self._connection.execute, "PRAGMA synchronous = FULL")
        await self._in_thread(self._seal)

    def _seal(self) -> None:
        connection = self._connection
        last = connection.execute("SELECT ifnull(max(generation), 0) FROM item").fetchone()[0]
        if last:
            connection.execute("CREATE INDEX IF NOT EXISTS item_by_generation ON item (generation)")
        connection.execute(
            "UPDATE job SET is_sealed = 1, last_generation = ?, total = (SELECT count(*) FROM item)", (last,)
        )
        self._last_generation = last

    async def start(self, settings: Mapping[str, JsonValue]) -> None:
        """Do nothing: nobody else works on the job."""

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
        query = (
            "SELECT i.number, i.key, i.input, s.attempts FROM state s JOIN item i ON i.number = s.number"
            " WHERE s.state IN (1, 4) AND s.number > ? ORDER BY s.number LIMIT ?"
        )
        return [_item(row, was_sent=True) for row in await self._select(query, after, most)]

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
        done: dict[int, list[int]] = {}
        for row in turn.finished:
            if row.state is RowState.DONE:
                done.setdefault(row.attempts, []).append(row.number)
        connection.executemany(_DONE_AT, [(attempts, now, _array(numbers)) for attempts, numbers in done.items()])
        connection.executemany(
            _FINISH,
            [
                (
                    row.number,
                    _CODES[row.state],
                    row.attempts,
                    row.error,
                    row.status,
                    row.trace_id,
                    row.message and row.message.encode(errors="replace").decode(),
                    row.is_unsent,
                    now,
                )
                for row in turn.finished
                if row.state is not RowState.DONE
            ],
        )
        connection.executemany("UPDATE state SET state = 0 WHERE number = ?", [(number,) for number in turn.released])
        items = self._take(turn, now) if turn.most else list[Item]()
        connection.execute(
            "UPDATE job SET requests = requests + ?, elapsed = elapsed + ?, reached = max(reached, ?)",
            (turn.requests, turn.elapsed, 0 if self._last_generation else self._reached.get(0, 0)),
        )
        return items

    def _take(self, turn: Turn, now: float) -> list[Item]:
        """Mark the next pending rows of a generation as sent, and return them."""
        connection, generation = self._connection, turn.generation
        reached = self._reached.get(generation)
        items: list[Item] = []
        if reached is None:
            reached = connection.execute("SELECT reached FROM job").fetchone()[0]
            if reached:
                # Rows that were given back before the place that is reached.
                items = [
                    _item(row)
                    for row in connection.execute(
                        "SELECT i.number, i.key, i.input, s.attempts FROM state s JOIN item i ON i.number = s.number"
                        " WHERE s.state = 0 AND s.number <= ? ORDER BY s.number LIMIT ?",
                        (reached, turn.most),
                    )
                ]
            if len(items) < turn.most:
                self._reached[generation] = reached
        if len(items) < turn.most:
            several = self._last_generation > 0
            query = _NEXT.format(
                generation=_OF_GENERATION if several else "", parent=_PARENT_IS_DONE if several and generation else ""
            )
            arguments = (generation,) if several else ()
            rows = connection.execute(query, (*arguments, reached, turn.most - len(items))).fetchall()
            items += map(_item, rows)
            if rows:
                self._reached[generation] = rows[-1][0]
        connection.execute(_MARK_SENT, (now, _array([item.number for item in items])))
        return items

    async def shut(self, guard: str | None, reason: str | None) -> None:
        """Record that a guard has shut, and why."""
        await self._in_thread(self._connection.execute, "UPDATE job SET guard = ?, guard_reason = ?", (guard, reason))

    async def counts(self) -> Counts:
        """Return the number of rows in each state."""
        return await self._in_thread(_counts, self._connection)

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

    def close_now(self, *, is_removed: bool = False) -> None:
        """Give the ledger up, without an event loop; remove it before another process can have it, if it is to be."""
        with self._calls:
            if not self._is_lent:
                self._connection.close()
            if self._lock is not None:
                _held.discard(self._path)
                if is_removed:
                    _remove(self._path)
                self._lock.close()
                self._lock = None

    async def _select(self, query: str, *arguments: object) -> list[Any]:
        return await self._in_thread(lambda: self._connection.execute(query, arguments).fetchall())

    async def _in_thread(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Call a function in a transaction, in a thread: a commit waits for the disk."""
        return await run_in_thread(self._in_transaction, functools.partial(function, *args, **kwargs))

    def _in_transaction(self, function: Callable[[], T]) -> T:
        # A caller that was cancelled does not wait for its thread, and the next call must.
        with self._calls, _explained(self._path, is_begun=self._job.is_sealed):
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                value = function()
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                # The rows that were taken are not: a later turn must not record that it got beyond them.
                self._reached.clear()
                raise
            self._job = _job_of(self._connection)
            return value


async def _finish(make: Callable[P, SqliteLedger], *args: P.args, **kwargs: P.kwargs) -> SqliteLedger:
    """Make a ledger in a thread; if that is cancelled, give up what the thread made, with its lock."""
    making = asyncio.ensure_future(run_in_thread(make, *args, **kwargs))
    try:
        return await asyncio.shield(making)
    except asyncio.CancelledError:
        with contextlib.suppress(LedgerError):
            (await making).close_now()
        raise


def _item(row: tuple[object, ...], *, was_sent: bool = False) -> Item:
    number, key, given, attempts = row
    return Item(
        cast("int", number),
        cast("str", key),
        msgspec.json.decode(cast("bytes", given)),
        cast("int", attempts),
        was_sent or bool(attempts),
    )


def _array(numbers: list[int]) -> str:
    return msgspec.json.encode(numbers).decode()


def _writable(path: str) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=5, isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA busy_timeout = 5000")
    return connection


def _make_room(path: str) -> None:
    """Make an empty file that only its owner may read: rows have data of customers.

    Raises:
        LedgerExistsError: There is a ledger already.
        LedgerError: There is another file.
    """
    file = Path(path)
    if file.exists() and file.stat().st_size:
        check_file(path)
        with contextlib.closing(_writable(path)) as connection:
            if _job_of(connection).is_sealed:
                raise LedgerExistsError(
                    f"there is a ledger {_name_of(path)} already: resume() goes on with it; a new job needs a new one"
                )
        # Its input was not read to the end, so that nothing was sent.
        _remove(path)
    with contextlib.suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))


def _remove(path: str) -> None:
    for name in (path, f"{path}-wal", f"{path}-shm"):
        Path(name).unlink(missing_ok=True)
