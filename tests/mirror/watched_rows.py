"""Triggers that note what must not happen to the rows of a mirror."""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from frontegg_async.mirror.addresses import database_url
from tests.mirror.rows import run_sql

_SQLITE = (
    "CREATE TABLE seen (what text, tenant_id text)",
    """CREATE TRIGGER seen_older AFTER UPDATE ON frontegg_mirror_accounts WHEN new.read_number < old.read_number
    BEGIN INSERT INTO seen VALUES ('older', new.tenant_id); END""",
    """CREATE TRIGGER seen_deleted AFTER UPDATE ON frontegg_mirror_accounts WHEN new.deleted_at IS NOT NULL
    BEGIN INSERT INTO seen VALUES ('deleted', new.tenant_id); END""",
)
_POSTGRES = (
    "CREATE TABLE seen (what text, tenant_id text)",
    """CREATE FUNCTION see() RETURNS trigger LANGUAGE plpgsql AS
    $$BEGIN INSERT INTO seen VALUES (TG_ARGV[0], new.tenant_id); RETURN new; END$$""",
    """CREATE TRIGGER seen_older AFTER UPDATE ON frontegg_mirror.accounts FOR EACH ROW
    WHEN (new.read_number < old.read_number) EXECUTE FUNCTION see('older')""",
    """CREATE TRIGGER seen_deleted AFTER UPDATE ON frontegg_mirror.accounts FOR EACH ROW
    WHEN (new.deleted_at IS NOT NULL) EXECUTE FUNCTION see('deleted')""",
)


async def watch(url: str) -> None:
    """Have the database note rows that are overwritten by an older read, and those that are marked as deleted."""
    await run_sql(url, *(_SQLITE if url.startswith("sqlite") else _POSTGRES))


async def seen(url: str) -> set[tuple[str, str]]:
    """Return what the database noted: ``older`` or ``deleted``, and the id of the account."""
    engine = create_async_engine(database_url(url))
    async with engine.connect() as connection:
        rows = {(row.what, row.tenant_id) for row in await connection.execute(text("SELECT * FROM seen"))}
    await engine.dispose()
    return rows
