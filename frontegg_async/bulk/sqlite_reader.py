"""`SqliteReader`: reads a ledger in SQLite for reports."""

from __future__ import annotations

import contextlib
import sqlite3
import weakref
from collections import Counter
from collections.abc import Generator, Iterator, Sequence
from pathlib import Path
from typing import Final, cast

from frontegg_async.bulk.ledger import Counts, Job, LedgerRow, Reason, RowState
from frontegg_async.bulk.sqlite_file import explained, has_log
from frontegg_async.bulk.sqlite_lock import connecting
from frontegg_async.bulk.stored_values import CODES, STATES, check_types, counts_from, job_from, row_from

_ROWS_AT_A_TIME: Final = 500

_JOB: Final = (
    "SELECT id, operation, environment, created_at, settings, total, is_sealed, requests, elapsed, guard, guard_reason,"
    " overridden FROM job"
)
_ROW: Final = (
    "SELECT number, line, key, state, attempts, error, status, trace_id, message, sent_at, finished_at, input,"
    " operation, replaced FROM outcome"
)
_COUNTS: Final = (
    "SELECT state, count(*) FROM state GROUP BY state UNION ALL"
    " SELECT 1, r.number - (SELECT count(*) FROM state s WHERE s.number <= r.number) FROM reached r UNION ALL"
    " SELECT 0, total - r.number - (SELECT count(*) FROM state s WHERE s.number > r.number) FROM job, reached r"
)
"""Counts the rows with a stored state and the rows without a stored state. One statement counts both, since a job may
be running.
"""

_EXTENT: Final = "SELECT (SELECT count(*) FROM item), (SELECT ifnull(max(number), 0) FROM item)"


def job_of(connection: sqlite3.Connection) -> Job:
    """Return the properties of the job."""
    row = connection.execute(_JOB).fetchone()
    if row is None:
        raise ValueError("it has no job")
    return job_from(row)


class SqliteReader:
    """Reads a ledger in a file for reports. The job may be running.

    Args:
        path: The file, as a real path.
        connection: The connection of a ledger without a file, for example of a dry run.
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
        with connecting(self._path), explained(self._path), contextlib.closing(_readable(self._path)) as connection:
            yield connection

    def summary(self) -> tuple[Job, Counts]:
        """Return the properties of the job, and the number of rows in each state."""
        with self._open() as connection:
            return job_of(connection), counts_of(connection)

    def rows(self, *states: RowState) -> Iterator[LedgerRow]:
        """Return the rows in the given states, in the order of the input. Without states, return all rows."""
        codes = ",".join(str(CODES[state]) for state in states)
        wanted = f" AND state IN ({codes})" if states else ""
        query = f"{_ROW} WHERE number > ?{wanted} ORDER BY number LIMIT ?"
        after = 0
        with self._open() as connection:
            job = job_of(connection)
            while found := connection.execute(query, (after, _ROWS_AT_A_TIME)).fetchall():
                yield from (row_from(row, job) for row in found)
                after = found[-1][0]

    def reasons(self, most: int = 10) -> Sequence[Reason]:
        """Return the most frequent errors of rows that are failed, unknown, skipped or stale."""
        with self._open() as connection:
            found = connection.execute(
                "SELECT state, ifnull(error, ''), status, count(*), min(number) FROM state WHERE state IN (3, 4, 5, 6)"
                " GROUP BY 1, 2, 3 ORDER BY 4 DESC, 5 LIMIT ?",
                (most,),
            ).fetchall()
            check_types(str, *(row[1] for row in found))
            job = job_of(connection)
            return [
                Reason(
                    STATES[cast("int", state)],
                    error,
                    status,
                    count,
                    row_from(connection.execute(f"{_ROW} WHERE number = ?", (number,)).fetchone(), job),
                )
                for state, error, status, count, number in found
            ]


def _readable(path: str) -> sqlite3.Connection:
    """Open a read-only connection. In a read-only directory, a file without a log is opened as immutable."""
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
    """Return the number of rows in each state.

    Raises:
        ValueError: Rows were edited or deleted.
    """
    total, is_sealed = connection.execute("SELECT total, is_sealed FROM job").fetchone()
    if is_sealed and connection.execute(_EXTENT).fetchone() != (total, total):
        raise ValueError("rows of the job are missing or were added")
    found: Counter[int] = Counter()
    for code, count in connection.execute(_COUNTS):
        found[code] += count
    return counts_from(found, total if is_sealed else None)
