"""The tables of a ledger in SQLite, and the statements that change rows while a job is prepared or resumed."""

from __future__ import annotations

import itertools
import sqlite3
import time
import uuid
from collections.abc import Mapping, Sequence
from typing import Final

import msgspec

from frontegg_async._values.json_values import JsonValue
from frontegg_async.bulk import makers
from frontegg_async.bulk.ledger import Job
from frontegg_async.bulk.sqlite_file import APPLICATION, VERSION
from frontegg_async.bulk.sqlite_reader import counts_of
from frontegg_async.bulk.store import NewRow

# An input row without a record in `state` is pending or in flight. A job with one generation takes its rows in order,
# so one record in `taking` marks all rows of a commit as sent. Each input row then costs one write, when it gets its
# outcome.
_TABLES: Final = """
CREATE TABLE job (
  id TEXT NOT NULL, operation TEXT NOT NULL, environment TEXT NOT NULL, created_at REAL NOT NULL,
  settings BLOB NOT NULL, total INTEGER NOT NULL DEFAULT 0, is_sealed INTEGER NOT NULL DEFAULT 0,
  last_generation INTEGER NOT NULL DEFAULT 0, requests INTEGER NOT NULL DEFAULT 0, elapsed REAL NOT NULL DEFAULT 0,
  guard TEXT, guard_reason TEXT, overridden INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE item (
  number INTEGER PRIMARY KEY, line INTEGER, operation TEXT, generation INTEGER NOT NULL, key TEXT, parent TEXT,
  created_at REAL, problem TEXT, input TEXT NOT NULL
);
CREATE INDEX item_by_problem ON item (number) WHERE problem IS NOT NULL;
CREATE TABLE state (
  number INTEGER PRIMARY KEY, state INTEGER NOT NULL, attempts INTEGER NOT NULL DEFAULT 0, sent_at REAL,
  finished_at REAL, error TEXT, status INTEGER, trace_id TEXT, message TEXT, is_unsent INTEGER
);
CREATE TABLE taking (last INTEGER PRIMARY KEY, sent_at REAL NOT NULL);
CREATE TABLE replaced (number INTEGER PRIMARY KEY, input TEXT NOT NULL);
CREATE TABLE run (epoch INTEGER PRIMARY KEY);
CREATE VIEW reached AS SELECT ifnull(max(last), 0) AS number FROM taking;
CREATE VIEW outcome AS
SELECT i.number, i.line, i.key, ifnull(s.state, i.number <= (SELECT number FROM reached)) AS state,
  ifnull(s.attempts, 0) AS attempts, s.error, s.status, s.trace_id, s.message,
  CASE WHEN s.error IS 'UnusableRowsError' THEN NULL
    ELSE ifnull(s.sent_at, (SELECT sent_at FROM taking WHERE last >= i.number ORDER BY last LIMIT 1)) END AS sent_at,
  s.finished_at, i.input, i.operation, (SELECT input FROM replaced WHERE number = i.number) AS replaced
FROM item i LEFT JOIN state s ON s.number = i.number
"""
_ADD: Final = "INSERT INTO item (number, line, generation, key, parent, input) VALUES"
_ADDED: Final = "(?, nullif(?, 0), 0, ?, nullif(?, ''), ?)"
"""The placeholders of a row. They need no parameters ``None`` and ``bytes``, for which `sqlite3` would search adapters.
This search takes most of the time.
"""

_ADD_WHOLE: Final = (
    "INSERT INTO item (number, line, operation, generation, key, parent, problem, created_at, input) VALUES"
)
_KEEP: Final = "INSERT OR IGNORE INTO replaced (number, input) VALUES"
_AT_ONCE: Final = 100
"""The number of rows that one statement adds. SQLite may accept no more than 999 values."""

_FAIL_INVALID: Final = (
    "INSERT INTO state (number, state, error, message, finished_at)"
    " SELECT number, 3, 'UnusableRowsError', problem, ? FROM item WHERE problem IS NOT NULL"
)
_SEAL: Final = "UPDATE job SET is_sealed = 1, total = ?, last_generation = ?, guard = ?, guard_reason = ?"
_AGAIN: Final = (
    "UPDATE state SET state = 0, error = NULL, status = NULL, message = NULL, is_unsent = NULL WHERE state = "
)
_OPEN_GUARD: Final = (
    "UPDATE job SET guard = NULL, guard_reason = NULL, overridden = (SELECT count(*) FROM state WHERE state = 3)"
)
_OUTSIDE: Final = (
    "SELECT 1 FROM item i LEFT JOIN state s ON s.number = i.number"
    " WHERE (i.generation < 0 OR i.generation > ?) AND ifnull(s.state, 0) <> 3 LIMIT 1"
)
_SKIP: Final = """
INSERT OR REPLACE INTO state (number, state, error, message, finished_at)
SELECT i.number, 5, 'ParentFailed', {name} || ' was not created: ' || ifnull(t.message, '?'), ?
FROM item i JOIN item p ON p.key = i.parent AND p.generation < i.generation JOIN state t ON t.number = p.number
LEFT JOIN state s ON s.number = i.number
WHERE i.generation = ? AND t.state IN (3, 5, 6) AND ifnull(s.state, 0) = 0 AND {makes}
"""


