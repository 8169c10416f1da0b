"""A ledger in PostgreSQL, for any number of processes."""

from __future__ import annotations

import contextlib
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, LiteralString, TypeVar, cast

import msgspec
from procrastinate.schema import SchemaManager

from frontegg_async._values.json_values import JsonValue
from frontegg_async.bulk import postgres_tables as tables
from frontegg_async.bulk.ledger import Counts, Item, Job, NewRow, Turn
from frontegg_async.bulk.postgres_address import PostgresAddress
from frontegg_async.bulk.postgres_objects import drop_made, note_made
from frontegg_async.bulk.postgres_reader import VERSION, PostgresReader, check_rows, counts_of, job_of
from frontegg_async.bulk.postgres_session import Connection, Session
from frontegg_async.bulk.shard_queue import COUNT, advance, give_back_all, lock_job, skip
from frontegg_async.bulk.stored_values import CODES, checked_item
from frontegg_async.errors import LedgerError

T = TypeVar("T")

SHARD: Final = 500
"""The rows of a shard; one that ends within the children of a tenant has up to twice as many."""

_FAIL: Final = (
    "UPDATE item SET state = 3, error = 'UnusableRowsError', message = v.message, finished_at = %s"
    " FROM unnest(%s::bigint[], %s::text[]) v (number, message) WHERE item.number = v.number"
)
_FINISH: Final = """
UPDATE item SET state = v.state, attempts = v.attempts, error = v.error, status = v.status, trace_id = v.trace_id,
  message = v.message, is_unsent = v.is_unsent, finished_at = %(now)s
FROM unnest(%(numbers)s::bigint[], %(states)s::int2[], %(attempts)s::int[], %(errors)s::text[], %(statuses)s::int[],
  %(trace_ids)s::text[], %(messages)s::text[], %(unsent)s::bool[])
  v (number, state, attempts, error, status, trace_id, message, is_unsent)
WHERE item.number = v.number
"""
_TAKE: Final = """
UPDATE item SET state = 1, sent_at = %(now)s FROM (
  SELECT number FROM item i WHERE generation = %(generation)s {mine}
  AND (state = 0 OR state = 1 AND %(is_unsure)s AND number <> ALL(%(held)s::bigint[]))
  AND NOT EXISTS (SELECT 1 FROM item p WHERE p.key = i.parent AND p.state <> 2)
  AND (generation = 0 OR NOT EXISTS (
    SELECT 1 FROM item e
    WHERE e.number = (SELECT max(number) FROM item b WHERE b.key = i.key AND b.number < i.number)
    AND (e.state IN (0, 1, 4) OR e.state = 3 AND e.is_unsent)))
  ORDER BY number LIMIT %(most)s
) taken WHERE item.number = taken.number RETURNING item.number, key, input, attempts
"""
_UNSETTLED: Final = """
SELECT number, key, input, attempts FROM item WHERE state IN (1, 4) AND number > %(after)s {mine}
ORDER BY number LIMIT %(most)s
"""


