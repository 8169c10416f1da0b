"""`PostgresReader`: reads a ledger in PostgreSQL for reports."""

from __future__ import annotations

import contextlib
from collections.abc import Generator, Iterator, Sequence
from typing import Final, cast

import psycopg

from frontegg_async.bulk.ledger import Counts, Job, LedgerRow, Reason, RowState
from frontegg_async.bulk.postgres_address import PostgresAddress
from frontegg_async.bulk.postgres_session import Connection, explained
from frontegg_async.bulk.stored_values import CODES, STATES, counts_from, job_from, row_from
from frontegg_async.errors import UnusableLedgerError

VERSION: Final = 2
"""The version of the tables; frontegg-async 0.2.0 wrote version 1."""

_ROWS_AT_A_TIME: Final = 500

JOB: Final = (
    "version, id, operation, environment, created_at, settings, total, is_sealed, requests, elapsed, guard,"
    " guard_reason, (to_jsonb(job) ->> 'overridden')::bigint"
)
"""The columns that `job_from_row` needs. Tables of version 1 have no column ``overridden``."""
_OF_JOB: Final = "SELECT {values} FROM job"
_ARE_WHOLE: Final = """
SELECT NOT is_sealed OR total = (SELECT count(*) FROM item) AND total = (
  SELECT count(*) FROM item i JOIN shard s ON s.id = i.shard
  WHERE i.state BETWEEN 0 AND 6 AND (i.generation = s.generation OR s.id = 0)
) FROM job
"""
"""Checks that the ledger has all rows, and that each row is in a shard of its generation. Shard 0 has the invalid rows.
"""
_ROW: Final = (
    "SELECT number, line, key, state, attempts, error, status, trace_id, message, sent_at, finished_at, input,"
    " operation, before FROM item"
)


def job_of(connection: Connection, name: str) -> Job:
    """Read the properties of the job.

    Raises:
        UnusableLedgerError: The tables have another version, or contain no job.
    """
    return job_from_row(connection.execute(_OF_JOB.format(values=JOB)).fetchone(), name)


def job_from_row(row: Sequence[object] | None, name: str) -> Job:
    """Convert a row of the table ``job``.

    Args:
        row: The values of `JOB`; ``None`` if the table has no row.
        name: The address of the ledger.

    Raises:
        UnusableLedgerError: The tables have another version, or contain no job.
    """
    if row is None:
        raise UnusableLedgerError(f"the ledger {name} is damaged: it has no job")
    version, values = cast("int", row[0]), row[1:]
    if version > VERSION:
        raise UnusableLedgerError(
            f"the ledger {name} has version {version} of the format; this program knows versions up to {VERSION}"
        )
    if version < VERSION:
        raise UnusableLedgerError(
            f"the ledger {name} has version {version} of the format, of an older frontegg-async; this program needs"
            f" version {VERSION}: resume the job with frontegg-async 0.2.0, or begin a new job with another ledger"
        )
    return job_from(tuple(values))


def counts_of(connection: Connection) -> Counts:
    """Return the number of rows in each state.

    Raises:
        ValueError: Rows of the table ``shard`` were edited or deleted.
    """
    found = connection.execute(
        "SELECT (SELECT total FROM job), coalesce(sum(pending), 0)::bigint, coalesce(sum(in_flight), 0)::bigint,"
        " coalesce(sum(done), 0)::bigint, coalesce(sum(failed), 0)::bigint, coalesce(sum(unknown), 0)::bigint,"
        " coalesce(sum(skipped), 0)::bigint, coalesce(sum(stale), 0)::bigint FROM shard"
    ).fetchone()
    total, *counts = cast("tuple[int, ...]", found)
    return counts_from(dict(enumerate(counts)), total)


def check_rows(connection: Connection) -> None:
    """Refuse a ledger with missing or additional rows, or with rows in a shard of another generation.

    Raises:
        ValueError: The ledger has such rows.
    """
    if connection.execute(_ARE_WHOLE).fetchone() != (True,):
        raise ValueError("rows of the job are missing or were added")


class PostgresReader:
    """Reads a ledger for reports. The job may be running.

    Args:
        address: The address of the ledger.
    """

    def __init__(self, address: PostgresAddress) -> None:
        self._address = address

    @contextlib.contextmanager
    def _open(self) -> Generator[Connection]:
        with explained(self._address.name), psycopg.connect(self._address.conninfo, autocommit=True) as connection:
            yield connection

    def summary(self) -> tuple[Job, Counts]:
        """Return the properties of the job, and the number of rows in each state."""
        with self._open() as connection:
            job = job_of(connection, self._address.name)
            check_rows(connection)
            return job, counts_of(connection)

    def rows(self, *states: RowState) -> Iterator[LedgerRow]:
        """Return the rows in the given states, in the order of the input. Without states, return all rows."""
        codes = [CODES[state] for state in states or STATES]
        after = 0
        with self._open() as connection:
            job = job_of(connection, self._address.name)
            while found := connection.execute(
                f"{_ROW} WHERE number > %s AND state = ANY(%s) ORDER BY number LIMIT %s",
                (after, codes, _ROWS_AT_A_TIME),
            ).fetchall():
                yield from (row_from(row, job) for row in found)
                after = found[-1][0]

    def reasons(self, most: int = 10) -> Sequence[Reason]:
        """Return the most frequent errors of rows that are failed, unknown, skipped or stale."""
        with self._open() as connection:
            job = job_of(connection, self._address.name)
            found = connection.execute(
                "SELECT state, coalesce(error, ''), status, count(*), min(number) FROM item WHERE state IN (3, 4, 5, 6)"
                " GROUP BY 1, 2, 3 ORDER BY 4 DESC, 5 LIMIT %s",
                (most,),
            ).fetchall()
            examples = connection.execute(f"{_ROW} WHERE number = ANY(%s)", ([row[4] for row in found],))
            by_number = {row[0]: row_from(row, job) for row in examples}
            return [
                Reason(STATES[cast("int", state)], error, status, count, by_number[number])
                for state, error, status, count, number in found
            ]
