"""The rules of the tenants API about users: count and move."""

from __future__ import annotations

from typing import cast

import msgspec

from frontegg_async.emulator.rules.common import check_reach, find_tenant
from frontegg_async.emulator.rules.emulated_response import EmulatedResponse, framework_error
from frontegg_async.emulator.rules.incoming_call import IncomingCall
from frontegg_async.emulator.rules.rule import Rule
from frontegg_async.emulator.world.emulated_environment import EmulatedEnvironment


def count(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Count the users of tenants."""
    state = environment.state
    visible_only = bool(call.body.get("excludeInvisibleUsers"))
    counts: list[dict[str, object]] = []
    for tenant_id in dict.fromkeys(cast("list[str]", call.body["tenantIds"])):
        check_reach(environment, call.caller, tenant_id)
        if tenant_id not in state.tenants and environment.behaviour.unknown_count == "leave_out":
            continue
        users = [user for user in state.members(tenant_id) if not (visible_only and user.invisible)]
        allowed = sum(user.allow_access is not False for user in users)
        counts.append({"tenantId": tenant_id, "totalUsers": len(users), "totalAccessAllowedUsers": allowed})
    return EmulatedResponse(status=environment.behaviour.post_status, body=counts)


def move(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Move all users of one tenant to another."""
    state = environment.state
    source = cast("str", call.body["srcTenantId"])
    target = cast("str", call.body["targetTenantId"])
    if source == target:
        raise framework_error(400, ["srcTenantId and targetTenantId must differ"])
    find_tenant(state, source)
    find_tenant(state, target)
    for user in state.members(source):
        moved = tuple(dict.fromkeys(target if tenant_id == source else tenant_id for tenant_id in user.tenant_ids))
        active = target if user.tenant_id == source else user.tenant_id
        joined = user if target in user.tenant_ids else user.within(target, user.membership(source))
        left = joined.without(source) or joined
        state.put_user(msgspec.structs.replace(left, tenant_ids=moved, tenant_id=active))
    return EmulatedResponse()


RULES = {
    "tenants.user_counts": Rule(run=count),
    "tenants.move_users": Rule(run=move),
}
