"""The rules of activation and invitation by links. Frontegg's login boxes call these operations.

No source documents which users must set a password, the state of a membership after activation, and the refusals;
the emulator assumes them. Only the codes in the refusals of a locked tenant are known. The lifetime of a code is stored
but has no effect: a code expires together with its link.
"""

from __future__ import annotations

from typing import Final, cast

import msgspec

from frontegg_async.emulator.services.activations.rows import InvitationStrategyRow
from frontegg_async.emulator.services.emails.rows import STRATEGY_ID, ActivationStrategyRow, LinkKind, UserLinkRow
from frontegg_async.emulator.services.emails.sending import send_invitation
from frontegg_async.emulator.services.invitations.rows import InvitationRow
from frontegg_async.emulator.services.invitations.rules import check_may_accept, joined
from frontegg_async.emulator.services.passwords.policies import set_password
from frontegg_async.emulator.services.sessions import token_sessions
from frontegg_async.emulator.services.sessions.rules import signed_in
from frontegg_async.emulator.services.support.emulated_response import (
    EmulatedResponse,
    service_error,
    validation_error,
)
from frontegg_async.emulator.services.support.incoming_call import IncomingCall
from frontegg_async.emulator.services.support.rule import Rule
from frontegg_async.emulator.services.tenants.access import check_unlocked
from frontegg_async.emulator.services.user_links.links import find_link, locate, use_link, user_of_link
from frontegg_async.emulator.services.users.rules import user_with
from frontegg_async.emulator.services.users.writes import emit_of_user
from frontegg_async.emulator.store.user_rows import UserRow
from frontegg_async.emulator.world.emulated_environment import EmulatedEnvironment

_SHORTEST_CODE: Final = 60


