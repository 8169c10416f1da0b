"""Access tokens of tenants and of users: as they are managed, and what one entitles to."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

import attrs

from frontegg_async._values.fields import READ, STRICT, WIRE_NAME
from frontegg_async._values.json_values import JsonValue
from frontegg_async._values.secret import Secret
from frontegg_async._values.value import Value
from frontegg_async.models import entitlements
from frontegg_async.models.claims import TokenType
from frontegg_async.models.entitlements import Names


def _none_is_empty(value: object) -> object:
    return () if value is None else value


_IDS: Final = {READ: _none_is_empty}
_EXPIRES: Final = {WIRE_NAME: "expires"}


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class AccessToken(Value):
    """What an access token entitles to. One of a user has a ``user_id``, one of a tenant does not.

    ``expires_at`` is ``None`` for a token that does not expire.
    """

    id: str
    tenant_id: str
    user_id: str | None = attrs.field(default=None, metadata={STRICT: True})
    roles: tuple[str, ...] = attrs.field(default=(), repr=False)
    permissions: tuple[str, ...] = attrs.field(default=(), repr=False)
    expires_at: datetime | None = attrs.field(default=None, metadata={**_EXPIRES, STRICT: True})
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)

    @property
    def type(self) -> TokenType:
        """The type of the token: `TokenType.USER_ACCESS` with a user, `TokenType.TENANT_ACCESS` without."""
        return TokenType.TENANT_ACCESS if self.user_id is None else TokenType.USER_ACCESS

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


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class UserAccessToken(Value):
    """An access token of a user, as it is listed. It may do what the user may.

    Without ``expires_at`` it does not expire.
    """

    id: str
    description: str | None = attrs.field(default=None, repr=False)
    expires_at: datetime | None = attrs.field(default=None, repr=False, metadata=_EXPIRES)
    created_at: datetime | None = attrs.field(default=None, repr=False)
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class NewUserAccessToken(UserAccessToken):
    """An access token of a user that was just created. Its JWT comes this once; ``secret.reveal()`` has it."""

    secret: Secret = attrs.field(repr=False)


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class UserAccessTokens(Value):
    """The access tokens of a user, as the service lists them."""

    access_tokens: tuple[UserAccessToken, ...]
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class TenantAccessToken(Value):
    """An access token of a tenant, as it is listed.

    Without ``expires_at`` it does not expire. ``created_by_user_id`` is ``None`` when the environment made it.
    """

    id: str
    description: str | None = attrs.field(default=None, repr=False)
    role_ids: tuple[str, ...] = attrs.field(default=(), repr=False, metadata=_IDS)
    created_by_user_id: str | None = attrs.field(default=None, repr=False)
    expires_at: datetime | None = attrs.field(default=None, repr=False, metadata=_EXPIRES)
    created_at: datetime | None = attrs.field(default=None, repr=False)
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class NewTenantAccessToken(TenantAccessToken):
    """An access token of a tenant that was just created. Its JWT comes this once; ``secret.reveal()`` has it."""

    secret: Secret = attrs.field(repr=False)


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class TenantAccessTokens(Value):
    """The access tokens of a tenant, as the service lists them."""

    access_tokens: tuple[TenantAccessToken, ...]
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)


@attrs.frozen(kw_only=True, eq=False, repr=False)
class TenantAccessTokenCreate(Value):
    """The fields of a new access token of a tenant. ``None`` is not sent."""

    description: str | None = attrs.field(default=None, repr=False)
    role_ids: tuple[str, ...] | None = None
    expires_in_minutes: int | float | None = None


@attrs.frozen(kw_only=True, eq=False, repr=False)
class UserAccessTokenCreate(Value):
    """The fields of a new access token of a user. ``None`` is not sent."""

    description: str | None = attrs.field(default=None, repr=False)
    expires_in_minutes: int | float | None = None
