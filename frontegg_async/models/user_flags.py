"""Models of flags of users and of temporary users."""

from __future__ import annotations

from collections.abc import Mapping

import attrs

from frontegg_async._values.json_values import JsonValue
from frontegg_async._values.value import Value
from frontegg_async.models.model import Model

__all__ = ["TemporaryUserConfiguration"]


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class TemporaryUserConfiguration(Model):
    """Whether the environment has temporary users."""

    enabled: bool | None = None
    """Whether it has; ``None`` where the service does not say."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """What has no field of its own, by names on the wire: unknown fields, and values of an unexpected type."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class TemporaryUserConfigurationUpdate(Value):
    """Whether the environment has temporary users."""

    enabled: bool


@attrs.frozen(kw_only=True, eq=False, repr=False)
class UserExpiration(Value):
    """After how many seconds a user leaves a tenant by itself."""

    expiration_in_seconds: int | float


@attrs.frozen(kw_only=True, eq=False, repr=False)
class UserInvisible(Value):
    """Whether the users of a tenant do not see a user."""

    invisible: bool


@attrs.frozen(kw_only=True, eq=False, repr=False)
class UserSuperuser(Value):
    """Whether a user has access to all tenants."""

    super_user: bool
