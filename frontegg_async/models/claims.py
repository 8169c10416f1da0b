"""What a verified token says: of whom, for whom, how long, and what it entitles to."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from datetime import datetime
from typing import Final

import attrs

from frontegg_async._values.json_values import JsonValue
from frontegg_async._values.value import Value
from frontegg_async.models import entitlements
from frontegg_async.models.entitlements import Names


class TokenType(enum.StrEnum):
    """The types of the service's tokens, but for those of environments."""

    USER = "userToken"
    USER_API = "userApiToken"
    TENANT_API = "tenantApiToken"
    TENANT_ACCESS = "tenantAccessToken"
    USER_ACCESS = "userAccessToken"


ACCESS_TYPES: Final = frozenset({TokenType.TENANT_ACCESS, TokenType.USER_ACCESS})
"""The types of access tokens, which travel in ``x-api-key``; what they entitle to is the service's to tell."""

BEARER_TYPES: Final = frozenset(TokenType) - ACCESS_TYPES
"""The types of tokens that travel in ``Authorization`` and say by themselves what they entitle to."""


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class Claims(Value):
    """The claims of a token that was verified.

    ``type`` is a `TokenType`, or the text of one that this version does not know. ``subject`` is the user, or the API
    or access token. ``tenant_id`` is the tenant that the token is for; ``tenant_ids`` are those that its user belongs
    to, without those that are reached through the hierarchy. What the service may leave out, or a customer's template
    may write in another way, is empty or ``None`` then, and whatever has no field of its own is in ``extra`` as it
    came, under its name in the token. ``expires_at`` is ``None`` for an access token that does not expire. The ``repr``
    has ids alone.
    """

    type: TokenType | str
    subject: str
    tenant_id: str
    tenant_ids: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    permissions: tuple[str, ...] = ()
    email: str | None = None
    name: str | None = None
    metadata: JsonValue = attrs.field(default=None, hash=False)
    issued_at: datetime
    expires_at: datetime | None
    audience: tuple[str, ...]
    issuer: str
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], hash=False)

    @property
    def user_id(self) -> str | None:
        """The user that the token is of; ``None`` for one of a tenant."""
        if self.type == TokenType.USER:
            return self.subject
        found = None if self.type in _OF_TENANTS else self.extra.get("userId")
        return found if isinstance(found, str) and found else None

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
        entitlements.require(self.permissions, self.roles, permission=permission, role=role, holder="token")

    def __repr__(self) -> str:
        return f"Claims(type={str(self.type)!r}, subject={self.subject!r}, tenant_id={self.tenant_id!r})"


_OF_TENANTS: Final = frozenset({TokenType.TENANT_API, TokenType.TENANT_ACCESS})
