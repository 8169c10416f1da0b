"""The rules of users' e-mail addresses. Users sign in only with the primary address (assumed)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, cast

import msgspec

from frontegg_async._values.ascii_case import folded
from frontegg_async.emulator.services.contacts.codes import send_code, use_code
from frontegg_async.emulator.services.contacts.contacts import (
    contact_with,
    contacts,
    find_contact,
    put_contact,
    remove_contact,
)
from frontegg_async.emulator.services.contacts.rows import UserContactRow
from frontegg_async.emulator.services.support.common import find_user
from frontegg_async.emulator.services.support.emulated_response import EmulatedResponse, service_error
from frontegg_async.emulator.services.support.incoming_call import IncomingCall
from frontegg_async.emulator.services.support.paging import sorted_page
from frontegg_async.emulator.services.support.rule import Rule
from frontegg_async.emulator.services.user_contacts.queries import chosen_users
from frontegg_async.emulator.services.users.rules import READ_USERS
from frontegg_async.emulator.services.users.uniqueness import check_is_free
from frontegg_async.emulator.services.users.writes import check_email, emit_of_user
from frontegg_async.emulator.store.user_rows import UserRow
from frontegg_async.emulator.world.emulated_environment import EmulatedEnvironment

_ORDERS: Final[Mapping[str, Callable[[UserContactRow], object]]] = {
    "userId": lambda row: row.user_id,
    "email": lambda row: folded(row.value),
}


def list_page(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Return one page of the e-mail addresses of all or some users."""
    wanted = folded(call.query.get("_email") or "")
    state = environment.state
    rows = contacts(state, "email", chosen_users(environment, call))
    found = [row for row in rows if not wanted or folded(row.value) == wanted]
    return sorted_page(environment, call, found, lambda row: _shown(state.users[row.user_id], row), _ORDERS)


def add(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Add an e-mail address to a user. If the address does not count as verified, send a code to it."""
    user = find_user(environment.state, call.path["user_id"])
    return _add(environment, call, user, user.tenant_id, is_verified=bool(call.body.get("isVerified")))


def add_own(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Add an e-mail address to the caller, and send a code to the address."""
    return _add(environment, call, _caller(environment, call), call.caller.tenant_id, is_verified=False)


def _add(
    environment: EmulatedEnvironment, call: IncomingCall, user: UserRow, tenant_id: str, *, is_verified: bool
) -> EmulatedResponse:
    email = cast("str", call.body["email"])
    check_email(email)
    check_is_free(environment, "email", email)
    row = put_contact(environment, user, "email", email, is_verified=is_verified)
    if not is_verified:
        send_code(environment, "verify_email", user, email, tenant_id)
    return EmulatedResponse(status=201, body=_shown(user, row))


def remove(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Remove an e-mail address of a user."""
    return _remove(environment, find_user(environment.state, call.path["user_id"]), call)


def remove_own(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Remove an e-mail address of the caller."""
    return _remove(environment, _caller(environment, call), call)


def _remove(environment: EmulatedEnvironment, user: UserRow, call: IncomingCall) -> EmulatedResponse:
    row = find_contact(environment.state, user, "email", call.path["email_id"])
    if _is_primary(user, row):
        raise service_error(400, "The primary email cannot be deleted")
    remove_contact(environment.state, row)
    return EmulatedResponse()


def set_primary(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Make an e-mail address of a user the primary address."""
    user = find_user(environment.state, call.path["user_id"])
    return _set_primary(environment, user, call, user.tenant_id)


def set_own_primary(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Make an e-mail address of the caller the primary address."""
    return _set_primary(environment, _caller(environment, call), call, call.caller.tenant_id)


def _set_primary(
    environment: EmulatedEnvironment, user: UserRow, call: IncomingCall, tenant_id: str
) -> EmulatedResponse:
    row = _with_email(environment, user, call)
    if _is_primary(user, row):
        return EmulatedResponse()
    if not row.verified:
        raise service_error(400, "Email is not verified")
    remove_contact(environment.state, row)
    if "@" in user.email:
        put_contact(environment, user, "email", user.email, is_verified=user.verified)
    _put_email(environment, user, row.value, tenant_id)
    return EmulatedResponse()


def verify_own(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Verify an e-mail address of the caller with the code that was sent to the address."""
    user = _caller(environment, call)
    row = _with_email(environment, user, call)
    use_code(environment, "verify_email", user, row.value, cast("str", call.body["code"]))
    put_contact(environment, user, "email", row.value, is_verified=True)
    return EmulatedResponse()


def change_own(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Start a change of the caller's primary address: send a code to the new address."""
    user = _caller(environment, call)
    email = cast("str", call.body["email"])
    check_email(email)
    check_is_free(environment, "email", email, user.id)
    send_code(environment, "change_email", user, email, call.caller.tenant_id)
    return EmulatedResponse()


def confirm_own_change(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Complete the change of the caller's primary address with the code that was sent to the new address."""
    user = _caller(environment, call)
    email = cast("str", call.body["email"])
    check_is_free(environment, "email", email, user.id)
    use_code(environment, "change_email", user, email, cast("str", call.body["code"]))
    row = contact_with(environment.state, user, "email", email)
    if row is not None:
        remove_contact(environment.state, row)
    _put_email(environment, user, email, call.caller.tenant_id)
    return EmulatedResponse()


def list_own(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """List the e-mail addresses of the caller."""
    user = _caller(environment, call)
    return EmulatedResponse(body=[_shown(user, row) for row in contacts(environment.state, "email", [user])])


def _caller(environment: EmulatedEnvironment, call: IncomingCall) -> UserRow:
    return find_user(environment.state, call.caller.user_id)


def _with_email(environment: EmulatedEnvironment, user: UserRow, call: IncomingCall) -> UserContactRow:
    row = contact_with(environment.state, user, "email", cast("str", call.body["email"]))
    if row is None:
        raise service_error(404, "Email not found")
    return row


def _put_email(environment: EmulatedEnvironment, user: UserRow, email: str, tenant_id: str) -> None:
    user = msgspec.structs.replace(user, email=email, verified=True)
    environment.state.put_user(user)
    emit_of_user(environment, "updated", user, tenant_id)


def _is_primary(user: UserRow, row: UserContactRow) -> bool:
    return folded(row.value) == folded(user.email)


def _shown(user: UserRow, row: UserContactRow) -> dict[str, object]:
    return {
        "id": row.id,
        "userId": row.user_id,
        "email": row.value,
        "verified": row.verified,
        "isPrimary": _is_primary(user, row),
        "createdAt": row.created_at,
        "updatedAt": row.updated_at,
    }


RULES = {
    "users.emails.list": Rule(run=list_page, permission=READ_USERS, takes_tenant_header=True),
    "users.emails.add": Rule(run=add),
    "users.emails.remove": Rule(run=remove),
    "users.emails.set_primary": Rule(run=set_primary),
    "me.emails.list": Rule(run=list_own),
    "me.emails.add": Rule(run=add_own),
    "me.emails.verify": Rule(run=verify_own),
    "me.emails.remove": Rule(run=remove_own),
    "me.emails.set_primary": Rule(run=set_own_primary),
    "me.change_email": Rule(run=change_own),
    "me.confirm_email": Rule(run=confirm_own_change),
}
