"""Models of prehooks: addresses that the service calls before an event, and whose response may refuse the event."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from datetime import datetime
from typing import Literal, TypeAlias

import attrs

from frontegg_async._values.fields import NONE_IS_EMPTY, OTHER_NAME
from frontegg_async._values.json_values import JsonValue
from frontegg_async._values.secret import Secret
from frontegg_async._values.unset import UNSET, Unset
from frontegg_async._values.value import Value
from frontegg_async.models.model import Model

__all__ = ["Prehook", "PrehookFailMethod"]


class PrehookFailMethod(enum.StrEnum):
    """The ways to treat an event if its prehook fails or does not respond in time."""

    OPEN = "OPEN"
    """The event happens."""
    CLOSE = "CLOSE"
    """The event is refused."""


PrehookFailMethodLiteral: TypeAlias = Literal["open", "close"]
"""The values of `PrehookFailMethod` as text."""


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class Prehook(Model):
    """A prehook: an address that the service calls, or code that the service runs, before an event.

    It may refuse the event.
    """

    id: str = attrs.field(metadata={OTHER_NAME: "_id"})
    """The id of the prehook, with which you change and delete it."""
    event_keys: tuple[str, ...] = attrs.field(default=(), metadata=NONE_IS_EMPTY)
    """The keys of the events before which the prehook is called, such as ``CREATE_TENANT``."""
    url: str | None = attrs.field(default=None, repr=False)
    """The address that the service calls; ``None`` if the service runs code instead."""
    is_active: bool | None = None
    """Whether the prehook is called; ``None`` if the response lacks this field."""
    fail_method: PrehookFailMethod | str | None = None
    """The treatment of an event if the prehook fails. A value that this version does not know is plain text."""
    display_name: str | None = attrs.field(default=None, repr=False)
    """The name of the prehook in the portal."""
    description: str | None = attrs.field(default=None, repr=False)
    """The description of the prehook."""
    secret: Secret | None = attrs.field(default=None, repr=False)
    """The secret that signs the header ``x-webhook-secret``. ``secret.reveal()`` returns the text."""
    timeout: int | None = None
    """The longest time for a response, in seconds; ``None`` if the response lacks it."""
    type: str | None = None
    """``API`` for an address that the service calls, or ``CUSTOM_CODE`` for code that the service runs."""
    vendor_id: str | None = None
    """The id of the environment; ``None`` if the response lacks it."""
    created_at: datetime | None = attrs.field(default=None, repr=False)
    """The time of creation."""
    updated_at: datetime | None = attrs.field(default=None, repr=False)
    """The time of the last change."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """Unknown fields of the response, and values of an unexpected type, by their names in the JSON."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class PrehookCreate(Value):
    """The fields of a new prehook. Fields that are ``None`` are not sent."""

    url: str = attrs.field(repr=False)
    secret: str = attrs.field(repr=False)
    event_keys: tuple[str, ...]
    fail_method: PrehookFailMethod
    is_active: bool
    type: str = "API"
    display_name: str | None = attrs.field(default=None, repr=False)
    description: str | None = attrs.field(default=None, repr=False)
    timeout: int | None = None


@attrs.frozen(kw_only=True, eq=False, repr=False)
class PrehookUpdate(Value):
    """The fields of a prehook to change. Fields that are `UNSET` are not sent."""

    url: str | Unset = attrs.field(default=UNSET, repr=False)
    secret: str | Unset = attrs.field(default=UNSET, repr=False)
    event_keys: tuple[str, ...] | Unset = UNSET
    fail_method: PrehookFailMethod | Unset = UNSET
    is_active: bool | Unset = UNSET
    display_name: str | None | Unset = attrs.field(default=UNSET, repr=False)
    description: str | None | Unset = attrs.field(default=UNSET, repr=False)
    timeout: int | Unset = UNSET
