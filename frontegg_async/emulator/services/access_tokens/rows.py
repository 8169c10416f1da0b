"""Access tokens of tenants and of their users."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from frontegg_async.emulator.store.access_token_types import TENANT_ACCESS, USER_ACCESS
from frontegg_async.emulator.store.table_row import Find, TableRow


class AccessTokenRow(TableRow, rename="camel", kw_only=True, frozen=True, forbid_unknown_fields=True):
    """An access token; the subject of its JWT is the id. Without ``user_id`` it belongs to the tenant.

    Args:
        roles: Its roles; if ``None``, the current roles of its user.
        permissions: Its permissions; if ``None``, the current permissions of its user.
        is_outsider: Whether its user is not in the environment, but created it with a user token.
    """

    created_at: str
    user_id: str | None = None
    description: str | None = None
    created_by_user_id: str | None = None
    roles: tuple[str, ...] | None = None
    permissions: tuple[str, ...] | None = None
    expires: str | None = None
    is_outsider: bool = False

    @property
    def type(self) -> str:
        """The claim ``type`` of its JWT."""
        return TENANT_ACCESS if self.user_id is None else USER_ACCESS

    def moments(self) -> tuple[str, ...]:
        """Return its times, which must be well formed."""
        return (self.created_at,) if self.expires is None else (self.created_at, self.expires)

    def problem(self, find: Find) -> str | None:
        """Return an error if it belongs to no tenant."""
        del find
        return None if self.tenant_id else "an access token belongs to a tenant"


TABLES: Final[Mapping[str, type[TableRow]]] = {"access_token": AccessTokenRow}
