"""The rules by which users who lost their phone set another phone number. Their source is Frontegg's own SDKs.

The code is sent to the e-mail address of the user (assumed). For an unknown address, the response is a success, but no
code is sent.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import cast

import msgspec

from frontegg_async._values.json_values import JsonValue
from frontegg_async.emulator.services.contacts.codes import send_code, use_token
from frontegg_async.emulator.services.contacts.rows import ContactCodeRow
from frontegg_async.emulator.services.sessions.rules import named_environment
from frontegg_async.emulator.services.support.common import find_user
from frontegg_async.emulator.services.support.emulated_response import EmulatedResponse
from frontegg_async.emulator.services.support.incoming_call import IncomingCall
from frontegg_async.emulator.services.support.rule import Environments, Rule
from frontegg_async.emulator.services.user_contacts.phones import checked_number, set_number
from frontegg_async.emulator.services.users.rules import user_with
from frontegg_async.emulator.world.emulated_environment import EmulatedEnvironment


def start(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Send a code to the e-mail address of a user."""
    user = user_with(environment.state, cast("str", call.body["email"]))
    token = secrets.token_urlsafe(24)
    if user is not None and "@" in user.email:
        token = send_code(environment, "reset_phone", user, user.email, user.tenant_id).id
    return EmulatedResponse(status=201, body={"resetPhoneNumberToken": token})


def verify(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Exchange the code for a token. The token can set another phone number once."""
    body = cast("Mapping[str, str]", call.body)
    row = use_token(environment, "reset_phone", None, body["resetPhoneNumberToken"], body["code"])
    made = msgspec.structs.replace(row, id=secrets.token_urlsafe(24), purpose="reset_done", code="")
    environment.state.put(made)
    return EmulatedResponse(status=201, body={"changePhoneNumberToken": made.id})


def change(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Replace the phone number in the profile of the user who got the token."""
    row = use_token(environment, "reset_done", None, cast("str", call.body["changePhoneNumberToken"]), "")
    user = find_user(environment.state, row.user_id)
    set_number(environment, user, checked_number(environment, call, user), user.tenant_id)
    return EmulatedResponse()


def _locate(
    environments: Environments, body: Mapping[str, JsonValue], headers: Mapping[str, str]
) -> EmulatedEnvironment | None:
    """Return the environment that a header names. Without the header, search for the user or the token in the body."""
    named = named_environment(environments, headers)
    if named is not None:
        return named
    given = body.get("resetPhoneNumberToken"), body.get("changePhoneNumberToken")
    email, tokens = body.get("email"), {each for each in given if isinstance(each, str)}
    for environment in environments.values():
        has_user = isinstance(email, str) and user_with(environment.state, email) is not None
        if has_user or not tokens.isdisjoint(environment.state.table(ContactCodeRow)):
            return environment
    return None


RULES = {
    "me.reset_phone": Rule(run=start, locate=_locate),
    "me.verify_phone_reset": Rule(run=verify, locate=_locate),
    "me.change_phone_after_reset": Rule(run=change, locate=_locate),
}
