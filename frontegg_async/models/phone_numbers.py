"""Models of phone numbers of users, and of the codes that are sent to these."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import attrs

from frontegg_async._values.json_values import JsonValue
from frontegg_async._values.secret import Secret
from frontegg_async._values.unset import UNSET, Unset
from frontegg_async._values.value import Value
from frontegg_async.models.model import Model

__all__ = ["PhoneNumberCode", "UserPhoneNumber"]


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class UserPhoneNumber(Model):
    """A phone number of a user."""

    id: str
    """The id of the phone number."""
    user_id: str | None = None
    """The id of the user."""
    phone_number: str | None = attrs.field(default=None, repr=False)
    """The number, as ``+49301234567``."""
    verified: bool | None = None
    """Whether the user has shown that the number is theirs."""
    created_at: datetime | None = attrs.field(default=None, repr=False)
    """When the user got the number."""
    updated_at: datetime | None = attrs.field(default=None, repr=False)
    """When the number last changed."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """What has no field of its own, by names on the wire: unknown fields, and values of an unexpected type."""


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class PhoneNumberCode(Model):
    """A code that the service sent to a phone number. Only shipped clients show which fields a response has."""

    phone_id: str | None = None
    """The id of the phone number, where the number is to be removed."""
    otc_token: Secret | None = attrs.field(default=None, repr=False)
    """What is sent back with the code; ``None`` if no code was sent. ``otc_token.reveal()`` returns the text."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """What has no field of its own, by names on the wire: unknown fields, and values of an unexpected type."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class PhoneNumber(Value):
    """A phone number."""

    phone_number: str = attrs.field(repr=False)


@attrs.frozen(kw_only=True, eq=False, repr=False)
class PhoneNumberCreate(Value):
    """A new phone number of a user. What is `UNSET` is not sent."""

    phone_number: str = attrs.field(repr=False)
    verify: bool | Unset = UNSET


@attrs.frozen(kw_only=True, eq=False, repr=False)
class PhoneNumberVerification(Value):
    """A code that was sent to a phone number, and the token that came with the response."""

    otc_token: str = attrs.field(repr=False)
    code: str = attrs.field(repr=False)


@attrs.frozen(kw_only=True, eq=False, repr=False)
class PhoneChangeVerification(Value):
    """The code of a change of the phone number."""

    change_phone_id: str = attrs.field(repr=False)
    code: str = attrs.field(repr=False)


@attrs.frozen(kw_only=True, eq=False, repr=False)
class PhoneResetRequest(Value):
    """The user who lost the phone."""

    email: str = attrs.field(repr=False)


@attrs.frozen(kw_only=True, eq=False, repr=False)
class PhoneResetVerification(Value):
    """The code for a person who lost the phone, and the token that came with the response."""

    reset_phone_number_token: str = attrs.field(repr=False)
    code: str = attrs.field(repr=False)


@attrs.frozen(kw_only=True, eq=False, repr=False)
class PhoneResetChange(Value):
    """The number that follows a lost one, and the token that the code was exchanged for."""

    change_phone_number_token: str = attrs.field(repr=False)
    phone_number: str = attrs.field(repr=False)
