"""The rules that change the roles of users in tenants."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import cast

import msgspec

from frontegg_async.emulator.services.roles import role_rows
from frontegg_async.emulator.services.roles.of_users import check_levels, checked_role_ids, roles_in
from frontegg_async.emulator.services.roles.switches import RoleSwitches
from frontegg_async.emulator.services.support.common import find_member, find_user
from frontegg_async.emulator.services.support.emulated_response import EmulatedResponse, service_error
from frontegg_async.emulator.services.support.incoming_call import IncomingCall
from frontegg_async.emulator.services.support.rule import Rule
from frontegg_async.emulator.services.users import shapes as user_shapes
from frontegg_async.emulator.services.users.rows import UserTaskRow
from frontegg_async.emulator.services.users.switches import UserSwitches
from frontegg_async.emulator.services.users.tasks import find_task
from frontegg_async.emulator.store.user_rows import UserRow
from frontegg_async.emulator.world.emulated_environment import EmulatedEnvironment


def assign_roles(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Give a user more roles in a tenant."""
    return _change_roles(environment, call, lambda held, given: (*held, *given), is_grant=True)


def unassign_roles(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Take roles in a tenant from a user."""
    return _change_roles(
        environment, call, lambda held, given: (each for each in held if each not in given), is_grant=False
    )


def _change_roles(
    environment: EmulatedEnvironment,
    call: IncomingCall,
    change: Callable[[tuple[str, ...], tuple[str, ...]], Iterable[str]],
    *,
    is_grant: bool,
) -> EmulatedResponse:
    user = find_member(environment.state, call.path["user_id"], call.tenant_id)
    given = checked_role_ids(environment, cast("list[str]", call.body["roleIds"]), call.tenant_id)
    if is_grant:
        check_levels(environment, call.caller, given, call.tenant_id)
    user = with_roles(user, call.tenant_id, change(user.membership(call.tenant_id).role_ids, given))
    environment.state.put_user(user)
    roles = [user_shapes.role(environment, row) for row in roles_in(environment, user, call.tenant_id)]
    return EmulatedResponse(
        status=201 if is_grant else 200, body={"tenantId": call.tenant_id, "userId": user.id, "roles": roles}
    )


def with_roles(user: UserRow, tenant_id: str, role_ids: Iterable[str]) -> UserRow:
    """Return a copy of a user who has the given roles in a tenant."""
    membership = msgspec.structs.replace(user.membership(tenant_id), role_ids=tuple(dict.fromkeys(role_ids)))
    return user.within(tenant_id, membership)


def change_roles(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Add and remove roles of a user in many tenants. If a tenant may not use a role, the task reports an error."""
    user = find_user(environment.state, call.path["user_id"])
    added, removed = (tuple(cast("list[str]", call.body.get(name) or ())) for name in ("addRoleIds", "removeRoleIds"))
    present = role_rows.roles(environment)
    for role_id in (*added, *removed):
        if role_id not in present:
            raise service_error(environment.switches[RoleSwitches].unknown_role, f"Role {role_id} not found")
    wanted = cast("list[str] | None", call.body.get("tenantIds"))
    tenant_ids = user.tenant_ids if wanted is None else tuple(dict.fromkeys(wanted))
    errors: list[dict[str, str]] = []
    for tenant_id in tenant_ids:
        usable = role_rows.roles_of(environment, tenant_id)
        if tenant_id not in user.tenant_ids or any(role_id not in usable for role_id in added):
            errors.append({"tenantId": tenant_id, "message": "The user or the role is not in the tenant"})
            continue
        held = user.membership(tenant_id).role_ids
        user = with_roles(user, tenant_id, (each for each in (*held, *added) if each not in removed))
    if tenant_ids and len(errors) == len(tenant_ids) and environment.switches[UserSwitches].bulk_roles == "at_once":
        raise service_error(environment.switches[RoleSwitches].unknown_role, errors[0]["message"])
    environment.state.put_user(user)
    row = UserTaskRow(
        id=environment.new_id(),
        user_id=user.id,
        total=len(tenant_ids),
        added_role_ids=added,
        removed_role_ids=removed,
        errors=tuple(errors),
    )
    if environment.switches[UserSwitches].bulk_roles == "task":
        environment.state.put(row)
        return EmulatedResponse(body={"taskId": row.id, "userId": user.id})
    return EmulatedResponse(
        body={
            "userId": user.id,
            "affectedTenants": len(tenant_ids) - len(errors),
            "rolesAdded": list(added),
            "rolesRemoved": list(removed),
        }
    )


def roles_task(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Return the progress of a change of roles in many tenants."""
    row = find_task(environment.state, call.path["task_id"], of_roles=True)
    return EmulatedResponse(
        body={
            "id": row.id,
            "userId": row.user_id,
            "status": row.status,
            "totalTenants": row.total,
            "processedTenants": row.total,
            "addedRoleIds": list(row.added_role_ids),
            "removedRoleIds": list(row.removed_role_ids),
            "errors": list(row.errors),
        }
    )


RULES = {
    "users.assign_roles": Rule(run=assign_roles, permission="fe.secure.write.usersRoles"),
    "users.unassign_roles": Rule(run=unassign_roles, permission="fe.secure.delete.usersRoles"),
    "users.change_roles": Rule(run=change_roles),
    "users.get_roles_task": Rule(run=roles_task),
}
