"""Models of user names, with which users sign in."""

from __future__ import annotations

from collections.abc import Mapping

import attrs

from frontegg_async._values.json_values import JsonValue
from frontegg_async._values.value import Value
from frontegg_async.models.model import Model

__all__ = ["Username"]


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class Username(Model):
    """The user name of a user."""

    username: str = attrs.field(repr=False)
    """The user name for the sign-in."""
    user_id: str | None = None
    """The id of the user."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """Unknown fields of the response, and values of an unexpected type, by their names in the JSON."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class UsernameCreate(Value):
    """A new user name."""

    username: str = attrs.field(repr=False)
