"""Shards: groups of rows of a ledger in PostgreSQL. Only one process at a time works on a shard.

The process that takes a shard increments the epoch of the shard. Each later write requires the same epoch. So a process
that lost its shard, for example after a long pause, cannot write any more.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import LiteralString, TypeVar, cast

import msgspec

from frontegg_async.bulk.ledger import Job
from frontegg_async.bulk.postgres_session import Connection, PostgresSession
from frontegg_async.bulk.postgres_store import PostgresStore
from frontegg_async.bulk.settings import Rate, parse_rate
from frontegg_async.bulk.shard_queue import COUNT, advance, lock_job
from frontegg_async.bulk.shared_pace import Block, PaceState, Usage
from frontegg_async.errors import LedgerError

T = TypeVar("T")


class TakenAwayError(LedgerError):
    """Another process has taken the shard, so that nothing was recorded."""


class ShardStore(PostgresStore):
    """A view of a ledger that is limited to the rows of one shard, created with `take`.

    Args:
        session: The connection.
        job: The properties of the job.
        shard: The number of the shard.
        epoch: The number of times that a process has taken the shard.
        generation: The generation of the rows.
    """

    _mine: LiteralString = "AND shard = %(shard)s"

    def __init__(self, session: PostgresSession, job: Job, shard: int, epoch: int, generation: int) -> None:
        super().__init__(session, job)
        self._shard = shard
        self._epoch = epoch
        self._generation = generation
        self._is_stopped = False

    @classmethod
    async def take(cls, store: PostgresStore, shard: int) -> ShardStore | None:
        """Take a shard, even from a process that works on it.

        Args:
            store: The ledger.
            shard: The number of the shard.

        Returns:
            The shard, or ``None`` if it has ended.
        """
        query = (
            "UPDATE shard SET epoch = epoch + 1, seen_at = clock_timestamp() WHERE id = %s AND NOT is_over"
            " RETURNING epoch, generation"
        )
        row = await store.run(lambda connection: connection.execute(query, (shard,)).fetchone())
        return None if row is None else cls(store.session, store.job, shard, *row)

    def stop(self) -> None:
        """Take no more rows. The work on the shard ends when the rows in flight have an outcome."""
        self._is_stopped = True

    async def next_generation(self, after: int) -> int | None:
        """Return the generation of the shard at the first call, and ``None`` afterwards."""
        return self._generation if after < self._generation else None

    async def touch(self) -> None:
        """Report that this process still works on the shard.

        Raises:
            TakenAwayError: Another process has taken the shard.
        """
        await self.run(lambda _: None)

    async def finish(self) -> bool:
        """End the work on the shard.

        Returns:
            Whether the work has ended. If not, the effect of rows in flight must first be read from the service.

        Raises:
            TakenAwayError: Another process has taken the shard.
        """
        return await self.run(self._finish)

    def _finish(self, connection: Connection) -> bool:
        lock_job(connection)
        if not self._may_take(connection):
            connection.execute("UPDATE shard SET seen_at = '-infinity' WHERE id = %s", (self._shard,))
        elif connection.execute("SELECT in_flight FROM shard WHERE id = %s", (self._shard,)).fetchone() != (0,):
            return False
        else:
            connection.execute("UPDATE shard SET is_over = true WHERE id = %s", (self._shard,))
        advance(connection, self.address.schema)
        return True

    async def with_pace(self, change: Callable[[PaceState, float], T]) -> T:
        """Change the pace that the processes of the job share.

        Args:
            change: Called with the pace and the time of the server.

        Raises:
            TakenAwayError: Another process has taken the shard.
        """

        def changed(connection: Connection) -> T:
            self._check(connection)
            # Do not wait for the disk. If the server loses the pace, the processes learn the pace again.
            row = connection.execute(
                "SELECT state, extract(epoch FROM clock_timestamp())::float8,"
                " set_config('synchronous_commit', 'off', true) FROM pace FOR UPDATE"
            ).fetchone()
            given, now, _ = row or (b"{}", 0.0, None)
            state = msgspec.json.decode(given, type=PaceState)
            value = change(state, now)
            connection.execute("UPDATE pace SET state = %s", (msgspec.json.encode(state),))
            return value

        return await self.session.run(changed)

    def _may_take(self, connection: Connection) -> bool:
        return not self._is_stopped and connection.execute("SELECT guard FROM job").fetchone() == (None,)

    def _count(self, connection: Connection) -> None:
        connection.execute(COUNT + "WHERE id = %(shard)s", self._scope())

    def _scope(self) -> Mapping[str, object]:
        return {"shard": self._shard}

    def _check(self, connection: Connection) -> None:
        mine = connection.execute(
            "UPDATE shard SET seen_at = clock_timestamp() WHERE id = %s AND epoch = %s AND NOT is_over",
            (self._shard, self._epoch),
        )
        if not mine.rowcount:
            raise TakenAwayError(f"another process has taken shard {self._shard} of the ledger {self.address.name}")


async def sweep(session: PostgresSession, stalled_for: float) -> None:
    """Queue the shards again that no process works on.

    Args:
        session: The connection.
        stalled_for: The seconds without a sign of life from a process after which other processes may take its shard.
    """

    def queue_again(connection: Connection) -> None:
        lock_job(connection)
        advance(connection, session.address.schema, stalled_for)

    await session.run(queue_again)


async def end_of(session: PostgresSession) -> tuple[str | None, str | None] | None:
    """Return whether the work on a job has ended, and which guard ended the work.

    Args:
        session: The connection.

    Returns:
        ``None`` while the work continues. Otherwise, a tuple of the guard and its reason; both are ``None`` if all
        shards have ended.
    """

    def look(connection: Connection) -> tuple[str | None, str | None] | None:
        row = connection.execute(
            "SELECT guard, guard_reason FROM job"
            " WHERE guard IS NOT NULL OR is_sealed AND NOT EXISTS (SELECT 1 FROM shard WHERE NOT is_over)"
        ).fetchone()
        return None if row is None else (row[0], row[1])

    return await session.run(look)


class LedgerBook:
    """The pace of a job, stored in its ledger.

    Args:
        work: Returns the shard on which this process works. A process that has lost its shard gets no permits.
    """

    def __init__(self, work: Callable[[], ShardStore]) -> None:
        self._work = work

    async def reserve(self, usage: Usage) -> Block:
        """Reserve permits at the current rate of the job, which another process may have changed."""
        shard = self._work()
        rate = parse_rate(cast("Rate", shard.job.settings.get("rate")))
        return await shard.with_pace(lambda state, now: state.reserve(now, usage, rate))

    async def note_limit(self, wait: float, usage: Usage, reserve: float) -> int:
        """Learn from a 429 response how many requests the service allows."""
        return await self._work().with_pace(lambda state, now: state.note_limit(now, wait, usage, reserve))

    async def window(self) -> int:
        """Return the number of the current window."""
        return await self._work().with_pace(lambda state, _: state.number)
