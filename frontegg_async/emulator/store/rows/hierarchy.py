"""What a tenant was told about its sub-accounts."""

from __future__ import annotations

from frontegg_async.emulator.store.rows.table_row import Find, TableRow
from frontegg_async.models.hierarchy import SubAccountAccessType


class HierarchySettingsRow(TableRow, rename="camel", kw_only=True, frozen=True, forbid_unknown_fields=True):
    """Whether a tenant's users may enter its sub-accounts. Its id is the tenant's."""

    sub_account_access_type: SubAccountAccessType = SubAccountAccessType.DEFAULT_OFF

    def problem(self, find: Find) -> str | None:
        """Say that it is not its tenant's."""
        del find
        return None if self.id == self.tenant_id else "the settings of a hierarchy have the id of their tenant"
