"""The rules of the portal's older operations on the members of a user's own tenant."""

from __future__ import annotations

from typing import Final, cast

from frontegg_async.emulator.services.roles.of_users import check_levels, checked_role_ids
from frontegg_async.emulator.services.support.common import find_member
from frontegg_async.emulator.services.support.emulated_response import EmulatedResponse
from frontegg_async.emulator.services.support.incoming_call import IncomingCall
from frontegg_async.emulator.services.support.paging import DEFAULT_LIMIT, query_integer
from frontegg_async.emulator.services.support.rule import Rule, Tag
from frontegg_async.emulator.services.users import shapes as user_shapes
from frontegg_async.emulator.services.users.role_writes import with_roles
from frontegg_async.emulator.services.users.rules import READ_USERS
from frontegg_async.emulator.services.users.writes import remove
from frontegg_async.emulator.store.user_rows import UserRow
from frontegg_async.emulator.world.emulated_environment import EmulatedEnvironment


def list_members(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Return one page of the members."""
    size = query_integer(call.query, "pageSize", DEFAULT_LIMIT, least=1)
    start = query_integer(call.query, "pageOffset", 0, least=0) * size
    members = [user for user in environment.state.members(call.tenant_id) if not user.invisible]
    items = [_shown(environment, call, user) for user in members[start : start + size]]
    return EmulatedResponse(body={"items": items, "totalPages": -(-len(members) // size)})


def _shown(environment: EmulatedEnvironment, call: IncomingCall, user: UserRow) -> dict[str, object]:
    shown = user_shapes.to_users(
        environment, user, call.tenant_id, lambda row: user_shapes.whole(environment, row, call.tenant_id)
    )
    ids = [role["id"] for role in user_shapes.roles(environment, user, call.tenant_id)]
    return {**shown, "vendorId": environment.vendor_id, "tenantId": call.tenant_id, "roleIds": ids}


def update(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Replace the roles of a member."""
    user = find_member(environment.state, cast("str", call.body["id"]), call.tenant_id)
    given = cast("list[str] | None", call.body.get("roleIds"))
    if given is not None:
        ids = checked_role_ids(environment, given, call.tenant_id)
        check_levels(environment, call.caller, ids, call.tenant_id)
        user = with_roles(user, call.tenant_id, ids)
        environment.state.put_user(user)
    return EmulatedResponse(body=_shown(environment, call, user))


_GIVE_ROLES: Final = "fe.secure.write.usersRoles"

RULES = {
    "team_members.list": Rule(run=list_members, permission=READ_USERS),
    "team_members.update": Rule(run=update, permission=_GIVE_ROLES),
    "team_members.remove": Rule(run=remove, permission="fe.secure.delete.users", prehook="USER_DELETE"),
}

TAGS = {
    "team_members": Tag(
        "Members of a user's own tenant, by the portal's older operations.",
        write_body="user_write_body",
        changes="users",
    ),
}
