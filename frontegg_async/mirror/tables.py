"""The definitions of a mirror's tables."""

from __future__ import annotations

import functools
from datetime import UTC, datetime
from typing import Final

import attrs
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Dialect,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    TypeDecorator,
)

SCHEMA: Final = "frontegg_mirror"
"""The schema of the tables in PostgreSQL, and the prefix of their names in SQLite."""


class UtcTime(TypeDecorator[datetime]):
    """A column type for times in UTC. It also works in SQLite, which stores no time zone."""

    impl: DateTime = DateTime(timezone=True)  # pyright: ignore[reportIncompatibleVariableOverride]  # for any type there
    cache_ok: bool | None = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Convert a time to UTC for storage."""
        del dialect
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return a stored time in UTC."""
        del dialect
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


@attrs.frozen
class Tables:
    """The tables of a mirror in one kind of database."""

    accounts: Table
    """The accounts, including deleted accounts."""
    dirty: Table
    """The accounts that must be read."""
    state: Table
    """The state of the mirror of each environment."""
    numbers: Table
    """The counter in SQLite, with one row. In PostgreSQL, a sequence has this name."""
    live_accounts: Table
    """The view of the accounts that are not deleted."""


@functools.cache
def tables_of(backend: str) -> Tables:
    """Return the tables for one kind of database.

    Args:
        backend: ``postgresql`` or ``sqlite``.
    """
    schema, prefix = (SCHEMA, "") if backend == "postgresql" else (None, f"{SCHEMA}_")
    metadata = MetaData(schema=schema)
    accounts = Table(f"{prefix}accounts", metadata, *_account_columns())
    Index(f"{prefix}accounts_by_parent", accounts.c.environment_id, accounts.c.parent_tenant_id)
    return Tables(
        accounts=accounts,
        dirty=Table(
            f"{prefix}dirty",
            metadata,
            Column("environment_id", Text, primary_key=True),
            Column("kind", Text, primary_key=True),
            Column("id", Text, primary_key=True),
            Column("since", UtcTime, nullable=False),
            Column("marks", BigInteger, nullable=False),
            Column("attempts", Integer, nullable=False),
            Column("is_announced", Boolean, nullable=False),
            Column("is_settling", Boolean, nullable=False),
            Column("leased_until", UtcTime),
        ),
        state=Table(
            f"{prefix}state",
            metadata,
            Column("environment_id", Text, primary_key=True),
            Column("client", Text),
            Column("audit_cursor", Text),
            Column("last_listing", UtcTime),
            Column("last_event", UtcTime),
            Column("unannounced_since", UtcTime),
            Column("scheduled_until", UtcTime),
            Column("last_proof", UtcTime),
            Column("last_proof_equal", Boolean),
            Column("last_proof_root", Text),
        ),
        numbers=Table(f"{prefix}numbers", metadata, Column("value", BigInteger, primary_key=True)),
        live_accounts=Table(f"{prefix}live_accounts", MetaData(schema=schema), *_account_columns()),
    )


def _account_columns() -> tuple[Column[object], ...]:
    columns: tuple[Column[object], ...] = (
        Column("environment_id", Text, primary_key=True),
        Column("tenant_id", Text, primary_key=True),
        # Store text, because JSONB refuses the character NUL and changes the bytes that the hash covers.
        Column("document", Text, nullable=False),
        Column("hash", Text, nullable=False),
        Column("read_number", BigInteger, nullable=False),
        Column("read_at", UtcTime, nullable=False),
        Column("deleted_at", UtcTime),
        Column("name", Text),
        Column("parent_tenant_id", Text),
        Column("is_locked", Boolean),
        Column("may_have_children", Boolean, nullable=False),
    )
    return columns
