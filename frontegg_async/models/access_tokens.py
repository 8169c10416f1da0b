"""Opaque access tokens: whose they are and what they entitle to."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import attrs

from frontegg_async.jsonvalue import JsonValue
from frontegg_async.models import entitlements
from frontegg_async.models.entitlements import Names
from frontegg_async.value import Value


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class AccessToken(Value):
    """An access token of a tenant, or of a user of it: then ``user_id`` is not ``None``.

    The id is what travels in ``x-api-key``, so it does not show. ``expires`` is ``None`` for a token that does not
    expire.
    """

    id: str = attrs.field(repr=False)
    tenant_id: str
    user_id: str | None = None
    roles: tuple[str, ...] = attrs.field(default=(), repr=False)
    permissions: tuple[str, ...] = attrs.field(default=(), repr=False)
    expires: datetime | None = None
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)

    def may(self, permission: str) -> bool:
        """Return whether the token's permissions cover one, by name or by a wildcard as ``fe.secure.*``.

        Args:
            permission: The name of a permission.

        Raises:
            InvalidArgumentError: It is no text, or empty.
        """
        return entitlements.may(self.permissions, permission)

    def require(self, *, permission: Names | None = None, role: Names | None = None) -> None:
        """Refuse a token that lacks a permission or a role.

        Args:
            permission: A permission, or several of which all are required; wildcards of the token cover.
            role: A role, or several of which all are required.

        Raises:
            InvalidArgumentError: Nothing is required, or a name is no text or empty.
            MissingPermissionError: The token lacks something; ``missing`` has the names.
        """
        entitlements.require(self.permissions, self.roles, permission=permission, role=role, holder="access token")
