"""`ScimConfigurationRow`: the stored form of SCIM configurations. The tokens of the configurations are not stored."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from frontegg_async.emulator.store.table_row import Find, TableRow


class ScimConfigurationRow(TableRow, rename="camel", kw_only=True, frozen=True, forbid_unknown_fields=True):
    """A SCIM connection of a tenant. Through the connection, an identity provider creates and changes users."""

    connection_name: str
    source: str
    created_at: str
    sync_to_user_management: bool = False
    last_sync: str | None = None

    def moments(self) -> tuple[str, ...]:
        """Return the times in the row, so that their format can be checked."""
        return (self.created_at,) if self.last_sync is None else (self.created_at, self.last_sync)

    def problem(self, find: Find) -> str | None:
        """Return an error if the configuration belongs to no tenant."""
        del find
        return None if self.tenant_id else "a SCIM configuration must belong to a tenant"


TABLES: Final[Mapping[str, type[TableRow]]] = {"scimConfigurations": ScimConfigurationRow}
