"""A later version of the package, as far as its migrations: those of this one, and one that adds."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from frontegg_async.mirror import migrations, upgrading

_MIGRATION = '''\
"""Add a column and an index to the accounts."""

import sqlalchemy as sa
from alembic import op

revision = "frontegg_mirror_2"
down_revision = "frontegg_mirror_1"


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.add_column("frontegg_mirror_accounts", sa.Column("note", sa.Text()))
        op.create_index("frontegg_mirror_accounts_by_name", "frontegg_mirror_accounts", ["environment_id", "name"])
        return
    op.add_column("accounts", sa.Column("note", sa.Text()), schema="frontegg_mirror", if_not_exists=True)
    with op.get_context().autocommit_block():
        # It keeps no writer waiting, so it may wait for longer transactions. One that failed left an invalid index.
        op.execute("SET lock_timeout = 0")
        op.execute("DROP INDEX CONCURRENTLY IF EXISTS frontegg_mirror.accounts_by_name")
        op.execute("CREATE INDEX CONCURRENTLY accounts_by_name ON frontegg_mirror.accounts (environment_id, name)")
'''


@contextmanager
def later_migrations(directory: Path) -> Iterator[None]:
    """Have upgrades of this process bring the tables to the later version.

    Args:
        directory: An empty directory for the files.
    """
    location, own = directory / "migrations", upgrading.MIGRATIONS
    shutil.copytree(Path(str(migrations.__file__)).parent, location, ignore=shutil.ignore_patterns("__pycache__"))
    (location / "versions" / "0002_later.py").write_text(_MIGRATION, encoding="utf-8")
    upgrading.MIGRATIONS = str(location)
    try:
        yield
    finally:
        upgrading.MIGRATIONS = own
