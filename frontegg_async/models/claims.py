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
    """The types of the tokens that stand for a user or a tenant: the values of the claim ``type``."""

    USER = "userToken"
    """The token of a signed-in user."""
    USER_API = "userApiToken"
    """A session of an API token of a user."""
    TENANT_API = "tenantApiToken"
    """A session of an API token of a tenant."""
    TENANT_ACCESS = "tenantAccessToken"
    """An access token of a tenant, which is sent in ``x-api-key``."""
    USER_ACCESS = "userAccessToken"
    """An access token of a user, which is sent in ``x-api-key``."""


AccessTokenTypeLiteral: TypeAlias = Literal[
    "tenantAccessToken", "userAccessToken", "tenant_access_token", "user_access_token"
]
"""The types of access tokens as text: those of `TokenType` that `AsyncAccessTokenVerifier` accepts."""

ACCESS_TYPES: Final = frozenset({TokenType.TENANT_ACCESS, TokenType.USER_ACCESS})
"""The types of access tokens: sent in ``x-api-key``; the service has to be asked for their entitlements."""

BEARER_TYPES: Final = frozenset(TokenType) - ACCESS_TYPES
"""The types of tokens that are sent in ``Authorization`` and carry their entitlements themselves."""


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class Claims(ModelWithMetadata):
    """The claims of a token that was verified.

    The service may leave claims out, and a customer's JWT template may write them in another form: such a field is
    empty or ``None``, and ``extra`` has what came. The ``repr`` shows only type and ids.
    """

    type: TokenType | str
    """A `TokenType`, or the text of a type that this version does not know."""
    subject: str
    """The ``sub``: the id of the user, of the API token or of the access token."""
    tenant_id: str
    """The id of the tenant that the token is for."""
    tenant_ids: tuple[str, ...] = ()
    """The ids of the tenants that the user belongs to, without those that the user reaches through the hierarchy."""
    roles: tuple[str, ...] = ()
    """The keys of the roles; empty where the token has none."""
    permissions: tuple[str, ...] = ()
    """The keys of the permissions; empty where the token has none."""
    email: str | None = None
    """The e-mail address; ``None`` where the token has none."""
    name: str | None = None
    """The name; ``None`` where the token has none."""
    metadata: JsonValue = attrs.field(default=None, hash=False)
    """The metadata of the user or of the API token, as the token has it; ``None`` where it has none."""
    issued_at: datetime
    """When the token was issued."""
    expires_at: datetime | None
    """When the token ends; ``None`` for an access token without an end."""
    audience: tuple[str, ...]
    """The ``aud``: the client id of the environment or the ids of applications."""
    issuer: str
    """The ``iss``: the address of the environment's sub-domain."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], hash=False)
    """Claims that have no field of their own, by their names in the token."""

    @property
    def user_id(self) -> str | None:
        """The id of the user that the token stands for; ``None`` for the token of a tenant."""
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
            holder="token",
        )

    def __repr__(self) -> str:
        return f"Claims(type={str(self.type)!r}, subject={self.subject!r}, tenant_id={self.tenant_id!r})"


_OF_TENANTS: Final = frozenset({TokenType.TENANT_API, TokenType.TENANT_ACCESS})