class PostgresLedger:
    """A ledger in PostgreSQL. Make it by `begin` or `resume`.

    Several processes may have it: what each of them does to rows, it does by the shards that it takes.

    Args:
        session: The connection.
        job: What holds for all rows.
    """

    _mine: LiteralString = ""
    """Which rows turns are about, as a condition."""

    def __init__(self, session: Session, job: Job) -> None:
        self.session = session
        self._job = job
        self._looked_at = 0
        """Up to which row repeated keys were looked for."""
        self._held: set[int] = set()
        """The numbers of the rows that were taken and not finished."""

    @classmethod
    async def begin(
        cls, address: PostgresAddress, *, operation: str, environment: str, settings: Mapping[str, JsonValue]
    ) -> PostgresLedger:
        """Make a ledger.

        Args:
            address: The address; its schema must be empty, or not be there.
            operation: The name of the operation.
            environment: The environment.
            settings: How the job is asked to run.

        Raises:
            LedgerInUseError: Another process reads the input of a job into it.
            LedgerExistsError: There is a ledger already.
            LedgerError: It cannot be made.
        """
        session = Session(address)
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
    async def resume(cls, address: PostgresAddress) -> PostgresLedger:
        """Take a ledger that is there; other processes may have it too.

        If none has it, all shards are free at once: whoever had one is gone.

        Raises:
            LedgerInUseError: Another process reads its input.
            LedgerError: There is none, or it cannot be used.
        """
        session = Session(address)

        def join(connection: Connection) -> Job:
            job_of(connection, address.name)  # or these are tables of others, of which not even a row is locked
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
    def job(self) -> Job:
        """What holds for all rows, as of the last call."""
        return self._job

    @property
    def address(self) -> PostgresAddress:
        """The address."""
        return self.session.address

    def reader(self) -> PostgresReader:
        """Return what a report reads."""
        return PostgresReader(self.address)

    async def add(self, rows: Sequence[NewRow]) -> None:
        """Add rows, before `seal`."""

        def add(connection: Connection) -> None:
            into = "COPY item (number, line, key, parent, input) FROM STDIN"
            with connection.cursor() as cursor, cursor.copy(into) as copy:
                for row in rows:
                    copy.write_row((row.number, row.line, row.key, row.parent, row.input))
            _reject(connection, [(row.number, row.problem) for row in rows if row.problem is not None])

        await self.run(add, is_repeatable=False)

    async def reject(self, rows: Sequence[tuple[int, str]]) -> None:
        """Mark rows as failed, before `seal`."""
        await self.run(lambda connection: _reject(connection, rows))

    async def repeated(self, most: int) -> Sequence[tuple[int, int | None, str]]:
        """Return rows whose key an earlier row has too, and make them no row of that key."""

        def repeated(connection: Connection) -> Sequence[tuple[int, int | None, str]]:
            # Those before the last one that was found have been looked at.
            found = connection.execute(
                "SELECT number, line, key FROM item i WHERE number > %s AND number >"
                " (SELECT j.number FROM item j WHERE j.key = i.key ORDER BY j.key, j.number LIMIT 1)"
                " ORDER BY number LIMIT %s",
                (self._looked_at, most),
            ).fetchall()
            self._looked_at = found[-1][0] if found else self._looked_at
            connection.execute(
                "UPDATE item SET key = NULL, parent = NULL WHERE number = ANY(%s)", ([row[0] for row in found],)
            )
            return cast("Sequence[tuple[int, int | None, str]]", found)

        return await self.run(repeated, is_repeatable=False)

    async def strange_parents(self, after: str, most: int) -> Sequence[str]:
        """Return parents that are not in the input, in order."""
        query = (
            "SELECT DISTINCT parent FROM item i WHERE parent > %s AND NOT EXISTS"
            " (SELECT 1 FROM item p WHERE p.key = i.parent) ORDER BY parent LIMIT %s"
        )
        return [row[0] for row in await self._select(query, after, most)]

    async def children(self, parent: str, most: int) -> Sequence[tuple[int, int | None]]:
        """Return number and line of usable rows with a parent."""
        query = "SELECT number, line FROM item WHERE parent = %s AND state = 0 ORDER BY number LIMIT %s"
        return await self._select(query, parent, most)

    async def keys(self, after: int, most: int) -> Sequence[tuple[int, str]]:
        """Return number and key of usable rows after a number, in order."""
        query = (
            "SELECT number, key FROM item WHERE number > %s AND key IS NOT NULL AND state = 0 ORDER BY number LIMIT %s"
        )
        return await self._select(query, after, most)

    async def put(self, generations: Sequence[tuple[int, int]]) -> None:
        """Put rows into generations."""
        query = (
            "UPDATE item SET generation = v.generation FROM unnest(%s::bigint[], %s::int[]) v (number, generation)"
            " WHERE item.number = v.number"
        )
        arguments = ([number for number, _ in generations], [generation for _, generation in generations])
        await self.run(lambda connection: connection.execute(query, arguments))

    async def note_creations(self, times: Sequence[tuple[int, float]]) -> None:
        """Keep when the tenants of rows were created."""
        query = "INSERT INTO creation SELECT * FROM unnest(%s::bigint[], %s::float8[]) ON CONFLICT DO NOTHING"
        arguments = ([number for number, _ in times], [created_at for _, created_at in times])
        await self.run(lambda connection: connection.execute(query, arguments))

    async def creations(self, numbers: Sequence[int]) -> Mapping[int, float]:
        """Return when the tenants of some rows were created."""

        def creations(connection: Connection) -> Mapping[int, float]:
            # The ledger of an older program has no such table.
            name = f"{self.address.schema}.creation"
            if connection.execute("SELECT to_regclass(%s)", (name,)).fetchone() == (None,):
                return {}
            query = "SELECT number, created_at FROM creation WHERE number = ANY(%s)"
            return dict(connection.execute(query, (list(numbers),)).fetchall())

        return await self.run(creations)

    async def put_below_parents(self) -> Sequence[tuple[int, int | None, str]]:
        """Put each row into the generation after that of its parent; return those of circles."""

        def put(connection: Connection) -> Sequence[tuple[int, int | None, str]]:
            changed = connection.execute(
                "UPDATE item SET generation = -1 WHERE EXISTS (SELECT 1 FROM item p WHERE p.key = item.parent)"
            ).rowcount
            generation = 0
            while changed:
                changed = connection.execute(
                    "UPDATE item c SET generation = %s FROM item p"
                    " WHERE c.parent = p.key AND p.generation = %s AND c.generation = -1",
                    (generation + 1, generation),
                ).rowcount
                generation += 1
            found = connection.execute("SELECT number, line, key FROM item WHERE generation = -1 ORDER BY number")
            return cast("Sequence[tuple[int, int | None, str]]", found.fetchall())

        return await self.run(put)

    async def put_repeated_apart(self) -> None:
        """Put the rows of one key into generations one after the other."""
        query = (
            "UPDATE item SET generation = n FROM (SELECT number AS m,"
            " row_number() OVER (PARTITION BY key ORDER BY number) - 1 AS n FROM item"
            " WHERE key IS NOT NULL) repeated WHERE number = m AND n > 0"
        )
        await self.run(lambda connection: connection.execute(query))

    async def prepare(self) -> None:
        """Make what the calls between `add` and `seal` look things up by."""
        await self.run(lambda connection: connection.execute(tables.INDEXES), is_repeatable=False)

    async def seal(self) -> None:
        """Record that the whole input is there and in its generations, and cut it into shards."""

        def seal(connection: Connection) -> None:
            connection.execute(tables.CUT.replace("{size}", str(SHARD)).encode())
            connection.execute(COUNT)
            connection.execute("UPDATE job SET is_sealed = true, total = (SELECT count(*) FROM item)")
            # From here on processes share it.
            connection.execute("SELECT pg_advisory_unlock_all()")
            tables.join(connection, self.address)

        self.session.greet = lambda connection: tables.join(connection, self.address)
        await self.run(seal, is_repeatable=False)

    async def start(self, settings: Mapping[str, JsonValue]) -> None:
        """Let processes take shards, from here on."""

        def start(connection: Connection) -> None:
            lock_job(connection)
            connection.execute("UPDATE job SET is_started = true, settings = %s", (msgspec.json.encode(settings),))
            advance(connection, self.address.schema)

        await self.run(start)

    async def reopen(self) -> None:
        """Make rows pending again that failed without reaching the service, and those skipped because of them.

        Shards with rows that are not finished are worked on again.
        """

        def reopen(connection: Connection) -> None:
            # In the order in which turns do: a shard before its rows.
            connection.execute("SELECT 1 FROM shard ORDER BY id FOR UPDATE")
            again = "UPDATE item SET state = 0, error = NULL, status = NULL, message = NULL, is_unsent = false"
            failed = " WHERE state = 3 AND is_unsent AND shard IN (SELECT id FROM shard WHERE failed > 0)"
            if connection.execute(again + failed).rowcount:
                connection.execute(again + " WHERE state = 5")
                connection.execute(COUNT)
            connection.execute(
                "UPDATE shard SET is_over = false, seen_at = '-infinity' WHERE is_over AND pending + sent + unknown > 0"
            )

        await self.run(reopen)

    async def unsettled(self, after: int, most: int) -> Sequence[Item]:
        """Return rows after a number that are sent or unknown, in order."""
        query = _UNSETTLED.format(mine=self._mine)
        arguments = {"after": after, "most": most, **self._scope()}

        def unsettled(connection: Connection) -> Sequence[Item]:
            return [self._item(row, was_sent=True) for row in connection.execute(query, arguments).fetchall()]

        return await self.run(unsettled)

    async def next_generation(self, after: int) -> int | None:
        """Return the first generation after one that has rows; skip rows in it whose parent failed."""

        def advance(connection: Connection) -> int | None:
            row = connection.execute("SELECT min(generation) FROM item WHERE generation > %s", (after,)).fetchone()
            found: int | None = row[0] if row else None
            if found is not None:
                skip(connection, found)
            return found

        return await self.run(advance)

    async def turn(self, turn: Turn) -> Sequence[Item]:
        """Make a turn; when this returns, all of it is durable."""
        items = await self.run(lambda connection: self._turn(connection, turn))
        self._held.difference_update([row.number for row in turn.finished], turn.released)
        self._held.update(item.number for item in items)
        return items

    def _turn(self, connection: Connection, turn: Turn) -> Sequence[Item]:
        now, rows = time.time(), turn.finished
        if rows:
            finished: dict[str, object] = {
                "now": now,
                "numbers": [row.number for row in rows],
                "states": [CODES[row.state] for row in rows],
                "attempts": [row.attempts for row in rows],
                "errors": [row.error for row in rows],
                "statuses": [row.status for row in rows],
                "trace_ids": [_storable(row.trace_id) for row in rows],
                "messages": [_storable(row.message) for row in rows],
                "unsent": [row.is_unsent for row in rows],
            }
            connection.execute(_FINISH, finished)
        if turn.released:
            connection.execute("UPDATE item SET state = 0 WHERE number = ANY(%s)", (list(turn.released),))
        items = self._take(connection, turn, now) if turn.most and self._may_take(connection) else list[Item]()
        self._count(connection)
        # The seconds in which two processes work are counted once.
        connection.execute(
            "WITH t AS (SELECT extract(epoch FROM clock_timestamp())::float8 AS now) UPDATE job"
            " SET requests = requests + %(requests)s, worked_until = now,"
            " elapsed = elapsed + greatest(0, least(%(elapsed)s, now - worked_until)) FROM t",
            {"requests": turn.requests, "elapsed": turn.elapsed},
        )
        return items

    def _take(self, connection: Connection, turn: Turn, now: float) -> list[Item]:
        """Mark the next pending rows of a generation as sent, and return them."""
        held = self._held.difference((row.number for row in turn.finished), turn.released)
        arguments = {
            "now": now,
            "generation": turn.generation,
            "most": turn.most,
            # A turn whose commit was not answered may have marked rows that nobody was told of.
            "is_unsure": self.session.losses > 0,
            "held": list(held),
            **self._scope(),
        }
        taken = connection.execute(_TAKE.format(mine=self._mine), arguments).fetchall()
        return [self._item(row) for row in sorted(taken)]

    def _item(self, row: tuple[Any, ...], *, was_sent: bool = False) -> Item:
        number, key, given, attempts = row
        values = msgspec.json.decode(given)
        return checked_item(Item(number, self._job.operation, key, values, attempts, was_sent or bool(attempts)))

    def _may_take(self, connection: Connection) -> bool:
        del connection
        return True

    def _count(self, connection: Connection) -> None:
        connection.execute(COUNT)

    def _scope(self) -> Mapping[str, object]:
        return {}

    def _check(self, connection: Connection) -> None:
        """Raise if what is to be done is no business of this process any more."""

    async def shut(self, guard: str | None, reason: str | None) -> None:
        """Record that a guard has shut, and why."""
        query = "UPDATE job SET guard = %s, guard_reason = %s"
        await self.run(lambda connection: connection.execute(query, (guard, _storable(reason))))

    async def counts(self) -> Counts:
        """Return the number of rows in each state."""
        return await self.run(counts_of)

    async def failures(self) -> int | None:
        """Return how many rows of the job have failed, in any process."""
        return (await self.counts()).failed

    async def discard(self) -> None:
        """Give the ledger up and remove it: nothing was sent.

        If it cannot be removed, it is left: without its whole input it keeps nobody from making another.
        """

        def drop(connection: Connection) -> None:
            job = job_of(connection, self.address.name)
            if job.job_id == self._job.job_id and not job.is_sealed:
                drop_made(connection, self.address)

        try:
            with contextlib.suppress(LedgerError):
                await self.session.run(drop, is_repeatable=False)
        finally:
            await self.close()

    async def close(self) -> None:
        """Give the ledger up."""
        await self.session.close()

    async def run(self, step: Callable[[Connection], T], *, is_repeatable: bool = True) -> T:
        """Run a step in a transaction, and see that the ledger is still that of the job.

        Args:
            step: Is given the connection.
            is_repeatable: Whether the step may be done twice, so that it is repeated when the connection is lost.

        Raises:
            LedgerError: The ledger cannot be used, or is that of another job now.
        """

        def checked(connection: Connection) -> T:
            self._check(connection)
            value = step(connection)
            job = job_of(connection, self.address.name)
            if job.job_id != self._job.job_id:
                raise LedgerError(f"the ledger {self.address.name} was removed, and is that of another job now")
            self._job = job
            return value

        # While the input is read, nobody waits for more than the end of a job that is given up.
        return await self.session.run(checked, is_repeatable=is_repeatable, is_interrupted=not self._job.is_sealed)

    async def _select(self, query: LiteralString, *arguments: object) -> list[Any]:
        return await self.run(lambda connection: connection.execute(query, arguments).fetchall())


async def _first(session: Session, step: Callable[[Connection], T], *, is_repeatable: bool = False) -> T:
    """Run the first step of a session, and close it if that fails."""
    try:
        await session.reach()
        value = await session.run(step, is_repeatable=is_repeatable)
    except BaseException:
        await session.close()
        raise
    session.is_begun = True
    return value


def _reject(connection: Connection, rows: Sequence[tuple[int, str]]) -> None:
    numbers, messages = [number for number, _ in rows], [_storable(message) for _, message in rows]
    connection.execute(_FAIL, (time.time(), numbers, messages))


def _storable(text: str | None) -> str | None:
    """Return text of a response as PostgreSQL takes it."""
    return None if text is None else text.replace("\0", "\ufffd").encode(errors="replace").decode()
