"""`PostgresStore`: a ledger in PostgreSQL for any number of processes."""

from __future__ import annotations

import contextlib
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from typing import Final, LiteralString, TypeVar

import msgspec
from procrastinate.schema import SchemaManager

from frontegg_async._values.json_values import JsonValue
from frontegg_async.bulk import postgres_rows
from frontegg_async.bulk import postgres_tables as tables
from frontegg_async.bulk.ledger import Before, Counts, Job, RowState
from frontegg_async.bulk.postgres_address import PostgresAddress
from frontegg_async.bulk.postgres_objects import drop_made, note_made
from frontegg_async.bulk.postgres_reader import VERSION, PostgresReader, check_rows, counts_of, job_of
from frontegg_async.bulk.postgres_rows import storable
from frontegg_async.bulk.postgres_session import Connection, PostgresSession
from frontegg_async.bulk.shard_queue import COUNT, advance, give_back_all, lock_job, reopen, skip
from frontegg_async.bulk.store import Commit, Committed, Execute, Item, NewRow
from frontegg_async.bulk.stored_values import checked_item, operation_of
from frontegg_async.errors import LedgerError

T = TypeVar("T")

SHARD: Final = 500
"""The usual number of rows in a shard. A shard may have twice as many rows, so that the children of a tenant stay
together.
"""

_ADD: Final = (
    "COPY item (number, line, key, parent, input, problem, operation, generation, created_at, before) FROM STDIN"
)


