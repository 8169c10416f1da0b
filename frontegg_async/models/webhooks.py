"""Models of webhooks, to which the service sends events, and of the log of deliveries."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import attrs

from frontegg_async._values.fields import EXPECTED, NONE_IS_EMPTY, OTHER_NAME, READ, WIRE_NAME
from frontegg_async._values.json_values import JsonValue
from frontegg_async._values.secret import Secret
from frontegg_async._values.unset import UNSET, Unset
from frontegg_async._values.value import Value
from frontegg_async.models.model import Model

__all__ = ["Webhook", "WebhookLog"]


def _status_code(value: object) -> object:
    """Return a status code as a number. The service sends status codes as text."""
    return int(value) if isinstance(value, str) and value.isascii() and value.isdecimal() else value


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class Webhook(Model):
    """A webhook: an address to which the service sends events."""

    id: str = attrs.field(metadata={WIRE_NAME: "_id", OTHER_NAME: "id"})
    """The id of the webhook, with which you change and delete it."""
    url: str = attrs.field(default="", repr=False, metadata={EXPECTED: True})
    """The address that receives the events.

    Empty if the response has no address. ``extra["url"]`` is then ``None`` for a null address, and ``""`` for a missing
    address.
    """
    event_keys: tuple[str, ...] = attrs.field(default=(), metadata=NONE_IS_EMPTY)
    """The keys of the events that the webhook receives, such as ``frontegg.tenant.created``."""
    is_active: bool | None = None
    """Whether the webhook receives events; ``None`` if the response lacks this field."""
    display_name: str | None = attrs.field(default=None, repr=False)
    """The name of the webhook in the portal."""
    description: str | None = attrs.field(default=None, repr=False)
    """The description of the webhook."""
    secret: Secret | None = attrs.field(default=None, repr=False)
    """The secret that signs the header ``x-webhook-secret``. ``secret.reveal()`` returns the text."""
    type: str | None = None
    """The type of the webhook as the service names it, such as ``custom``."""
    vendor_id: str | None = None
    """The id of the environment; ``None`` if the response lacks it."""
    tenant_id: str | None = None
    """The id of the webhook's tenant; ``None`` for a webhook of the environment."""
    invocations: int | None = None
    """The number of deliveries to the webhook; ``None`` if the response lacks the number."""
    created_at: datetime | None = attrs.field(default=None, repr=False)
    """The time of creation."""
    updated_at: datetime | None = attrs.field(default=None, repr=False)
    """The time of the last change."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """Unknown fields of the response, and values of an unexpected type, by their names in the JSON."""


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class WebhookLog(Model):
    """One delivery of an event to a webhook, from the log of the service."""

    id: str = attrs.field(metadata={OTHER_NAME: "_id"})
    """The id of the delivery, with which you repeat it."""
    webhook_id: str | None = None
    """The id of the webhook; ``None`` for a test, or if the response lacks it."""
    tenant_id: str | None = None
    """The id of the tenant of the event; ``None`` if the response lacks it."""
    vendor_id: str | None = None
    """The id of the environment; ``None`` if the response lacks it."""
    status_code: int | None = attrs.field(default=None, metadata={READ: _status_code})
    """The HTTP status of the webhook's response; ``None`` without a response."""
    body: str | None = attrs.field(default=None, repr=False)
    """The text of the delivery: the request body or the response body. No source documents which of the two."""
    created_at: datetime | None = attrs.field(default=None, repr=False)
    """The time of the delivery."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """Unknown fields of the response, and values of an unexpected type, by their names in the JSON."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class WebhookLogs(Value):
    """A page of the log of a webhook, and the number of all deliveries."""

    rows: tuple[WebhookLog, ...]
    count: int | None = None
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)


@attrs.frozen(kw_only=True, eq=False, repr=False)
class WebhookCreate(Value):
    """The fields of a new webhook. Fields that are ``None`` are not sent."""

    url: str = attrs.field(repr=False)
    secret: str | None = attrs.field(repr=False)
    event_keys: tuple[str, ...]
    is_active: bool
    display_name: str | None = attrs.field(default=None, repr=False)
    description: str | None = attrs.field(default=None, repr=False)


@attrs.frozen(kw_only=True, eq=False, repr=False)
class WebhookUpdate(Value):
    """The fields of a webhook to change. Fields that are `UNSET` are not sent."""

    url: str | Unset = attrs.field(default=UNSET, repr=False)
    secret: str | None | Unset = attrs.field(default=UNSET, repr=False)
    event_keys: tuple[str, ...] | Unset = UNSET
    is_active: bool | Unset = UNSET
    display_name: str | None | Unset = attrs.field(default=UNSET, repr=False)
    description: str | None | Unset = attrs.field(default=UNSET, repr=False)


@attrs.frozen(kw_only=True, eq=False, repr=False)
class WebhookTest(Value):
    """An address to which the service sends a test event. Fields that are ``None`` are not sent."""

    url: str = attrs.field(repr=False)
    secret: str | None = attrs.field(repr=False)
    payload: Mapping[str, JsonValue] | None = attrs.field(default=None, repr=False, hash=False)
