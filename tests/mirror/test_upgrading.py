"""Making the tables: once, by several processes at a time, and never over tables of others."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import inspect
from sqlalchemy.ext.asyncio import create_async_engine

from frontegg_async.client import AsyncFrontegg
from frontegg_async.errors import MirrorError
from frontegg_async.mirror import AsyncMirror
from frontegg_async.mirror.addresses import database_url
from frontegg_async.mirror.tables import SCHEMA, tables_of
from tests.mirror.rows import run_sql

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
        with pytest.raises(MirrorError, match="which no mirror made; nothing was changed"):
            await mirror.upgrade()
    await run_sql(url, f"INSERT INTO {name} VALUES ('still mine')")


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
