"""The rules of sessions: sign-in of users, exchange of API tokens, and refresh.

Requests for these operations have no environment token. The header ``frontegg-vendor-host`` may contain the client id
of an environment. Otherwise the environment is the one that issued the refresh token or API token. A password is tried
in the default environment first. If it is wrong there, exactly one other environment must accept it.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from typing import Final, cast

import msgspec

from frontegg_async._values.ascii_case import folded
from frontegg_async._values.json_values import JsonValue
from frontegg_async.emulator.services.api_tokens.rows import ApiTokenRow
from frontegg_async.emulator.services.invitations.rules import joined
from frontegg_async.emulator.services.sessions import token_sessions
from frontegg_async.emulator.services.sessions.switches import SessionSwitches
from frontegg_async.emulator.services.sessions.token_sessions import Claims, IssuedSession
from frontegg_async.emulator.services.support.emulated_response import (
    EmulatedResponse,
    RequestRefusedError,
    validation_error,
)
from frontegg_async.emulator.services.support.incoming_call import IncomingCall
from frontegg_async.emulator.services.support.rule import Environments, Locate, Prepare, Rule, Run, Tag
from frontegg_async.emulator.services.user_migrations.password_hashes import is_password
from frontegg_async.emulator.services.users.writes import emit_of_user
from frontegg_async.emulator.store.user_rows import SessionKind, UserRow
from frontegg_async.emulator.world.emulated_environment import EmulatedEnvironment

VENDOR_HOST: Final = "frontegg-vendor-host"

_Body = Mapping[str, JsonValue]
_Headers = Mapping[str, str]


def cookie_name(environment: EmulatedEnvironment) -> str:
    """Return the name of the cookie that contains the refresh token of a user of the environment."""
    return "fe_refresh_" + environment.client_id.replace("-", "", 1)


def _presented(environment: EmulatedEnvironment, body: _Body, headers: _Headers) -> str | None:
    given = body.get("refreshToken")
    in_body = given if isinstance(given, str) and given else None
    in_cookie = _cookie(environment, headers)
    if environment.switches[SessionSwitches].refresh_source == "cookie":
        return in_cookie or in_body
    return in_body or in_cookie


def _cookie(environment: EmulatedEnvironment, headers: _Headers) -> str | None:
    wanted = cookie_name(environment)
    # The cookie parser of the standard library drops all cookies if one of them is malformed.
    for pair in headers.get("Cookie", "").split(";"):
        name, _, value = pair.strip().partition("=")
        if name == wanted and value:
            return value.strip('"')
    return None


def named_environment(environments: Environments, headers: _Headers) -> EmulatedEnvironment | None:
    """Return the environment whose client id is in a header, or ``None`` if there is no such header."""
    return environments.get(headers.get(VENDOR_HOST, ""))


def _locate_refresh(environments: Environments, body: _Body, headers: _Headers) -> EmulatedEnvironment | None:
    named = named_environment(environments, headers)
    if named is not None:
        return named
    for environment in environments.values():
        if _presented(environment, body, headers) in environment.state.refresh_tokens:
            return environment
    return None


def _locate_api_token(environments: Environments, body: _Body, headers: _Headers) -> EmulatedEnvironment | None:
    named = named_environment(environments, headers)
    if named is not None:
        return named
    client_id = body.get("clientId")
    for environment in environments.values() if isinstance(client_id, str) else ():
        if client_id in environment.state.table(ApiTokenRow):
            return environment
    return None


def _locate_login(environments: Environments, body: _Body, headers: _Headers) -> EmulatedEnvironment | None:
    named = named_environment(environments, headers)
    if named is not None:
        return named
    default, *others = environments.values()
    if _find_user(default, body) is not None:
        return default
    found = [environment for environment in others if _find_user(environment, body) is not None]
    return found[0] if len(found) == 1 else None


def _find_user(environment: EmulatedEnvironment, body: _Body) -> UserRow | None:
    """Return the user who has the e-mail address or user name and the password in a body."""
    email, username, password = body.get("email"), body.get("username"), body.get("password")
    if not isinstance(password, str):
        return None
    for field, login in (("email", email), ("username", username)):
        for user in environment.state.users_named(login) if isinstance(login, str) else ():
            name = cast("str | None", getattr(user, field))
            if name is not None and folded(name) == folded(cast("str", login)) and is_password(user, password):
                return user
    return None


def _raw(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def login(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Sign a user in with a password."""
    if not call.body.get("email") and not call.body.get("username"):
        raise validation_error(["email or username must be a string"])
    try:
        user, tenant_id = _entering(environment, call)
    except RequestRefusedError:
        _emit_failure(environment, call.body)
        raise
    user = msgspec.structs.replace(user, last_login=environment.clock.timestamp())
    membership = user.membership(tenant_id)
    is_first = tenant_id in user.tenant_ids and membership.status != "Activated"
    if is_first:
        user = user.within(tenant_id, msgspec.structs.replace(membership, status="Activated"))
    joins = tenant_id in user.tenant_ids and tenant_id not in environment.state.users[user.id].tenant_ids
    environment.state.put_user(user)
    events = (("activated", is_first), ("joinedTenantUsingInvitationLink", joins), ("authenticated", True))
    for event, happened in events:
        if happened:
            emit_of_user(environment, event, user, tenant_id)
    claims = token_sessions.user_claims(environment, user, tenant_id)
    session = token_sessions.begin(environment, claims, kind="user", given=call.claims)
    return signed_in(environment, 200, session, user.id, user.email)


