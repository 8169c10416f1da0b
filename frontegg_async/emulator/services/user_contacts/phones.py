"""The rules of users' phone numbers.

The first verified number is the ``phoneNumber`` of the user (assumed).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final, cast

import msgspec

from frontegg_async.emulator.services.contacts.codes import send_code, use_token
from frontegg_async.emulator.services.contacts.contacts import (
    contact_with,
    contacts,
    find_contact,
    put_contact,
    remove_contact,
)
from frontegg_async.emulator.services.contacts.rows import CodePurpose, UserContactRow
from frontegg_async.emulator.services.support.common import find_user
from frontegg_async.emulator.services.support.emulated_response import EmulatedResponse, validation_error
from frontegg_async.emulator.services.support.incoming_call import IncomingCall
from frontegg_async.emulator.services.support.paging import MAX_LIMIT, sorted_page
from frontegg_async.emulator.services.support.rule import Rule
from frontegg_async.emulator.services.user_contacts.queries import chosen_users
from frontegg_async.emulator.services.users.rules import READ_USERS
from frontegg_async.emulator.services.users.uniqueness import check_is_free
from frontegg_async.emulator.services.users.writes import emit_of_user
from frontegg_async.emulator.store.user_rows import UserRow
from frontegg_async.emulator.world.emulated_environment import EmulatedEnvironment

_MOST: Final = 250
"""The maximum number of phone numbers on a page. The API description of the second version documents it."""
_NUMBER: Final = re.compile(r"\+[1-9][0-9]{6,14}")
_ORDERS: Final[Mapping[str, Callable[[UserContactRow], object]]] = {
    "userId": lambda row: row.user_id,
    "phoneNumber": lambda row: row.value,
}


def list_page(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Return one page of the numbers of all or some users."""
    return _page(environment, call, most=_MOST)


