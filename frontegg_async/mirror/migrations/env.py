"""What Alembic runs: the migrations of a mirror, over a connection that `upgrade` has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

from alembic import context

from frontegg_async.mirror.tables import SCHEMA

if TYPE_CHECKING:
    from sqlalchemy import Connection

connection: Final = cast("Connection", context.config.attributes["connection"])
in_schema: Final = connection.dialect.name == "postgresql"
context.configure(
    connection=connection,
    # Beside the tables of the mirror, so that it is not the table of the application's migrations.
    version_table="alembic_version" if in_schema else f"{SCHEMA}_alembic_version",
    version_table_schema=SCHEMA if in_schema else None,
)
with context.begin_transaction():
    context.run_migrations()
