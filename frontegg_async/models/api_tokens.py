"""API tokens (client credentials) of tenants and of users, as they are read and as they are written."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

import attrs

from frontegg_async._values.fields import MAY_BE_EMPTY, READ
from frontegg_async._values.json_values import JsonValue
from frontegg_async._values.secret import Secret
from frontegg_async._values.unset import UNSET, Unset
from frontegg_async._values.value import Value


def _none_is_empty(value: object) -> object:
    return () if value is None else value


_IDS: Final = {READ: _none_is_empty}
_NEW_IDS: Final = {MAY_BE_EMPTY: True}


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class TenantApiToken(Value):
    """An API token of a tenant. It has the ids either of roles or of permissions.

    ``metadata`` is what the JWTs of its sessions carry. Without ``expires`` it is good for ever, unless
    ``extra["expires"]`` has a time that cannot be read. ``tenant_id`` is ``None`` where the service does not say it.
    """

    client_id: str
    tenant_id: str | None = None
    description: str | None = attrs.field(default=None, repr=False)
    created_by_user_id: str | None = attrs.field(default=None, repr=False)
    metadata: JsonValue = attrs.field(default=None, repr=False, hash=False)
    role_ids: tuple[str, ...] = attrs.field(default=(), repr=False, metadata=_IDS)
    permission_ids: tuple[str, ...] = attrs.field(default=(), repr=False, metadata=_IDS)
    expires: datetime | None = attrs.field(default=None, repr=False)
    created_at: datetime | None = attrs.field(default=None, repr=False)
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class NewTenantApiToken(TenantApiToken):
    """An API token of a tenant that was just created. Its secret comes this once; ``secret.reveal()`` has it."""

    secret: Secret = attrs.field(repr=False)


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class UserApiToken(Value):
    """An API token of a user. It may do what the user may.

    ``metadata`` is what the JWTs of its sessions carry. Without ``expires`` it is good for ever, unless
    ``extra["expires"]`` has a time that cannot be read.
    """

    client_id: str
    description: str | None = attrs.field(default=None, repr=False)
    metadata: JsonValue = attrs.field(default=None, repr=False, hash=False)
    expires: datetime | None = attrs.field(default=None, repr=False)
    created_at: datetime | None = attrs.field(default=None, repr=False)
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class NewUserApiToken(UserApiToken):
    """An API token of a user that was just created. Its secret comes this once; ``secret.reveal()`` has it."""

    secret: Secret = attrs.field(repr=False)


@attrs.frozen(kw_only=True, eq=False, repr=False)
class TenantApiTokenCreate(Value):
    """The fields of a new API token of a tenant. ``None`` is not sent."""

    description: str | None = attrs.field(default=None, repr=False)
    role_ids: tuple[str, ...] | None = None
    permission_ids: tuple[str, ...] | None = None
    expires_in_minutes: int | float | None = None
    metadata: Mapping[str, JsonValue] | None = attrs.field(default=None, repr=False, hash=False)


@attrs.frozen(kw_only=True, eq=False, repr=False)
class UserApiTokenCreate(Value):
    """The fields of a new API token of a user. ``None`` is not sent."""

    description: str | None = attrs.field(default=None, repr=False)
    expires_in_minutes: int | float | None = None
    metadata: Mapping[str, JsonValue] | None = attrs.field(default=None, repr=False, hash=False)


@attrs.frozen(kw_only=True, eq=False, repr=False)
class ApiTokenUpdate(Value):
    """The fields of an API token of a tenant to change. What is `UNSET` is not sent."""

    description: str | None | Unset = attrs.field(default=UNSET, repr=False)
    role_ids: tuple[str, ...] | Unset = attrs.field(default=UNSET, metadata=_NEW_IDS)
    permission_ids: tuple[str, ...] | Unset = attrs.field(default=UNSET, metadata=_NEW_IDS)
    metadata: Mapping[str, JsonValue] | Unset = attrs.field(default=UNSET, repr=False, hash=False)
