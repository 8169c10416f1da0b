"""Helpers of several rules: ids, look-ups, and what a user may access."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Final, TypeVar

from frontegg_async.emulator.services.support.emulated_response import (
    RequestRefusedError,
    service_error,
    validation_error,
)
from frontegg_async.emulator.services.support.incoming_call import IncomingCall
from frontegg_async.emulator.store.state import State
from frontegg_async.emulator.store.table_row import TableRow
from frontegg_async.emulator.store.tenant_rows import TenantRow, is_valid_tenant_id
from frontegg_async.emulator.store.user_rows import UserRow
from frontegg_async.emulator.world.emulated_environment import EmulatedEnvironment
from frontegg_async.emulator.world.grants import Grant

T = TypeVar("T", bound=TableRow)

USER_HEADER: Final = "frontegg-user-id"
"""The header that names the user whom a call with an environment token is about."""


def check_id(tenant_id: str, name: str = "tenantId") -> None:
    """Refuse an id that no tenant can have.

    Raises:
        RequestRefusedError: 400.
    """
    if not is_valid_tenant_id(tenant_id):
        raise validation_error([f"{name} is not a valid tenant id"])


def find_tenant(state: State, tenant_id: str) -> TenantRow:
    """Return a tenant that exists.

    Raises:
        RequestRefusedError: 404.
    """
    row = state.tenants.get(tenant_id)
    if row is None:
        raise _not_found()
    return row


def check_unlocked(environment: EmulatedEnvironment, tenant_id: str) -> None:
    """Refuse a locked tenant, which nobody enters and nobody is invited to.

    Raises:
        RequestRefusedError: 403, unless a switch says otherwise.
    """
    tenant = environment.state.tenants.get(tenant_id)
    if tenant is not None and tenant.is_locked:
        raise service_error(environment.behaviour.locked_tenant, "The tenant is locked")


def emit_other_change(environment: EmulatedEnvironment, row: TenantRow) -> None:
    """Emit that a tenant was updated when a change is not one of its fields, if a switch says so."""
    if environment.behaviour.tenant_updated_event == "everything":
        environment.emit("frontegg.tenant.updated", row, tenant_id=row.tenant_id)


def _not_found() -> RequestRefusedError:
    return service_error(404, "Tenant not found")


def find_user(state: State, user_id: str) -> UserRow:
    """Return a user that exists.

    Raises:
        RequestRefusedError: 404.
    """
    user = state.users.get(user_id)
    if user is None:
        raise service_error(404, "User not found")
    return user


def find_member(state: State, user_id: str, tenant_id: str) -> UserRow:
    """Return a user of a tenant; ``membership(tenant_id)`` is what it is there.

    Raises:
        RequestRefusedError: 404 for a tenant or a user that does not exist, and for a user of others.
    """
    find_tenant(state, tenant_id)
    user = find_user(state, user_id)
    if tenant_id not in user.tenant_ids:
        raise service_error(404, "User not found")
    return user


def user_of_call(environment: EmulatedEnvironment, call: IncomingCall) -> str:
    """Return the id of the user whom a call is about: the caller, or with an environment token the user in the header.

    Raises:
        RequestRefusedError: 400 without the header, 404 for a user who is not in the tenant, 401 for an API token of a
            tenant.
    """
    find_tenant(environment.state, call.tenant_id)
    if call.caller.kind == "user":
        if call.caller.claims.get("type") == "tenantApiToken":
            raise service_error(environment.behaviour.wrong_token_kind, "The token is not a user's")
        return call.caller.user_id
    return find_member(environment.state, user_in_header(call), call.tenant_id).id


def user_in_header(call: IncomingCall) -> str:
    """Return the id in the header that names a user.

    Raises:
        RequestRefusedError: 400 without the header.
    """
    user_id = call.headers.get(USER_HEADER)
    if not user_id:
        raise validation_error([f"{USER_HEADER} header is required"])
    return user_id


def named_member(environment: EmulatedEnvironment, call: IncomingCall) -> UserRow:
    """Return the user whom a call is about.

    Raises:
        RequestRefusedError: As `user_of_call` raises it.
    """
    return find_user(environment.state, user_of_call(environment, call))


def check_parent(environment: EmulatedEnvironment, parent_id: str, *, of_sub_account: bool = False) -> None:
    """Refuse a parent that does not exist or may not have sub-accounts.

    Args:
        environment: The environment.
        parent_id: The id of the parent.
        of_sub_account: Whether an operation on sub-accounts names the parent.

    Raises:
        RequestRefusedError: 404 or 400, unless a switch says otherwise.
    """
    parent = environment.state.tenants.get(parent_id)
    if parent is None:
        raise service_error(environment.behaviour.unknown_parent, "Parent tenant not found")
    if not parent.is_reseller and (of_sub_account or environment.behaviour.reseller_rule_holds == "everywhere"):
        raise service_error(environment.behaviour.reseller_rule, "Parent tenant may not have sub-accounts")


def check_reach(environment: EmulatedEnvironment, caller: Grant, tenant_id: str) -> None:
    """Refuse a tenant that the caller may not access: a user only has access to its tenant and the tenants below.

    Raises:
        RequestRefusedError: 404 for a tenant that does not exist, 403 for one elsewhere, unless a switch says
            otherwise.
    """
    if caller.kind != "vendor":
        check_within(environment, caller.tenant_id, tenant_id)


def check_within(environment: EmulatedEnvironment, top_id: str, tenant_id: str) -> None:
    """Refuse a tenant that is neither the top tenant nor below it.

    Raises:
        RequestRefusedError: 404 for a tenant that does not exist, 403 for one elsewhere, unless a switch says
            otherwise.
    """
    find_tenant(environment.state, tenant_id)
    if not is_within(environment.state, top_id, tenant_id):
        raise outside(environment)


def is_within(state: State, top_id: str, tenant_id: str) -> bool:
    """Return whether a tenant is the top tenant or below it."""
    return tenant_id == top_id or top_id in state.ancestors(tenant_id)


def outside(environment: EmulatedEnvironment) -> RequestRefusedError:
    """Return the refusal of a tenant outside of the hierarchy of the caller."""
    hidden = environment.behaviour.outside_hierarchy != HTTPStatus.FORBIDDEN.value
    return _not_found() if hidden else service_error(403, "The tenant is outside of your hierarchy")


def find_row(rows: Mapping[str, T], key: str, kind: str) -> T:
    """Return the row with an id.

    Raises:
        RequestRefusedError: 404.
    """
    row = rows.get(key)
    if row is None:
        raise service_error(404, f"{kind} not found")
    return row
