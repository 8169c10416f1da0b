"""`ActiveTenantsRow`: the stored tenants in which a user works, for each application."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import msgspec

from frontegg_async.emulator.store.table_row import TableRow


class ActiveTenantsRow(TableRow, rename="camel", kw_only=True, frozen=True, forbid_unknown_fields=True):
    """The ids of the tenants in which a user works, by the ids of applications. The id of the row is the user's id."""

    tenants: dict[str, str] = msgspec.field(default_factory=dict[str, str])


TABLES: Final[Mapping[str, type[TableRow]]] = {"activeTenants": ActiveTenantsRow}
