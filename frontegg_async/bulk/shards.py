"""Shards: the parts of a ledger in PostgreSQL that one process at a time works on.

A shard has rows of one generation, and the next generation begins when all shards of the one before are over. Each
shard that can be worked on is a job in the queue of Procrastinate, which is in the same schema: it is queued in the
transaction that makes it ready. Whoever takes a shard raises its epoch, and what is written to it later is written only
if the epoch is still the same. So a process that was thought dead records nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, LiteralString

import msgspec
import procrastinate
from procrastinate import SyncPsycopgConnector
from procrastinate.types import JSONDict

from frontegg_async._values.json_values import JsonValue
from frontegg_async.bulk.ledger import Job
from frontegg_async.bulk.postgres_ledger import COUNT_GENERATION, COUNT_SHARD, PostgresLedger, job_of, skip
from frontegg_async.bulk.postgres_session import Connection, Session
from frontegg_async.errors import LedgerError

TASK: Final = "frontegg.bulk.shard"
"""The name of the task of the queue; its argument is the number of a shard."""


class TakenAwayError(LedgerError):
    """Another process has taken the shard meanwhile, so that nothing was recorded."""


class ShardLedger(PostgresLedger):
    """The ledger as the one sees it who has taken a shard: turns are about its rows only. Make it by `take`.

    Args:
        session: The connection.
        job: What holds for all rows.
        shard: The number of the shard.
        epoch: How often it was taken.
        generation: The generation of its rows.
    """

    _mine: LiteralString = "AND shard = %(shard)s"

    def __init__(self, session: Session, job: Job, shard: int, epoch: int, generation: int) -> None:
        super().__init__(session, job)
        self._shard = shard
        self._epoch = epoch
        self._generation = generation
        self._is_stopped = False

    @classmethod
    async def take(cls, session: Session, shard: int) -> ShardLedger | None:
        """Take a shard from whoever has it.

        Args:
            session: The connection.
            shard: The number of the shard.

        Returns:
            The shard, or ``None`` if it is over.
        """

        def take(connection: Connection) -> ShardLedger | None:
            row = connection.execute(
                "UPDATE shard SET epoch = epoch + 1, seen_at = clock_timestamp() WHERE id = %s AND NOT is_over"
                " RETURNING epoch, generation",
                (shard,),
            ).fetchone()
            return None if row is None else cls(session, job_of(connection, session.address.name), shard, *row)

        return await session.run(take)

    def stop(self) -> None:
        """Take no more rows, so that the work on the shard ends after those in flight."""
        self._is_stopped = True

    async def next_generation(self, after: int) -> int | None:
        """Return the generation of the shard, once."""
        return self._generation if after < self._generation else None

    async def touch(self) -> None:
        """Say that the shard is being worked on.

        Raises:
            TakenAwayError: Another process has taken it.
        """
        await self.session.run(self._check)

    async def finish(self) -> bool:
        """End the work on the shard.

        Returns:
            Whether that is all; otherwise there are rows of which it is not known whether they were sent.

        Raises:
            TakenAwayError: Another process has taken it.
        """
        return await self.session.run(self._finish)

    def _finish(self, connection: Connection) -> bool:
        self._check(connection)
        _lock(connection)
        if not self._may_take(connection):
            connection.execute("UPDATE shard SET seen_at = '-infinity' WHERE id = %s", (self._shard,))
        elif connection.execute("SELECT sent FROM shard WHERE id = %s", (self._shard,)).fetchone() != (0,):
            return False
        else:
            connection.execute("UPDATE shard SET is_over = true WHERE id = %s", (self._shard,))
        _advance(connection, self.address.schema)
        return True

    def _may_take(self, connection: Connection) -> bool:
        return not self._is_stopped and connection.execute("SELECT guard FROM job").fetchone() == (None,)

    def _count(self, connection: Connection) -> None:
        connection.execute(COUNT_SHARD, self._scope())

    def _scope(self) -> Mapping[str, object]:
        return {"shard": self._shard}

    def _check(self, connection: Connection) -> None:
        mine = connection.execute(
            "UPDATE shard SET seen_at = clock_timestamp() WHERE id = %s AND epoch = %s AND NOT is_over",
            (self._shard, self._epoch),
        )
        if not mine.rowcount:
            raise TakenAwayError(f"another process has taken shard {self._shard} of the ledger {self.address.name}")


async def start(ledger: PostgresLedger, settings: Mapping[str, JsonValue]) -> None:
    """Let processes take the shards of a ledger, from here on.

    Args:
        ledger: The ledger, sealed.
        settings: How the job runs.
    """

    def begin(connection: Connection) -> None:
        _lock(connection)
        connection.execute("UPDATE job SET is_started = true, settings = %s", (msgspec.json.encode(settings),))
        _advance(connection, ledger.address.schema)

    await ledger.session.run(begin)


async def sweep(session: Session, stalled_for: float) -> None:
    """Queue the shards again that nobody works on.

    Args:
        session: The connection.
        stalled_for: The seconds in which whoever works on a shard has said so.
    """

    def queue_again(connection: Connection) -> None:
        _lock(connection)
        _advance(connection, session.address.schema, stalled_for)

    await session.run(queue_again)


async def is_over(session: Session) -> bool:
    """Return whether no process has anything to do: all shards are over, or a guard has shut."""

    def look(connection: Connection) -> bool:
        row = connection.execute(
            "SELECT guard IS NOT NULL OR is_started AND NOT EXISTS (SELECT 1 FROM shard WHERE NOT is_over) FROM job"
        ).fetchone()
        return row == (True,)

    return await session.run(look)


async def reserve(session: Session, count: int, interval: float, most_behind: float) -> float:
    """Reserve turns of the rate that all processes share.

    Args:
        session: The connection.
        count: How many turns.
        interval: The seconds between two turns.
        most_behind: The seconds that may be caught up on.

    Returns:
        The seconds until the first of them, which is negative for what is caught up on.
    """

    def take(connection: Connection) -> float:
        row = connection.execute(
            "WITH t AS (SELECT extract(epoch FROM clock_timestamp())::float8 AS now)"
            " UPDATE job SET next_slot = greatest(next_slot, now - %(behind)s) + %(length)s FROM t"
            " RETURNING next_slot - %(length)s - now",
            {"behind": most_behind, "length": count * interval},
        ).fetchone()
        return float(row[0]) if row else 0.0

    return await session.run(take)


def _lock(connection: Connection) -> None:
    """Keep others from starting, finishing and sweeping shards until the transaction ends."""
    connection.execute("SELECT 1 FROM job FOR UPDATE")


def _advance(connection: Connection, schema: str, stalled_for: float | None = None) -> None:
    """Queue the shards of the first generation that is not over.

    Those are left out that are queued or being worked on. A shard that was not queued yet, or was given back, has not
    been seen for ever.
    """
    while True:
        row = connection.execute(
            "SELECT min(generation), (SELECT is_started AND guard IS NULL FROM job) FROM shard WHERE NOT is_over"
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
        ended = _skip(connection, row[0]) if any(is_new for _, is_new in waiting) else set[int]()
        _queue(connection, schema, [shard for shard, _ in waiting if shard not in ended])
        if not ended:
            return


def _skip(connection: Connection, generation: int) -> set[int]:
    """Skip the rows of a generation whose parent failed; return the shards that are over by that."""
    skip(connection, generation)
    connection.execute(COUNT_GENERATION + " AND seen_at = '-infinity'", {"generation": generation})
    ended = connection.execute(
        "UPDATE shard SET is_over = true WHERE generation = %s AND seen_at = '-infinity' AND NOT is_over"
        " AND pending + sent + unknown = 0 RETURNING id",
        (generation,),
    )
    return {shard for (shard,) in ended}


def _queue(connection: Connection, schema: str, shards: Sequence[int]) -> None:
    if shards:
        connection.execute("UPDATE shard SET seen_at = clock_timestamp() WHERE id = ANY(%s)", (list(shards),))
        jobs = _QUEUE.configure_task(TASK, queue=schema, connection=connection)
        jobs.batch_defer(*[JSONDict(shard=shard) for shard in shards])


_QUEUE: Final = procrastinate.App(connector=SyncPsycopgConnector())
"""Queues jobs in a connection of ours; it has none of its own."""
