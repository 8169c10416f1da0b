"""The rules of the signed-in user: the profile, the tenants, and the choice of the active tenant."""

from __future__ import annotations

from typing import Final, cast

import msgspec

from frontegg_async.emulator.services.me.switches import MeSwitches
from frontegg_async.emulator.services.sessions.token_sessions import check_may_enter, may_enter
from frontegg_async.emulator.services.support.common import find_tenant, find_user, user_in_header
from frontegg_async.emulator.services.support.emulated_response import EmulatedResponse, service_error
from frontegg_async.emulator.services.support.incoming_call import IncomingCall
from frontegg_async.emulator.services.support.rule import Rule, Tag
from frontegg_async.emulator.services.tenants import row_shapes
from frontegg_async.emulator.services.tenants.access import check_unlocked
from frontegg_async.emulator.services.users import shapes as user_shapes
from frontegg_async.emulator.services.users.writes import changed_user, emit_of_user
from frontegg_async.emulator.store.tenant_rows import TenantRow
from frontegg_async.emulator.store.user_rows import UserRow
from frontegg_async.emulator.world.emulated_environment import EmulatedEnvironment
from frontegg_async.emulator.world.grants import Grant

_DATABASE_ID: Final = 24
"""The number of hexadecimal digits in a document id of the service's database."""


def _own_tenants(environment: EmulatedEnvironment, caller: Grant) -> list[TenantRow]:
    """Return the tenants to which the caller belongs. Their sub-accounts are not included."""
    user = environment.state.users.get(caller.user_id)
    listed = user.tenant_ids if user is not None else _claimed(caller)
    tenants = environment.state.tenants
    return [tenants[tenant_id] for tenant_id in listed if tenant_id in tenants]


def _claimed(caller: Grant) -> tuple[str, ...]:
    """Return the ids of the tenants in the token, if its user does not exist in the environment."""
    claimed = caller.claims.get("tenantIds")
    others = cast("list[object]", claimed) if isinstance(claimed, list) else []
    return tuple(dict.fromkeys((caller.tenant_id, *map(str, others))))


