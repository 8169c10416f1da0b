"""Helpers that several rules use: checks of ids, and look-ups of tenants, users and rows."""

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
"""The header that contains the id of a user, in requests with an environment token."""


def check_id(tenant_id: str, name: str = "tenantId") -> None:
    """Refuse an id that no tenant can have.

    Raises:
        RequestRefusedError: 400 if no tenant can have the id.
    """
    if not is_valid_tenant_id(tenant_id):
        raise validation_error([f"{name} is not a valid tenant id"])


def find_tenant(state: State, tenant_id: str) -> TenantRow:
    """Return the tenant with an id.

    Raises:
        RequestRefusedError: 404 if the tenant does not exist.
    """
    row = state.tenants.get(tenant_id)
    if row is None:
        raise service_error(404, "Tenant not found")
    return row


def find_user(state: State, user_id: str) -> UserRow:
    """Return the user with an id.

    Raises:
        RequestRefusedError: 404 if the user does not exist.
    """
    user = state.users.get(user_id)
    if user is None:
        raise service_error(404, "User not found")
    return user


def find_member(state: State, user_id: str, tenant_id: str) -> UserRow:
    """Return a user who belongs to a tenant. The user's ``membership(tenant_id)`` describes the membership.

    Raises:
        RequestRefusedError: 404 if the tenant or the user does not exist, or if the user is not in the tenant.
    """
    find_tenant(state, tenant_id)
    user = find_user(state, user_id)
    if tenant_id not in user.tenant_ids:
        raise service_error(404, "User not found")
    return user


def user_of_call(environment: EmulatedEnvironment, call: IncomingCall) -> str:
    """Return the id of the user whom a request concerns.

    With a user token, this is the caller. With an environment token, it is the user in the header.

    Raises:
        RequestRefusedError: 400 without the header, 404 if the user is not in the tenant, 401 for an API token of a
        tenant.
    """
    find_tenant(environment.state, call.tenant_id)
    if call.caller.kind == "user":
        if call.caller.claims.get("type") == "tenantApiToken":
            raise service_error(environment.switches[ServiceSwitches].wrong_token_kind, "The token is not a user's")
        return call.caller.user_id
    return find_member(environment.state, user_in_header(call), call.tenant_id).id


def user_in_header(call: IncomingCall) -> str:
    """Return the id of the user in the header ``frontegg-user-id``.

    Raises:
        RequestRefusedError: 400 without the header.
    """
    user_id = call.headers.get(USER_HEADER)
    if not user_id:
        raise validation_error([f"{USER_HEADER} header is required"])
    return user_id


def named_member(environment: EmulatedEnvironment, call: IncomingCall) -> UserRow:
    """Return the user whom a request concerns.

    Raises:
        RequestRefusedError: `user_of_call` refuses the request.
    """
    return find_user(environment.state, user_of_call(environment, call))


def find_row(rows: Mapping[str, T], key: str, kind: str) -> T:
    """Return the row with an id.

    Raises:
        RequestRefusedError: 404 if no row has the id.
    """
    row = rows.get(key)
    if row is None:
        raise service_error(404, f"{kind} not found")
    return row
