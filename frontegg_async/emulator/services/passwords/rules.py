"""The rules of users' passwords: change, reset and check.

If a message is requested for an unknown address, the response is a success but nothing is sent (assumed). All refusals
except the status 410 are assumed.
"""

from __future__ import annotations

from typing import Final, cast

from frontegg_async._values.ascii_case import folded
from frontegg_async._values.json_values import JsonValue
from frontegg_async.emulator.services.emails.links import make_link
from frontegg_async.emulator.services.emails.sending import send_email
from frontegg_async.emulator.services.passwords.codes import send_reset_code, use_reset_code
from frontegg_async.emulator.services.passwords.policies import policy_of, set_password
from frontegg_async.emulator.services.support.common import find_user, user_in_header
from frontegg_async.emulator.services.support.emulated_response import (
    EmulatedResponse,
    RequestRefusedError,
    service_error,
    validation_error,
)
from frontegg_async.emulator.services.support.incoming_call import IncomingCall
from frontegg_async.emulator.services.support.rule import Rule
from frontegg_async.emulator.services.user_links.links import find_link, locate, use_link, user_of_link
from frontegg_async.emulator.services.user_migrations.password_hashes import is_password
from frontegg_async.emulator.services.users.rules import IDENTIFIED, user_with
from frontegg_async.emulator.services.users.writes import emit_of_user
from frontegg_async.emulator.store.user_rows import UserRow
from frontegg_async.emulator.world.emulated_environment import EmulatedEnvironment
from frontegg_async.models.users import UserIdentifier

_GONE: Final = 410


def change(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Change the password of the caller. With an environment token, change the password of the user in the header."""
    user_id = call.caller.user_id if call.caller.kind == "user" else user_in_header(call)
    user = find_user(environment.state, user_id)
    if not is_password(user, cast("str", call.body["password"])):
        raise service_error(400, "The password is wrong")
    set_password(environment, user, cast("str", call.body["newPassword"]))
    return EmulatedResponse(status=201)


def send_reset_email(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Send an e-mail with a link to set a new password."""
    _send(environment, _identified(environment, call.body["identifier"], call.body["identifierType"]))
    return EmulatedResponse(body={"sessionId": environment.new_id()})


def send_reset_email_v1(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Send an e-mail with a link to set a new password. Frontegg's own SDKs send the address in the field ``email``."""
    email = cast("str | None", call.body.get("email"))
    if email is not None:
        user = user_with(environment.state, email)
    else:
        user = _identified(environment, call.body.get("identifier"), call.body.get("identifierType"))
    _send(environment, user)
    return EmulatedResponse(status=201)


def _send(environment: EmulatedEnvironment, user: UserRow | None) -> None:
    if user is not None:
        token = make_link(environment, "passwordReset", user).token
        send_email(environment, "ResetPassword", user, user.tenant_id, token=token)
        emit_of_user(environment, "forgotPassword", user, user.tenant_id)


def _identified(environment: EmulatedEnvironment, identifier: JsonValue, kind: JsonValue) -> UserRow | None:
    """Return the user who has an identifier.

    Raises:
        RequestRefusedError: 400 if the kind of the identifier is unknown.
    """
    if kind not in tuple(UserIdentifier):
        raise validation_error([f"identifierType must be one of {', '.join(UserIdentifier)}"])
    read, wanted = IDENTIFIED[UserIdentifier(kind)], folded(cast("str", identifier or ""))
    return next((user for user in environment.state.users.values() if folded(read(user) or "") == wanted), None)


def send_reset_sms(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Send a text message with a code to set a new password."""
    user = _identified(environment, call.body["identifier"], call.body["identifierType"])
    session = environment.new_id()
    if user is not None and user.phone_number:
        send_reset_code(environment, user, session)
    return EmulatedResponse(body={"sessionId": session})


def verify_reset_sms(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Exchange a code for a token that can set a new password, and remove the code."""
    user = use_reset_code(environment, cast("str", call.body["sessionId"]), call.body["otcToken"])
    return EmulatedResponse(body={"userId": user.id, "token": make_link(environment, "passwordReset", user).token})


def reset(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Set a new password with the token in a link, and remove the link."""
    link = find_link(environment, "passwordReset", call.body["userId"], call.body["token"])
    set_password(environment, user_of_link(environment, link), cast("str", call.body["password"]))
    use_link(environment, link)
    return EmulatedResponse(status=201)


def validate_reset(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Check the token in a link. For a used or expired token, Frontegg's own SDKs expect the status 410."""
    try:
        find_link(environment, "passwordReset", call.body["userId"], call.body["token"])
    except RequestRefusedError:
        raise service_error(_GONE, "The token is not valid") from None
    return EmulatedResponse(status=201)


def reset_breached(_environment: EmulatedEnvironment, _call: IncomingCall) -> EmulatedResponse:
    """Do nothing, since no password in the emulator is known as breached."""
    return EmulatedResponse(status=201)


def configuration(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Return the password policy for the signed-in user. Without a user token, return that for a user in no tenant."""
    own = call.caller.user_id if call.caller.kind == "user" else None
    user_id = own or call.query.get("userId")
    return EmulatedResponse(
        body=policy_of(environment, None if user_id is None else find_user(environment.state, user_id))
    )


def verify(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Check an e-mail address and a password. The name of the field in the response is assumed."""
    user = user_with(environment.state, cast("str", call.body["email"]))
    return EmulatedResponse(
        body={"isValid": user is not None and is_password(user, cast("str", call.body["password"]))}
    )


def recovery_strategies(_environment: EmulatedEnvironment, _call: IncomingCall) -> EmulatedResponse:
    """Return the ways by which users may set a new password."""
    return EmulatedResponse(body=[{"strategy": strategy, "isActive": True} for strategy in ("email", "sms")])


RULES = {
    "me.change_password": Rule(run=change),
    "users.passwords.send_reset_email": Rule(run=send_reset_email, locate=locate),
    "users.passwords.send_reset_email_v1": Rule(run=send_reset_email_v1, locate=locate),
    "users.passwords.reset": Rule(run=reset, locate=locate),
    "users.passwords.validate_reset": Rule(run=validate_reset, locate=locate),
    "users.passwords.send_reset_sms": Rule(run=send_reset_sms, locate=locate),
    "users.passwords.verify_reset_sms": Rule(run=verify_reset_sms, locate=locate),
    "users.passwords.reset_breached": Rule(run=reset_breached, permission="fe.secure.write.securityPolicy"),
    "users.passwords.get_config": Rule(run=configuration, locate=locate),
    "users.passwords.verify": Rule(run=verify),
    "users.passwords.list_recovery_strategies": Rule(run=recovery_strategies, locate=locate),
}
