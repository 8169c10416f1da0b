"""The rules by which users manage the users of sub-accounts in their own hierarchy."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final, cast

import msgspec

from frontegg_async._values.json_values import JsonValue
from frontegg_async.emulator.services.invitations.ended_links import end_links
from frontegg_async.emulator.services.roles.of_users import check_levels, checked_role_ids
from frontegg_async.emulator.services.support.common import find_member, find_user
from frontegg_async.emulator.services.support.emulated_response import EmulatedResponse
from frontegg_async.emulator.services.support.incoming_call import IncomingCall
from frontegg_async.emulator.services.support.paging import sorted_page
from frontegg_async.emulator.services.support.rule import Rule
from frontegg_async.emulator.services.tenants.access import check_reach, check_unlocked
from frontegg_async.emulator.services.users import shapes as user_shapes
from frontegg_async.emulator.services.users.role_writes import with_roles
from frontegg_async.emulator.services.users.rules import USER_ORDERS, user_with
from frontegg_async.emulator.services.users.writes import check_email, emit_of_user, invite_user
from frontegg_async.emulator.store.user_rows import UserRow
from frontegg_async.emulator.world.emulated_environment import EmulatedEnvironment

_ADD: Final = "fe.secure.write.userSubTenants"
_GIVE_ROLES: Final = "fe.secure.write.usersRoles"

_Body = Mapping[str, JsonValue]
_Ids = tuple[str, ...]


def list_page(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Return one page of the users of the caller's tenant and of the tenants below it."""
    state = environment.state
    text = (call.query.get("_filter") or "").casefold()
    within = (call.tenant_id, *(tenant_id for tenant_id, _ in state.descendants(call.tenant_id)))
    users = {user.id: user for tenant_id in within for user in state.members(tenant_id)}
    found = [user for user in users.values() if text in f"{user.name or ''} {user.email}".casefold()]
    return sorted_page(environment, call, found, lambda user: _shown(environment, user, call.tenant_id), USER_ORDERS)


def _shown(environment: EmulatedEnvironment, user: UserRow, top_id: str) -> dict[str, object]:
    """Return a user with the memberships in a hierarchy. Memberships in other tenants are omitted."""
    return user_shapes.to_users(
        environment, user, top_id, lambda row: user_shapes.listed(environment, row, has_roles=True)
    )


