"""Models of a user's own profile: what the user may do."""

from __future__ import annotations

from collections.abc import Mapping

import attrs

from frontegg_async._values.json_values import JsonValue
from frontegg_async.models.model import Model
from frontegg_async.models.permissions import Permission
from frontegg_async.models.roles import Role

__all__ = ["UserAuthorization"]


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class UserAuthorization(Model):
    """The roles and permissions of a user in the tenant of its token."""

    roles: tuple[Role, ...] = ()
    """The roles."""
    permissions: tuple[Permission, ...] = attrs.field(default=(), repr=False)
    """The permissions that these roles have."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """What has no field of its own, by names on the wire: unknown fields, and values of an unexpected type."""
