"""The queue of shards: Procrastinate keeps it in the schema of the ledger.

A shard has rows of one generation, and the next generation begins when all shards of the one before are over. Each
shard that can be worked on is a job of the queue: it is queued in the transaction that makes it ready.
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
"""The name of the task of the queue; its argument is the number of a shard."""

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
"""Queues jobs in a connection of ours; it has none of its own."""


def skip(connection: Connection, generation: int) -> None:
    """Skip the pending rows of a generation whose parent was not created: it failed, was skipped or is stale."""
    connection.execute(_SKIP.format(makes=makers.IN_POSTGRES, name=makers.NAME_IN_POSTGRES), (generation,))


def reopen(connection: Connection) -> None:
    """Make rows pending again that failed without reaching the service, and those skipped because of them.

    Shards with rows that are not finished are not over then.
    """
    # In the order in which commits do: a shard before its rows.
    connection.execute("SELECT 1 FROM shard ORDER BY id FOR UPDATE")
    failed = " WHERE state = 3 AND is_unsent AND shard IN (SELECT id FROM shard WHERE failed > 0)"
    if connection.execute(_REOPEN + failed).rowcount:
        connection.execute(_REOPEN + " WHERE state = 5")
        connection.execute(COUNT)
    connection.execute(
        "UPDATE shard SET is_over = false, seen_at = '-infinity' WHERE is_over AND pending + in_flight + unknown > 0"
    )


def lock_job(connection: Connection) -> None:
    """Lock the job, so that no other process starts, finishes or sweeps shards until the transaction ends."""
    connection.execute("SELECT 1 FROM job FOR UPDATE")


def give_back_all(connection: Connection) -> None:
    """Take all shards from the processes that have them, so that `advance` queues them."""
    connection.execute("UPDATE shard SET seen_at = '-infinity' WHERE NOT is_over AND seen_at > '-infinity'")


def advance(connection: Connection, schema: str, stalled_for: float | None = None) -> None:
    """Queue the shards of the first generation that is not over.

    Those are left out that are queued or being worked on. A shard that was not queued yet, or was given back, has not
    been seen for ever.
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
    """Skip the rows of a generation whose parent was not created; return the shards that are over by that."""
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
