"""`InvitationRow`: the stored form of invitations to tenants."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from frontegg_async.emulator.store.table_row import Find, TableRow


class InvitationRow(TableRow, rename="camel", kw_only=True, frozen=True, forbid_unknown_fields=True):
    """An invitation to a tenant. A user has at most one invitation with the user's id to each tenant."""

    token: str
    expires: str
    user_id: str | None = None
    should_send_email: bool = False
    role_ids: tuple[str, ...] = ()

    def moments(self) -> tuple[str, ...]:
        """Return the time in the row, so that its format can be checked."""
        return (self.expires,)

    def problem(self, find: Find) -> str | None:
        """Return an error if the invitation has no tenant."""
        del find
        return None if self.tenant_id else "an invitation must have a tenant"


TABLES: Final[Mapping[str, type[TableRow]]] = {"invitations": InvitationRow}
