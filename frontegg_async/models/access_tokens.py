"""Models of access tokens: tokens of tenants and users, and the entitlements of a token."""

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
    """The entitlements of an access token. Only an access token of a user has a ``user_id``."""

    id: str
    """The id of the access token: the ``sub`` of its JWT."""
    tenant_id: str
    """The id of the tenant that the token is for."""
    user_id: str | None = attrs.field(default=None, metadata={STRICT: True})
    """The id of the user; ``None`` for an access token of a tenant."""
    roles: tuple[str, ...] = attrs.field(default=(), repr=False)
    """The keys of the roles that the token has."""
    permissions: tuple[str, ...] = attrs.field(default=(), repr=False)
    """The keys of the permissions that the token has, which may include wildcards such as ``fe.secure.*``."""
    expires_at: datetime | None = attrs.field(default=None, metadata={**EXPIRES_AT, STRICT: True})
    """The time at which the token expires; ``None`` if it never expires."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """Unknown fields of the response, and values of an unexpected type, by their names in the JSON."""

    @property
    def type(self) -> TokenType:
        """The type: `TokenType.USER_ACCESS` if the token has a user, else `TokenType.TENANT_ACCESS`."""
        return TokenType.TENANT_ACCESS if self.user_id is None else TokenType.USER_ACCESS

    def may(self, permission: str) -> bool:
        """Return whether the token has a permission, by name or by a wildcard such as ``fe.secure.*``.

        Args:
            permission: The name of a permission.

        Raises:
            InvalidArgumentError: The name is not text, or is empty.
        """
        return entitlements.may(self.permissions, permission)

    def require(
        self, *, permission: Names | None = None, role: Names | None = None, in_tenant: str | Unset = UNSET
    ) -> None:
        """Raise an error if the token lacks a permission or a role.

        A token has permissions and roles only in its own tenant, whose administrators grant them. Without
        ``in_tenant``, the check proves nothing about the accounts of other tenants.

        Args:
            permission: The required permission, or several that are all required. A wildcard permission of the token
                covers all permissions that it matches.
            role: The required role, or several that are all required.
            in_tenant: The id of the tenant that the token must be for. To check your own staff, pass the id of your
                company's tenant.

        Raises:
            InvalidArgumentError: Neither a permission nor a role is given, or a name or an id is empty or is not text.
            MissingPermissionError: The token lacks a required permission or role, or is for another tenant than
                ``in_tenant``. ``missing`` lists the missing names.
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
    """An access token of a user. The token has the permissions of the user."""

    id: str
    """The id of the access token, with which you delete it."""
    description: str | None = attrs.field(default=None, repr=False)
    """The description that the token was created with."""
    expires_at: datetime | None = attrs.field(default=None, repr=False, metadata=EXPIRES_AT)
    """The time at which the token expires; ``None`` if it never expires."""
    created_at: datetime | None = attrs.field(default=None, repr=False)
    """The time of creation."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """Unknown fields of the response, and values of an unexpected type, by their names in the JSON."""


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class NewUserAccessToken(UserAccessToken):
    """A new access token of a user. The service returns its JWT only this once."""

    secret: Secret = attrs.field(repr=False)
    """The JWT, which a program sends in the header ``x-api-key``. ``secret.reveal()`` returns the text."""


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class UserAccessTokens(Value):
    """A list of the access tokens of a user."""

    access_tokens: tuple[UserAccessToken, ...]
    """The access tokens, in the order of the response."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """Unknown fields of the response, and values of an unexpected type, by their names in the JSON."""


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class TenantAccessToken(Model):
    """An access token of a tenant."""

    id: str
    """The id of the access token, with which you delete it."""
    description: str | None = attrs.field(default=None, repr=False)
    """The description that the token was created with."""
    role_ids: tuple[str, ...] = attrs.field(default=(), repr=False, metadata=NONE_IS_EMPTY)
    """The ids of the roles that the token has."""
    created_by_user_id: str | None = attrs.field(default=None, repr=False)
    """The id of the user who created the token; ``None`` if the environment created it."""
    expires_at: datetime | None = attrs.field(default=None, repr=False, metadata=EXPIRES_AT)
    """The time at which the token expires; ``None`` if it never expires."""
    created_at: datetime | None = attrs.field(default=None, repr=False)
    """The time of creation."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """Unknown fields of the response, and values of an unexpected type, by their names in the JSON."""


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class NewTenantAccessToken(TenantAccessToken):
    """A new access token of a tenant. The service returns its JWT only this once."""

    secret: Secret = attrs.field(repr=False)
    """The JWT, which a program sends in the header ``x-api-key``. ``secret.reveal()`` returns the text."""


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class TenantAccessTokens(Value):
    """A list of the access tokens of a tenant."""

    access_tokens: tuple[TenantAccessToken, ...]
    """The access tokens, in the order of the response."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """Unknown fields of the response, and values of an unexpected type, by their names in the JSON."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class TenantAccessTokenCreate(Value):
    """The fields of a new access token of a tenant. Fields that are ``None`` are not sent."""

    description: str | None = attrs.field(default=None, repr=False)
    role_ids: tuple[str, ...] | None = None
    expires_in_minutes: int | float | None = None


@attrs.frozen(kw_only=True, eq=False, repr=False)
class UserAccessTokenCreate(Value):
    """The fields of a new access token of a user. Fields that are ``None`` are not sent."""

    description: str | None = attrs.field(default=None, repr=False)
    expires_in_minutes: int | float | None = None