def tenants(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """List the tenants of the caller. With an environment token, list the tenants of the user in the header."""
    if call.caller.kind == "user":
        rows = _own_tenants(environment, call.caller)
    else:
        state = environment.state
        ids = _named_user(environment, call).tenant_ids
        rows = [state.tenants[tenant_id] for tenant_id in ids if tenant_id in state.tenants]
    return EmulatedResponse(body=[_shown_tenant(environment, row) for row in rows])


def _named_user(environment: EmulatedEnvironment, call: IncomingCall) -> UserRow:
    """Return the user whose id is in the header.

    Raises:
        RequestRefusedError: 400 without the header, 404 if the user does not exist.
    """
    return find_user(environment.state, user_in_header(call))


def _shown_tenant(environment: EmulatedEnvironment, row: TenantRow) -> object:
    """Return a tenant of a user. By a switch, it has all fields, with ``_id`` and ``__v`` of the service's database."""
    shown: dict[str, object] = {"tenantId": row.tenant_id, "name": row.name}
    if environment.switches[MeSwitches].user_tenants == "whole":
        fields = cast("dict[str, object]", msgspec.to_builtins(row))
        shown = {"_id": row.id.replace("-", "")[:_DATABASE_ID], **fields, "__v": 0}
    return row_shapes.tenant(shown, environment.switches)


def tenants_v3(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Return the list of the caller's tenants, and the active tenant besides the list."""
    rows = _own_tenants(environment, call.caller)
    active = environment.state.tenants.get(call.caller.tenant_id)
    return EmulatedResponse(
        body={
            "tenants": [_shown_tenant(environment, row) for row in rows],
            "activeTenant": None if active is None else _shown_tenant(environment, active),
        }
    )


def hierarchy(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """List the tenants of the caller. Each tenant is below its nearest ancestor in the list."""
    nodes: dict[str, dict[str, object]] = {
        row.tenant_id: {"tenantId": row.tenant_id, "name": row.name} for row in _own_tenants(environment, call.caller)
    }
    parents = {
        tenant_id: next((above for above in environment.state.ancestors(tenant_id) if above in nodes), None)
        for tenant_id in nodes
    }
    if environment.switches[MeSwitches].user_hierarchy == "rows":
        return EmulatedResponse(
            body=[{**node, "parentTenantId": parents[tenant_id]} for tenant_id, node in nodes.items()]
        )
    roots: list[object] = []
    children: dict[str, list[object]] = {tenant_id: [] for tenant_id in nodes}
    for tenant_id, node in nodes.items():
        parent = parents[tenant_id]
        (roots if parent is None else children[parent]).append(node)
        node["children"] = children[tenant_id]
    return EmulatedResponse(body=roots)


def switch_tenant(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Change the active tenant of a user to another of the user's tenants or sub-accounts.

    Tokens that are issued later are for this tenant.
    """
    state = environment.state
    caller = call.caller
    tenant_id = find_tenant(state, cast("str", call.body["tenantId"])).tenant_id
    if caller.kind == "vendor":
        user: UserRow | None = _named_user(environment, call)
    else:
        user = state.users.get(caller.user_id)
    own = [row.tenant_id for row in _own_tenants(environment, caller)] if user is None else list(user.tenant_ids)
    user_id = caller.user_id if user is None else user.id
    if tenant_id not in own and not _may_enter(environment, user or _stranger(caller, own), tenant_id):
        raise service_error(environment.switches[MeSwitches].switch_not_member, "The user may not enter the tenant")
    check_unlocked(environment, tenant_id)
    if user is not None:
        check_may_enter(environment, user, tenant_id)
    for row in state.live_refresh_tokens(user_id):
        if row.claims is not None:
            changed = msgspec.structs.replace(row, claims={**row.claims, "tenantId": tenant_id})
            state.put_refresh_token(changed)
    if user is not None:
        user = msgspec.structs.replace(user, tenant_id=tenant_id)
        state.put_user(user)
    shown = user_shapes.whole(environment, user or _stranger(caller, own), tenant_id)
    return EmulatedResponse(body={**shown, "tenantId": tenant_id})


def _may_enter(environment: EmulatedEnvironment, user: UserRow, tenant_id: str) -> bool:
    return environment.switches[MeSwitches].switch_to_sub_account == "allow" and may_enter(
        environment.state, user, tenant_id
    )


def _stranger(caller: Grant, own: list[str]) -> UserRow:
    """Return a user who does not exist in the environment, built from the claims of the token."""
    name, roles = caller.claims.get("name"), caller.claims.get("roles")
    return UserRow(
        id=caller.user_id,
        email=caller.email,
        name=name if isinstance(name, str) else None,
        tenant_id=caller.tenant_id,
        tenant_ids=tuple(own),
        metadata=caller.claims.get("metadata"),
        permissions=caller.permissions,
        roles=tuple(map(str, cast("list[object]", roles))) if isinstance(roles, list) else (),
    )


def profile(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Return the caller with roles and permissions."""
    return EmulatedResponse(body=_whole(environment, call))


def profile_v3(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Return the caller without roles and permissions."""
    hidden = ("roles", "permissions", "groups")
    return EmulatedResponse(
        body={name: value for name, value in _whole(environment, call).items() if name not in hidden}
    )


def authorization(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Return the roles and permissions of the caller."""
    shown = _whole(environment, call)
    return EmulatedResponse(body={name: shown[name] for name in ("roles", "permissions")})


def update_profile(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Change fields of the caller."""
    user = changed_user(find_user(environment.state, call.caller.user_id), call.body)
    environment.state.put_user(user)
    emit_of_user(environment, "updated", user, call.caller.tenant_id)
    return profile(environment, call)


def _whole(environment: EmulatedEnvironment, call: IncomingCall) -> dict[str, object]:
    caller = call.caller
    own = [row.tenant_id for row in _own_tenants(environment, caller)]
    user = environment.state.users.get(caller.user_id) or _stranger(caller, own)
    return {**user_shapes.whole(environment, user, caller.tenant_id), "tenantId": caller.tenant_id}


RULES = {
    "me.profile": Rule(run=profile),
    "me.profile_v3": Rule(run=profile_v3),
    "me.authorization": Rule(run=authorization),
    "me.update_profile": Rule(run=update_profile, prehook="USER_UPDATE"),
    "me.tenants": Rule(run=tenants),
    "me.tenants_v3": Rule(run=tenants_v3),
    "me.hierarchy": Rule(run=hierarchy),
    "me.switch_tenant": Rule(run=switch_tenant),
}

TAGS = {
    "me": Tag("The signed-in user.", write_body="user_write_body"),
}
