"""Models of a user's own profile: the roles and permissions of the user."""

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
    """The roles and permissions of a user in the tenant of the user's token."""

    roles: tuple[Role, ...] = ()
    """The roles."""
    permissions: tuple[Permission, ...] = attrs.field(default=(), repr=False)
    """The permissions of these roles."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """Unknown fields of the response, and values of an unexpected type, by their names in the JSON."""
