"""Models of access tokens: the tokens of tenants and users as they are listed and created, and their entitlements."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import attrs

from frontegg_async._values.fields import EXPIRES_AT, NONE_IS_EMPTY, STRICT
from frontegg_async._values.json_values import JsonValue
from frontegg_async._values.secret import Secret
from frontegg_async._values.unset import UNSET, Unset
from frontegg_async._values.value import Value
from frontegg_async.models import entitlements
from frontegg_async.models.claims import TokenType
from frontegg_async.models.entitlements import Names
from frontegg_async.models.model import Model

__all__ = ["AccessToken", "NewTenantAccessToken", "NewUserAccessToken", "TenantAccessToken", "UserAccessToken"]


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class AccessToken(Model):
    """The entitlements of an access token, as the service looks them up. Only a token of a user has a ``user_id``."""

    id: str
    """The id of the access token, which is the ``sub`` of its JWT."""
    tenant_id: str
    """The id of the tenant that the token is for."""
    user_id: str | None = attrs.field(default=None, metadata={STRICT: True})
    """The id of the user, for an access token of a user; ``None`` for one of a tenant."""
    roles: tuple[str, ...] = attrs.field(default=(), repr=False)
    """The keys of the roles that the token has."""
    permissions: tuple[str, ...] = attrs.field(default=(), repr=False)
    """The keys of the permissions that the token has; wildcards among them, as ``fe.secure.*``."""
    expires_at: datetime | None = attrs.field(default=None, metadata={**EXPIRES_AT, STRICT: True})
    """When the token ends; ``None`` for one without an end."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """What has no field of its own, by names on the wire: unknown fields, and values of an unexpected type."""

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

    def require(
        self, *, permission: Names | None = None, role: Names | None = None, in_tenant: str | Unset = UNSET
    ) -> None:
        """Refuse a token that lacks a permission or a role.

        A token has its permissions and roles in its own tenant, whose administrators give them. Without ``in_tenant``
        they say nothing about the accounts of other tenants.

        Args:
            permission: A permission, or several of which all are required; wildcards of the token cover.
            role: A role, or several of which all are required.
            in_tenant: The id of the tenant that the token must be for, as that of your own company for operators.

        Raises:
            InvalidArgumentError: No permission and no role is required, or a name or an id is no text or empty.
            MissingPermissionError: The token lacks something, or is for another tenant; ``missing`` has the names.
        """
        entitlements.require(
            self.permissions,
            self.roles,
            self.tenant_id,
            permission=permission,
            role=role,
            in_tenant=in_tenant,
            holder="access token",
        )


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class UserAccessToken(Model):
    """An access token of a user, as the service lists it. It has the permissions of the user."""

    id: str
    """The id of the access token, by which it is deleted."""
    description: str | None = attrs.field(default=None, repr=False)
    """The description that it was created with."""
    expires_at: datetime | None = attrs.field(default=None, repr=False, metadata=EXPIRES_AT)
    """When the token ends; ``None`` for one without an end."""
    created_at: datetime | None = attrs.field(default=None, repr=False)
    """When it was created."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """What has no field of its own, by names on the wire: unknown fields, and values of an unexpected type."""


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class NewUserAccessToken(UserAccessToken):
    """A new access token of a user. The service returns its JWT only this once."""

    secret: Secret = attrs.field(repr=False)
    """The JWT, to send in the header ``x-api-key``. ``secret.reveal()`` returns the text."""


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class UserAccessTokens(Value):
    """The access tokens of a user, as the service lists them."""

    access_tokens: tuple[UserAccessToken, ...]
    """The access tokens, in the order of the service."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """What has no field of its own, by names on the wire: unknown fields, and values of an unexpected type."""


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class TenantAccessToken(Model):
    """An access token of a tenant, as the service lists it."""

    id: str
    """The id of the access token, by which it is deleted."""
    description: str | None = attrs.field(default=None, repr=False)
    """The description that it was created with."""
    role_ids: tuple[str, ...] = attrs.field(default=(), repr=False, metadata=NONE_IS_EMPTY)
    """The ids of the roles that the token has."""
    created_by_user_id: str | None = attrs.field(default=None, repr=False)
    """The id of the user who created it; ``None`` if the environment did."""
    expires_at: datetime | None = attrs.field(default=None, repr=False, metadata=EXPIRES_AT)
    """When the token ends; ``None`` for one without an end."""
    created_at: datetime | None = attrs.field(default=None, repr=False)
    """When it was created."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """What has no field of its own, by names on the wire: unknown fields, and values of an unexpected type."""


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class NewTenantAccessToken(TenantAccessToken):
    """A new access token of a tenant. The service returns its JWT only this once."""

    secret: Secret = attrs.field(repr=False)
    """The JWT, to send in the header ``x-api-key``. ``secret.reveal()`` returns the text."""


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class TenantAccessTokens(Value):
    """The access tokens of a tenant, as the service lists them."""

    access_tokens: tuple[TenantAccessToken, ...]
    """The access tokens, in the order of the service."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """What has no field of its own, by names on the wire: unknown fields, and values of an unexpected type."""


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
