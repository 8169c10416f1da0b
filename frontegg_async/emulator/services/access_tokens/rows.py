"""`AccessTokenRow`: the stored form of access tokens of tenants and of their users."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from frontegg_async.emulator.store.access_token_types import TENANT_ACCESS, USER_ACCESS
from frontegg_async.emulator.store.table_row import Find, TableRow


class AccessTokenRow(TableRow, rename="camel", kw_only=True, frozen=True, forbid_unknown_fields=True):
    """An access token. The id is the subject of the token's JWT. Without ``user_id`` the token belongs to the tenant.

    Args:
        roles: The ids of the token's roles. If ``None``, the present roles of its user apply.
        permissions: The ids of the token's permissions. If ``None``, the present permissions of its user apply.
        is_outsider: Whether the token was created with the user token of a user who does not exist in the environment.
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
        """The value of the claim ``type`` in the token's JWT."""
        return TENANT_ACCESS if self.user_id is None else USER_ACCESS

    def moments(self) -> tuple[str, ...]:
        """Return the times in the row, so that their format can be checked."""
        return (self.created_at,) if self.expires is None else (self.created_at, self.expires)

    def problem(self, find: Find) -> str | None:
        """Return an error if the token belongs to no tenant."""
        del find
        return None if self.tenant_id else "an access token must belong to a tenant"


TABLES: Final[Mapping[str, type[TableRow]]] = {"access_token": AccessTokenRow}
