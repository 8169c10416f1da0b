"""The script that Alembic runs: apply the migrations of a mirror, on the connection of `upgrade`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

from alembic import context

from frontegg_async.mirror.upgrading import version_table

if TYPE_CHECKING:
    from sqlalchemy import Connection

connection: Final = cast("Connection", context.config.attributes["connection"])
_name, _schema = version_table(connection)
context.configure(
    connection=connection,
    version_table=_name,
    version_table_schema=_schema,
    # With this setting, a migration can end its transaction to build an index concurrently.
    transaction_per_migration=True,
)
with context.begin_transaction():
    context.run_migrations()
