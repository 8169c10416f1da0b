"""Models of phone numbers of users, and of the codes that the service sends to these numbers."""

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
    """The number, such as ``+49301234567``."""
    verified: bool | None = None
    """Whether the user has confirmed the number with a code."""
    created_at: datetime | None = attrs.field(default=None, repr=False)
    """The time at which the number was added to the user."""
    updated_at: datetime | None = attrs.field(default=None, repr=False)
    """The time at which the number last changed."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """Unknown fields of the response, and values of an unexpected type, by their names in the JSON."""


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class PhoneNumberCode(Model):
    """A code that the service sent to a phone number.

    The fields of this response are known only from Frontegg's own SDKs.
    """

    phone_id: str | None = None
    """The id of the phone number, if the code confirms its removal; otherwise ``None``."""
    otc_token: Secret | None = attrs.field(default=None, repr=False)
    """The token to send back together with the code; ``None`` if no code was sent.

    ``otc_token.reveal()`` returns the text.
    """
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """Unknown fields of the response, and values of an unexpected type, by their names in the JSON."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class PhoneNumber(Value):
    """A phone number."""

    phone_number: str = attrs.field(repr=False)


@attrs.frozen(kw_only=True, eq=False, repr=False)
class PhoneNumberCreate(Value):
    """A new phone number of a user. Fields that are `UNSET` are not sent."""

    phone_number: str = attrs.field(repr=False)
    verify: bool | Unset = UNSET


@attrs.frozen(kw_only=True, eq=False, repr=False)
class PhoneNumberVerification(Value):
    """The code that the service sent to a phone number, and the token that the service returned."""

    otc_token: str = attrs.field(repr=False)
    code: str = attrs.field(repr=False)


@attrs.frozen(kw_only=True, eq=False, repr=False)
class PhoneChangeVerification(Value):
    """The code that confirms a change of the phone number."""

    change_phone_id: str = attrs.field(repr=False)
    code: str = attrs.field(repr=False)


@attrs.frozen(kw_only=True, eq=False, repr=False)
class PhoneResetRequest(Value):
    """The e-mail address of the user who lost the phone."""

    email: str = attrs.field(repr=False)


@attrs.frozen(kw_only=True, eq=False, repr=False)
class PhoneResetVerification(Value):
    """The code that a user who lost the phone received, and the token that the service returned."""

    reset_phone_number_token: str = attrs.field(repr=False)
    code: str = attrs.field(repr=False)


@attrs.frozen(kw_only=True, eq=False, repr=False)
class PhoneResetChange(Value):
    """The number that replaces a lost phone's number, and the token that the service returned for the code."""

    change_phone_number_token: str = attrs.field(repr=False)
    phone_number: str = attrs.field(repr=False)
