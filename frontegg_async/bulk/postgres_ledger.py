"""A ledger in PostgreSQL: a schema with the rows of one job, and with the queue of their shards."""

from __future__ import annotations

import contextlib
import time
import uuid
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from typing import Any, Final, LiteralString, TypeVar, cast

import msgspec
import psycopg
from procrastinate.schema import SchemaManager
from psycopg import sql

from frontegg_async._values.json_values import JsonValue
from frontegg_async.bulk.ledger import Counts, Item, Job, LedgerRow, NewRow, Reason, RowState, Turn
from frontegg_async.bulk.postgres_address import PostgresAddress
from frontegg_async.bulk.postgres_session import Connection, Session, explained
from frontegg_async.bulk.shard_queue import COUNT, advance, give_back_all, lock_job, skip
from frontegg_async.errors import LedgerError, LedgerExistsError, LedgerInUseError, UnusableLedgerError

T = TypeVar("T")

VERSION: Final = 1
"""The version of the tables."""

SHARD: Final = 500
"""The rows of a shard; one that ends within the children of a tenant has up to twice as many."""

BACK: Final = 5.0
"""The seconds after the start of a server in which processes that had lost it come back."""

_STATES: Final = tuple(RowState)
_CODES: Final[Mapping[RowState, int]] = {state: code for code, state in enumerate(_STATES)}
_ROWS_AT_A_TIME: Final = 500

