"""The first version of the tables of a mirror."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "frontegg_mirror_1"
down_revision = None
branch_labels: tuple[str, ...] = ("frontegg_mirror",)
depends_on = None


def upgrade() -> None:
    """Create the tables, the counter and the view."""
    in_schema = op.get_bind().dialect.name == "postgresql"
    schema, prefix = ("frontegg_mirror", "") if in_schema else (None, "frontegg_mirror_")
    # Sort ids by code points, as exports do, independently of the locale of the database.
    identifier = sa.Text(collation="C") if in_schema else sa.Text()
    time = sa.DateTime(timezone=True)
    op.create_table(
        f"{prefix}accounts",
        sa.Column("environment_id", identifier, primary_key=True),
        sa.Column("tenant_id", identifier, primary_key=True),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("read_number", sa.BigInteger(), nullable=False),
        sa.Column("read_at", time, nullable=False),
        sa.Column("deleted_at", time),
        sa.Column("name", sa.Text()),
        sa.Column("parent_tenant_id", identifier),
        sa.Column("is_locked", sa.Boolean()),
        sa.Column("may_have_children", sa.Boolean(), nullable=False),
        schema=schema,
    )
    op.create_index(
        f"{prefix}accounts_by_parent", f"{prefix}accounts", ["environment_id", "parent_tenant_id"], schema=schema
    )
    may_have_children = sa.text("may_have_children")
    op.create_index(
        f"{prefix}accounts_with_children",
        f"{prefix}accounts",
        ["environment_id", "tenant_id"],
        schema=schema,
        postgresql_where=may_have_children,
        sqlite_where=may_have_children,
    )
    op.create_table(
        f"{prefix}dirty",
        sa.Column("environment_id", identifier, primary_key=True),
        sa.Column("kind", sa.Text(), primary_key=True),
        sa.Column("id", identifier, primary_key=True),
        sa.Column("since", time, nullable=False),
        sa.Column("marks", sa.BigInteger(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("is_announced", sa.Boolean(), nullable=False),
        sa.Column("is_settling", sa.Boolean(), nullable=False),
        sa.Column("leased_until", time),
        schema=schema,
    )
    op.create_table(
        f"{prefix}state",
        sa.Column("environment_id", identifier, primary_key=True),
        sa.Column("client", sa.Text()),
        sa.Column("audit_cursor", sa.Text()),
        sa.Column("last_listing", time),
        sa.Column("last_event", time),
        sa.Column("unannounced_since", time),
        sa.Column("scheduled_until", time),
        sa.Column("last_proof", time),
        sa.Column("last_proof_equal", sa.Boolean()),
        sa.Column("last_proof_root", sa.Text()),
        schema=schema,
    )
    if in_schema:
        op.execute("CREATE SEQUENCE frontegg_mirror.numbers AS bigint")
        op.execute(
            "CREATE VIEW frontegg_mirror.live_accounts AS"
            " SELECT * FROM frontegg_mirror.accounts WHERE deleted_at IS NULL"
        )
    else:
        numbers = op.create_table("frontegg_mirror_numbers", sa.Column("value", sa.BigInteger(), primary_key=True))
        op.bulk_insert(numbers, [{"value": 0}])
        op.execute(
            "CREATE VIEW frontegg_mirror_live_accounts AS"
            " SELECT * FROM frontegg_mirror_accounts WHERE deleted_at IS NULL"
        )
