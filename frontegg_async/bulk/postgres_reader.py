"""What a report reads of a ledger in PostgreSQL."""

from __future__ import annotations

import contextlib
from collections.abc import Generator, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, cast

import msgspec
import psycopg

from frontegg_async._values.json_values import JsonValue
from frontegg_async.bulk.ledger import Counts, Job, LedgerRow, Reason, RowState
from frontegg_async.bulk.postgres_address import PostgresAddress
from frontegg_async.bulk.postgres_session import Connection, explained
from frontegg_async.errors import UnusableLedgerError

VERSION: Final = 1
"""The version of the tables."""

_STATES: Final = tuple(RowState)
CODES: Final[Mapping[RowState, int]] = {state: code for code, state in enumerate(_STATES)}
"""The number of each state, as it is stored."""

_ROWS_AT_A_TIME: Final = 500

_JOB: Final = (
    "SELECT version, id, operation, environment, created_at, settings, total, is_sealed, requests, elapsed, guard,"
    " guard_reason FROM job"
)
_ROW: Final = (
    "SELECT number, line, key, state, attempts, error, status, trace_id, message, sent_at, finished_at, input FROM item"
)


def job_of(connection: Connection, name: str) -> Job:
    """Read what holds for all rows.

    Raises:
        UnusableLedgerError: The tables are of a newer version, or have no job.
    """
    row = connection.execute(_JOB).fetchone()
    if row is None:
        raise UnusableLedgerError(f"the ledger {name} is damaged: it has no job")
    version, job_id, operation, environment, created_at, settings, total, is_sealed, requests, elapsed, *guard = row
    if version > VERSION:
        raise UnusableLedgerError(
            f"the ledger {name} has version {version} of the format; this program knows up to {VERSION}"
        )
    return Job(
        job_id=job_id,
        operation=operation,
        environment=environment,
        created_at=created_at,
        settings=msgspec.json.decode(settings),
        total=total,
        is_sealed=is_sealed,
        requests=requests,
        elapsed=elapsed,
        guard=guard[0],
        guard_reason=guard[1],
    )


def counts_of(connection: Connection) -> Counts:
    """Return the number of rows in each state."""
    row = connection.execute(
        "SELECT coalesce(sum(pending), 0)::bigint, coalesce(sum(sent), 0)::bigint, coalesce(sum(done), 0)::bigint,"
        " coalesce(sum(failed), 0)::bigint, coalesce(sum(unknown), 0)::bigint, coalesce(sum(skipped), 0)::bigint"
        " FROM shard"
    ).fetchone()
    return Counts(**dict(zip(_STATES, row or (), strict=True)))


def _row_of(row: tuple[Any, ...]) -> LedgerRow:
    number, line, key, state, attempts, error, status, trace_id, message, sent_at, finished_at, given = row
    values: dict[str, JsonValue] = msgspec.json.decode(given)
    return LedgerRow(
        number=number,
        line=line,
        tenant_id=key or cast("str | None", values.get("tenant_id") or values.get("child_id")),
        state=_STATES[cast("int", state)],
        attempts=attempts,
        error=error,
        status=status,
        trace_id=trace_id,
        message=message,
        sent_at=sent_at,
        finished_at=finished_at,
        input=values,
    )


class PostgresReader:
    """Reads a ledger, also while a job runs.

    Args:
        address: The address of the ledger.
    """

    def __init__(self, address: PostgresAddress) -> None:
        self._address = address

    def is_at(self, path: Path) -> bool:
        """Return ``False``: the ledger is no file."""
        del path
        return False

    @contextlib.contextmanager
    def _open(self) -> Generator[Connection]:
        with explained(self._address.name), psycopg.connect(self._address.conninfo, autocommit=True) as connection:
            yield connection

    def job(self) -> Job:
        """Return what holds for all rows."""
        with self._open() as connection:
            return job_of(connection, self._address.name)

    def counts(self) -> Counts:
        """Return the number of rows in each state."""
        with self._open() as connection:
            return counts_of(connection)

    def rows(self, *states: RowState) -> Iterator[LedgerRow]:
        """Return the rows in these states, or all rows, in the order of the input."""
        codes = [CODES[state] for state in states or _STATES]
        after = 0
        with self._open() as connection:
            while found := connection.execute(
                f"{_ROW} WHERE number > %s AND state = ANY(%s) ORDER BY number LIMIT %s",
                (after, codes, _ROWS_AT_A_TIME),
            ).fetchall():
                yield from map(_row_of, found)
                after = found[-1][0]

    def reasons(self, most: int = 10) -> Sequence[Reason]:
        """Return the most frequent errors of rows that are failed, unknown or skipped."""
        with self._open() as connection:
            found = connection.execute(
                "SELECT state, coalesce(error, ''), status, count(*), min(number) FROM item WHERE state IN (3, 4, 5)"
                " GROUP BY 1, 2, 3 ORDER BY 4 DESC, 5 LIMIT %s",
                (most,),
            ).fetchall()
            examples = connection.execute(f"{_ROW} WHERE number = ANY(%s)", ([row[4] for row in found],))
            by_number = {row[0]: _row_of(row) for row in examples}
            return [
                Reason(_STATES[cast("int", state)], error, status, count, by_number[number])
                for state, error, status, count, number in found
            ]
