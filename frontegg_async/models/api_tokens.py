"""Models of the API tokens (client credentials) of tenants and users, and the request bodies for these tokens."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

import attrs

from frontegg_async._values.fields import EXPIRES_AT, MAY_BE_EMPTY, NONE_IS_EMPTY
from frontegg_async._values.json_values import JsonValue
from frontegg_async._values.secret import Secret
from frontegg_async._values.unset import UNSET, Unset
from frontegg_async._values.value import Value
from frontegg_async.models.model import ModelWithMetadata

__all__ = ["NewTenantApiToken", "NewUserApiToken", "TenantApiToken", "UserApiToken"]


_NEW_IDS: Final = {MAY_BE_EMPTY: True}


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class TenantApiToken(ModelWithMetadata):
    """An API token of a tenant. It has either roles or permissions."""

    client_id: str
    """The client id, which identifies the token when you change or delete it."""
    tenant_id: str | None = None
    """The id of the tenant; ``None`` if the response lacks it."""
    description: str | None = attrs.field(default=None, repr=False)
    """The description of the token."""
    created_by_user_id: str | None = attrs.field(default=None, repr=False)
    """The id of the user who created the token; ``None`` if the response lacks it."""
    metadata: JsonValue = attrs.field(default=None, repr=False, hash=False)
    """The metadata in the JWTs of the token's sessions: any JSON value, parsed."""
    role_ids: tuple[str, ...] = attrs.field(default=(), repr=False, metadata=NONE_IS_EMPTY)
    """The ids of the token's roles; empty if the token has permissions instead."""
    permission_ids: tuple[str, ...] = attrs.field(default=(), repr=False, metadata=NONE_IS_EMPTY)
    """The ids of the token's permissions; empty if the token has roles instead."""
    expires_at: datetime | None = attrs.field(default=None, repr=False, metadata=EXPIRES_AT)
    """The time at which the token expires.

    ``None`` if the token never expires. If the service sent a text that is not a time, this field is also ``None``, and
    ``extra["expires"]`` has the text.
    """
    created_at: datetime | None = attrs.field(default=None, repr=False)
    """The time of creation."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """Unknown fields of the response, and values of an unexpected type, by their names in the JSON."""


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class NewTenantApiToken(TenantApiToken):
    """A new API token of a tenant. The service returns its secret only this once."""

    secret: Secret = attrs.field(repr=False)
    """The secret that belongs to the client id. ``secret.reveal()`` returns the text."""


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class UserApiToken(ModelWithMetadata):
    """An API token of a user. The token has the permissions of the user."""

    client_id: str
    """The client id, which identifies the token when you delete it."""
    description: str | None = attrs.field(default=None, repr=False)
    """The description of the token."""
    metadata: JsonValue = attrs.field(default=None, repr=False, hash=False)
    """The metadata in the JWTs of the token's sessions: any JSON value, parsed."""
    expires_at: datetime | None = attrs.field(default=None, repr=False, metadata=EXPIRES_AT)
    """The time at which the token expires.

    ``None`` if the token never expires. If the service sent a text that is not a time, this field is also ``None``, and
    ``extra["expires"]`` has the text.
    """
    created_at: datetime | None = attrs.field(default=None, repr=False)
    """The time of creation."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """Unknown fields of the response, and values of an unexpected type, by their names in the JSON."""


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class NewUserApiToken(UserApiToken):
    """A new API token of a user. The service returns its secret only this once."""

    secret: Secret = attrs.field(repr=False)
    """The secret that belongs to the client id. ``secret.reveal()`` returns the text."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class TenantApiTokenCreate(Value):
    """The fields of a new API token of a tenant. Fields that are ``None`` are not sent."""

    description: str | None = attrs.field(default=None, repr=False)
    role_ids: tuple[str, ...] | None = None
    permission_ids: tuple[str, ...] | None = None
    expires_in_minutes: int | float | None = None
    metadata: Mapping[str, JsonValue] | None = attrs.field(default=None, repr=False, hash=False)


@attrs.frozen(kw_only=True, eq=False, repr=False)
class UserApiTokenCreate(Value):
    """The fields of a new API token of a user. Fields that are ``None`` are not sent."""

    description: str | None = attrs.field(default=None, repr=False)
    expires_in_minutes: int | float | None = None
    metadata: Mapping[str, JsonValue] | None = attrs.field(default=None, repr=False, hash=False)


@attrs.frozen(kw_only=True, eq=False, repr=False)
class ApiTokenUpdate(Value):
    """The fields of an API token of a tenant to change. Fields that are `UNSET` are not sent."""

    description: str | None | Unset = attrs.field(default=UNSET, repr=False)
    role_ids: tuple[str, ...] | Unset = attrs.field(default=UNSET, metadata=_NEW_IDS)
    permission_ids: tuple[str, ...] | Unset = attrs.field(default=UNSET, metadata=_NEW_IDS)
    metadata: Mapping[str, JsonValue] | Unset = attrs.field(default=UNSET, repr=False, hash=False)
