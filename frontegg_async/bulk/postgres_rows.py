"""SQL statements on the rows of a complete ledger in PostgreSQL. A commit records outcomes and takes the next rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, LiteralString, TypeAlias

from frontegg_async.bulk import makers
from frontegg_async.bulk.ledger import Before, Job, RowState
from frontegg_async.bulk.postgres_reader import JOB, job_from_row
from frontegg_async.bulk.postgres_session import Connection
from frontegg_async.bulk.store import Commit, RowOutcome
from frontegg_async.bulk.stored_values import CODES, decode_before

_RECORD: Final = """
UPDATE item SET state = v.state, attempts = v.attempts, error = v.error, status = v.status, trace_id = v.trace_id,
  message = v.message, is_unsent = v.is_unsent, finished_at = %(now)s
FROM unnest(%(numbers)s::bigint[], %(states)s::int2[], %(attempts)s::int[], %(errors)s::text[], %(statuses)s::int[],
  %(trace_ids)s::text[], %(messages)s::text[], %(unsent)s::bool[])
  v (number, state, attempts, error, status, trace_id, message, is_unsent)
WHERE item.number = v.number
"""
_KEEP: Final = (
    "UPDATE item SET before = v.before FROM unnest(%s::bigint[], %s::bytea[]) v (number, before)"
    " WHERE item.number = v.number AND item.before IS NULL"
)
# Seconds in which two processes work at the same time are counted once.
_NOTE: Final = """
WITH t AS (SELECT extract(epoch FROM clock_timestamp())::float8 AS now)
UPDATE job SET requests = requests + %(requests)s, worked_until = now,
  elapsed = elapsed + greatest(0, least(%(elapsed)s, now - worked_until)),
  guard = coalesce(%(guard)s, guard), guard_reason = coalesce(%(reason)s, guard_reason)
