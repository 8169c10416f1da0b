"""The rules of event definitions. The definitions are the catalogue of all events that can have subscribers."""

from __future__ import annotations

from typing import cast

from frontegg_async.emulator.services.support.common import find_row
from frontegg_async.emulator.services.support.emulated_response import EmulatedResponse
from frontegg_async.emulator.services.support.incoming_call import IncomingCall
from frontegg_async.emulator.services.support.rule import Rule, Tag
from frontegg_async.emulator.services.webhooks.rows import EventDefinitionRow
from frontegg_async.emulator.world.emulated_environment import EmulatedEnvironment


def list_definitions(environment: EmulatedEnvironment, _call: IncomingCall) -> EmulatedResponse:
    """List the definitions of events."""
    rows = environment.state.table(EventDefinitionRow).values()
    return EmulatedResponse(body=[_shown(environment, row) for row in rows])


def categories(_environment: EmulatedEnvironment, _call: IncomingCall) -> EmulatedResponse:
    """List the categories of events. The emulator has no categories."""
    return EmulatedResponse(body=[])


def create(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Create the definition of an event."""
    row = EventDefinitionRow(
        id=environment.new_id(),
        key=cast("str", call.body["key"]),
        created_at=environment.clock.timestamp(),
        display_name=cast("str | None", call.body.get("displayName")),
        description=cast("str | None", call.body.get("description")),
        category_id=cast("str | None", call.body.get("categoryId")),
    )
    environment.state.put(row)
    return EmulatedResponse(status=201, body=_shown(environment, row))


def delete(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Delete the definition of an event."""
    row = find_row(environment.state.table(EventDefinitionRow), call.path["id"], "Event definition")
    environment.state.remove(EventDefinitionRow, row.id)
    return EmulatedResponse()


def _shown(environment: EmulatedEnvironment, row: EventDefinitionRow) -> dict[str, object]:
    return {
        "id": row.id,
        "key": row.key,
        "displayName": row.display_name,
        "description": row.description,
        "categoryId": row.category_id,
        "category": None,
        "vendorId": environment.vendor_id,
        "createdAt": row.created_at,
        "updatedAt": row.created_at,
    }


RULES = {
    "event_definitions.list": Rule(run=list_definitions, permission="fe.connectivity.read.events"),
    "event_definitions.categories": Rule(run=categories, permission="fe.connectivity.read.eventCategories"),
    "event_definitions.create": Rule(run=create),
    "event_definitions.delete": Rule(run=delete),
}

TAGS = {"event_definitions": Tag("The catalogue of events.", write_body="hook_write_body")}