class PostgresStore:
    """A ledger in PostgreSQL, opened with `begin` or `resume`.

    Several processes may open the same ledger. Each process takes one shard (a group of rows) after another, and works
    on its rows with a `ShardStore`.

    Args:
        session: The connection.
        job: The properties of the job.
    """

    _mine: LiteralString = ""
    """An SQL condition that selects the rows for which this object is responsible; empty for all rows."""

    def __init__(self, session: PostgresSession, job: Job) -> None:
        self.session = session
        self.job: Job = job
        """The properties of the job, as of the last call."""
        self._is_analyzed = False
        """Whether the server has statistics about the rows."""
        self._held: set[int] = set()
        """The numbers of the rows that this process took and did not finish."""

    @classmethod
    async def begin(
        cls, address: PostgresAddress, *, operation: str, environment: str, settings: Mapping[str, JsonValue]
    ) -> PostgresStore:
        """Create a ledger.

        Args:
            address: The address. Its schema must be empty or not exist.
            operation: The name of the operation.
            environment: The environment.
            settings: The settings of the job.

        Raises:
            LedgerInUseError: Another process writes the input of a job to the ledger.
            LedgerExistsError: The ledger already exists.
            LedgerError: The ledger cannot be created.
        """
        session = PostgresSession(address)
        session.greet = lambda connection: tables.lock(connection, address)

        def make(connection: Connection) -> Job:
            is_schema_made = tables.make_room(connection, address)
            connection.execute(SchemaManager.get_schema())
            connection.execute(tables.TABLES)
            note_made(connection, address.schema, is_schema_made=is_schema_made)
            connection.execute(
                "INSERT INTO job (version, id, operation, environment, created_at, settings)"
                " VALUES (%s, %s, %s, %s, %s, %s)",
                (VERSION, str(uuid.uuid4()), operation, environment, time.time(), msgspec.json.encode(settings)),
            )
            return job_of(connection, address.name)

        return cls(session, await _first(session, make))

    @classmethod
    async def resume(cls, address: PostgresAddress) -> PostgresStore:
        """Open an existing ledger. Other processes may have it open too.

        If no other process has the ledger open, all shards become free, since the processes that took them have ended.

        Raises:
            LedgerInUseError: Another process writes the input to the ledger.
            LedgerError: The ledger does not exist or cannot be used.
        """
        session = PostgresSession(address)

        def join(connection: Connection) -> Job:
            job_of(connection, address.name)  # before any lock, since the tables may belong to another program
            check_rows(connection)
            counts_of(connection)
            lock_job(connection)
            job = job_of(connection, address.name)
            if not job.is_sealed:
                tables.lock(connection, address)
            if tables.is_alone(connection, address):
                give_back_all(connection)
                advance(connection, address.schema)
            tables.join(connection, address)
            return job

        ledger = cls(session, await _first(session, join, is_repeatable=True))
        session.greet = lambda connection: tables.join(connection, address)
        return ledger

    @property
    def address(self) -> PostgresAddress:
        """The address of the ledger."""
        return self.session.address

    def reader(self) -> PostgresReader:
        """Return a reader for reports."""
        return PostgresReader(self.address)

    async def add(self, rows: Sequence[NewRow]) -> None:
        """Add rows. Must be called before `plan`."""

        def add(connection: Connection) -> None:
            with connection.cursor() as cursor, cursor.copy(_ADD) as copy:
                for row in rows:
                    values = row.number, row.line, row.key, row.parent, row.input
                    planned = storable(row.problem), row.operation, row.generation, row.created_at, row.before
                    copy.write_row((*values, *planned))

        await self.run(add, is_repeatable=False)
        self._is_analyzed = False

    async def plan(self, step: Callable[[Execute], T]) -> T:
        """Run a step of the planner in a transaction, after `add` and before `seal`.

        Args:
            step: Called with a function that runs statements. The step runs in a thread. If the connection is lost, the
                step runs again.
        """

        def plan(connection: Connection) -> T:
            if not self._is_analyzed:
                # Without statistics, PostgreSQL reads all rows once for each generation.
                connection.execute("ANALYZE item")
            # Encode the query, since psycopg's types accept only literal text, as a protection against SQL injection.
            return step(lambda query, values: connection.execute(query.replace("?", "%s").encode(), values))

        value = await self.run(plan)
        self._is_analyzed = True
        return value

    async def seal(self, guard: tuple[str, str] | None = None) -> None:
        """Record that the ledger contains the whole input and the order of its rows.

        Afterwards, processes may take shards unless a guard stopped the job.

        Args:
            guard: The name of a guard that stops the job before the first row, and the reason.
        """
        name, reason = guard or (None, None)

        def seal(connection: Connection) -> None:
            tables.fail_invalid(connection, time.time())
            tables.cut(connection, SHARD)
            connection.execute(COUNT)
            connection.execute(
                "UPDATE job SET is_sealed = true, total = (SELECT count(*) FROM item), guard = %s, guard_reason = %s",
                (name, storable(reason)),
            )
            advance(connection, self.address.schema)
            # From here on, several processes may use the ledger.
            connection.execute("SELECT pg_advisory_unlock_all()")
            tables.join(connection, self.address)

        self.session.greet = lambda connection: tables.join(connection, self.address)
        await self.run(seal, is_repeatable=False)

    async def start(self, settings: Mapping[str, JsonValue], *, opens_guard: bool = False) -> None:
        """Begin a run, and reopen the shards that have unfinished rows.

        Args:
            settings: The new settings of the job, for all processes.
            opens_guard: Whether to continue a job that a guard stopped. Guards do not count earlier failed rows again.
        """

        def start(connection: Connection) -> None:
            reopen(connection)
            lock_job(connection)
            connection.execute("UPDATE job SET settings = %s", (msgspec.json.encode(settings),))
            if opens_guard:
                connection.execute(
                    "UPDATE job SET guard = NULL, guard_reason = NULL,"
                    " overridden = (SELECT coalesce(sum(failed), 0) FROM shard)"
                )
            advance(connection, self.address.schema)

        await self.run(start)

    async def items(self, states: Sequence[RowState], after: int, most: int) -> Sequence[Item]:
        """Return rows in the given states, in order.

        Args:
            states: The states.
            after: Only rows with a higher number than this.
            most: The maximum number of rows.
        """

        def items(connection: Connection) -> Sequence[Item]:
            found = postgres_rows.select(connection, states, after, most, mine=self._mine, scope=self._scope())
            return [self._item(row) for row in found]

        return await self.run(items)

    async def before(self, numbers: Sequence[int]) -> Mapping[int, Before]:
        """Return the old values of rows by row number: the values that a row expects, or the values that it replaced.

        Args:
            numbers: The numbers of the rows. The result leaves out rows without such values.
        """
        return await self.run(lambda connection: postgres_rows.before(connection, numbers))

    async def next_generation(self, after: int) -> int | None:
        """Return the number of the next generation that has rows; ``None`` if no rows follow.

        Rows of this generation whose parent was not created are skipped.
        """

        def advance(connection: Connection) -> int | None:
            query = "SELECT min(generation) FROM shard WHERE generation > %s AND id > 0"
            row = connection.execute(query, (after,)).fetchone()
            found: int | None = row[0] if row else None
            if found is not None:
                skip(connection, found)
                connection.execute(COUNT + "WHERE generation = %(generation)s", {"generation": found})
            return found

        return await self.run(advance)

    async def commit(self, commit: Commit) -> Committed:
        """Write a commit. When the call returns, the whole commit is durable."""
        committed = await self.session.run(lambda connection: self._commit(connection, commit))
        self._held.difference_update([row.number for row in commit.outcomes], commit.released)
        self._held.update(item.number for item in committed.items)
        return committed

    def _commit(self, connection: Connection, commit: Commit) -> Committed:
        self._check(connection)
        now = time.time()
        postgres_rows.record(connection, commit.outcomes, now)
        postgres_rows.release(connection, commit.released)
        postgres_rows.keep_before(connection, commit.before)
        items = self._take(connection, commit, now) if commit.most and self._may_take(connection) else list[Item]()
        self._count(connection)
        failed, job = postgres_rows.note_run(connection, commit, self.address.name)
        self._learn(job)
        return Committed(items, failed)

    def _take(self, connection: Connection, commit: Commit, now: float) -> list[Item]:
        # A commit whose connection was lost may have taken rows that this process does not know.
        is_unsure = self.session.losses > 0
        held = self._held.difference((row.number for row in commit.outcomes), commit.released) if is_unsure else None
        taken = postgres_rows.take(connection, commit, now, mine=self._mine, scope=self._scope(), held=held)
        return [self._item(row) for row in taken]

    def _item(self, row: postgres_rows.ItemRow) -> Item:
        number, name, key, given, attempts, created_at, is_open = row
        operation, values = operation_of(name, self.job), msgspec.json.decode(given)
        was_sent = is_open or attempts > 0
        return checked_item(Item(number, operation, key, values, attempts, was_sent, created_at))

    def _may_take(self, connection: Connection) -> bool:
        del connection
        return True

    def _count(self, connection: Connection) -> None:
        connection.execute(COUNT)

    def _scope(self) -> Mapping[str, object]:
        return {}

    def _check(self, connection: Connection) -> None:
        """Raise an error if another process has taken the shard."""

    async def counts(self) -> Counts:
        """Return the number of rows in each state."""
        return await self.run(counts_of)

    async def close(self, *, is_removed: bool = False) -> None:
        """Close the ledger.

        Args:
            is_removed: Whether to remove the ledger. This is allowed only before the first row was sent. A failure is
                ignored, since an incomplete ledger does not block a new ledger.
        """
        try:
            if is_removed:
                with contextlib.suppress(LedgerError):
                    await self.session.run(self._drop, is_repeatable=False)
        finally:
            await self.session.close()

    def _drop(self, connection: Connection) -> None:
        job = job_of(connection, self.address.name)
        if job.job_id == self.job.job_id and not job.is_sealed:
            drop_made(connection, self.address)

    async def run(self, step: Callable[[Connection], T], *, is_repeatable: bool = True) -> T:
        """Run a step in a transaction, and check that the ledger still belongs to the job.

        Args:
            step: Called with the connection.
            is_repeatable: Whether the step may run twice. If so, the step is repeated after a lost connection.

        Raises:
            LedgerError: The ledger cannot be used, or now belongs to another job.
        """

        def checked(connection: Connection) -> T:
            self._check(connection)
            value = step(connection)
            self._learn(job_of(connection, self.address.name))
            return value

        # If the caller is cancelled while the job reads its input, the job ends, so the server must abort the
        # statement.
        return await self.session.run(checked, is_repeatable=is_repeatable, is_interrupted=not self.job.is_sealed)

    def _learn(self, job: Job) -> None:
        if job.job_id != self.job.job_id:
            raise LedgerError(f"the ledger {self.address.name} was removed, and now belongs to another job")
        self.job = job


async def _first(session: PostgresSession, step: Callable[[Connection], T], *, is_repeatable: bool = False) -> T:
    """Run the first step of a session."""
    try:
        await session.reach()
        value = await session.run(step, is_repeatable=is_repeatable)
    except BaseException:
        await session.close()
        raise
    session.is_begun = True
    return value