def activate(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Activate a user with the token in a link, and sign the user in."""
    return _activated(environment, call, _link(environment, call, "activation"))


def activate_with_code(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Activate a user with a token and a code, and sign the user in."""
    return _activated(environment, call, _link_with_code(environment, call, "activation"))


def _link(environment: EmulatedEnvironment, call: IncomingCall, kind: LinkKind) -> UserLinkRow:
    return find_link(environment, kind, call.body["userId"], call.body["token"])


def _link_with_code(environment: EmulatedEnvironment, call: IncomingCall, kind: LinkKind) -> UserLinkRow:
    link = _link(environment, call, kind)
    if not link.code or link.code != call.body["code"]:
        raise service_error(400, "The code is not valid")
    return link


def _activated(environment: EmulatedEnvironment, call: IncomingCall, link: UserLinkRow) -> EmulatedResponse:
    user = user_of_link(environment, link)
    tenant_id = link.tenant_id or user.tenant_id
    password = cast("str | None", call.body.get("password"))
    if password is None and _has_to_set_password(user):
        raise validation_error(["password should not be empty"])
    check_unlocked(environment, tenant_id)
    token_sessions.check_may_enter(environment, user, tenant_id)
    if password is not None:
        user = set_password(environment, user, password)
    user = msgspec.structs.replace(user, verified=True, last_login=environment.clock.timestamp())
    user = _join(environment, user, tenant_id)
    use_link(environment, link)
    claims = token_sessions.user_claims(environment, user, tenant_id)
    session = token_sessions.begin(environment, claims, kind="user")
    return signed_in(environment, 200, session, user.id, user.email)


def _has_to_set_password(user: UserRow) -> bool:
    return user.provider == "local" and user.password is None and user.password_hash is None


def _join(environment: EmulatedEnvironment, user: UserRow, tenant_id: str) -> UserRow:
    """Make a user active in a tenant, store the user, and return the changed user."""
    membership = msgspec.structs.replace(user.membership(tenant_id), status="Activated")
    user = user.within(tenant_id, membership)
    environment.state.put_user(user)
    emit_of_user(environment, "activated", user, tenant_id)
    return user


def strategy(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Return whether a user must set a password for activation."""
    link = find_link(environment, "activation", call.query.get("userId"), call.query.get("token"))
    return EmulatedResponse(body={"shouldSetPassword": _has_to_set_password(user_of_link(environment, link))})


def resend(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Send a new activation link to a user who is active in no tenant.

    For other users the response is the same, but no e-mail is sent.
    """
    user = user_with(environment.state, cast("str", call.body["email"]))
    if user is not None and all(user.membership(each).status != "Activated" for each in user.tenant_ids):
        send_invitation(environment, user, user.tenant_id)
    return EmulatedResponse(status=201)


def accept(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Accept an invitation to a tenant. The token may be of a link or of the user's invitation."""
    user = environment.state.users.get(cast("str", call.body["userId"]))
    for row in environment.state.table(InvitationRow).values():
        if user is not None and row.user_id == user.id and row.token == call.body["token"]:
            _join(environment, joined(environment, user, row.token), row.tenant_id)
            return EmulatedResponse()
    return _accepted(environment, _link(environment, call, "invitation"))


def accept_with_code(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Accept an invitation to a tenant with a token and a code."""
    return _accepted(environment, _link_with_code(environment, call, "invitation"))


def _accepted(environment: EmulatedEnvironment, link: UserLinkRow) -> EmulatedResponse:
    check_may_accept(environment, link.tenant_id)
    _join(environment, user_of_link(environment, link), link.tenant_id)
    use_link(environment, link)
    return EmulatedResponse()


def _activation_strategy(environment: EmulatedEnvironment) -> ActivationStrategyRow:
    default = ActivationStrategyRow(id=STRATEGY_ID)
    return environment.state.table(ActivationStrategyRow).get(STRATEGY_ID, default)


def activation_config(environment: EmulatedEnvironment, _call: IncomingCall) -> EmulatedResponse:
    """Return whether users are activated by links or by codes."""
    row = _activation_strategy(environment)
    return EmulatedResponse(body={"strategy": row.strategy, "codeExpiration": row.code_expiration})


def set_activation_config(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Set whether users are activated by links or by codes."""
    chosen, seconds = call.body["strategy"], cast("float | None", call.body.get("codeExpiration"))
    if chosen not in ("code", "link"):
        raise validation_error(["strategy must be one of code, link"])
    if seconds is not None and seconds < _SHORTEST_CODE:
        raise validation_error([f"codeExpiration must not be less than {_SHORTEST_CODE}"])
    before = _activation_strategy(environment)
    row = msgspec.structs.replace(
        before,
        strategy="code" if chosen == "code" else "link",
        code_expiration=before.code_expiration if seconds is None else seconds,
    )
    environment.state.put(row)
    return EmulatedResponse()


def invitation_config(environment: EmulatedEnvironment, _call: IncomingCall) -> EmulatedResponse:
    """Return how users accept invitations. They always use links, since no operation changes this setting."""
    row = environment.state.table(InvitationStrategyRow).get(STRATEGY_ID, InvitationStrategyRow(id=STRATEGY_ID))
    return EmulatedResponse(body={"strategy": "link", "codeExpiration": row.code_expiration})


def set_invitation_config(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Set the lifetime of the codes of invitations."""
    seconds = cast("float | None", call.body.get("codeExpiration"))
    if seconds is not None:
        environment.state.put(InvitationStrategyRow(id=STRATEGY_ID, code_expiration=seconds))
    return EmulatedResponse()


RULES = {
    "users.activation.activate": Rule(run=activate, locate=locate),
    "users.activation.activate_with_code": Rule(run=activate_with_code, locate=locate),
    "users.activation.get_strategy": Rule(run=strategy, locate=locate),
    "users.activation.resend": Rule(run=resend, locate=locate),
    "users.activation.get_config": Rule(run=activation_config),
    "users.activation.set_config": Rule(run=set_activation_config),
    "users.invitation.accept": Rule(run=accept, locate=locate),
    "users.invitation.accept_with_code": Rule(run=accept_with_code, locate=locate),
    "users.invitation.get_config": Rule(run=invitation_config),
    "users.invitation.set_config": Rule(run=set_invitation_config),
}
