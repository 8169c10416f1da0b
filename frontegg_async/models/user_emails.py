"""Models of the e-mail addresses of users. A user may have several addresses, of which one is the primary address."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import attrs

from frontegg_async._values.fields import WIRE_NAME
from frontegg_async._values.json_values import JsonValue
from frontegg_async._values.unset import UNSET, Unset
from frontegg_async._values.value import Value
from frontegg_async.models.model import Model

__all__ = ["UserEmailAddress"]


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class UserEmailAddress(Model):
    """An e-mail address of a user."""

    id: str
    """The id of the address."""
    user_id: str | None = None
    """The id of the user."""
    email: str | None = attrs.field(default=None, repr=False)
    """The address."""
    verified: bool | None = None
    """Whether the user has confirmed the address."""
    is_primary: bool | None = None
    """Whether this is the primary address, which `User` has as ``email``."""
    created_at: datetime | None = attrs.field(default=None, repr=False)
    """The time at which the address was added to the user."""
    updated_at: datetime | None = attrs.field(default=None, repr=False)
    """The time at which the address last changed."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """Unknown fields of the response, and values of an unexpected type, by their names in the JSON."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class UserEmailAddressCreate(Value):
    """A new e-mail address of a user. Fields that are `UNSET` are not sent."""

    email: str = attrs.field(repr=False)
    verified: bool | Unset = attrs.field(default=UNSET, metadata={WIRE_NAME: "isVerified"})


@attrs.frozen(kw_only=True, eq=False, repr=False)
class EmailVerification(Value):
    """An e-mail address, and the code that the service sent to the address."""

    code: str = attrs.field(repr=False)
    email: str = attrs.field(repr=False)
