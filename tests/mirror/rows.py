"""The rows of a mirror as programs read them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import create_async_engine

from frontegg_async.mirror import AsyncMirror
from frontegg_async.mirror.addresses import database_url


async def rows_of(url: str, mirror: AsyncMirror, name: Any = "live_accounts") -> dict[str, dict[str, Any]]:
    """Return the rows of a table by the ids of their accounts."""
    engine = create_async_engine(database_url(url))
    try:
        async with engine.connect() as connection:
            rows = await connection.execute(select(mirror.table(name)))
            return {row.tenant_id: dict(row._mapping) for row in rows}
    finally:
        await engine.dispose()


async def run_sql(url: str, *statements: str) -> None:
    """Run statements, as somebody else with the database might."""
    engine = create_async_engine(database_url(url))
    try:
        async with engine.begin() as connection:
            for statement in statements:
                await connection.execute(text(statement))
    finally:
        await engine.dispose()


def accounts_table(url: str) -> str:
    """Return the name of the table of accounts."""
    return "frontegg_mirror_accounts" if url.startswith("sqlite") else "frontegg_mirror.accounts"