FROM t RETURNING (SELECT coalesce(sum(failed), 0)::bigint FROM shard), {job}
"""
_TAKE: Final = """
UPDATE item SET state = 1, sent_at = %(now)s FROM (
  SELECT number FROM item i WHERE generation = %(generation)s {mine}
  AND (state = 0 OR state = 1 AND %(is_unsure)s AND number <> ALL(%(held)s::bigint[]))
  AND (generation = 0 OR (
    NOT EXISTS (
      SELECT 1 FROM item p WHERE p.key = i.parent AND p.generation < i.generation AND p.state <> 2
      AND {makes}
    )
    AND NOT EXISTS (
      SELECT 1 FROM item e
      WHERE e.number = (
        SELECT max(number) FROM item b WHERE b.key = i.key AND b.number < i.number AND b.generation < i.generation
      ) AND (e.state IN (0, 1, 4) OR e.state = 3 AND e.is_unsent)
    )
  ))
  ORDER BY number LIMIT %(most)s
) taken WHERE item.number = taken.number
RETURNING item.number, operation, key, input, attempts, created_at, false
"""


_SELECT: Final = """
SELECT number, operation, key, input, attempts, created_at, state IN (1, 4) FROM item
WHERE state = ANY(%(states)s) AND number > %(after)s {mine} ORDER BY number LIMIT %(most)s
"""
"""The last column is true if the row may have been sent and has no outcome."""


ItemRow: TypeAlias = tuple[int, str | None, str, bytes, int, float | None, bool]
"""The number, the operation, the key, the values as JSON, the number of attempts, the creation time of the tenant, and
whether the row may have been sent.
"""


def select(
    connection: Connection,
    states: Sequence[RowState],
    after: int,
    most: int,
    *,
    mine: LiteralString,
    scope: Mapping[str, object],
) -> Sequence[ItemRow]:
    """Return rows in the given states, in order.

    Args:
        connection: The connection.
        states: The states.
        after: Only rows with a higher number than this.
        most: The maximum number of rows.
        mine: An SQL condition that selects the rows of the caller; empty for all rows.
        scope: The parameters of the condition ``mine``.
    """
    values = {"states": [CODES[state] for state in states], "after": after, "most": most, **scope}
    return connection.execute(_SELECT.format(mine=mine), values).fetchall()


def record(connection: Connection, outcomes: Sequence[RowOutcome], now: float) -> None:
    """Write the outcomes of rows.

    Args:
        connection: The connection.
        outcomes: The outcomes.
        now: The time in seconds since the epoch.
    """
    if not outcomes:
        return
    values: dict[str, object] = {
        "now": now,
        "numbers": [row.number for row in outcomes],
        "states": [CODES[row.state] for row in outcomes],
        "attempts": [row.attempts for row in outcomes],
        "errors": [row.error for row in outcomes],
        "statuses": [row.status for row in outcomes],
        "trace_ids": [storable(row.trace_id) for row in outcomes],
        "messages": [storable(row.message) for row in outcomes],
        "unsent": [row.is_unsent for row in outcomes],
    }
    connection.execute(_RECORD, values)


def release(connection: Connection, numbers: Sequence[int]) -> None:
    """Make rows pending again that were taken but not sent."""
    if numbers:
        connection.execute("UPDATE item SET state = 0 WHERE number = ANY(%s)", (list(numbers),))


def keep_before(connection: Connection, before: Sequence[tuple[int, bytes]]) -> None:
    """Store the values that rows replace, unless the ledger already has values from an earlier request.

    Args:
        connection: The connection.
        before: The number of each row, with its values as JSON.
    """
    if before:
        connection.execute(_KEEP, ([number for number, _ in before], [values for _, values in before]))


def before(connection: Connection, numbers: Sequence[int]) -> dict[int, Before]:
    """Return the old values of rows by row number: the values that a row expects, or the values that it replaced.

    Args:
        connection: The connection.
        numbers: The numbers of the rows.
    """
    query = "SELECT number, before FROM item WHERE number = ANY(%s) AND before IS NOT NULL"
    return {number: decode_before(values) for number, values in connection.execute(query, (list(numbers),))}


def note_run(connection: Connection, commit: Commit, name: str) -> tuple[int, Job]:
    """Add the requests and the seconds of a commit to the totals of the job.

    If a guard stopped the job, record the guard.

    Args:
        connection: The connection.
        commit: The commit.
        name: The address of the ledger.

    Returns:
        The number of failed rows in all processes, and the properties of the job.
    """
    guard, reason = commit.guard or (None, None)
    values = {"requests": commit.requests, "elapsed": commit.elapsed, "guard": guard, "reason": storable(reason)}
    failed, *row = connection.execute(_NOTE.format(job=JOB), values).fetchone() or (0,)
    return failed, job_from_row(row or None, name)


def take(
    connection: Connection,
    commit: Commit,
    now: float,
    *,
    mine: LiteralString,
    scope: Mapping[str, object],
    held: Iterable[int] | None,
) -> Sequence[ItemRow]:
    """Mark the next pending rows of a generation as sent, and return them in order.

    Args:
        connection: The connection.
        commit: The commit.
        now: The time in seconds since the epoch.
        mine: An SQL condition that selects the rows of the caller; empty for all rows.
        scope: The parameters of the condition ``mine``.
        held: The numbers of the unfinished rows of this process, if the connection was lost during an earlier commit;
            otherwise ``None``. Such a commit may have taken rows that this process does not know.
    """
    values = {
        "now": now,
        "generation": commit.generation,
        "most": commit.most,
        "is_unsure": held is not None,
        "held": [] if held is None else list(held),
        **scope,
    }
    return sorted(connection.execute(_TAKE.format(mine=mine, makes=makers.IN_POSTGRES), values).fetchall())


def storable(text: str | None) -> str | None:
    """Return a text without the characters that PostgreSQL refuses."""
    return None if text is None else text.replace("\0", "\ufffd").encode(errors="replace").decode()
