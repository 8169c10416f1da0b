"""The settings of a tenant for its sub-accounts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from frontegg_async.emulator.store.table_row import Find, TableRow
from frontegg_async.models.hierarchy import SubAccountAccessType


class HierarchySettingsRow(TableRow, rename="camel", kw_only=True, frozen=True, forbid_unknown_fields=True):
    """Whether the users of a tenant may enter its sub-accounts. The id of the row is the tenant's id."""

    sub_account_access_type: SubAccountAccessType = SubAccountAccessType.DEFAULT_OFF

    def problem(self, find: Find) -> str | None:
        """Return an error if the row's id is not the tenant's id."""
        del find
        return None if self.id == self.tenant_id else "the settings of a hierarchy must have the id of their tenant"


TABLES: Final[Mapping[str, type[TableRow]]] = {"hierarchy_settings": HierarchySettingsRow}
