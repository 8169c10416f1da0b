"""The tenants in which users work, for each application."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import msgspec

from frontegg_async.emulator.store.table_row import TableRow


class ActiveTenantsRow(TableRow, rename="camel", kw_only=True, frozen=True, forbid_unknown_fields=True):
    """The tenants in which the user with this id works, by the ids of applications."""

    tenants: dict[str, str] = msgspec.field(default_factory=dict[str, str])


TABLES: Final[Mapping[str, type[TableRow]]] = {"activeTenants": ActiveTenantsRow}
