"""`HierarchySettingsRow`: the stored settings of a tenant that concern its sub-accounts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from frontegg_async.emulator.store.table_row import Find, TableRow
from frontegg_async.models.hierarchy import SubAccountAccessType


class HierarchySettingsRow(TableRow, rename="camel", kw_only=True, frozen=True, forbid_unknown_fields=True):
    """The setting whether the users of a tenant may enter the tenant's sub-accounts.

    The row has the id of the tenant.
    """

    sub_account_access_type: SubAccountAccessType = SubAccountAccessType.DEFAULT_OFF

    def problem(self, find: Find) -> str | None:
        """Return an error if the row's id is not the tenant's id."""
        del find
        return None if self.id == self.tenant_id else "the settings of a hierarchy must have the id of their tenant"


TABLES: Final[Mapping[str, type[TableRow]]] = {"hierarchy_settings": HierarchySettingsRow}
