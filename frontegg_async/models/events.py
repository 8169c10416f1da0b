"""Models of custom events: what is triggered, and its status in each channel."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Self, cast

import attrs

from frontegg_async._values.fields import WIRE_NAME
from frontegg_async._values.json_values import JsonValue
from frontegg_async._values.value import Value
from frontegg_async.models.model import Model

__all__ = ["EventStatus", "TriggeredEvent"]


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class TriggeredEvent(Model):
    """An event that was triggered."""

    event_id: str
    """The id of the event, by which its status is read."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """What has no field of its own, by names on the wire: unknown fields, and values of an unexpected type."""

    @classmethod
    def _from_response(cls, value: object) -> Self | None:
        """Return the event of a response; ``None`` if the response has no id, or an empty one.

        Args:
            value: The response, parsed.
        """
        fields = dict(cast("Mapping[str, JsonValue]", value if isinstance(value, Mapping) else {}))
        event_id = fields.pop("eventId", None)
        return cls(event_id=event_id, extra=fields) if isinstance(event_id, str) and event_id.strip() else None


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class EventStatus(Model):
    """The status of an event in each channel."""

    event_id: str
    """The id of the event."""
    event_key: str | None = None
    """The key of the event; ``None`` where the service does not say."""
    channels: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """What the service says of each channel, by its name, as ``{"status": ..., "errorMetadata": {...}}``.

    No source lists the names and the statuses.
    """
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """What has no field of its own, by names on the wire: unknown fields, and values of an unexpected type."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class EventEmail(Value):
    """The e-mail of an event. ``None`` is not sent."""

    from_: str | None = attrs.field(default=None, repr=False, metadata={WIRE_NAME: "from"})
    html: str | None = attrs.field(default=None, repr=False)
    subject: str | None = attrs.field(default=None, repr=False)


@attrs.frozen(kw_only=True, eq=False, repr=False)
class EventSlack(Value):
    """The message in Slack of an event. ``None`` is not sent."""

    emails: tuple[str, ...] | None = attrs.field(default=None, repr=False)
    slack_message_config: Mapping[str, JsonValue] | None = attrs.field(default=None, repr=False, hash=False)


@attrs.frozen(kw_only=True, eq=False, repr=False)
class EventChannels(Value):
    """Settings of channels for one event. ``None`` is not sent."""

    email: EventEmail | None = attrs.field(default=None, repr=False)
    slack: EventSlack | None = attrs.field(default=None, repr=False)


@attrs.frozen(kw_only=True, eq=False, repr=False)
class EventTrigger(Value):
    """An event to trigger. ``None`` is not sent."""

    event_key: str
    data: Mapping[str, JsonValue] = attrs.field(repr=False, hash=False)
    channel_configuration: EventChannels | None = attrs.field(default=None, repr=False)
