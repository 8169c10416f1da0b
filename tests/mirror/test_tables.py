"""The page of the tables has what an upgraded database has, and its SQL runs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from hashlib import sha256
from typing import Any, Final

import pytest
from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import create_async_engine

from frontegg_async.client import AsyncFrontegg
from frontegg_async.emulator import Emulator
from frontegg_async.mirror import AsyncMirror
from frontegg_async.mirror.addresses import database_url
from frontegg_async.mirror.tables import SCHEMA
from tests.docs.markdown import ROOT, blocks
from tests.mirror.rows import rows_of, run_sql
from tests.support.postgres import PostgresServer

pytestmark = pytest.mark.anyio

_PAGE: Final = ROOT / "docs" / "reference" / "mirror_tables.md"
_KINDS: Final = ("postgresql", "sqlite")
_TYPES: Final = {"TIMESTAMP WITH TIME ZONE": "timestamptz", 'TEXT COLLATE "C"': 'text COLLATE "C"'}
"""Types of PostgreSQL as the page has them; others are in lower case."""
_OWN: Final = {"alembic_version", "numbers"}
"""The tables whose columns the page does not have."""


def _cells(section: str) -> list[list[str]]:
    """Return the rows of the first table of a section."""
    table = section.partition("\n| --- ")[2].partition("\n\n")[0]
    return [[cell.strip() for cell in line[1:-1].split("|")] for line in table.splitlines()[1:]]


def _names(cell: str) -> list[str]:
    return re.findall("`(.*?)`", cell)


def _on_page(kind: str) -> dict[str, Any]:
    """Return what the page says of a kind of database."""
    place = _KINDS.index(kind)
    first, *sections = _PAGE.read_text(encoding="utf-8").split("\n## ")
    found: dict[str, Any] = {
        "objects": {_names(name)[0]: kinds[place] for name, *kinds, _, _ in _cells(first)},
        "columns": {},
        "keys": {},
        "indexes": {},
    }
    for section in sections:
        key = re.search("The primary key (?:of `accounts` )?is (.*?)[.:]", section)
        if key is not None:
            tables = _names(section.partition("\n")[0])
            found["keys"][tables[0]] = _names(key[1])
            columns = [
                (*_names(name), *_names(types[place]), null == "null") for name, *types, null, _ in _cells(section)
            ]
            found["columns"] |= dict.fromkeys(tables, columns)
        elif section.startswith("Indexes"):
            found["indexes"] = {
                _names(name)[0]: _names(cells.partition(", only")[0]) for name, cells, _ in _cells(section)
            }
    return found


def _version_on_page() -> str:
    found = re.search("this package has `(.*?)`", _PAGE.read_text(encoding="utf-8"))
    assert found is not None
    return found[1]


def _in_database(connection: Connection) -> dict[str, Any]:
    """Return what a database has, without the beginning of names in SQLite."""
    inspector = inspect(connection)
    is_postgres = connection.dialect.name == "postgresql"
    schema = SCHEMA if is_postgres else None
    tables, views = inspector.get_table_names(schema), inspector.get_view_names(schema)
    sequences = inspector.get_sequence_names(schema) if is_postgres else []

    def short(name: str | None) -> str:
        return str(name).removeprefix(f"{SCHEMA}_")

    def column(each: Mapping[str, Any]) -> tuple[str, str, bool]:
        kind: str = each["type"].compile(connection.dialect)
        return each["name"], _TYPES.get(kind, kind.lower()) if is_postgres else kind, each["nullable"]

    return {
        "objects": {
            **{short(name): "table" for name in tables},
            **{short(name): "view" for name in views},
            **{short(name): "sequence" for name in sequences},
        },
        "columns": {
            short(name): [column(each) for each in inspector.get_columns(name, schema)]
            for name in (*tables, *views)
            if short(name) not in _OWN
        },
        "keys": {
            short(name): inspector.get_pk_constraint(name, schema)["constrained_columns"]
            for name in tables
            if short(name) not in _OWN
        },
        "indexes": {
            short(each["name"]): each["column_names"] for name in tables for each in inspector.get_indexes(name, schema)
        },
    }


@pytest.mark.usefixtures("mirror")
async def test_the_page_has_all_tables_and_columns(url: str) -> None:
    """Tables, views, columns with their types, primary keys and indexes."""
    engine = create_async_engine(database_url(url))
    async with engine.connect() as connection:
        found = await connection.run_sync(_in_database)
    await engine.dispose()
    shown = _on_page(engine.dialect.name)
    version = f"{SCHEMA}.alembic_version" if engine.dialect.name == "postgresql" else f"{SCHEMA}_alembic_version"
    assert await _fetch(url, f"SELECT version_num FROM {version}") == [(_version_on_page(),)]

    for each in (found, shown):  # a database does not say which columns of a view may be null
        each["columns"]["live_accounts"] = [column[:2] for column in each["columns"]["live_accounts"]]
    assert shown == found


async def test_the_hash_is_that_of_the_document(mirror: AsyncMirror, url: str) -> None:
    """Others may compute it."""
    await mirror.refresh()
    rows = await rows_of(url, mirror)
    assert rows
    assert all(row["hash"] == sha256(row["document"].encode()).hexdigest() for row in rows.values())


_INDEX, _VIEW, _TABLE, _TABLE_INDEX, _JOIN = (
    statement
    for block in blocks(_PAGE)
    if block.language == "sql"
    for statement in block.text.replace(":", r"\:").split(";\n")
    if statement
)
"""The statements of the page, with colons that are no parameters."""


async def _fetch(url: str, *statements: str) -> list[tuple[Any, ...]]:
    """Run statements; return the rows of the last one."""
    engine = create_async_engine(database_url(url))
    async with engine.connect() as connection:
        for statement in statements:
            found = await connection.execute(text(statement))
        rows = [tuple(row) for row in found]
    await engine.dispose()
    return rows


@pytest.mark.postgres
async def test_a_table_of_the_application_refers_to_accounts(client: AsyncFrontegg, postgres: PostgresServer) -> None:
    """The rows of deleted accounts stay, and the mirror writes accounts that others refer to, also all anew."""
    url = postgres.new_database()
    insert = (
        "INSERT INTO subscription (environment_id, tenant_id, seats)"
        " SELECT environment_id, '{}', 5 FROM frontegg_mirror.state"
    )
    async with AsyncMirror(client, url) as mirror:
        await mirror.upgrade()
        await mirror.refresh()
        await run_sql(url, _TABLE, _TABLE_INDEX, insert.format("acme"), insert.format("zebra"))
        with pytest.raises(IntegrityError):
            await run_sql(url, insert.format("unknown"))

        await client.tenants.delete("zebra")
        await client.tenants.update("acme", name="Acme 2")
        assert (await mirror.refresh()).deleted == 1
        assert sorted(await _fetch(url, _JOIN)) == [("Acme 2", 5, False), ("Zebra", 5, True)]

        await run_sql(url, "UPDATE frontegg_mirror.accounts SET document = '{}', name = 'damaged', read_number = 0")
        await mirror.refresh()
        assert (await mirror.check()).equal
        assert ("Acme 2", 5, False) in await _fetch(url, _JOIN)


@pytest.mark.postgres
async def test_the_index_for_metadata_accepts_all_accounts(
    client: AsyncFrontegg, emulator: Emulator, postgres: PostgresServer
) -> None:
    """Values that JSONB and ordinary indexes refuse do not keep the mirror from writing; the view uses the index."""
    url = postgres.new_database()
    long = "".join(f"{number:x}" for number in range(5_000))
    async with AsyncMirror(client, url) as mirror:
        await mirror.upgrade()
        await run_sql(url, _INDEX, _VIEW)
        await emulator.seed(
            tenants=[
                {"tenantId": "nul", "name": "N", "metadata": {"plan": "a\0b"}},
                {"tenantId": "long", "name": "L", "metadata": {"plan": long}},
            ]
        )
        await mirror.refresh()
        assert (await mirror.check()).equal
    found = await _fetch(url, "SELECT tenant_id, plan FROM accounts_with_plan")
    assert sorted(found) == [("acme", "pro"), ("acme-north", None), ("long", long), ("nul", None), ("zebra", None)]
    query = "EXPLAIN SELECT tenant_id FROM accounts_with_plan WHERE plan = 'pro'"
    plan = await _fetch(url, "SET enable_seqscan = off", query)
    assert any("accounts_by_plan" in step for (step,) in plan)
