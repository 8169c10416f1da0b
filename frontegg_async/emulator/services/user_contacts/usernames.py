"""The rules of user names. A user has at most one user name, and can sign in with it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final, cast

import msgspec

from frontegg_async._values.ascii_case import folded
from frontegg_async.emulator.services.support.common import find_user
from frontegg_async.emulator.services.support.emulated_response import (
    EmulatedResponse,
    service_error,
    validation_error,
)
from frontegg_async.emulator.services.support.incoming_call import IncomingCall
from frontegg_async.emulator.services.support.paging import sorted_page
from frontegg_async.emulator.services.support.rule import Rule
from frontegg_async.emulator.services.user_contacts.queries import chosen_users, texts
from frontegg_async.emulator.services.users.rules import READ_USERS
from frontegg_async.emulator.services.users.switches import UserSwitches
from frontegg_async.emulator.services.users.writes import emit_of_user
from frontegg_async.emulator.store.user_rows import UserRow
from frontegg_async.emulator.world.emulated_environment import EmulatedEnvironment

_NAME: Final = re.compile(r"[A-Za-z0-9._-]{1,255}")
_ORDERS: Final[Mapping[str, Callable[[UserRow], object]]] = {
    "userId": lambda user: user.id,
    "username": lambda user: folded(user.username or ""),
}


def list_page(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Return one page of the user names of all or some users."""
    prefix, names = call.query.get("_usernamePrefix") or "", texts(call, "usernames")
    found = [
        user
        for user in chosen_users(environment, call)
        if user.username is not None and user.username.startswith(prefix) and (not names or user.username in names)
    ]
    return sorted_page(environment, call, found, _shown, _ORDERS)


def get_own(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Return the user name of the caller."""
    user = find_user(environment.state, call.caller.user_id)
    if user.username is None:
        raise service_error(404, "Username not found")
    return EmulatedResponse(body=_shown(user))


def create_own(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Set the user name of the caller."""
    user = find_user(environment.state, call.caller.user_id)
    name = cast("str", call.body["username"])
    if not _NAME.fullmatch(name):
        raise validation_error(["username must have 1 to 255 letters, digits, dots, underscores and hyphens"])
    if any(other.id != user.id for other in environment.state.users_named(name)):
        raise service_error(environment.switches[UserSwitches].taken_email, "Username is taken")
    _put(environment, user, name, call.caller.tenant_id)
    return EmulatedResponse(status=201)


def delete_own(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Remove the user name of the caller. The e-mail addresses of the caller stay."""
    user = find_user(environment.state, call.caller.user_id)
    if user.username is None or folded(user.username) != folded(call.path["username"]):
        raise service_error(404, "Username not found")
    _put(environment, user, None, call.caller.tenant_id)
    return EmulatedResponse()


def _put(environment: EmulatedEnvironment, user: UserRow, name: str | None, tenant_id: str) -> None:
    user = msgspec.structs.replace(user, username=name)
    environment.state.put_user(user)
    emit_of_user(environment, "updated", user, tenant_id)


def _shown(user: UserRow) -> dict[str, object]:
    return {"username": user.username, "userId": user.id}


RULES = {
    "users.usernames.list": Rule(run=list_page, permission=READ_USERS, takes_tenant_header=True),
    "me.username.get": Rule(run=get_own),
    "me.username.create": Rule(run=create_own),
    "me.username.delete": Rule(run=delete_own),
}
