"""Create the tables of a mirror, or migrate them to the newest version."""

from __future__ import annotations

import asyncio
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import OperationalError

from frontegg_async.errors import MirrorError
from frontegg_async.mirror.database import Database
from frontegg_async.mirror.tables import SCHEMA, tables_of

_LOCK: Final = 0x66726F6E74656767
"""The number of the advisory lock of an upgrade in PostgreSQL."""
_MOST_WAIT_MS: Final = 500
"""The longest wait of a migration for a lock on a PostgreSQL table, in milliseconds.

Statements of other transactions on the table wait for the migration during this time.
"""
_PAUSE: Final = 0.5
_TRIES: Final = 600
_LOCK_NOT_AVAILABLE: Final = "55P03"

MIGRATIONS: str = "frontegg_async.mirror:migrations"
"""The location of the migrations, for Alembic."""


async def upgrade(database: Database) -> None:
    """Create the tables, or migrate them to the newest version. Only one process upgrades at a time.

    Tables of a newer version stay unchanged. They are compatible, because migrations only add tables and columns.

    Raises:
        MirrorError: The schema contains tables of another program, other transactions locked the tables for about ten
            minutes, or the database failed.
    """
    if not database.is_postgres:
        async with database.writing() as connection:
            await connection.run(_upgrade)
        return
    for _ in range(_TRIES):
        async with database.reading() as connection:
            if await connection.run(_try_upgrade):
                return
        await asyncio.sleep(_PAUSE)
    raise MirrorError("the tables were not upgraded, because another transaction locked them for too long; try again")


def _try_upgrade(connection: Connection) -> bool:
    """Try to upgrade in PostgreSQL. Return ``False`` if the upgrade would wait long for other transactions."""
    connection.execute(text(f"SET lock_timeout = {_MOST_WAIT_MS}"))
    # Do not wait for the lock, because a waiting statement would block the concurrent build of an index.
    is_locked: bool = connection.execute(text(f"SELECT pg_try_advisory_lock({_LOCK})")).scalar_one()
    connection.commit()
    try:
        if is_locked:
            _upgrade(connection)
    except OperationalError as error:
        if getattr(error.orig, "sqlstate", None) != _LOCK_NOT_AVAILABLE:
            raise
        return False
    finally:
        connection.rollback()
        if is_locked:
            connection.execute(text(f"SELECT pg_advisory_unlock({_LOCK})"))
        connection.execute(text("RESET lock_timeout"))
        connection.commit()
    return is_locked


def _upgrade(connection: Connection) -> None:
    in_schema = connection.dialect.name == "postgresql"
    if in_schema:
        encoding = connection.execute(text("SHOW server_encoding")).scalar_one()
        if encoding != "UTF8":
            raise MirrorError(f"the names of accounts need a database with the encoding UTF8, not {encoding}")
        if not inspect(connection).has_schema(SCHEMA):
            connection.execute(text(f"CREATE SCHEMA {SCHEMA}"))
    _check_foreign(connection, in_schema=in_schema)
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", MIGRATIONS)
    config.set_main_option("path_separator", "os")
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    name, schema = version_table(connection)
    options = {"version_table": name, "version_table_schema": schema}
    found = MigrationContext.configure(connection, opts=options).get_current_heads()
    if in_schema:
        connection.commit()  # each migration has a separate transaction
    if known.issuperset(found):
        command.upgrade(config, "head")
    elif not inspect(connection).has_table(tables_of(connection.dialect.name).accounts.name, schema):
        raise MirrorError(
            f"{name} contains the version {min(found)!r}, which does not belong to a mirror; nothing was changed"
        )


def version_table(connection: Connection) -> tuple[str, str | None]:
    """Return the name and the schema of the table where Alembic stores the version.

    The migrations of an application use another table.
    """
    in_schema = connection.dialect.name == "postgresql"
    return ("alembic_version", SCHEMA) if in_schema else (f"{SCHEMA}_alembic_version", None)


def _check_foreign(connection: Connection, *, in_schema: bool) -> None:
    """Refuse a database in which another program uses the names of a mirror's tables."""
    if in_schema:
        found = connection.execute(
            text("SELECT relname FROM pg_class WHERE relnamespace = CAST(:schema AS regnamespace)"), {"schema": SCHEMA}
        )
    else:
        found = connection.execute(
            text("SELECT name FROM sqlite_master WHERE lower(name) LIKE :names ESCAPE '!'"),
            {"names": f"{SCHEMA.replace('_', '!_')}!_%"},
        )
    names = {*found.scalars()}
    if names and version_table(connection)[0] not in names:
        place = f"the schema {SCHEMA}" if in_schema else "the database"
        raise MirrorError(f"{place} contains {min(names)!r}, which does not belong to a mirror; nothing was changed")
