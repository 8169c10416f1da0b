"""Making the tables: once, by several processes at a time, and never over tables of others."""

from __future__ import annotations

import asyncio
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import inspect, make_url
from sqlalchemy.ext.asyncio import create_async_engine

from frontegg_async.client import AsyncFrontegg
from frontegg_async.emulator import AsyncEmulatorHandle
from frontegg_async.errors import MirrorError
from frontegg_async.mirror import AsyncMirror
from frontegg_async.mirror.addresses import database_url
from frontegg_async.mirror.tables import SCHEMA, tables_of
from tests.mirror.later_version import later_migrations
from tests.mirror.rows import accounts_table, rows_of, run_sql
from tests.mirror.test_worker import event
from tests.mirror.worker_process import worker_process
from tests.support.postgres import PostgresServer

pytestmark = pytest.mark.anyio


async def test_it_may_be_done_again_and_at_the_same_time(client: AsyncFrontegg, url: str) -> None:
    """Each process upgrades when it starts."""
    async with AsyncMirror(client, url) as first, AsyncMirror(client, url) as second:
        await asyncio.gather(first.upgrade(), second.upgrade(), first.upgrade())
        assert (await first.refresh()).accounts == 3
        await second.upgrade()
        assert (await second.check()).equal


@pytest.mark.usefixtures("mirror")
async def test_the_migrations_make_the_tables_that_the_code_uses(url: str) -> None:
    """Names, order and nullability of the columns."""
    engine = create_async_engine(database_url(url))
    tables = tables_of(engine.dialect.name)
    async with engine.connect() as connection:
        for table in (tables.accounts, tables.dirty, tables.state, tables.live_accounts):
            found = await connection.run_sync(
                lambda sync, table=table: inspect(sync).get_columns(table.name, schema=table.schema)
            )
            assert [each["name"] for each in found] == [column.name for column in table.columns]
            if table is not tables.live_accounts:
                assert [each["nullable"] for each in found] == [column.nullable for column in table.columns]
    await engine.dispose()


async def test_tables_of_others_are_not_touched(client: AsyncFrontegg, url: str) -> None:
    """A table that has the name of one of a mirror's is not taken for one."""
    is_sqlite = url.startswith("sqlite")
    name = f"{SCHEMA}_accounts" if is_sqlite else f"{SCHEMA}.accounts"
    await run_sql(url, *([] if is_sqlite else [f"CREATE SCHEMA {SCHEMA}"]), f"CREATE TABLE {name} (note text)")

    async with AsyncMirror(client, url) as mirror:
        with pytest.raises(MirrorError, match="which does not belong to a mirror; nothing was changed"):
            await mirror.upgrade()
    await run_sql(url, f"INSERT INTO {name} VALUES ('still mine')")


@pytest.mark.postgres
@pytest.mark.parametrize("encoding", ["LATIN1", "SQL_ASCII"])
async def test_a_database_that_cannot_keep_every_name(
    client: AsyncFrontegg, postgres: PostgresServer, encoding: str
) -> None:
    """It is refused before anything is made."""
    url = postgres.new_database()
    name = f"in_{encoding.lower()}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING '{encoding}' LOCALE 'C'")
    other = make_url(url).set(database=name).render_as_string(hide_password=False)
    async with AsyncMirror(client, other) as mirror:
        with pytest.raises(MirrorError, match=f"need a database with the encoding UTF8, not {encoding}"):
            await mirror.upgrade()


@pytest.mark.postgres
async def test_settings_of_the_database_change_nothing(client: AsyncFrontegg, postgres: PostgresServer) -> None:
    """How it writes times, and where it looks for tables."""
    url = postgres.new_database()
    with psycopg.connect(url, autocommit=True) as connection:
        for setting in ("DateStyle = 'SQL, DMY'", "TimeZone = 'Asia/Kathmandu'", "search_path = pg_catalog"):
            connection.execute(f"ALTER DATABASE {connection.info.dbname} SET {setting}")
    async with AsyncMirror(client, url) as mirror:
        await mirror.upgrade()
        await mirror.refresh()
        assert (await mirror.check()).equal
        assert (await mirror.health()).last_proof is not None


async def test_an_application_has_its_own_migrations(client: AsyncFrontegg, url: str) -> None:
    """Its table of versions is another one."""
    await run_sql(
        url,
        "CREATE TABLE alembic_version (version_num text)",
        "INSERT INTO alembic_version VALUES ('of the application')",
    )
    async with AsyncMirror(client, url) as mirror:
        await mirror.upgrade()
        assert (await mirror.refresh()).accounts == 3
    await run_sql(url, "UPDATE alembic_version SET version_num = 'x' WHERE version_num = 'of the application'")


async def _rename(mirror: AsyncMirror, client: AsyncFrontegg, url: str, name: str) -> None:
    """Rename an account, and wait until another process has written it."""
    await client.tenants.update("zebra", name=name)
    await mirror.receive(event("zebra"))
    async with asyncio.timeout(30):
        while (await rows_of(url, mirror))["zebra"]["name"] != name:  # noqa: ASYNC110 - the process tells nobody
            await asyncio.sleep(0)


async def _use_new_column(url: str) -> None:
    await run_sql(url, f"UPDATE {accounts_table(url)} SET note = 'later'")


@pytest.mark.slow
async def test_a_worker_goes_on_while_a_later_version_upgrades(
    emulator: AsyncEmulatorHandle, client: AsyncFrontegg, mirror: AsyncMirror, url: str, tmp_path: Path
) -> None:
    """Versions run side by side while a new one is deployed."""
    await mirror.refresh()
    async with worker_process(emulator, url):
        await _rename(mirror, client, url, "Before")
        with later_migrations(tmp_path):
            upgrading = asyncio.create_task(mirror.upgrade())
            await _rename(mirror, client, url, "Meanwhile")
            await upgrading
        await _rename(mirror, client, url, "After")
    assert (await mirror.check()).equal
    await _use_new_column(url)


async def test_an_older_version_leaves_newer_tables_alone(
    client: AsyncFrontegg, url: str, mirror: AsyncMirror, tmp_path: Path
) -> None:
    """It may start again while a new version is deployed, and upgrades at its start."""
    with later_migrations(tmp_path):
        await mirror.upgrade()
    async with AsyncMirror(client, url) as older:
        await older.upgrade()
        assert (await older.refresh()).accounts == 3
        assert (await older.check()).equal
    await _use_new_column(url)


@pytest.mark.slow
@pytest.mark.postgres
@pytest.mark.parametrize("url", ["postgres"], indirect=True)
async def test_writers_do_not_wait_for_an_upgrade_that_waits(mirror: AsyncMirror, url: str, tmp_path: Path) -> None:
    """A long transaction of others has the table; the migration needs it, and lets others go first."""
    await mirror.refresh()
    waiting = "SELECT 1 FROM pg_locks WHERE mode = 'AccessExclusiveLock' AND NOT granted"
    with later_migrations(tmp_path):
        async with await psycopg.AsyncConnection.connect(url) as reader:
            await reader.execute("SELECT count(*) FROM frontegg_mirror.accounts")
            upgrading = asyncio.create_task(mirror.upgrade())
            async with asyncio.timeout(30), await psycopg.AsyncConnection.connect(url, autocommit=True) as other:
                for _ in range(2):
                    while await (await other.execute(waiting)).fetchone() is None:  # noqa: ASYNC110 - the server tells nobody
                        await asyncio.sleep(0)
                    await other.execute("UPDATE frontegg_mirror.accounts SET read_number = read_number + 1")
            assert not upgrading.done()
        await upgrading
    await _use_new_column(url)
