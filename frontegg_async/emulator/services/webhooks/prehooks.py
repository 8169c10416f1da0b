"""The rules of prehooks. The service calls the address of a prehook before an event happens."""

from __future__ import annotations

import msgspec

from frontegg_async.emulator.services.support.emulated_response import EmulatedResponse, service_error
from frontegg_async.emulator.services.support.incoming_call import IncomingCall
from frontegg_async.emulator.services.support.rule import Rule, Tag
from frontegg_async.emulator.services.webhooks.rows import PrehookRow
from frontegg_async.emulator.services.webhooks.rules import changed_fields, hook_fields
from frontegg_async.emulator.services.webhooks.switches import WebhookSwitches
from frontegg_async.emulator.world.emulated_environment import EmulatedEnvironment


def list_prehooks(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """List the prehooks."""
    del call
    return EmulatedResponse(body=[_shown(environment, row) for row in environment.state.table(PrehookRow).values()])


def create(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Create a prehook."""
    now = environment.clock.timestamp()
    row = PrehookRow(
        id=environment.new_id(),
        **hook_fields(environment, call.body),  # type: ignore[arg-type]  # the shape of the body has checked the types
        created_at=now,
        updated_at=now,
    )
    return _put(environment, row, 201)


def update(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Change fields of a prehook."""
    row = _find(environment, call)
    row = msgspec.structs.replace(
        row, **changed_fields(environment, call.body), updated_at=environment.clock.timestamp()
    )
    return _put(environment, row, 200)


def delete(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Delete a prehook."""
    environment.state.remove(PrehookRow, _find(environment, call).id)
    return EmulatedResponse()


def _put(environment: EmulatedEnvironment, row: PrehookRow, status: int) -> EmulatedResponse:
    """Store a prehook. Each event has at most one prehook.

    Raises:
        RequestRefusedError: 409 if the event has another prehook. A switch can set another status.
    """
    for other in environment.state.table(PrehookRow).values():
        if other.id != row.id and not set(other.event_keys).isdisjoint(row.event_keys):
            raise service_error(
                environment.switches[WebhookSwitches].second_prehook, "A prehook already exists for this event"
            )
    environment.state.put(row)
    return EmulatedResponse(status=status, body=_shown(environment, row))


def _find(environment: EmulatedEnvironment, call: IncomingCall) -> PrehookRow:
    row = environment.state.table(PrehookRow).get(call.path["id"])
    if row is None:
        raise service_error(404, "Prehook not found")
    return row


def _shown(environment: EmulatedEnvironment, row: PrehookRow) -> dict[str, object]:
    return {
        "id": row.id,
        "type": "API",
        "isActive": row.is_active,
        "displayName": row.display_name,
        "description": row.description,
        "url": row.url,
        "secret": row.secret,
        "eventKeys": row.event_keys,
        "failMethod": row.fail_method,
        "timeout": row.timeout,
        "vendorId": environment.vendor_id,
        "createdAt": row.created_at,
        "updatedAt": row.updated_at,
    }


RULES = {
    "prehooks.list": Rule(run=list_prehooks),
    "prehooks.create": Rule(run=create, optional=("isActive", "type")),
    "prehooks.update": Rule(run=update),
    "prehooks.delete": Rule(run=delete),
}

TAGS = {"prehooks": Tag("Prehooks: addresses that the service calls before an event.", write_body="hook_write_body")}
