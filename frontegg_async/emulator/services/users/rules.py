"""The rules that read users, and the rules that count the users of tenants or move users to another tenant."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final, TypeAlias, cast

import msgspec

from frontegg_async._values.ascii_case import folded
from frontegg_async.emulator.services.invitations.ended_links import end_links
from frontegg_async.emulator.services.roles import role_rows
from frontegg_async.emulator.services.roles.of_users import roles_in
from frontegg_async.emulator.services.support.common import find_member, find_tenant, find_user
from frontegg_async.emulator.services.support.emulated_response import (
    EmulatedResponse,
    edge_error,
    service_error,
    validation_error,
)
from frontegg_async.emulator.services.support.incoming_call import IncomingCall, Query
from frontegg_async.emulator.services.support.paging import choice, query_integer, sorted_page
from frontegg_async.emulator.services.support.rule import Rule, Tag
from frontegg_async.emulator.services.support.switches import ServiceSwitches
from frontegg_async.emulator.services.tenants.access import check_reach
from frontegg_async.emulator.services.users import shapes as user_shapes
from frontegg_async.emulator.services.users.switches import UserSwitches
from frontegg_async.emulator.store.state import State
from frontegg_async.emulator.store.user_rows import UserRow
from frontegg_async.emulator.world.clock import timestamp
from frontegg_async.emulator.world.emulated_environment import EmulatedEnvironment
from frontegg_async.models.users import UserIdentifier, UserPreset, UserSort, UserStatus

Shown: TypeAlias = Callable[[UserRow], dict[str, object]]
"""A function that converts a user into the form of a response."""

MAX_IDS: Final = 250
"""The maximum number of ids in a query. More ids would make the URL too long."""

MAX_STATUSES: Final = 200
_INACTIVE: Final = 30 * 86_400
"""The default number of seconds without a sign-in after which a user counts as inactive (assumed)."""

READ_USERS: Final = "fe.secure.read.users"
"""The permission to read the users of the caller's own tenant."""

USER_ORDERS: Final[Mapping[str, Callable[[UserRow], object]]] = {
    UserSort.CREATED_AT: lambda user: user.created_at,
    UserSort.NAME: lambda user: (user.name or user.email).casefold(),
    UserSort.EMAIL: lambda user: user.email.casefold(),
    UserSort.ID: lambda user: user.id,
    UserSort.VERIFIED: lambda user: str(user.verified),
    UserSort.IS_LOCKED: lambda user: str(user.is_locked),
    UserSort.PROVIDER: lambda user: user.provider,
    UserSort.TENANT_ID: lambda user: user.tenant_id,
}
"""The fields by which a list of users can be sorted."""

IDENTIFIED: Final[Mapping[UserIdentifier, Callable[[UserRow], str | None]]] = {
    UserIdentifier.EMAIL: lambda user: user.email,
    UserIdentifier.PHONE_NUMBER: lambda user: user.phone_number,
    UserIdentifier.USERNAME: lambda user: user.username,
}
"""For each kind of identifier, the function that returns this identifier of a user."""


