"""A ledger in PostgreSQL changes nothing in its database that it has not made itself."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest

from frontegg_async import LedgerError
from frontegg_async.bulk import stores
from frontegg_async.bulk.store import Store
from frontegg_async.errors import UnusableLedgerError
from tests.support import foreign_objects
from tests.support.postgres import PostgresServer

pytestmark = [pytest.mark.anyio, pytest.mark.slow, pytest.mark.postgres]


class Database:
    """A database with a schema for each kind of object.

    Args:
        server: The server.
        name: The name of the database.
        connection: A connection to it.
    """

    def __init__(self, server: PostgresServer, name: str, connection: psycopg.Connection) -> None:
        self._server = server
        self._name = name
        self.connection = connection

    def dump(self) -> str:
        """Return all that is in it."""
        return self._server.dump(self._name)

    def address(self, schema: str) -> str:
        """Return the address of a ledger in a schema."""
        return f"{self._server.conninfo(self._name)}&schema={schema}"

    async def begin(self, schema: str) -> Store:
        """Begin a job in a schema."""
        opened = await stores.begin_ledger(self.address(schema), operation="create", environment="here", settings={})
        return opened.store


SCHEMAS = {kind: "of_" + kind.replace(" ", "_") for kind in foreign_objects.OBJECTS}


@pytest.fixture
def database(postgres: PostgresServer, request: pytest.FixtureRequest) -> Iterator[Database]:
    """Return a database in which there is only the schema ``elsewhere``."""
    name = request.node.name
    with foreign_objects.database(postgres, name) as connection:
        yield Database(postgres, name, connection)


async def test_a_schema_of_others_is_refused(database: Database) -> None:
    """Whatever is in it: each kind of object; also ``public``, and a schema of the system."""
    for kind, schema in SCHEMAS.items():
        database.connection.execute(f"CREATE SCHEMA {schema}".encode())
        foreign_objects.make(database.connection, kind, schema)
    database.connection.execute("CREATE FUNCTION public.theirs() RETURNS int LANGUAGE sql AS 'SELECT 1'")
    before = database.dump()
    for schema in (*SCHEMAS.values(), "public", "information_schema"):
        with pytest.raises(UnusableLedgerError, match="contains other objects, such as"):
            await (await database.begin(schema)).close(is_removed=True)
    assert database.dump() == before


async def test_an_empty_schema_stays(database: Database) -> None:
    """It was there before, with its comment and its grants, and is there after an input that was not read."""
    database.connection.execute(
        """CREATE SCHEMA "table"; COMMENT ON SCHEMA "table" IS 'of Ann'; GRANT USAGE ON SCHEMA "table" TO PUBLIC;
        ALTER DEFAULT PRIVILEGES IN SCHEMA "table" GRANT SELECT ON TABLES TO PUBLIC"""
    )
    before = database.dump()
    await (await database.begin("table")).close()
    await (await database.begin("table")).close(is_removed=True)
    assert database.dump() == before
    await (await database.begin("select")).close(is_removed=True)
    assert database.dump() == before


async def test_what_others_put_beside_a_ledger_stays(database: Database, postgres: PostgresServer) -> None:
    """Also in the schema that the ledger has made: only its own objects go."""
    ledger = await database.begin("made")
    with foreign_objects.database(postgres, "expected") as connection:
        connection.execute("CREATE SCHEMA made")
        expected = Database(postgres, "expected", connection)
        for kind, name in SCHEMAS.items():
            for each in (database, expected):
                foreign_objects.make(each.connection, kind, "made", name)
        await ledger.close(is_removed=True)
        assert database.dump() == expected.dump()


async def test_what_others_made_anew_under_the_names_of_a_ledger_stays(
    database: Database, postgres: PostgresServer
) -> None:
    """They dropped a table, a function and a type of the ledger, and made others of the same names."""
    theirs = b"""CREATE TABLE made.pace (a int); CREATE TYPE made.procrastinate_job_to_defer_v1 AS (a int);
        CREATE FUNCTION made.procrastinate_update_heartbeat_v1(bigint) RETURNS int LANGUAGE sql AS 'SELECT 1'"""
    ledger = await database.begin("made")
    database.connection.execute(
        b"""DROP TABLE made.pace; DROP TYPE made.procrastinate_job_to_defer_v1 CASCADE;
        DROP FUNCTION made.procrastinate_update_heartbeat_v1(bigint);"""
        + theirs
    )
    with foreign_objects.database(postgres, "expected_anew") as connection:
        connection.execute(b"CREATE SCHEMA made;" + theirs)
        await ledger.close(is_removed=True)
        assert database.dump() == Database(postgres, "expected_anew", connection).dump()


@pytest.mark.parametrize(
    "theirs",
    [
        "CREATE VIEW elsewhere.rows AS SELECT number FROM ledger.item",
        "CREATE TABLE elsewhere.rows (state ledger.procrastinate_job_status)",
        "CREATE FUNCTION elsewhere.f(ledger.procrastinate_jobs) RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "CREATE TABLE elsewhere.rows (id bigint REFERENCES ledger.procrastinate_jobs)",
    ],
    ids=["view", "column", "argument", "reference"],
)
async def test_what_depends_on_a_ledger_stays(database: Database, theirs: str) -> None:
    """The ledger stays with it, and the next job says why it cannot have its place."""
    ledger = await database.begin("ledger")
    database.connection.execute(theirs.encode())
    before = database.dump()
    await ledger.close(is_removed=True)
    assert database.dump() == before
    with pytest.raises(UnusableLedgerError, match="cannot be removed: other objects depend on"):
        await database.begin("ledger")
    assert database.dump() == before


async def test_a_ledger_without_a_note_of_its_objects(database: Database) -> None:
    """It is taken for tables of others: nothing of it is removed."""
    await (await database.begin("ledger")).close()
    database.connection.execute("DROP TABLE ledger.made")
    before = database.dump()
    with pytest.raises(UnusableLedgerError, match="contains other objects, such as"):
        await database.begin("ledger")
    assert database.dump() == before


async def test_tables_of_the_same_names(database: Database) -> None:
    """They are no ledger: neither a new job nor a resumed one changes them."""
    for table in ("job", "item", "shard", "procrastinate_jobs"):
        database.connection.execute(f"CREATE TABLE public.{table} (id int)".encode())
        database.connection.execute(f"INSERT INTO public.{table} VALUES (1)".encode())
    before = database.dump()
    with pytest.raises(UnusableLedgerError, match=r"other objects, such as table public\.item"):
        await database.begin("public")
    with pytest.raises(LedgerError, match="is not a ledger"):
        await stores.resume_ledger(database.address("public"))
    assert database.dump() == before