def list_page_v1(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Return one page of the numbers in the form of the first version, which contains no ids of users."""
    return _page(environment, call, most=MAX_LIMIT)


def _page(environment: EmulatedEnvironment, call: IncomingCall, *, most: int) -> EmulatedResponse:
    wanted = call.query.get("_phoneNumber")
    rows = contacts(environment.state, "phone", chosen_users(environment, call))
    found = [row for row in rows if not wanted or row.value == wanted]
    return sorted_page(environment, call, found, _shown, _ORDERS, most=most)


def add(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Add a phone number to a user. The number counts as verified."""
    user = find_user(environment.state, call.path["user_id"])
    number = _new_number(environment, call, user)
    _put_verified(environment, user, number, user.tenant_id)
    return EmulatedResponse(status=201)


def remove(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Remove a number of a user."""
    user = find_user(environment.state, call.path["user_id"])
    _remove(environment, user, find_contact(environment.state, user, "phone", call.path["phone_id"]), user.tenant_id)
    return EmulatedResponse()


def list_own(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """List the numbers of the caller."""
    user = _caller(environment, call)
    return EmulatedResponse(body=[_shown(row) for row in contacts(environment.state, "phone", [user])])


def add_own(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Add a phone number to the caller. Send a code to the number, unless the body asks for no code."""
    user = _caller(environment, call)
    number = _new_number(environment, call, user)
    put_contact(environment, user, "phone", number, is_verified=False)
    if call.body.get("verify") is False:
        return EmulatedResponse(status=201, body={})
    return EmulatedResponse(status=201, body={"otcToken": _send(environment, call, "verify_phone", user, number)})


def send_own_code(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Send a code to a phone number that the caller has or wants to add."""
    user = _caller(environment, call)
    number = checked_number(environment, call, user)
    return EmulatedResponse(body={"otcToken": _send(environment, call, "verify_phone", user, number)})


def verify_own(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Add a number to the caller as verified, with the code that was sent to the number."""
    user = _caller(environment, call)
    number = _used(environment, call, "verify_phone", user, "otcToken")
    check_is_free(environment, "phone", number, user.id)
    _put_verified(environment, user, number, call.caller.tenant_id)
    return EmulatedResponse()


def request_removal(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Start the removal of a number of the caller: send a code to the number."""
    user = _caller(environment, call)
    row = find_contact(environment.state, user, "phone", call.path["id"])
    token = _send(environment, call, "remove_phone", user, row.value)
    return EmulatedResponse(body={"phoneId": row.id, "otcToken": token})


def confirm_removal(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Complete the removal of a number of the caller with the code that was sent to the number."""
    user = _caller(environment, call)
    row = find_contact(environment.state, user, "phone", call.path["id"])
    use_token(environment, "remove_phone", user, *_token_and_code(call, "otcToken"), value=row.value)
    _remove(environment, user, row, call.caller.tenant_id)
    return EmulatedResponse()


def change_own(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Start a change of the caller's number: send a code to the new number."""
    user = _caller(environment, call)
    number = checked_number(environment, call, user)
    return EmulatedResponse(status=201, body={"changePhoneId": _send(environment, call, "change_phone", user, number)})


def confirm_own_change(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Complete the change of the number in the caller's profile with the code that was sent to the new number."""
    user = _caller(environment, call)
    number = _used(environment, call, "change_phone", user, "changePhoneId")
    check_is_free(environment, "phone", number, user.id)
    set_number(environment, user, number, call.caller.tenant_id)
    return EmulatedResponse(status=201)


def _caller(environment: EmulatedEnvironment, call: IncomingCall) -> UserRow:
    return find_user(environment.state, call.caller.user_id)


def checked_number(environment: EmulatedEnvironment, call: IncomingCall, user: UserRow) -> str:
    """Return the phone number in a body.

    Raises:
        RequestRefusedError: 400 if the text is not a phone number with a country code, 409 if another user has the
        number.
    """
    number = cast("str", call.body["phoneNumber"])
    if not _NUMBER.fullmatch(number):
        raise validation_error(["phoneNumber must be a valid phone number"])
    check_is_free(environment, "phone", number, user.id)
    return number


def _new_number(environment: EmulatedEnvironment, call: IncomingCall, user: UserRow) -> str:
    """Return the phone number in a body. It must not be a verified number of the user already.

    Raises:
        RequestRefusedError: The refusals of `checked_number`, and 409 for a verified number of the user.
    """
    number = checked_number(environment, call, user)
    row = contact_with(environment.state, user, "phone", number)
    if row is not None and row.verified:
        check_is_free(environment, "phone", number)
    return number


def _send(
    environment: EmulatedEnvironment, call: IncomingCall, purpose: CodePurpose, user: UserRow, number: str
) -> str:
    """Send a code to a number. Return the token that the client must send together with the code."""
    return send_code(environment, purpose, user, number, call.caller.tenant_id).id


def _used(environment: EmulatedEnvironment, call: IncomingCall, purpose: CodePurpose, user: UserRow, token: str) -> str:
    """Check and remove the code in a body. Return the number to which the code was sent.

    Raises:
        RequestRefusedError: 400 if the code or the token is wrong.
    """
    return use_token(environment, purpose, user, *_token_and_code(call, token)).value


def _token_and_code(call: IncomingCall, token: str) -> tuple[str, str]:
    body = cast("Mapping[str, str]", call.body)
    return body[token], body["code"]


def _put_verified(environment: EmulatedEnvironment, user: UserRow, number: str, tenant_id: str) -> None:
    if user.phone_number is None:
        set_number(environment, user, number, tenant_id)
    elif user.phone_number != number:
        put_contact(environment, user, "phone", number, is_verified=True)


def set_number(environment: EmulatedEnvironment, user: UserRow, number: str, tenant_id: str) -> None:
    """Replace the number in the profile of a user. The new number may be one of the user's additional numbers."""
    row = contact_with(environment.state, user, "phone", number)
    if row is not None:
        remove_contact(environment.state, row)
    _put_number(environment, user, number, tenant_id)


def _remove(environment: EmulatedEnvironment, user: UserRow, row: UserContactRow, tenant_id: str) -> None:
    """Remove a number of a user. If the profile contained the number, the user's next verified number replaces it."""
    if row.value != user.phone_number:
        remove_contact(environment.state, row)
        return
    others = [each for each in contacts(environment.state, "phone", [user]) if each.verified and each.id != row.id]
    for following in others[:1]:
        remove_contact(environment.state, following)
    _put_number(environment, user, others[0].value if others else None, tenant_id)


def _put_number(environment: EmulatedEnvironment, user: UserRow, number: str | None, tenant_id: str) -> None:
    user = msgspec.structs.replace(user, phone_number=number)
    environment.state.put_user(user)
    emit_of_user(environment, "updated", user, tenant_id)


def _shown(row: UserContactRow) -> dict[str, object]:
    return {
        "id": row.id,
        "userId": row.user_id,
        "phoneNumber": row.value,
        "verified": row.verified,
        "createdAt": row.created_at,
        "updatedAt": row.updated_at,
    }


RULES = {
    "users.phone_numbers.list": Rule(run=list_page, permission=READ_USERS, takes_tenant_header=True),
    "users.phone_numbers.list_v1": Rule(run=list_page_v1, permission=READ_USERS, takes_tenant_header=True),
    "users.phone_numbers.add": Rule(run=add),
    "users.phone_numbers.remove": Rule(run=remove),
    "me.phone_numbers.list": Rule(run=list_own),
    "me.phone_numbers.add": Rule(run=add_own),
    "me.phone_numbers.send_code": Rule(run=send_own_code),
    "me.phone_numbers.verify": Rule(run=verify_own),
    "me.phone_numbers.request_removal": Rule(run=request_removal),
    "me.phone_numbers.confirm_removal": Rule(run=confirm_removal),
    "me.change_phone": Rule(run=change_own),
    "me.confirm_phone": Rule(run=confirm_own_change),
}
