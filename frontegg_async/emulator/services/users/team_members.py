"""The rules of older operations of the portal, which concern the members of the caller's own tenant."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final, cast

from frontegg_async.emulator.services.emails.sending import send_invitation
from frontegg_async.emulator.services.roles.of_users import check_levels, checked_role_ids
from frontegg_async.emulator.services.roles.rules import list_roles
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
    """Return one page of the members of the caller's tenant."""
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


def get_stats(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Count the members of the caller's tenant, the members who joined in the last seven days, and the super-users."""
    members = [user for user in environment.state.members(call.tenant_id) if not user.invisible]
    week_ago = datetime.fromtimestamp(environment.clock.now(), UTC) - timedelta(days=7)
    recent = sum(datetime.fromisoformat(user.created_at) > week_ago for user in members)
    admins = sum(user.super_user for user in members)
    return EmulatedResponse(body={"totalItems": len(members), "addedThisWeek": recent, "superAdmins": admins})


def resend_activation(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Send the invitation to a member again."""
    user = find_member(environment.state, call.path["user_id"], call.tenant_id)
    send_invitation(environment, user, call.tenant_id)
    return EmulatedResponse(status=201)


_GIVE_ROLES: Final = "fe.secure.write.usersRoles"

RULES = {
    "team_members.list": Rule(run=list_members, permission=READ_USERS),
    "team_members.update": Rule(run=update, permission=_GIVE_ROLES),
    "team_members.get_stats": Rule(run=get_stats, permission=READ_USERS),
    "team_members.list_roles": Rule(run=list_roles, permission="fe.secure.read.roles"),
    "team_members.resend_activation": Rule(run=resend_activation, permission="fe.secure.write.resendActivationEmail"),
    "team_members.remove": Rule(run=remove, permission="fe.secure.delete.users", prehook="USER_DELETE"),
}

TAGS = {
    "team_members": Tag(
        "Members of a user's own tenant, through older operations of the portal.",
        write_body="user_write_body",
        changes="users",
    ),
}