def add(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Add a user to tenants of the hierarchy. If the user does not exist, invite the user."""
    user = cast("_Body", call.body["user"])
    memberships = [cast("_Body", each) for each in cast("list[object]", call.body["subTenants"])]
    _add(environment, call, [(user, membership) for membership in memberships])
    return EmulatedResponse(status=201)


def add_many(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Add users to one tenant of the hierarchy. Users who do not exist are invited."""
    users = [cast("_Body", each) for each in cast("list[object]", call.body["users"])]
    _add(environment, call, [(user, call.body) for user in users])
    allowed = call.body.get("allowSubAccountAccess")
    for user in users if isinstance(allowed, bool) else ():
        row = user_with(environment.state, cast("str", user["email"]))
        if row is not None:
            environment.state.put_user(msgspec.structs.replace(row, allow_access=allowed))
    return EmulatedResponse(status=201)


def _add(environment: EmulatedEnvironment, call: IncomingCall, pairs: Sequence[tuple[_Body, _Body]]) -> None:
    """Check all values, then add users to tenants."""
    for user, membership in pairs:
        check_email(cast("str", user["email"]))
        tenant_id = cast("str", membership["tenantId"])
        check_reach(environment, call.caller, tenant_id)
        check_unlocked(environment, tenant_id)
        role_ids = checked_role_ids(environment, _role_ids(membership), tenant_id)
        check_levels(environment, call.caller, role_ids, tenant_id)
    for user, membership in pairs:
        tenant_id = cast("str", membership["tenantId"])
        row = user_with(environment.state, cast("str", user["email"]))
        if row is None or tenant_id not in row.tenant_ids:
            roles: dict[str, JsonValue] = {"roleIds": membership["roleIds"]} if membership.get("roleIds") else {}
            invite_user(environment, tenant_id, {**user, **roles})


def _role_ids(membership: _Body) -> _Ids:
    return tuple(cast("Sequence[str]", membership.get("roleIds") or ()))


def remove(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Remove a user from tenants of the hierarchy. If the user has no other tenants, delete the user."""
    user_id = cast("str", call.body["userId"])
    rows = [cast("_Body", each) for each in cast("list[object]", call.body["subTenants"])]
    tenant_ids = [cast("str", row["tenantId"]) for row in rows]
    user = _find(environment, call, user_id, tenant_ids)
    remaining: UserRow | None = user
    for tenant_id in tenant_ids:
        remaining = None if remaining is None else remaining.without(tenant_id)
    for tenant_id in tenant_ids:
        end_links(environment, user.id, tenant_id)
        emit_of_user(environment, "removedFromTenant", user, tenant_id)
    if remaining is None:
        environment.state.remove_user(user.id)
        emit_of_user(environment, "deleted", user, user.tenant_id)
    else:
        environment.state.put_user(remaining)
    return EmulatedResponse()


def _find(environment: EmulatedEnvironment, call: IncomingCall, user_id: str, tenant_ids: Sequence[str]) -> UserRow:
    """Return a user who belongs to all given tenants of the hierarchy."""
    for tenant_id in tenant_ids or [call.tenant_id]:
        check_reach(environment, call.caller, tenant_id)
        find_member(environment.state, user_id, tenant_id)
    return find_user(environment.state, user_id)


def assign_roles(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Give a user more roles in tenants of the hierarchy."""
    return _change_roles(environment, call, 201, lambda held, given: (*held, *given))


def set_roles(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Replace the roles of a user in tenants of the hierarchy."""
    return _change_roles(environment, call, 200, lambda _, given: given)


def unassign_roles(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Take roles in tenants of the hierarchy from a user."""

    def left(held: _Ids, taken: _Ids) -> _Ids:
        return tuple(each for each in held if each not in taken)

    return _change_roles(environment, call, 200, left, gives=False)


def _change_roles(
    environment: EmulatedEnvironment,
    call: IncomingCall,
    status: int,
    change: Callable[[_Ids, _Ids], _Ids],
    *,
    gives: bool = True,
) -> EmulatedResponse:
    rows = [cast("_Body", each) for each in cast("list[object]", call.body["subTenantsRoles"])]
    user = _find(environment, call, call.path["user_id"], [cast("str", row["tenantId"]) for row in rows])
    for row in rows:
        tenant_id = cast("str", row["tenantId"])
        ids = checked_role_ids(environment, _role_ids(row), tenant_id)
        if gives:
            check_levels(environment, call.caller, ids, tenant_id)
        user = with_roles(user, tenant_id, change(user.membership(tenant_id).role_ids, ids))
    environment.state.put_user(user)
    return EmulatedResponse(status=status)


RULES = {
    "sub_tenants.users.list": Rule(run=list_page, permission="fe.secure.read.users"),
    "sub_tenants.users.add": Rule(run=add, permission=_ADD, prehook="USER_INVITE"),
    "sub_tenants.users.add_many": Rule(run=add_many, permission=_ADD, takes_slash=True, prehook="USER_INVITE"),
    "sub_tenants.users.remove": Rule(run=remove, permission="fe.secure.delete.userSubTenants", prehook="USER_DELETE"),
    "sub_tenants.users.assign_roles": Rule(run=assign_roles, permission=_GIVE_ROLES),
    "sub_tenants.users.set_roles": Rule(run=set_roles, permission=_GIVE_ROLES),
    "sub_tenants.users.unassign_roles": Rule(run=unassign_roles, permission="fe.secure.delete.usersRoles"),
}
