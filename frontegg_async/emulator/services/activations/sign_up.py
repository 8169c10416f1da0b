"""The rules of sign-up and of a user's token for another tenant. Frontegg's login boxes call these operations.

All of the following is assumed. A new user gets a new tenant, or joins the tenant of an invitation with the
invitation's roles. A user with a password is signed in at once. A user without a password gets an e-mail. The refusals
are assumed too.
"""

from __future__ import annotations

from typing import cast

from frontegg_async._values.json_values import JsonValue
from frontegg_async.emulator.services.invitations.rules import for_new_user
from frontegg_async.emulator.services.passwords.policies import check_new_password
from frontegg_async.emulator.services.roles.of_users import checked_role_ids
from frontegg_async.emulator.services.sessions import token_sessions
from frontegg_async.emulator.services.sessions.rules import signed_in
from frontegg_async.emulator.services.support.common import find_user
from frontegg_async.emulator.services.support.emulated_response import (
    EmulatedResponse,
    service_error,
    validation_error,
)
from frontegg_async.emulator.services.support.incoming_call import IncomingCall
from frontegg_async.emulator.services.support.rule import Rule
from frontegg_async.emulator.services.tenants.access import check_unlocked
from frontegg_async.emulator.services.tenants.rules import make_tenant
from frontegg_async.emulator.services.user_links.links import locate
from frontegg_async.emulator.services.users.uniqueness import check_is_new
from frontegg_async.emulator.services.users.writes import check_new_user, emit_of_user, invite_user
from frontegg_async.emulator.world.emulated_environment import EmulatedEnvironment
from frontegg_async.emulator.world.journal import NO_EFFECT, Effect


def sign_up(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Sign up a user with an e-mail address."""
    return _signed_up(environment, call, "email")


def sign_up_with_username(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Sign up a user with a user name."""
    return _signed_up(environment, call, "username")


def _signed_up(environment: EmulatedEnvironment, call: IncomingCall, login: str) -> EmulatedResponse:
    password = cast("str | None", call.body.get("password"))
    token = call.body.get("invitationToken")
    invitation = for_new_user(environment, token) if token else None
    _check(environment, call, login, "" if invitation is None else invitation.tenant_id)
    body: dict[str, JsonValue] = {**call.body, "skipInviteEmail": password is not None}
    if invitation is None:
        tenant_id = make_tenant(environment, {"name": body["companyName"]}).tenant_id
        effect = Effect(created=(tenant_id,))
    else:
        tenant_id, effect = invitation.tenant_id, NO_EFFECT
        body["roleIds"] = list(invitation.role_ids) or body.get("roleIds")
    user = invite_user(environment, tenant_id, body)
    emit_of_user(environment, "signedUp", user, tenant_id)
    if invitation is not None:
        emit_of_user(environment, "joinedTenantUsingInvitationLink", user, tenant_id)
    shown: dict[str, object] = {"shouldActivate": password is None, "userId": user.id, "tenantId": tenant_id}
    if password is None:
        return EmulatedResponse(status=201, body=shown, effect=effect)
    session = token_sessions.begin(environment, token_sessions.user_claims(environment, user, tenant_id), kind="user")
    response = signed_in(environment, 201, session, user.id, user.email)
    return EmulatedResponse(
        status=201, body={**shown, "authResponse": response.body}, effect=effect, headers=response.headers
    )


def _check(environment: EmulatedEnvironment, call: IncomingCall, login: str, tenant_id: str) -> None:
    """Refuse a person who cannot sign up, before a tenant is created. ``tenant_id`` is empty without an invitation.

    Raises:
        RequestRefusedError: 400 if a field has a value that is not allowed, 409 if the person has signed up already.
    """
    body = call.body
    name = cast("str | None", body.get(login))
    if not name:
        raise validation_error([f"{login} should not be empty"])
    check_new_user(body)
    checked_role_ids(environment, cast("list[str]", body.get("roleIds") or []), tenant_id)
    password = cast("str | None", body.get("password"))
    if password is not None:
        check_new_password(environment, password)
    check_is_new(environment, body)


def strategies(_environment: EmulatedEnvironment, _call: IncomingCall) -> EmulatedResponse:
    """Return the identifiers with which users can sign up."""
    kinds = (("email", True), ("phoneNumber", False), ("username", True))
    return EmulatedResponse(
        body=[{"strategy": kind, "isActive": is_active, "isRequired": kind == "email"} for kind, is_active in kinds]
    )


def tenant_token(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Return an access token of a user for another tenant of the user. The user's active tenant does not change."""
    user = find_user(environment.state, call.caller.user_id)
    tenant_id = cast("str", call.body["tenantId"])
    if tenant_id not in user.tenant_ids or tenant_id not in environment.state.tenants:
        raise service_error(403, "The user may not enter the tenant")
    check_unlocked(environment, tenant_id)
    token_sessions.check_may_enter(environment, user, tenant_id)
    session = token_sessions.begin(environment, token_sessions.user_claims(environment, user, tenant_id), kind="user")
    return EmulatedResponse(
        status=201,
        body={"accessToken": session.access_token, "expires": session.expires, "expiresIn": session.expires_in},
    )


RULES = {
    "users.sign_up.create": Rule(run=sign_up, locate=locate),
    "users.sign_up.create_with_username": Rule(run=sign_up_with_username, locate=locate),
    "users.sign_up.list_strategies": Rule(run=strategies, locate=locate),
    "me.get_tenant_token": Rule(run=tenant_token),
}
