"""Access tokens of tenants and of their users."""

from __future__ import annotations

from typing import Final

from frontegg_async.emulator.store.rows.table_row import Find, TableRow

TENANT_ACCESS: Final = "tenantAccessToken"
USER_ACCESS: Final = "userAccessToken"
ACCESS_TOKEN_TYPES: Final = (TENANT_ACCESS, USER_ACCESS)
"""The types that the JWTs of access tokens name."""


class AccessTokenRow(TableRow, rename="camel", kw_only=True, frozen=True, forbid_unknown_fields=True):
    """An access token; its JWT has the id as its subject. Without ``user_id`` it is the tenant's own.

    Args:
        roles: Its roles; those that its user has now when there are none here.
        permissions: Its permissions; those that its user has now when there are none here.
        is_outsider: Whether its user is none of the environment's, but made it with a token of its own.
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
        """The type that its JWT names."""
        return TENANT_ACCESS if self.user_id is None else USER_ACCESS

    def moments(self) -> tuple[str, ...]:
        """Return the times that it holds."""
        return (self.created_at,) if self.expires is None else (self.created_at, self.expires)

    def problem(self, find: Find) -> str | None:
        """Say that it belongs to no tenant."""
        del find
        return None if self.tenant_id else "an access token belongs to a tenant"