def make_tables(
    connection: sqlite3.Connection, operation: str, environment: str, settings: Mapping[str, JsonValue]
) -> Job:
    """Create the tables of a new job in an empty database, and return the job.

    Args:
        connection: The connection.
        operation: The name of the operation.
        environment: The environment.
        settings: The settings of the job.
    """
    connection.execute("BEGIN")
    connection.execute(f"PRAGMA application_id = {APPLICATION}")
    connection.execute(f"PRAGMA user_version = {VERSION}")
    for statement in _TABLES.split(";"):
        connection.execute(statement)
    job = Job(
        job_id=str(uuid.uuid4()),
        operation=operation,
        operations=tuple(filter(None, operation.split(","))),
        environment=environment,
        created_at=time.time(),
        settings=settings,
    )
    connection.execute(
        "INSERT INTO job (id, operation, environment, created_at, settings) VALUES (?, ?, ?, ?, ?)",
        (job.job_id, operation, environment, job.created_at, msgspec.json.encode(settings)),
    )
    connection.execute("COMMIT")
    return job


def begin_run(connection: sqlite3.Connection) -> int | None:
    """Return the epoch of a new run. Afterwards, earlier runs cannot commit any more."""
    return connection.execute("INSERT INTO run DEFAULT VALUES").lastrowid


def check_rows(connection: sqlite3.Connection) -> None:
    """Refuse a ledger with missing rows, additional rows, or rows with an invalid generation.

    Raises:
        ValueError: The ledger has such rows.
    """
    counts_of(connection)
    [last] = connection.execute("SELECT last_generation FROM job").fetchone()
    if last and connection.execute(_OUTSIDE, (last,)).fetchone():
        raise ValueError("a row has an invalid generation")


def add_rows(connection: sqlite3.Connection, rows: Sequence[NewRow]) -> None:
    """Add rows.

    Args:
        connection: The connection.
        rows: The rows.
    """
    if any(row.problem or row.operation or row.generation or row.created_at for row in rows):
        whole = [
            (
                each.number,
                each.line,
                each.operation,
                each.generation,
                each.key,
                each.parent,
                each.problem,
                each.created_at,
                each.input.decode(),
            )
            for each in rows
        ]
        insert(connection, _ADD_WHOLE, "(?, ?, ?, ?, ?, ?, ?, ?, ?)", whole)
    else:
        plain = [(each.number, each.line or 0, each.key, each.parent or "", each.input.decode()) for each in rows]
        insert(connection, _ADD, _ADDED, plain)
    keep_before(connection, [(each.number, each.before) for each in rows if each.before is not None])


def keep_before(connection: sqlite3.Connection, before: Sequence[tuple[int, bytes]]) -> None:
    """Store the values that rows expect or replace, unless the ledger already has values for a row.

    Args:
        connection: The connection.
        before: The number of each row, with its values as JSON.
    """
    insert(connection, _KEEP, "(?, ?)", [(number, values.decode()) for number, values in before])


def insert(connection: sqlite3.Connection, head: str, places: str, rows: Sequence[tuple[object, ...]]) -> None:
    """Insert many rows with one statement, since a thread may wait for the GIL between two statements.

    Args:
        connection: The connection.
        head: The beginning of the statement, before the values.
        places: The placeholders for the values of one row, at most nine.
        rows: The values of each row.
    """
    for start in range(0, len(rows), _AT_ONCE):
        some = rows[start : start + _AT_ONCE]
        connection.execute(f"{head} {', '.join([places] * len(some))}", [*itertools.chain(*some)])


def seal(connection: sqlite3.Connection, guard: tuple[str, str] | None) -> None:
    """Record that the ledger contains the whole input and the order of its rows. Record invalid rows as failed.

    Args:
        connection: The connection.
        guard: The name of a guard that stops the job before the first row, and the reason.
    """
    total, invalid, last = connection.execute(
        "SELECT count(*), count(problem), ifnull(max(generation), 0) FROM item"
    ).fetchone()
    if invalid:
        connection.execute(_FAIL_INVALID, (time.time(),))
    if last:
        connection.execute("CREATE INDEX item_by_generation ON item (generation)")
    connection.execute(_SEAL, (total, last, *(guard or (None, None))))


def start(connection: sqlite3.Connection, settings: Mapping[str, JsonValue], *, opens_guard: bool) -> None:
    """Store the settings of a run. Make rows pending again that failed before they reached the service.

    Args:
        connection: The connection.
        settings: The settings of the job.
        opens_guard: Whether to continue a job that a guard stopped.
    """
    connection.execute("UPDATE job SET settings = ?", (msgspec.json.encode(settings),))
    if connection.execute(f"{_AGAIN} 3 AND is_unsent").rowcount:
        connection.execute(f"{_AGAIN} 5")
    if opens_guard:
        connection.execute(_OPEN_GUARD)


def next_generation(connection: sqlite3.Connection, after: int) -> int | None:
    """Return the number of the next generation that has rows; ``None`` if no rows follow.

    Rows of this generation whose parent was not created are skipped.

    Args:
        connection: The connection.
        after: The number of the previous generation.
    """
    found: int | None = connection.execute(
        "SELECT min(generation) FROM item WHERE generation > ?", (after,)
    ).fetchone()[0]
    if found:
        connection.execute(_SKIP.format(makes=makers.IN_SQLITE, name=makers.NAME_IN_SQLITE), (time.time(), found))
    return found