def _entering(environment: EmulatedEnvironment, call: IncomingCall) -> tuple[UserRow, str]:
    """Return the user who signs in, and the id of the tenant that the user enters.

    Raises:
        RequestRefusedError: The credentials are wrong, or the user may not enter the tenant.
    """
    user = _find_user(environment, call.body)
    if user is None:
        raise token_sessions.refused()
    token = call.body.get("invitationToken")
    if token and environment.switches[SessionSwitches].invitation_at_sign_in == "join":
        user = joined(environment, user, token)
    return user, token_sessions.entry_tenant(environment, user)


def _claims_of_login(environment: EmulatedEnvironment, call: IncomingCall) -> Claims:
    return token_sessions.user_claims(environment, *_entering(environment, call))


def _emit_failure(environment: EmulatedEnvironment, body: _Body) -> None:
    """Emit the event of a failed sign-in, if a user has the e-mail address or user name in a body."""
    named = (body.get(name) for name in ("email", "username"))
    for login in named:
        for user in environment.state.users_named(login) if isinstance(login, str) else ():
            emit_of_user(environment, "failedAuthentication", user, user.tenant_id)


def refresh(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Exchange the refresh token of a user for new tokens. The refresh token is in the body or in a cookie."""
    if not call.headers.get(VENDOR_HOST) and environment.switches[SessionSwitches].missing_vendor_host == "refuse":
        raise validation_error([f"{VENDOR_HOST} header is required"])
    session = _renew(environment, call, "user")
    if isinstance(session, RequestRefusedError):
        return session.response
    claims = session.grant.claims
    return signed_in(environment, 201, session, claims.get("sub"), claims.get("email"))


def signed_in(
    environment: EmulatedEnvironment, status: int, session: IssuedSession, user_id: object, email: object
) -> EmulatedResponse:
    """Return the response to a sign-in. The response sets the cookie with the refresh token."""
    user = environment.state.users.get(str(user_id))
    body = {
        "mfaRequired": False,
        "mfaEnrolled": user is not None and user.mfa_enrolled,
        **_camel_case(session),
        "userId": user_id,
        "userEmail": email,
    }
    cookie = f"{cookie_name(environment)}={session.refresh_token}; Path=/; HttpOnly; SameSite=Strict"
    return EmulatedResponse(status=status, body=body, headers={"Set-Cookie": cookie})


def exchange(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Exchange an API token for a session. The names of the fields in the response have underscores."""
    return EmulatedResponse(body=_snake_case(_begin(environment, call)))


def exchange_v1(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Exchange an API token for a session. The names of the fields in the response are in camel case."""
    return EmulatedResponse(body=_camel_case(_begin(environment, call)))


def _begin(environment: EmulatedEnvironment, call: IncomingCall) -> IssuedSession:
    claims = _claims_of_api_token(environment, call)
    return token_sessions.begin(environment, claims, kind="api_token", given=call.claims)


def _claims_of_api_token(environment: EmulatedEnvironment, call: IncomingCall) -> Claims:
    row = environment.state.table(ApiTokenRow).get(cast("str", call.body["clientId"]))
    if row is None or not hmac.compare_digest(_raw(row.secret), _raw(cast("str", call.body["secret"]))):
        raise token_sessions.refused()
    return token_sessions.api_token_claims(environment, row)


def refresh_api_token(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Exchange the refresh token of an API token's session for new tokens."""
    session = _renew(environment, call, "api_token")
    return session.response if isinstance(session, RequestRefusedError) else EmulatedResponse(body=_snake_case(session))


def refresh_api_token_v1(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Exchange the refresh token of an API token's session. The response has field names in camel case."""
    session = _renew(environment, call, "api_token")
    return session.response if isinstance(session, RequestRefusedError) else EmulatedResponse(body=_camel_case(session))


def _renew(
    environment: EmulatedEnvironment, call: IncomingCall, kind: SessionKind
) -> IssuedSession | RequestRefusedError:
    """Renew a session. A refusal is returned, not raised, since the reuse of a refresh token changes the state."""
    row = token_sessions.redeem(environment, _refresh_token(environment, call, kind), kind)
    if isinstance(row, RequestRefusedError):
        return row
    claims = token_sessions.current_claims(environment, row)
    return token_sessions.renew(environment, row, claims, given=call.claims)


def _refresh_token(environment: EmulatedEnvironment, call: IncomingCall, kind: SessionKind) -> str | None:
    """Return the refresh token in a request. Only the refresh token of a user may be in a cookie."""
    if kind == "user":
        return _presented(environment, call.body, call.headers)
    return cast("str", call.body["refreshToken"])


def _claims_of_renewal(kind: SessionKind) -> Prepare:
    def claims(environment: EmulatedEnvironment, call: IncomingCall) -> Claims:
        token = _refresh_token(environment, call, kind)
        return token_sessions.current_claims(environment, token_sessions.find_valid(environment, token, kind))

    return claims


def _camel_case(session: IssuedSession) -> dict[str, object]:
    return {
        "accessToken": session.access_token,
        "refreshToken": session.refresh_token,
        "expiresIn": _seconds(session.expires_in),
        "expires": session.expires,
    }


def _snake_case(session: IssuedSession) -> dict[str, object]:
    return {
        "access_token": session.access_token,
        "refresh_token": session.refresh_token,
        "expires_in": _seconds(session.expires_in),
        "expires": session.expires,
    }


def _seconds(ttl: float) -> int | float:
    return int(ttl) if ttl.is_integer() else ttl


def _issues(run: Run, prepare: Prepare, locate: Locate, *, optional: tuple[str, ...] = ()) -> Rule:
    """Return the rule that serves an operation that issues tokens."""
    return Rule(run=run, prepare=prepare, locate=locate, optional=optional, prehook="JWT_GENERATION")


_OF_USER: Final = _claims_of_renewal("user")
_OF_API_TOKEN: Final = _claims_of_renewal("api_token")

RULES = {
    "sessions.login": _issues(login, _claims_of_login, _locate_login),
    "sessions.refresh": _issues(refresh, _OF_USER, _locate_refresh, optional=("refreshToken",)),
    "sessions.exchange_api_token": _issues(exchange, _claims_of_api_token, _locate_api_token),
    "sessions.exchange_api_token_v1": _issues(exchange_v1, _claims_of_api_token, _locate_api_token),
    "sessions.refresh_api_token": _issues(refresh_api_token, _OF_API_TOKEN, _locate_refresh),
    "sessions.refresh_api_token_v1": _issues(refresh_api_token_v1, _OF_API_TOKEN, _locate_refresh),
}

TAGS = {
    "sessions": Tag("Sessions of users and of API tokens."),
}
