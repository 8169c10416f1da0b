"""The queue of shards, which are groups of rows.

The package Procrastinate stores the queue in the schema of the ledger.

All rows of a shard are in one generation. A generation begins when all shards of the generation before it have ended.
Each ready shard is a job of the queue. The transaction that makes a shard ready also queues it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import procrastinate
from procrastinate import SyncPsycopgConnector
from procrastinate.types import JSONDict

from frontegg_async.bulk import makers
from frontegg_async.bulk.postgres_session import Connection

TASK: Final = "frontegg.bulk.shard"
"""The name of the task in the queue. The argument of the task is the number of a shard."""

COUNT: Final = """
UPDATE shard SET (pending, in_flight, done, failed, unknown, skipped, stale) = (
  SELECT count(*) FILTER (WHERE state = 0), count(*) FILTER (WHERE state = 1), count(*) FILTER (WHERE state = 2),
    count(*) FILTER (WHERE state = 3), count(*) FILTER (WHERE state = 4), count(*) FILTER (WHERE state = 5),
    count(*) FILTER (WHERE state = 6)
  FROM item WHERE item.shard = shard.id)
"""
_SKIP: Final = """
UPDATE item i SET state = 5, error = 'ParentFailed', finished_at = extract(epoch FROM clock_timestamp()),
  message = {name} || ' was not created: ' || coalesce(p.message, '?')
FROM item p
WHERE p.key = i.parent AND p.generation < i.generation AND i.generation = %s AND i.state = 0 AND p.state IN (3, 5, 6)
  AND {makes}
"""
_REOPEN: Final = "UPDATE item SET state = 0, error = NULL, status = NULL, message = NULL, is_unsent = false"
_QUEUE: Final = procrastinate.App(connector=SyncPsycopgConnector())
"""The client of the queue. It uses the ledger's connection and has no connection of its own."""


def skip(connection: Connection, generation: int) -> None:
    """Skip the pending rows of a generation whose parent failed, was skipped or is stale."""
    connection.execute(_SKIP.format(makes=makers.IN_POSTGRES, name=makers.NAME_IN_POSTGRES), (generation,))


def reopen(connection: Connection) -> None:
    """Make rows pending again that failed before they reached the service, and rows that were skipped.

    The function also reopens the shards that have unfinished rows.
    """
    # Lock in the same order as commits, a shard before its rows, to avoid a deadlock.
    connection.execute("SELECT 1 FROM shard ORDER BY id FOR UPDATE")
    failed = " WHERE state = 3 AND is_unsent AND shard IN (SELECT id FROM shard WHERE failed > 0)"
    if connection.execute(_REOPEN + failed).rowcount:
        connection.execute(_REOPEN + " WHERE state = 5")
        connection.execute(COUNT)
    connection.execute(
        "UPDATE shard SET is_over = false, seen_at = '-infinity' WHERE is_over AND pending + in_flight + unknown > 0"
    )


def lock_job(connection: Connection) -> None:
    """Lock the job, so that no other process starts, finishes or reassigns shards until the transaction ends."""
    connection.execute("SELECT 1 FROM job FOR UPDATE")


def give_back_all(connection: Connection) -> None:
    """Take all shards from their processes. The next call of `advance` queues these shards."""
    connection.execute("UPDATE shard SET seen_at = '-infinity' WHERE NOT is_over AND seen_at > '-infinity'")


def advance(connection: Connection, schema: str, stalled_for: float | None = None) -> None:
    """Queue the shards of the first unfinished generation.

    Shards that are already queued, or that a process works on, are left out. If no process works on a shard, the time
    of its last sign of life is minus infinity.
    """
    while True:
        row = connection.execute(
            "SELECT min(generation), (SELECT is_sealed AND guard IS NULL FROM job) FROM shard WHERE NOT is_over"
        ).fetchone()
        if row is None or row[0] is None or not row[1]:
            return
        waiting = connection.execute(
            "SELECT id, seen_at = '-infinity' FROM shard WHERE generation = %s AND NOT is_over"
            " AND seen_at < clock_timestamp() - %s * interval '1 second'"
            " AND (%s OR seen_at = '-infinity') AND NOT EXISTS"
            " (SELECT 1 FROM procrastinate_jobs j WHERE j.status = 'todo' AND (j.args->>'shard')::int = shard.id)"
            " ORDER BY id",
            (row[0], stalled_for or 0.0, stalled_for is not None),
        ).fetchall()
        ended = _end_skipped(connection, row[0]) if any(is_new for _, is_new in waiting) else set[int]()
        _queue(connection, schema, [shard for shard, _ in waiting if shard not in ended])
        if not ended:
            return


def _end_skipped(connection: Connection, generation: int) -> set[int]:
    """Skip the rows of a generation whose parent was not created.

    Return the shards that ended because all their remaining rows were skipped.
    """
    skip(connection, generation)
    connection.execute(
        COUNT + "WHERE generation = %(generation)s AND seen_at = '-infinity'", {"generation": generation}
    )
    ended = connection.execute(
        "UPDATE shard SET is_over = true WHERE generation = %s AND seen_at = '-infinity' AND NOT is_over"
        " AND pending + in_flight + unknown = 0 RETURNING id",
        (generation,),
    )
    return {shard for (shard,) in ended}


def _queue(connection: Connection, schema: str, shards: Sequence[int]) -> None:
    if shards:
        connection.execute("UPDATE shard SET seen_at = clock_timestamp() WHERE id = ANY(%s)", (list(shards),))
        jobs = _QUEUE.configure_task(TASK, queue=schema, connection=connection)
        jobs.batch_defer(*[JSONDict(shard=shard) for shard in shards])
