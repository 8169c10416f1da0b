"""Helpers of several rules: ids and look-ups of tenants, users and rows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, TypeVar

from frontegg_async.emulator.services.support.emulated_response import service_error, validation_error
from frontegg_async.emulator.services.support.incoming_call import IncomingCall
from frontegg_async.emulator.services.support.switches import ServiceSwitches
from frontegg_async.emulator.store.state import State
from frontegg_async.emulator.store.table_row import TableRow
from frontegg_async.emulator.store.tenant_rows import TenantRow, is_valid_tenant_id
from frontegg_async.emulator.store.user_rows import UserRow
from frontegg_async.emulator.world.emulated_environment import EmulatedEnvironment

T = TypeVar("T", bound=TableRow)

USER_HEADER: Final = "frontegg-user-id"
"""The header with the id of the user, in requests with an environment token."""


def check_id(tenant_id: str, name: str = "tenantId") -> None:
    """Refuse an id that no tenant can have.

    Raises:
        RequestRefusedError: 400.
    """
    if not is_valid_tenant_id(tenant_id):
        raise validation_error([f"{name} is not a valid tenant id"])


def find_tenant(state: State, tenant_id: str) -> TenantRow:
    """Return an existing tenant.

    Raises:
        RequestRefusedError: 404.
    """
    row = state.tenants.get(tenant_id)
    if row is None:
        raise service_error(404, "Tenant not found")
    return row


def find_user(state: State, user_id: str) -> UserRow:
    """Return an existing user.

    Raises:
        RequestRefusedError: 404.
    """
    user = state.users.get(user_id)
    if user is None:
        raise service_error(404, "User not found")
    return user


def find_member(state: State, user_id: str, tenant_id: str) -> UserRow:
    """Return a user of a tenant. ``membership(tenant_id)`` of the user is its membership.

    Raises:
        RequestRefusedError: 404 for an unknown tenant or user, or a user of other tenants.
    """
    find_tenant(state, tenant_id)
    user = find_user(state, user_id)
    if tenant_id not in user.tenant_ids:
        raise service_error(404, "User not found")
    return user


def user_of_call(environment: EmulatedEnvironment, call: IncomingCall) -> str:
    """Return the id of the user of a request: the caller, or with an environment token the user in the header.

    Raises:
        RequestRefusedError: 400 without the header, 404 for a user who is not in the tenant, 401 for an API token of a
            tenant.
    """
    find_tenant(environment.state, call.tenant_id)
    if call.caller.kind == "user":
        if call.caller.claims.get("type") == "tenantApiToken":
            raise service_error(environment.switches[ServiceSwitches].wrong_token_kind, "The token is not a user's")
        return call.caller.user_id
    return find_member(environment.state, user_in_header(call), call.tenant_id).id


def user_in_header(call: IncomingCall) -> str:
    """Return the id of the user in the header `USER_HEADER`.

    Raises:
        RequestRefusedError: 400 without the header.
    """
    user_id = call.headers.get(USER_HEADER)
    if not user_id:
        raise validation_error([f"{USER_HEADER} header is required"])
    return user_id


def named_member(environment: EmulatedEnvironment, call: IncomingCall) -> UserRow:
    """Return the user of a request.

    Raises:
        RequestRefusedError: As `user_of_call` raises it.
    """
    return find_user(environment.state, user_of_call(environment, call))


def find_row(rows: Mapping[str, T], key: str, kind: str) -> T:
    """Return the row with an id.

    Raises:
        RequestRefusedError: 404.
    """
    row = rows.get(key)
    if row is None:
        raise service_error(404, f"{kind} not found")
    return row
