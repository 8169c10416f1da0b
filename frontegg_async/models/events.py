"""Models of custom events, and their status in each channel."""

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
    """The id of the event, with which you request the status of the event."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """Unknown fields of the response, and values of an unexpected type, by their names in the JSON."""

    @classmethod
    def _from_response(cls, value: object) -> Self | None:
        """Return the event of a response, or ``None`` if the response has no id of an event.

        Args:
            value: The parsed response.
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
    """The key of the event; ``None`` if the response lacks it."""
    channels: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """For each name of a channel, the status of the event, such as ``{"status": ..., "errorMetadata": {...}}``.

    No source lists the names of the channels or the statuses.
    """
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """Unknown fields of the response, and values of an unexpected type, by their names in the JSON."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class EventEmail(Value):
    """The settings of an event's e-mail. Fields that are ``None`` are not sent."""

    from_: str | None = attrs.field(default=None, repr=False, metadata={WIRE_NAME: "from"})
    html: str | None = attrs.field(default=None, repr=False)
    subject: str | None = attrs.field(default=None, repr=False)


@attrs.frozen(kw_only=True, eq=False, repr=False)
class EventSlack(Value):
    """The settings of an event's Slack message. Fields that are ``None`` are not sent."""

    emails: tuple[str, ...] | None = attrs.field(default=None, repr=False)
    slack_message_config: Mapping[str, JsonValue] | None = attrs.field(default=None, repr=False, hash=False)


@attrs.frozen(kw_only=True, eq=False, repr=False)
class EventChannels(Value):
    """The settings of the channels for one event. Fields that are ``None`` are not sent."""

    email: EventEmail | None = attrs.field(default=None, repr=False)
    slack: EventSlack | None = attrs.field(default=None, repr=False)


@attrs.frozen(kw_only=True, eq=False, repr=False)
class EventTrigger(Value):
    """An event to trigger. Fields that are ``None`` are not sent."""

    event_key: str
    data: Mapping[str, JsonValue] = attrs.field(repr=False, hash=False)
    channel_configuration: EventChannels | None = attrs.field(default=None, repr=False)
