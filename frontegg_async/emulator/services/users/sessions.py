"""The rules that list and end the sessions of users."""

from __future__ import annotations

from typing import cast

import msgspec

from frontegg_async.emulator.services.support.common import find_member, find_user, named_member, user_in_header
from frontegg_async.emulator.services.support.emulated_response import EmulatedResponse, service_error
from frontegg_async.emulator.services.support.incoming_call import IncomingCall
from frontegg_async.emulator.services.support.rule import Rule, Tag
from frontegg_async.emulator.store.user_rows import UserRow
from frontegg_async.emulator.world.emulated_environment import EmulatedEnvironment


def sessions(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Return the sessions of a user that can be renewed."""
    return EmulatedResponse(body=_shown(environment, call, _user(environment, call).id))


def current_session(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Return the session of the caller's token. A token that the admin API issued has a session of its own."""
    user_id = call.caller.user_id
    found = next((each for each in _shown(environment, call, user_id) if each["current"]), None)
    begun = environment.clock.timestamp()
    return EmulatedResponse(body=found or _session(user_id, begun, is_current=True))


def revoke(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """End all sessions of a user who belongs to the caller's tenant."""
    _end(environment, find_member(environment.state, cast("str", call.body["userId"]), call.tenant_id))
    return EmulatedResponse(status=201)


def _shown(environment: EmulatedEnvironment, call: IncomingCall, user_id: str) -> list[dict[str, object]]:
    shown: dict[str, dict[str, object]] = {}
    for row in environment.state.live_refresh_tokens(user_id):
        name = row.session or row.token
        begun = environment.state.session(row)[0].created_at
        shown[name] = _session(name, begun, is_current=name == call.caller.session)
    return list(shown.values())


def _session(name: str, begun: str, *, is_current: bool) -> dict[str, object]:
    return {
        "id": name,
        "createdAt": begun,
        "ipAddress": "127.0.0.1",
        "userAgent": "",
        "current": is_current,
        "impersonated": None,
    }


def end_session(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """End a session of a user."""
    if not _end(environment, _user(environment, call), call.path["id"]):
        raise service_error(404, "Session not found")
    return EmulatedResponse()


def end_sessions(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """End all sessions of a user. With a user token, the session of this token does not end."""
    _end(environment, _user(environment, call), kept=call.caller.session)
    return EmulatedResponse()


def _user(environment: EmulatedEnvironment, call: IncomingCall) -> UserRow:
    """Return the user whom a request concerns."""
    if call.tenant_id:
        return named_member(environment, call)
    return find_user(environment.state, user_in_header(call))


def _end(environment: EmulatedEnvironment, user: UserRow, session_id: str | None = None, *, kept: str = "") -> int:
    """End all sessions of a user, or only ``session_id``, or all but ``kept``. Return the number of revoked tokens."""
    rows = [row for row in environment.state.live_refresh_tokens(user.id) if not kept or row.session != kept]
    chosen = [row for row in rows if session_id is None or (row.session or row.token) == session_id]
    for row in chosen:
        environment.state.put_refresh_token(msgspec.structs.replace(row, revoked=True))
    return len(chosen)


RULES = {
    "users.list_sessions": Rule(run=sessions),
    "users.end_session": Rule(run=end_session),
    "users.end_sessions": Rule(run=end_sessions),
    "user_sessions.get_current": Rule(run=current_session),
    "user_sessions.revoke": Rule(run=revoke, permission="fe.secure.write.enableDisable"),
}

TAGS = {
    "user_sessions": Tag(
        "Sessions of users, by operations of the portal.", write_body="user_write_body", changes="users"
    ),
}
