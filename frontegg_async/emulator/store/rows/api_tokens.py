"""API tokens: the client credentials of tenants and of users."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from frontegg_async.emulator.checks.nesting import is_too_deep
from frontegg_async.emulator.store.rows.table_row import Find, TableRow


class ApiTokenRow(TableRow, rename="camel", kw_only=True, frozen=True, forbid_unknown_fields=True):
    """An API token; the id is its client id. With a ``user_id`` it is that user's, else the tenant's.

    ``claims`` are those of a user that the environment does not have, but who made the token by a token of its own.
    """

    secret: str
    created_at: str
    user_id: str | None = None
    description: str | None = None
    created_by_user_id: str | None = None
    metadata: object = None  # any JSON value; msgspec cannot read a recursive type
    role_ids: tuple[str, ...] = ()
    permission_ids: tuple[str, ...] = ()
    expires: str | None = None
    claims: dict[str, object] | None = None

    def moments(self) -> tuple[str, ...]:
        """Return the times."""
        return (self.created_at,) if self.expires is None else (self.created_at, self.expires)

    def problem(self, find: Find) -> str | None:
        """Say that it has no tenant or that something in it is nested too deeply."""
        del find
        if not self.tenant_id:
            return "it has no tenant"
        if is_too_deep(self.metadata) or is_too_deep(self.claims):
            return "the metadata or the claims are nested too deeply"
        return None


API_TOKEN_TABLES: Final[Mapping[str, type[TableRow]]] = {"apiTokens": ApiTokenRow}