def list_page(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Return one page of the users of a tenant, or of the environment."""
    has_roles = environment.switches[UserSwitches].user_list_roles == "given"

    def shown(user: UserRow) -> dict[str, object]:
        return user_shapes.listed(environment, user, has_roles=has_roles, tenant_id=call.tenant_id)

    return page_of(environment, call, shown)


def list_whole(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Return one page of users with their roles, in the form of an older version of the API."""
    return page_of(
        environment, call, lambda user: user_shapes.whole(environment, user, call.tenant_id or user.tenant_id)
    )


def page_of(
    environment: EmulatedEnvironment, call: IncomingCall, shown: Shown, finds: Callable[[UserRow], bool] | None = None
) -> EmulatedResponse:
    """Return one page of the users that match a query.

    Args:
        environment: The environment.
        call: The request.
        shown: The function that converts a user into the form of a response.
        finds: The function that tests whether a user matches a search. By default all users match.
    """
    matches, is_chosen = _matcher(call.query), _preset(environment, call.query)
    found = [
        user
        for user in _candidates(environment.state, call)
        if matches(user) and is_chosen(user) and (finds is None or finds(user))
        if call.caller.kind == "vendor" or not user.invisible
    ]
    return sorted_page(environment, call, found, lambda user: _seen(environment, call, user, shown), USER_ORDERS)


def _seen(environment: EmulatedEnvironment, call: IncomingCall, user: UserRow, shown: Shown) -> dict[str, object]:
    """Return a user with only those fields that the caller may see."""
    if call.caller.kind == "vendor":
        return shown(user)
    return user_shapes.to_users(environment, user, call.tenant_id, shown)


def _candidates(state: State, call: IncomingCall) -> Iterable[UserRow]:
    ids = _ids(call.query, "ids")
    sub_tenants = choice(call.query, "_includeSubTenants", ("true", "false"))
    if ids:
        users: Iterable[UserRow] = [state.users[user_id] for user_id in ids if user_id in state.users]
    else:
        users = state.users.values()
    wanted = call.query.get("_tenantId")
    tops = [tenant_id for tenant_id in (call.tenant_id, wanted) if tenant_id]
    if not tops:
        return users
    within = set(tops[:1])
    if call.tenant_id and sub_tenants != "false":
        within |= {tenant_id for tenant_id, _ in state.descendants(call.tenant_id)}
    if call.tenant_id and wanted:
        within &= {wanted}
    members = {user.id: user for tenant_id in sorted(within) for user in state.members(tenant_id)}
    return [user for user in users if user.id in members] if ids else members.values()


def _matcher(query: Query) -> Callable[[UserRow], bool]:
    """Return a function that tests whether a user matches all filters of a query.

    Raises:
        RequestRefusedError: 400 if an identifier has no type, or a type has no identifier.
    """
    email, name = folded(query.get("_email") or ""), (query.get("_namePrefix") or "").casefold()
    external = frozenset(_ids(query, "_externalIds"))
    identifier, kind = query.get("_identifier"), choice(query, "_identifierType", tuple(UserIdentifier))
    if (identifier is None) is not (kind is None):
        raise validation_error(["_identifier and _identifierType must be provided together"])

    def matches(user: UserRow) -> bool:
        if email and folded(user.email) != email:
            return False
        if name and not (user.name or user.email).casefold().startswith(name):
            return False
        if external and user.external_id not in external:
            return False
        if kind is None:
            return True
        return (IDENTIFIED[UserIdentifier(kind)](user) or "").startswith(identifier or "")

    return matches


def _preset(environment: EmulatedEnvironment, query: Query) -> Callable[[UserRow], bool]:
    """Return a function that tests whether a user belongs to a preset, such as the inactive users.

    Raises:
        RequestRefusedError: 400 if the preset is unknown, or if a number of seconds is not an integer.
    """
    preset = choice(query, "_preset", tuple(UserPreset))
    seconds = query_integer(query, "_maxInactiveSeconds", _INACTIVE, least=0)
    match preset:
        case UserPreset.MFA_UNENROLLED:
            return lambda user: not user.mfa_enrolled
        case UserPreset.BREACHED_PASSWORDS:
            return lambda _: False  # the emulator has no breached passwords
        case UserPreset.INACTIVE:
            since = timestamp(max(environment.clock.now() - seconds, 0.0))
            return lambda user: (user.last_login or user.created_at) < since
        case _:
            return lambda _: True


def _ids(query: Query, name: str, most: int = MAX_IDS) -> Sequence[str]:
    """Return the ids in a query parameter.

    Raises:
        RequestRefusedError: 414 if there are too many ids.
    """
    ids = [each for text in query.values(name) for each in text.split(",") if each]
    if len(ids) > most:
        raise edge_error(414)
    return ids


def _required_ids(query: Query, name: str) -> Sequence[str]:
    """Return the ids in a required query parameter.

    Raises:
        RequestRefusedError: 400 if there are no ids, 414 if there are too many ids.
    """
    ids = _ids(query, name)
    if not ids:
        raise validation_error([f"{name} should not be empty"])
    return list(dict.fromkeys(ids))


def get(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Return a user with the user's roles in all tenants."""
    user = find_user(environment.state, call.path["user_id"])
    return EmulatedResponse(body=user_shapes.whole(environment, user, user.tenant_id))


def get_in_tenant(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Return a user of a tenant with the user's roles in this tenant."""
    user = find_member(environment.state, call.path["user_id"], call.tenant_id)
    body = _seen(environment, call, user, lambda row: user_shapes.whole(environment, row, call.tenant_id))
    return EmulatedResponse(body=body)


def get_by_email(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Return the user who has an e-mail address, with the user's roles in each tenant."""
    email = call.query.get("email")
    if not email:
        raise validation_error(["email must be an email"])
    user = user_with(environment.state, email)
    if user is None:
        raise service_error(404, "User not found")
    return EmulatedResponse(body=user_shapes.listed(environment, user, has_roles=True))


def user_with(state: State, email: str) -> UserRow | None:
    """Return the user who has an e-mail address. Upper and lower case are not distinguished."""
    named = (user for user in state.users_named(email) if folded(user.email) == folded(email))
    return next(named, None)


def _members(environment: EmulatedEnvironment, call: IncomingCall) -> list[UserRow]:
    """Return the requested users."""
    users = environment.state.users
    ids = _required_ids(call.query, "ids")
    return [users[each] for each in ids if each in users and call.tenant_id in users[each].tenant_ids]


def roles(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Return, for some users of a tenant, the ids of their roles."""
    return EmulatedResponse(
        body=[
            {
                **_row(environment, call, user),
                "roleIds": [row.id for row in roles_in(environment, user, call.tenant_id)],
            }
            for user in _members(environment, call)
        ]
    )


def groups(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Return, for some users of a tenant, the ids of their groups."""
    state = environment.state
    rows: list[object] = []
    for user in _members(environment, call):
        ids = [row.id for row in role_rows.groups_of(state, call.tenant_id, user.id)]
        rows.append({**_row(environment, call, user), "groupIds": ids})
    return EmulatedResponse(body=rows)


def _row(environment: EmulatedEnvironment, call: IncomingCall, user: UserRow) -> dict[str, object]:
    """Return the first fields of an entry about a user in a tenant."""
    return {"vendorId": environment.vendor_id, "tenantId": call.tenant_id, "userId": user.id}


def statuses(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Return the statuses of users in their tenants."""
    ids = _required_ids(call.query, "userIds")
    if len(ids) > MAX_STATUSES:
        raise validation_error([f"userIds must contain no more than {MAX_STATUSES} elements"])
    wanted = [each for text in call.query.values("userTenantStatuses") for each in text.split(",") if each]
    for each in wanted:
        if each not in tuple(UserStatus):
            raise validation_error([f"each value in userTenantStatuses must be one of {', '.join(UserStatus)}"])
    users = environment.state.users
    rows: list[object] = []
    for user in (users[user_id] for user_id in ids if user_id in users):
        held = [{"tenantId": each, "status": user.membership(each).status} for each in user.tenant_ids]
        shown = [each for each in held if not wanted or each["status"] in wanted]
        rows.append({"userId": user.id, "tenantsStatuses": shown})
    return EmulatedResponse(body=rows)


def count(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Return the number of users for each of some tenants."""
    state = environment.state
    visible_only = bool(call.body.get("excludeInvisibleUsers"))
    counts: list[dict[str, object]] = []
    for tenant_id in dict.fromkeys(cast("list[str]", call.body["tenantIds"])):
        check_reach(environment, call.caller, tenant_id)
        if tenant_id not in state.tenants and environment.switches[UserSwitches].unknown_count == "leave_out":
            continue
        users = [user for user in state.members(tenant_id) if not (visible_only and user.invisible)]
        allowed = sum(user.allow_access is not False for user in users)
        counts.append({"tenantId": tenant_id, "totalUsers": len(users), "totalAccessAllowedUsers": allowed})
    return EmulatedResponse(status=environment.switches[ServiceSwitches].post_status, body=counts)


def move(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Move all users of one tenant to another tenant."""
    state = environment.state
    source = cast("str", call.body["srcTenantId"])
    target = cast("str", call.body["targetTenantId"])
    if source == target:
        raise validation_error(["srcTenantId and targetTenantId must differ"])
    find_tenant(state, source)
    find_tenant(state, target)
    for user in state.members(source):
        moved = tuple(dict.fromkeys(target if tenant_id == source else tenant_id for tenant_id in user.tenant_ids))
        active = target if user.tenant_id == source else user.tenant_id
        joined = user if target in user.tenant_ids else user.within(target, user.membership(source))
        left = joined.without(source) or joined
        end_links(environment, user.id, source)
        state.put_user(msgspec.structs.replace(left, tenant_ids=moved, tenant_id=active))
    return EmulatedResponse()


RULES = {
    "tenants.count_users": Rule(run=count),
    "tenants.move_users": Rule(run=move),
    "users.list": Rule(run=list_page, permission=READ_USERS),
    "users.list_v1": Rule(run=list_whole),
    "users.list_v2": Rule(run=list_whole, permission=READ_USERS),
    "users.get": Rule(run=get),
    "users.get_in_tenant": Rule(run=get_in_tenant, permission=READ_USERS),
    "users.get_by_email": Rule(run=get_by_email),
    "users.list_roles": Rule(run=roles, permission=READ_USERS),
    "users.list_groups": Rule(run=groups, permission=READ_USERS),
    "users.list_statuses": Rule(run=statuses),
}

TAGS = {
    "users": Tag("Users, and their memberships in tenants.", write_body="user_write_body", changes="users"),
}
