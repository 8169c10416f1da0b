"""The rules of custom events. Only the requests of Frontegg's client for Node are known; the behaviour is assumed.

An event whose key has no definition is refused. Webhooks and the audit log receive the event. Slack and e-mail do not
receive the event, but their status is reported as done.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, cast

from frontegg_async._values.json_values import JsonValue
from frontegg_async.emulator.services.event_triggers.rows import EventTriggerRow
from frontegg_async.emulator.services.support.common import find_row, find_tenant
from frontegg_async.emulator.services.support.emulated_response import EmulatedResponse, service_error, validation_error
from frontegg_async.emulator.services.support.incoming_call import IncomingCall
from frontegg_async.emulator.services.support.rule import Rule, Tag
from frontegg_async.emulator.services.webhooks.rows import EventDefinitionRow
from frontegg_async.emulator.services.webhooks.subscriptions import subscribed_webhooks
from frontegg_async.emulator.world.emulated_environment import EmulatedEnvironment

_NEEDED: Final = ("title", "description")
_DONE: Final = "SUCCESS"


def trigger(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Report an event to the webhooks that subscribe to its key, and to the audit log."""
    tenant_id = find_tenant(environment.state, call.tenant_id).tenant_id
    data = cast("Mapping[str, JsonValue]", call.body["data"])
    if missing := [name for name in _NEEDED if not (isinstance(data.get(name), str) and data[name])]:
        raise validation_error([f"data.{name} should not be empty" for name in missing])
    key = cast("str", call.body["eventKey"])
    if all(row.key != key for row in environment.state.table(EventDefinitionRow).values()):
        raise service_error(404, "Event definition not found")
    configured = cast("Mapping[str, JsonValue]", call.body.get("channelConfiguration") or {})
    webhook = ("webhook",) if subscribed_webhooks(environment, key, tenant_id) else ()
    row = EventTriggerRow(
        id=environment.new_id(),
        tenant_id=tenant_id,
        event_key=key,
        created_at=environment.clock.timestamp(),
        channels=("audit", *webhook, *(name for name, settings in configured.items() if settings is not None)),
    )
    environment.state.put(row)
    environment.emit(key, data, tenant_id=tenant_id)
    return EmulatedResponse(status=201, body={"eventId": row.id})


def get_status(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Return the status of an event for each channel that received the event."""
    row = find_row(environment.state.table(EventTriggerRow), call.path["event_id"], "Event")
    channels: dict[str, dict[str, JsonValue]] = {name: {"status": _DONE, "errorMetadata": {}} for name in row.channels}
    return EmulatedResponse(body={"eventKey": row.event_key, "eventId": row.id, "channels": channels})


RULES = {
    "events.trigger": Rule(run=trigger),
    "events.get_status": Rule(run=get_status),
}

TAGS = {"events": Tag("Custom events, which applications trigger.", write_body="hook_write_body")}
