"""Shards: the parts of a ledger in PostgreSQL that one process at a time works on.

Whoever takes a shard raises its epoch, and what is written to it later is written only if the epoch is still the same.
So a process that was thought dead records nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import LiteralString, TypeVar, cast

import msgspec

from frontegg_async.bulk.ledger import Job
from frontegg_async.bulk.pace import Rate, parse_rate
from frontegg_async.bulk.postgres_ledger import PostgresLedger
from frontegg_async.bulk.postgres_session import Connection, Session
from frontegg_async.bulk.shard_queue import COUNT, advance, lock_job
from frontegg_async.bulk.shared_pace import Block, PaceState, Told
from frontegg_async.errors import LedgerError

T = TypeVar("T")


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
    async def take(cls, ledger: PostgresLedger, shard: int) -> ShardLedger | None:
        """Take a shard from whoever has it.

        Args:
            ledger: The ledger.
            shard: The number of the shard.

        Returns:
            The shard, or ``None`` if it is over.
        """
        query = (
            "UPDATE shard SET epoch = epoch + 1, seen_at = clock_timestamp() WHERE id = %s AND NOT is_over"
            " RETURNING epoch, generation"
        )
        row = await ledger.run(lambda connection: connection.execute(query, (shard,)).fetchone())
        return None if row is None else cls(ledger.session, ledger.job, shard, *row)

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
        await self.run(lambda _: None)

    async def finish(self) -> bool:
        """End the work on the shard.

        Returns:
            Whether that is all; otherwise there are rows of which it is not known whether they were sent.

        Raises:
            TakenAwayError: Another process has taken it.
        """
        return await self.run(self._finish)

    def _finish(self, connection: Connection) -> bool:
        lock_job(connection)
        if not self._may_take(connection):
            connection.execute("UPDATE shard SET seen_at = '-infinity' WHERE id = %s", (self._shard,))
        elif connection.execute("SELECT sent FROM shard WHERE id = %s", (self._shard,)).fetchone() != (0,):
            return False
        else:
            connection.execute("UPDATE shard SET is_over = true WHERE id = %s", (self._shard,))
        advance(connection, self.address.schema)
        return True

    async def with_pace(self, change: Callable[[PaceState, float], T]) -> T:
        """Change what the processes of the job know together of its pace.

        Args:
            change: Is given that, and the time of the server.

        Raises:
            TakenAwayError: Another process has taken the shard.
        """

        def changed(connection: Connection) -> T:
            self._check(connection)
            # Its commit does not wait for the disk: what is lost with the server is learned again.
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


async def sweep(session: Session, stalled_for: float) -> None:
    """Queue the shards again that nobody works on.

    Args:
        session: The connection.
        stalled_for: The seconds in which whoever works on a shard has said so.
    """

    def queue_again(connection: Connection) -> None:
        lock_job(connection)
        advance(connection, session.address.schema, stalled_for)

    await session.run(queue_again)


async def end_of(session: Session) -> tuple[str | None, str | None] | None:
    """Return the guard that ends the work on a job and its reason, ``None`` for both if all shards are over.

    Args:
        session: The connection.

    Returns:
        That; ``None`` while the work goes on.
    """

    def look(connection: Connection) -> tuple[str | None, str | None] | None:
        row = connection.execute(
            "SELECT guard, guard_reason FROM job"
            " WHERE guard IS NOT NULL OR is_started AND NOT EXISTS (SELECT 1 FROM shard WHERE NOT is_over)"
        ).fetchone()
        return None if row is None else (row[0], row[1])

    return await session.run(look)


class LedgerBook:
    """The pace of a job, kept in its ledger.

    Args:
        work: Returns the shard that is worked on: turns are for whoever has it still.
    """

    def __init__(self, work: Callable[[], ShardLedger]) -> None:
        self._work = work

    async def reserve(self, told: Told) -> Block:
        """Reserve turns, at the rate that the job has now: another process may have changed it."""
        shard = self._work()
        rate = parse_rate(cast("Rate", shard.job.settings.get("rate")))
        return await shard.with_pace(lambda state, now: state.reserve(now, told, rate))

    async def note_limit(self, wait: float, told: Told, reserve: float) -> int:
        """Learn from a 429."""
        return await self._work().with_pace(lambda state, now: state.note_limit(now, wait, told, reserve))

    async def window(self) -> int:
        """Return the number of the window now."""
        return await self._work().with_pace(lambda state, _: state.number)
