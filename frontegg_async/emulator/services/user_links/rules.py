"""The rules that create links of users without sending e-mails."""

from __future__ import annotations

from frontegg_async.emulator.services.support.common import find_user
from frontegg_async.emulator.services.support.emulated_response import EmulatedResponse
from frontegg_async.emulator.services.support.incoming_call import IncomingCall
from frontegg_async.emulator.services.support.rule import Rule
from frontegg_async.emulator.services.user_links.links import shown_link
from frontegg_async.emulator.world.emulated_environment import EmulatedEnvironment


def generate_activation(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Create a link with which a user activates the account."""
    user = find_user(environment.state, call.path["user_id"])
    return EmulatedResponse(status=201, body=shown_link(environment, "activation", user))


def generate_password_reset(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Create a link with which a user sets a new password."""
    user = find_user(environment.state, call.path["user_id"])
    return EmulatedResponse(status=201, body=shown_link(environment, "passwordReset", user))


RULES = {
    "users.generate_activation_link": Rule(run=generate_activation),
    "users.generate_password_reset_link": Rule(run=generate_password_reset),
}
