"""Opaque access tokens of tenants and of their users."""

from __future__ import annotations

from frontegg_async.emulator.tables.table import Find, TableRow


class AccessTokenRow(TableRow, rename="camel", kw_only=True, frozen=True, forbid_unknown_fields=True):
    """An access token; its id is what travels in ``x-api-key``. Without ``user_id`` it is the tenant's own."""

    user_id: str | None = None
    roles: tuple[str, ...] = ()
    permissions: tuple[str, ...] = ()
    expires: str | None = None

    def moments(self) -> tuple[str, ...]:
        """Return when it ends, if it does."""
        return () if self.expires is None else (self.expires,)

    def problem(self, find: Find) -> str | None:
        """Say that it belongs to no tenant."""
        del find
        return None if self.tenant_id else "an access token belongs to a tenant"
