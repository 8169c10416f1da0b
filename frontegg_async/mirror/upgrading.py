"""Make the tables of a mirror, or bring them to the newest version."""

from __future__ import annotations

from typing import Final

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, inspect, text

from frontegg_async.errors import MirrorError
from frontegg_async.mirror.database import Database
from frontegg_async.mirror.tables import SCHEMA

_LOCK: Final = 0x66726F6E74656767
"""The number of the lock that one upgrade holds in PostgreSQL."""


async def upgrade(database: Database) -> None:
    """Make the tables, or bring them to the newest version; one process at a time does so.

    Raises:
        MirrorError: The schema has tables of others, or the database failed.
    """
    async with database.writing() as connection:
        await connection.run_sync(_upgrade)


def _upgrade(connection: Connection) -> None:
    in_schema = connection.dialect.name == "postgresql"
    if in_schema:
        connection.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
        if not inspect(connection).has_schema(SCHEMA):
            connection.execute(text(f"CREATE SCHEMA {SCHEMA}"))
    _check_foreign(connection, in_schema=in_schema)
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", "frontegg_async.mirror:migrations")
    config.set_main_option("path_separator", "os")
    command.upgrade(config, "head")


def _check_foreign(connection: Connection, *, in_schema: bool) -> None:
    """Refuse a database whose tables have the names of a mirror's and are not its tables."""
    inspector = inspect(connection)
    names = (
        [*inspector.get_table_names(SCHEMA), *inspector.get_view_names(SCHEMA)]
        if in_schema
        else [
            name
            for name in (*inspector.get_table_names(), *inspector.get_view_names())
            if name.startswith(f"{SCHEMA}_")
        ]
    )
    version = "alembic_version" if in_schema else f"{SCHEMA}_alembic_version"
    if names and version not in names:
        place = f"the schema {SCHEMA}" if in_schema else "the database"
        raise MirrorError(f"{place} has {min(names)!r}, which no mirror made; nothing was changed")
