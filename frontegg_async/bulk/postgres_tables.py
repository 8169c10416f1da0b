"""The tables of a ledger in PostgreSQL, and the locks of the processes that use them."""

from __future__ import annotations

from typing import Final

from psycopg import sql

from frontegg_async.bulk.postgres_address import PostgresAddress
from frontegg_async.bulk.postgres_objects import check_empty, drop_made
from frontegg_async.bulk.postgres_reader import job_of
from frontegg_async.bulk.postgres_session import Connection
from frontegg_async.errors import LedgerExistsError, LedgerInUseError

BACK: Final = 5.0
"""The seconds after the start of a server in which other processes may not have connected again yet."""

TABLES: Final = """
CREATE TABLE job (
  version int NOT NULL, id text NOT NULL, operation text NOT NULL, environment text NOT NULL,
  created_at float8 NOT NULL, settings bytea NOT NULL, total bigint NOT NULL DEFAULT 0,
  is_sealed bool NOT NULL DEFAULT false,
  requests bigint NOT NULL DEFAULT 0, elapsed float8 NOT NULL DEFAULT 0, worked_until float8 NOT NULL DEFAULT 0,
  guard text, guard_reason text, overridden bigint NOT NULL DEFAULT 0
);
CREATE TABLE pace (state bytea NOT NULL);
INSERT INTO pace VALUES ('{}');
CREATE TABLE item (
  number bigint PRIMARY KEY, line bigint, generation int NOT NULL DEFAULT 0, shard int, operation text,
  key text COLLATE "C", parent text COLLATE "C", problem text, created_at float8, input bytea NOT NULL, before bytea,
  state int2 NOT NULL DEFAULT 0, attempts int NOT NULL DEFAULT 0, sent_at float8, finished_at float8,
  error text, status int, trace_id text, message text, is_unsent bool NOT NULL DEFAULT false
);
CREATE TABLE shard (
  id int PRIMARY KEY, generation int NOT NULL, epoch int NOT NULL DEFAULT 0, is_over bool NOT NULL DEFAULT false,
  seen_at timestamptz NOT NULL DEFAULT '-infinity', pending int NOT NULL DEFAULT 0, in_flight int NOT NULL DEFAULT 0,
  done int NOT NULL DEFAULT 0, failed int NOT NULL DEFAULT 0, unknown int NOT NULL DEFAULT 0,
  skipped int NOT NULL DEFAULT 0, stale int NOT NULL DEFAULT 0
);
"""
_FAIL: Final = (
    "UPDATE item SET state = 3, error = 'UnusableRowsError', message = problem, finished_at = %s"
    " WHERE problem IS NOT NULL"
)
# Keep the children of a tenant in one shard, unless they are too many.
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


def fail_invalid(connection: Connection, now: float) -> None:
    """Record invalid rows as failed.

    Args:
        connection: The connection.
        now: The time in seconds since the epoch.
    """
    connection.execute(_FAIL, (now,))


def cut(connection: Connection, size: int) -> None:
    """Put the pending rows into shards, and all other rows into shard 0, which is already finished.

    Args:
        connection: The connection.
        size: The number of rows in a shard.
    """
    connection.execute(_CUT.replace("{size}", str(size)).encode())


def lock(connection: Connection, address: PostgresAddress) -> None:
    """Prevent other processes from creating the same ledger, for as long as the connection lasts.

    Raises:
        LedgerInUseError: Another process creates the ledger.
    """
    row = connection.execute(
        "SELECT pg_try_advisory_lock(hashtextextended('frontegg-bulk ' || %s, 0))", (address.schema,)
    ).fetchone()
    if row != (True,):
        raise LedgerInUseError(f"another run is writing its input to the ledger {address.name}")


def join(connection: Connection, address: PostgresAddress) -> None:
    """Mark the ledger as in use by this process, for as long as the connection lasts."""
    connection.execute(
        "SELECT pg_advisory_lock_shared(hashtextextended('frontegg-bulk work ' || %s, 0))", (address.schema,)
    )


def is_alone(connection: Connection, address: PostgresAddress) -> bool:
    """Return whether no other process uses the ledger.

    If true, other processes cannot open the ledger until the transaction ends.

    The result is false shortly after the start of the server, since disconnected processes may be about to connect
    again.
    """
    row = connection.execute(
        "SELECT pg_postmaster_start_time() < clock_timestamp() - %s * interval '1 second'"
        " AND pg_try_advisory_xact_lock(hashtextextended('frontegg-bulk work ' || %s, 0))",
        (BACK, address.schema),
    ).fetchone()
    return row == (True,)


def make_room(connection: Connection, address: PostgresAddress) -> bool:
    """Create the schema unless an empty schema exists.

    Returns:
        Whether the schema was created.

    Raises:
        LedgerExistsError: The schema already contains a ledger.
        UnusableLedgerError: The schema contains other objects.
    """
    schema, name = address.schema, address.name
    if _has_ledger(connection, schema):
        if job_of(connection, name).is_sealed:
            raise LedgerExistsError(
                f"the ledger {name} already exists: resume() continues its job; a new job needs a new ledger"
            )
        # The ledger is incomplete, so nothing was sent, and a new ledger may replace it.
        drop_made(connection, address)
    if connection.execute("SELECT to_regnamespace(%s)", (schema,)).fetchone() != (None,):
        check_empty(connection, address)
        return False
    connection.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(schema)))
    return True


def _has_ledger(connection: Connection, schema: str) -> bool:
    """Return whether a schema contains the tables of a ledger, and not only tables with the same names."""
    names = [f"{schema}.{table}" for table in ("job", "item", "shard", "made", "procrastinate_jobs")]
    row = connection.execute(
        "SELECT (SELECT bool_and(to_regclass(name) IS NOT NULL) FROM unnest(%s::text[]) name) AND EXISTS"
        " (SELECT 1 FROM pg_attribute WHERE attrelid = to_regclass(%s) AND attname = 'is_sealed')",
        (names, names[0]),
    ).fetchone()
    return row == (True,)
