"""`ApiTokenRow`: the stored form of API tokens, which are client credentials of tenants and of users."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from frontegg_async.emulator.checks.nesting import is_too_deep
from frontegg_async.emulator.store.table_row import Find, TableRow


class ApiTokenRow(TableRow, rename="camel", kw_only=True, frozen=True, forbid_unknown_fields=True):
    """An API token. The id of the row is the client id.

    The token belongs to the user with the id ``user_id``. Without ``user_id`` it belongs to the tenant.

    ``claims`` are the claims of a user token that created the API token although its user does not exist in the
    environment.
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
        """Return the times in the row, so that their format can be checked."""
        return (self.created_at,) if self.expires is None else (self.created_at, self.expires)

    def problem(self, find: Find) -> str | None:
        """Return an error if the token has no tenant, or if a value is nested too deeply."""
        del find
        if not self.tenant_id:
            return "an API token must have a tenant"
        if is_too_deep(self.metadata) or is_too_deep(self.claims):
            return "the metadata or the claims are nested too deeply"
        return None


TABLES: Final[Mapping[str, type[TableRow]]] = {"apiTokens": ApiTokenRow}
