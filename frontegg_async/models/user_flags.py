"""Models of flags of users, and of temporary users."""

from __future__ import annotations

from collections.abc import Mapping

import attrs

from frontegg_async._values.json_values import JsonValue
from frontegg_async._values.value import Value
from frontegg_async.models.model import Model

__all__ = ["TemporaryUserConfiguration"]


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class TemporaryUserConfiguration(Model):
    """The setting of temporary users in an environment."""

    enabled: bool | None = None
    """Whether temporary users are enabled; ``None`` if the response lacks this field."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """Unknown fields of the response, and values of an unexpected type, by their names in the JSON."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class TemporaryUserConfigurationUpdate(Value):
    """Whether to enable temporary users in the environment."""

    enabled: bool


@attrs.frozen(kw_only=True, eq=False, repr=False)
class UserExpiration(Value):
    """The number of seconds after which a user leaves a tenant automatically."""

    expiration_in_seconds: int | float


@attrs.frozen(kw_only=True, eq=False, repr=False)
class UserInvisible(Value):
    """Whether to hide a user from the other users of a tenant."""

    invisible: bool


@attrs.frozen(kw_only=True, eq=False, repr=False)
class UserSuperuser(Value):
    """Whether a user has access to all tenants."""

    super_user: bool