_TABLES: Final = """
CREATE TABLE job (
  version int NOT NULL, id text NOT NULL, operation text NOT NULL, environment text NOT NULL,
  created_at float8 NOT NULL, settings bytea NOT NULL, total bigint NOT NULL DEFAULT 0,
  is_sealed bool NOT NULL DEFAULT false, is_started bool NOT NULL DEFAULT false,
  requests bigint NOT NULL DEFAULT 0, elapsed float8 NOT NULL DEFAULT 0, worked_until float8 NOT NULL DEFAULT 0,
  guard text, guard_reason text
);
CREATE TABLE pace (state bytea NOT NULL);
INSERT INTO pace VALUES ('{}');
CREATE TABLE item (
  number bigint PRIMARY KEY, line bigint, generation int NOT NULL DEFAULT 0, shard int,
  key text COLLATE "C", parent text COLLATE "C", input bytea NOT NULL,
  state int2 NOT NULL DEFAULT 0, attempts int NOT NULL DEFAULT 0, sent_at float8, finished_at float8,
  error text, status int, trace_id text, message text, is_unsent bool NOT NULL DEFAULT false
);
CREATE TABLE shard (
  id int PRIMARY KEY, generation int NOT NULL, epoch int NOT NULL DEFAULT 0, is_over bool NOT NULL DEFAULT false,
  seen_at timestamptz NOT NULL DEFAULT '-infinity', pending int NOT NULL DEFAULT 0, sent int NOT NULL DEFAULT 0,
  done int NOT NULL DEFAULT 0, failed int NOT NULL DEFAULT 0, unknown int NOT NULL DEFAULT 0,
  skipped int NOT NULL DEFAULT 0
);
"""
_INDEXES: Final = """
CREATE INDEX item_by_key ON item (key);
CREATE INDEX item_by_parent ON item (parent) WHERE parent IS NOT NULL;
ANALYZE item;
"""
_JOB: Final = (
    "SELECT version, id, operation, environment, created_at, settings, total, is_sealed, requests, elapsed, guard,"
    " guard_reason FROM job"
)
_ROW: Final = (
    "SELECT number, line, key, state, attempts, error, status, trace_id, message, sent_at, finished_at, input FROM item"
)
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
  ORDER BY number LIMIT %(most)s
) taken WHERE item.number = taken.number RETURNING item.number, key, input, attempts
"""
_UNSETTLED: Final = """
SELECT number, key, input, attempts FROM item WHERE state IN (1, 4) AND number > %(after)s {mine}
ORDER BY number LIMIT %(most)s
"""
# The children of a tenant are in one shard, unless they are too many for one.
_CUT: Final = """
CREATE INDEX item_by_shard ON item (shard);
WITH ranked AS (
  SELECT number, generation, coalesce(parent, '') AS family,
    row_number() OVER (PARTITION BY generation, parent ORDER BY number) - 1 AS place,
    row_number() OVER (PARTITION BY generation ORDER BY parent NULLS FIRST, number) - 1 AS overall
  FROM item WHERE state = 0
), cut AS (
  SELECT number, dense_rank() OVER (ORDER BY generation, (overall - place) / {size}, place / {size}) AS shard
  FROM ranked
)
UPDATE item SET shard = cut.shard FROM cut WHERE item.number = cut.number;
UPDATE item SET shard = 0 WHERE shard IS NULL;
INSERT INTO shard (id, generation, is_over) SELECT shard, min(generation), shard = 0 FROM item GROUP BY shard;
"""


def explain_version(name: str, version: int) -> UnusableLedgerError:
    """Return the error for tables of a newer version."""
    return UnusableLedgerError(
        f"the ledger {name} has version {version} of the format; this program knows up to {VERSION}"
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
        raise explain_version(name, version)
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


def _counts(connection: Connection) -> Counts:
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
            return _counts(connection)

    def rows(self, *states: RowState) -> Iterator[LedgerRow]:
        """Return the rows in these states, or all rows, in the order of the input."""
        codes = [_CODES[state] for state in states or _STATES]
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
        session.greet = lambda connection: _lock(connection, address)

        def make(connection: Connection) -> Job:
            _make_room(connection, address)
            connection.execute(SchemaManager.get_schema())
            connection.execute(_TABLES)
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
            lock_job(connection)
            job = job_of(connection, address.name)
            if not job.is_sealed:
                _lock(connection, address)
            if _is_alone(connection, address):
                give_back_all(connection)
                advance(connection, address.schema)
            _join(connection, address)
            return job

        ledger = cls(session, await _first(session, join))
        session.greet = lambda connection: _join(connection, address)
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
            found = connection.execute(
                "SELECT number, line, key FROM item i WHERE EXISTS"
                " (SELECT 1 FROM item j WHERE j.key = i.key AND j.number < i.number) ORDER BY number LIMIT %s",
                (most,),
            ).fetchall()
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
        await self.run(lambda connection: connection.execute(_INDEXES), is_repeatable=False)

    async def seal(self) -> None:
        """Record that the whole input is there and in its generations, and cut it into shards."""

        def seal(connection: Connection) -> None:
            connection.execute(_CUT.replace("{size}", str(SHARD)).encode())
            connection.execute(COUNT)
            connection.execute("UPDATE job SET is_sealed = true, total = (SELECT count(*) FROM item)")
            # From here on processes share it.
            connection.execute("SELECT pg_advisory_unlock_all()")
            _join(connection, self.address)

        self.session.greet = lambda connection: _join(connection, self.address)
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
        found = await self.run(lambda connection: connection.execute(query, arguments).fetchall())
        return [_item(row, was_sent=True) for row in found]

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
                "states": [_CODES[row.state] for row in rows],
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
        return [_item(row) for row in sorted(taken)]

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
        return await self.run(_counts)

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
                _drop(connection, self.address)

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

        return await self.session.run(checked, is_repeatable=is_repeatable)

    async def _select(self, query: LiteralString, *arguments: object) -> list[Any]:
        return await self.run(lambda connection: connection.execute(query, arguments).fetchall())


async def _first(session: Session, step: Callable[[Connection], T]) -> T:
    """Run the first step of a session, and close it if that fails."""
    try:
        value = await session.run(step, is_repeatable=False)
    except BaseException:
        await session.close()
        raise
    session.is_begun = True
    return value


def _lock(connection: Connection, address: PostgresAddress) -> None:
    """Keep other processes from making the same ledger, as long as the connection lasts.

    Raises:
        LedgerInUseError: Another one makes it.
    """
    row = connection.execute(
        "SELECT pg_try_advisory_lock(hashtextextended('frontegg-bulk ' || %s, 0))", (address.schema,)
    ).fetchone()
    if row != (True,):
        raise LedgerInUseError(f"another run reads its input into the ledger {address.name}")


def _join(connection: Connection, address: PostgresAddress) -> None:
    """Let other processes see that one works on the ledger, as long as the connection lasts."""
    connection.execute(
        "SELECT pg_advisory_lock_shared(hashtextextended('frontegg-bulk work ' || %s, 0))", (address.schema,)
    )


def _is_alone(connection: Connection, address: PostgresAddress) -> bool:
    """Whether no other process has the ledger; until the transaction ends, no other joins.

    A server that was started just now does not know: those that lost it are about to come back.
    """
    row = connection.execute(
        "SELECT pg_postmaster_start_time() < clock_timestamp() - %s * interval '1 second'"
        " AND pg_try_advisory_xact_lock(hashtextextended('frontegg-bulk work ' || %s, 0))",
        (BACK, address.schema),
    ).fetchone()
    return row == (True,)


def _make_room(connection: Connection, address: PostgresAddress) -> None:
    """Make an empty schema.

    Raises:
        LedgerExistsError: There is a ledger already.
        UnusableLedgerError: There is something else.
    """
    schema, name = address.schema, address.name
    found = connection.execute(
        "SELECT (SELECT count(*) FROM pg_class WHERE relnamespace = oid_of.oid),"
        " to_regclass(%s) IS NOT NULL AND to_regclass(%s) IS NOT NULL"
        " FROM (SELECT oid FROM pg_namespace WHERE nspname = %s) oid_of",
        (f"{schema}.job", f"{schema}.procrastinate_jobs", schema),
    ).fetchone()
    if found is None:
        connection.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(schema)))
        return
    relations, is_ledger = found
    if is_ledger and job_of(connection, name).is_sealed:
        raise LedgerExistsError(
            f"there is a ledger {name} already: resume() goes on with it; a new job needs a new one"
        )
    if is_ledger:
        # Its input was not read to the end, so that nothing was sent.
        _drop(connection, address)
        connection.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(schema)))
    elif relations:
        raise UnusableLedgerError(f"the schema {schema} of {name} has other tables: a ledger needs a schema of its own")


def _drop(connection: Connection, address: PostgresAddress) -> None:
    connection.execute(sql.SQL("DROP SCHEMA {} CASCADE").format(sql.Identifier(address.schema)))


def _reject(connection: Connection, rows: Sequence[tuple[int, str]]) -> None:
    numbers, messages = [number for number, _ in rows], [_storable(message) for _, message in rows]
    connection.execute(_FAIL, (time.time(), numbers, messages))


def _item(row: tuple[Any, ...], *, was_sent: bool = False) -> Item:
    number, key, given, attempts = row
    return Item(number, key, msgspec.json.decode(given), attempts, was_sent or bool(attempts))


def _storable(text: str | None) -> str | None:
    """Return text of a response as PostgreSQL takes it."""
    return None if text is None else text.replace("\0", "\ufffd").encode(errors="replace").decode()
