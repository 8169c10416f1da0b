"""Models of prehooks: addresses that the service asks before an event, and that may refuse it."""

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
    """What happens to an event whose prehook fails or does not answer in time."""

    OPEN = "OPEN"
    """The event goes on."""
    CLOSE = "CLOSE"
    """The event is refused."""


PrehookFailMethodLiteral: TypeAlias = Literal["open", "close"]
"""The values of `PrehookFailMethod` as text."""


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class Prehook(Model):
    """A prehook: an address, or code at the service, that is asked before an event and may refuse it."""

    id: str = attrs.field(metadata={OTHER_NAME: "_id"})
    """The id of the prehook, by which it is changed and deleted."""
    event_keys: tuple[str, ...] = attrs.field(default=(), metadata=NONE_IS_EMPTY)
    """The keys of the events that it is asked about, as ``CREATE_TENANT``."""
    url: str | None = attrs.field(default=None, repr=False)
    """The address that is asked; ``None`` for code at the service."""
    is_active: bool | None = None
    """Whether it is asked; ``None`` where the service does not say."""
    fail_method: PrehookFailMethod | str | None = None
    """What happens to an event if the prehook fails; text for a way that this version does not know."""
    display_name: str | None = attrs.field(default=None, repr=False)
    """Its name in the portal."""
    description: str | None = attrs.field(default=None, repr=False)
    """The description that it was given."""
    secret: Secret | None = attrs.field(default=None, repr=False)
    """The secret that the header ``x-webhook-secret`` is signed with; ``secret.reveal()`` returns the text."""
    timeout: int | None = None
    """The most seconds for an answer; ``None`` where the service does not say."""
    type: str | None = None
    """``API`` for an address, ``CUSTOM_CODE`` for code at the service."""
    vendor_id: str | None = None
    """The id of the environment; ``None`` where the service does not say."""
    created_at: datetime | None = attrs.field(default=None, repr=False)
    """When it was created."""
    updated_at: datetime | None = attrs.field(default=None, repr=False)
    """When it was changed last."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """What has no field of its own, by names on the wire: unknown fields, and values of an unexpected type."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class PrehookCreate(Value):
    """The fields of a new prehook. ``None`` is not sent."""

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
    """The fields of a prehook to change. What is `UNSET` is not sent."""

    url: str | Unset = attrs.field(default=UNSET, repr=False)
    secret: str | Unset = attrs.field(default=UNSET, repr=False)
    event_keys: tuple[str, ...] | Unset = UNSET
    fail_method: PrehookFailMethod | Unset = UNSET
    is_active: bool | Unset = UNSET
    display_name: str | None | Unset = attrs.field(default=UNSET, repr=False)
    description: str | None | Unset = attrs.field(default=UNSET, repr=False)
    timeout: int | Unset = UNSET
