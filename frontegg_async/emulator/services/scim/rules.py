"""The rules of SCIM configurations. The emulator does not serve SCIM itself."""

from __future__ import annotations

from typing import cast

import msgspec

from frontegg_async.emulator.services.scim.rows import ScimConfigurationRow
from frontegg_async.emulator.services.support.common import find_tenant
from frontegg_async.emulator.services.support.emulated_response import EmulatedResponse, service_error
from frontegg_async.emulator.services.support.incoming_call import IncomingCall
from frontegg_async.emulator.services.support.rule import Rule, Tag
from frontegg_async.emulator.world.emulated_environment import CREDENTIAL_PREFIX, EmulatedEnvironment


def list_configurations(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Return the configurations that match the query, of the environment or of the user's tenant."""
    wanted = {
        "tenant_id": call.query.get("tenantId"),
        "source": call.query.get("source"),
        "connection_name": call.query.get("connectionName"),
        "id": call.query.get("id"),
    }
    given = {name: value for name, value in wanted.items() if value}
    rows = environment.state.table(ScimConfigurationRow).values()
    found = [row for row in rows if all(getattr(row, name) == value for name, value in given.items())]
    return EmulatedResponse(body=[row for row in found if call.tenant_id in ("", row.tenant_id)])


def create(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Create a configuration. Only this response contains the token of the configuration."""
    find_tenant(environment.state, call.tenant_id)
    source = cast("str", call.body["source"])
    row = ScimConfigurationRow(
        id=environment.new_id(),
        tenant_id=call.tenant_id,
        connection_name=cast("str | None", call.body.get("connectionName")) or source,
        source=source,
        created_at=environment.clock.timestamp(),
        sync_to_user_management=call.body.get("syncToUserManagement") is True,
    )
    environment.state.put(row)
    token = f"{CREDENTIAL_PREFIX}{environment.new_id()}"
    return EmulatedResponse(status=201, body={"id": row.id, "connectionName": row.connection_name, "token": token})


def get(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Return a configuration."""
    return EmulatedResponse(body=_find(environment, call))


def update(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Set whether users of the identity provider become users of the tenant."""
    row = _find(environment, call)
    does = call.body["syncToUserManagement"] is True
    environment.state.put(msgspec.structs.replace(row, sync_to_user_management=does))
    return EmulatedResponse(status=204)


def delete(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Delete a configuration. It never has users, since the emulator does not serve SCIM."""
    environment.state.remove(ScimConfigurationRow, _find(environment, call).id)
    return EmulatedResponse(status=204)


def count_users(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Return the number of users that a configuration has created. The number is always 0."""
    _find(environment, call)
    return EmulatedResponse(body={"count": 0})


def _find(environment: EmulatedEnvironment, call: IncomingCall) -> ScimConfigurationRow:
    find_tenant(environment.state, call.tenant_id)
    row = environment.state.table(ScimConfigurationRow).get(call.path["id"])
    if row is None or row.tenant_id != call.tenant_id:
        raise service_error(404, "SCIM configuration not found")
    return row


RULES = {
    "scim.list": Rule(run=list_configurations, permission="fe.secure.read.provisioningConfiguration"),
    "scim.create": Rule(run=create, permission="fe.secure.write.provisioningConfiguration"),
    "scim.get": Rule(run=get, permission="fe.secure.read.provisioningConfiguration"),
    "scim.update": Rule(run=update, permission="fe.secure.write.provisioningConfiguration"),
    "scim.count_users": Rule(run=count_users, permission="fe.secure.read.provisioningConfiguration"),
    "scim.delete": Rule(run=delete, permission="fe.secure.delete.provisioningConfiguration"),
}

TAGS = {"scim": Tag("SCIM configurations of tenants, without SCIM itself.", write_body="scim_write_body")}
