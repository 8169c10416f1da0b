"""The rules that assign applications of a tenant to its users."""

from __future__ import annotations

from typing import cast

import msgspec

from frontegg_async.emulator.services.applications.rows import ApplicationAssignmentRow
from frontegg_async.emulator.services.applications.rules import find_assignment
from frontegg_async.emulator.services.support.common import find_member
from frontegg_async.emulator.services.support.emulated_response import EmulatedResponse
from frontegg_async.emulator.services.support.incoming_call import IncomingCall
from frontegg_async.emulator.services.support.rule import Rule
from frontegg_async.emulator.services.users.writes import emit_of_user
from frontegg_async.emulator.store.user_rows import UserRow
from frontegg_async.emulator.world.emulated_environment import EmulatedEnvironment


def _of_users(environment: EmulatedEnvironment, call: IncomingCall) -> tuple[ApplicationAssignmentRow, list[UserRow]]:
    """Return the assignment of the application in a body to the tenant, and the users in the body."""
    tenant_id, user_ids = cast("str", call.body["tenantId"]), cast("list[str]", call.body["userIds"])
    users = [find_member(environment.state, user_id, tenant_id) for user_id in user_ids]
    return find_assignment(environment, cast("str", call.body["appId"]), tenant_id), users


def assign_users(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Assign an application of a tenant to some users of the tenant."""
    row, assigned_users = _of_users(environment, call)
    everyone = tuple(dict.fromkeys((*row.user_ids, *(user.id for user in assigned_users))))
    environment.state.put(msgspec.structs.replace(row, user_ids=everyone))
    for user in assigned_users:
        emit_of_user(environment, "app.assigned", user, row.tenant_id, app_id=row.app_id)
    now = environment.clock.timestamp()
    made = [
        {"appId": row.app_id, "userTenantId": f"{user.id}/{row.tenant_id}", "createdAt": now} for user in assigned_users
    ]
    return EmulatedResponse(status=201, body=made)


def unassign_users(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Remove the assignment of an application from some users of a tenant."""
    row, unassigned = _of_users(environment, call)
    taken = {user.id for user in unassigned}
    left = tuple(each for each in row.user_ids if each not in taken)
    environment.state.put(msgspec.structs.replace(row, user_ids=left))
    for user in unassigned:
        emit_of_user(environment, "app.unassigned", user, row.tenant_id, app_id=row.app_id)
    return EmulatedResponse()


RULES = {
    "applications.assign_users": Rule(run=assign_users),
    "applications.unassign_users": Rule(run=unassign_users),
}
