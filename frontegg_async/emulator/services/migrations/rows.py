"""`MigrationRow`: the stored form of migrations, which move tenants into an environment."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Final

import msgspec

from frontegg_async.emulator.store.table_row import TableRow


class MigratedRow(msgspec.Struct, rename="camel", kw_only=True, frozen=True, forbid_unknown_fields=True):
    """A tenant in a migration. If the tenant will fail, ``error`` is the reason."""

    tenant_id: str
    error: str | None = None


class MigrationRow(TableRow, rename="camel", kw_only=True, frozen=True, forbid_unknown_fields=True):
    """A migration that was started. Its progress is computed from its start and the clock."""

    started_at: Annotated[datetime, msgspec.Meta(tz=True)]
    tenants: Annotated[tuple[MigratedRow, ...], msgspec.Meta(min_length=1)]


TABLES: Final[Mapping[str, type[TableRow]]] = {"migration": MigrationRow}
