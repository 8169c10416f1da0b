"""Models of webhooks: where the service reports events to, and the log of what it sent."""

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
    """Take a status as text too, which is how the service writes it."""
    return int(value) if isinstance(value, str) and value.isascii() and value.isdecimal() else value


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class Webhook(Model):
    """A webhook: an address that the service sends events to."""

    id: str = attrs.field(metadata={WIRE_NAME: "_id", OTHER_NAME: "id"})
    """The id of the webhook, by which it is changed and deleted."""
    url: str = attrs.field(default="", repr=False, metadata={EXPECTED: True})
    """The address that events are sent to.

    Empty where the service gives none: ``extra["url"]`` is then ``None`` for null and ``""`` for a missing field.
    """
    event_keys: tuple[str, ...] = attrs.field(default=(), metadata=NONE_IS_EMPTY)
    """The keys of the events that are sent to it, as ``frontegg.tenant.created``."""
    is_active: bool | None = None
    """Whether events are sent to it; ``None`` where the service does not say."""
    display_name: str | None = attrs.field(default=None, repr=False)
    """Its name in the portal."""
    description: str | None = attrs.field(default=None, repr=False)
    """The description that it was given."""
    secret: Secret | None = attrs.field(default=None, repr=False)
    """The secret that the header ``x-webhook-secret`` is signed with; ``secret.reveal()`` returns the text."""
    type: str | None = None
    """The type of the webhook in the service's words, as ``custom``."""
    vendor_id: str | None = None
    """The id of the environment; ``None`` where the service does not say."""
    tenant_id: str | None = None
    """The id of the tenant that it belongs to; ``None`` for one of the environment."""
    invocations: int | None = None
    """How often it was called; ``None`` where the service gives no number."""
    created_at: datetime | None = attrs.field(default=None, repr=False)
    """When it was created."""
    updated_at: datetime | None = attrs.field(default=None, repr=False)
    """When it was changed last."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """What has no field of its own, by names on the wire: unknown fields, and values of an unexpected type."""


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class WebhookLog(Model):
    """One call of a webhook, from the log of the service."""

    id: str = attrs.field(metadata={OTHER_NAME: "_id"})
    """The id of the call, by which it is sent again."""
    webhook_id: str | None = None
    """The id of the webhook; ``None`` for a test, and where the service does not say."""
    tenant_id: str | None = None
    """The id of the tenant that the event was about; ``None`` where the service does not say."""
    vendor_id: str | None = None
    """The id of the environment; ``None`` where the service does not say."""
    status_code: int | None = attrs.field(default=None, metadata={READ: _status_code})
    """The status that the address answered with; ``None`` if it gave no answer."""
    body: str | None = attrs.field(default=None, repr=False)
    """The text that goes with the call: what was sent, or what the address answered; no source says which."""
    created_at: datetime | None = attrs.field(default=None, repr=False)
    """When it was made."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """What has no field of its own, by names on the wire: unknown fields, and values of an unexpected type."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class WebhookLogs(Value):
    """A part of the log of a webhook, and how many calls the whole log has."""

    rows: tuple[WebhookLog, ...]
    count: int | None = None
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)


@attrs.frozen(kw_only=True, eq=False, repr=False)
class WebhookCreate(Value):
    """The fields of a new webhook. ``None`` is not sent."""

    url: str = attrs.field(repr=False)
    secret: str | None = attrs.field(repr=False)
    event_keys: tuple[str, ...]
    is_active: bool
    display_name: str | None = attrs.field(default=None, repr=False)
    description: str | None = attrs.field(default=None, repr=False)


@attrs.frozen(kw_only=True, eq=False, repr=False)
class WebhookUpdate(Value):
    """The fields of a webhook to change. What is `UNSET` is not sent."""

    url: str | Unset = attrs.field(default=UNSET, repr=False)
    secret: str | None | Unset = attrs.field(default=UNSET, repr=False)
    event_keys: tuple[str, ...] | Unset = UNSET
    is_active: bool | Unset = UNSET
    display_name: str | None | Unset = attrs.field(default=UNSET, repr=False)
    description: str | None | Unset = attrs.field(default=UNSET, repr=False)


@attrs.frozen(kw_only=True, eq=False, repr=False)
class WebhookTest(Value):
    """An address to call for a test. ``None`` is not sent."""

    url: str = attrs.field(repr=False)
    secret: str | None = attrs.field(repr=False)
    payload: Mapping[str, JsonValue] | None = attrs.field(default=None, repr=False, hash=False)
