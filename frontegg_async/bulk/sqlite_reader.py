"""What a report reads of a ledger in SQLite."""

from __future__ import annotations

import contextlib
import sqlite3
import weakref
from collections import Counter
from collections.abc import Generator, Iterator, Mapping, Sequence
from pathlib import Path
from types import UnionType
from typing import Final, cast

import msgspec

from frontegg_async._values.json_values import JsonValue
from frontegg_async.bulk.ledger import Counts, Job, LedgerRow, Reason, RowState
from frontegg_async.bulk.operations import OPERATIONS
from frontegg_async.bulk.sqlite_file import explained, has_log
from frontegg_async.bulk.sqlite_lock import connecting

_STATES: Final = tuple(RowState)
CODES: Final[Mapping[RowState, int]] = {state: code for code, state in enumerate(_STATES)}
"""The number of each state, as it is stored."""

_ROWS_AT_A_TIME: Final = 500

_JOB: Final = (
    "SELECT id, operation, environment, created_at, settings, total, is_sealed, requests, elapsed, guard, guard_reason"
    " FROM job"
)
_ROW: Final = (
    "SELECT number, line, key, state, attempts, error, status, trace_id, message, sent_at, finished_at, input"
    " FROM outcome"
)
_COUNTS: Final = (
    "SELECT state, count(*) FROM state GROUP BY state UNION ALL"
    " SELECT 1, r.number - (SELECT count(*) FROM state s WHERE s.number <= r.number) FROM reached r UNION ALL"
    " SELECT 0, total - r.number - (SELECT count(*) FROM state s WHERE s.number > r.number) FROM job, reached r"
)
"""Those with a state, and those without one: in one statement, since a job may run."""


def job_of(connection: sqlite3.Connection) -> Job:
    """Return what holds for all rows."""
    row = connection.execute(_JOB).fetchone()
    if row is None:
        raise ValueError("it has no job")
    (job_id, operation, environment, created_at, settings, total, is_sealed, requests, elapsed, guard, reason) = row
    _check(str, job_id, operation, environment)
    _check(int | float, created_at, total, requests, elapsed)
    _check(str | None, guard, reason)
    if operation not in OPERATIONS:
        raise ValueError("there is no such operation")
    return Job(
        job_id=job_id,
        operation=operation,
        environment=environment,
        created_at=created_at,
        settings=cast("dict[str, JsonValue]", msgspec.json.decode(settings, type=dict[str, object])),
        total=total,
        is_sealed=bool(is_sealed),
        requests=requests,
        elapsed=elapsed,
        guard=guard,
        guard_reason=reason,
    )


def _check(kind: type | UnionType, *values: object) -> None:
    """Refuse values that SQLite stores in a column of another type.

    Raises:
        TypeError: There is one.
    """
    if not all(isinstance(value, kind) for value in values):
        raise TypeError("a value is of another type")


def _row_of(row: tuple[object, ...]) -> LedgerRow:
    number, line, key, state, attempts, error, status, trace_id, message, sent_at, finished_at, given = row
    values = cast("dict[str, JsonValue]", msgspec.json.decode(cast("str", given), type=dict[str, object]))
    tenant_id = key or values.get("tenant_id") or values.get("child_id")
    _check(int, number, state, attempts)
    _check(int | None, line, status)
    _check(str | None, tenant_id, error, trace_id, message)
    _check(int | float | None, sent_at, finished_at)
    return LedgerRow(
        number=cast("int", number),
        line=cast("int | None", line),
        tenant_id=cast("str | None", tenant_id),
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

    def is_at(self, path: Path) -> bool:
        """Return whether a file is the ledger itself."""
        return bool(self._path) and path.exists() and path.samefile(self._path)

    @contextlib.contextmanager
    def _open(self) -> Generator[sqlite3.Connection]:
        if self._connection is not None:
            yield self._connection
            return
        with connecting(self._path), explained(self._path), contextlib.closing(_readable(self._path)) as connection:
            yield connection

    def job(self) -> Job:
        """Return what holds for all rows."""
        with self._open() as connection:
            return job_of(connection)

    def counts(self) -> Counts:
        """Return the number of rows in each state."""
        with self._open() as connection:
            return counts_of(connection)

    def rows(self, *states: RowState) -> Iterator[LedgerRow]:
        """Return the rows in these states, or all rows, in the order of the input."""
        codes = ",".join(str(CODES[state]) for state in states)
        wanted = f" AND state IN ({codes})" if states else ""
        query = f"{_ROW} WHERE number > ?{wanted} ORDER BY number LIMIT ?"
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
            _check(str, *(row[1] for row in found))
            return [
                Reason(
                    _STATES[cast("int", state)],
                    error,
                    status,
                    count,
                    _row_of(connection.execute(f"{_ROW} WHERE number = ?", (number,)).fetchone()),
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
        if not name.startswith(("SQLITE_READONLY", "SQLITE_CANTOPEN")) or has_log(path):
            raise
        return sqlite3.connect(f"{address}?immutable=1", uri=True, isolation_level=None, check_same_thread=False)
    except BaseException:
        connection.close()
        raise
    return connection


def counts_of(connection: sqlite3.Connection) -> Counts:
    """Return the number of rows in each state."""
    found: Counter[int] = Counter()
    for code, count in connection.execute(_COUNTS):
        found[code] += count
    return Counts(**{state.value: found[code] for state, code in CODES.items()})
