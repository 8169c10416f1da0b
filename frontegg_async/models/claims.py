"""Models of verified tokens: their claims, their types and their entitlements."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from datetime import datetime
from typing import Final, Literal, TypeAlias

import attrs

from frontegg_async._values.json_values import JsonValue
from frontegg_async._values.unset import UNSET, Unset
from frontegg_async.models import entitlements
from frontegg_async.models.entitlements import Names
from frontegg_async.models.model import ModelWithMetadata

__all__ = ["Claims", "TokenType"]


class TokenType(enum.StrEnum):
    """The types of tokens of users and tenants: the values of the claim ``type``."""

    USER = "userToken"
    """The token of a signed-in user."""
    USER_API = "userApiToken"
    """A JWT that was issued for an API token of a user."""
    TENANT_API = "tenantApiToken"
    """A JWT that was issued for an API token of a tenant."""
    TENANT_ACCESS = "tenantAccessToken"
    """An access token of a tenant, sent in the header ``x-api-key``."""
    USER_ACCESS = "userAccessToken"
    """An access token of a user, sent in the header ``x-api-key``."""


AccessTokenTypeLiteral: TypeAlias = Literal[
    "tenantAccessToken", "userAccessToken", "tenant_access_token", "user_access_token"
]
"""The types of access tokens as text: the values of `TokenType` that `AsyncAccessTokenVerifier` accepts."""

ACCESS_TYPES: Final = frozenset({TokenType.TENANT_ACCESS, TokenType.USER_ACCESS})
"""The types of tokens in the header ``x-api-key``.

These tokens do not contain their permissions and roles, so the service must look both up.
"""

BEARER_TYPES: Final = frozenset(TokenType) - ACCESS_TYPES
"""The types of tokens in the header ``Authorization``. These tokens contain their permissions and roles."""


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class Claims(ModelWithMetadata):
    """The claims of a token that was verified.

    If the service leaves a claim out, or a JWT template changes its form, the field of the claim is empty or ``None``.
    A claim in another form is in ``extra``, unchanged. The ``repr`` shows only the type and the ids.
    """

    type: TokenType | str
    """The type of the token: a `TokenType`, or a text that this version does not know."""
    subject: str
    """The ``sub``: the id of the user, the API token or the access token."""
    tenant_id: str
    """The id of the tenant that the token is for."""
    tenant_ids: tuple[str, ...] = ()
    """The ids of the tenants to which the user belongs.

    Tenants that the user reaches only through the hierarchy are not included.
    """
    roles: tuple[str, ...] = ()
    """The keys of the roles; empty if the token has none."""
    permissions: tuple[str, ...] = ()
    """The keys of the permissions; empty if the token has none."""
    email: str | None = None
    """The e-mail address; ``None`` if the token has none."""
    name: str | None = None
    """The name; ``None`` if the token has none."""
    metadata: JsonValue = attrs.field(default=None, hash=False)
    """The metadata of the user or of the API token; ``None`` if the token has none."""
    issued_at: datetime
    """The time at which the token was issued."""
    expires_at: datetime | None
    """The time at which the token expires; ``None`` for an access token that never expires."""
    audience: tuple[str, ...]
    """The ``aud``: the client id of the environment, or the ids of applications."""
    issuer: str
    """The ``iss``: the address of the environment's subdomain."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], hash=False)
    """Claims for which this class has no field, by their names in the token."""

    @property
    def user_id(self) -> str | None:
        """The id of the user whom the token represents; ``None`` for the token of a tenant."""
        if self.type == TokenType.USER:
            return self.subject
        found = None if self.type in _OF_TENANTS else self.extra.get("userId")
        return found if isinstance(found, str) and found else None

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
            holder="token",
        )

    def __repr__(self) -> str:
        return f"Claims(type={str(self.type)!r}, subject={self.subject!r}, tenant_id={self.tenant_id!r})"


_OF_TENANTS: Final = frozenset({TokenType.TENANT_API, TokenType.TENANT_ACCESS})
