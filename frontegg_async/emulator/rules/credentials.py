"""What the rules of API tokens and of access tokens share: whose a token is, who makes it, and when it ends."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from frontegg_async._values.json_values import JsonValue
from frontegg_async.emulator.rules.common import USER_HEADER, find_tenant
from frontegg_async.emulator.rules.incoming_call import Call
from frontegg_async.emulator.rules.responses import framework_error, service_error
from frontegg_async.emulator.world.clock import LATEST, timestamp
from frontegg_async.emulator.world.environment import Environment


def user_of_call(environment: Environment, call: Call) -> str:
    """Return the id of the user whose tokens the call is about.

    Raises:
        Refusal: 400 without the header, 404 for a user that the tenant does not have, 401 for a tenant's API token.
    """
    find_tenant(environment.state, call.tenant_id)
    if call.caller.kind == "user":
        if call.caller.claims.get("type") == "tenantApiToken":
            raise service_error(environment.behaviour.wrong_token_kind, "The token is not a user's")
        return call.caller.user_id
    user_id = call.headers.get(USER_HEADER)
    if not user_id:
        raise framework_error(400, [f"{USER_HEADER} header is required"])
    user = environment.state.users.get(user_id)
    if user is None or call.tenant_id not in user.tenant_ids:
        raise service_error(404, "User not found")
    return user_id


def creator_of_call(call: Call) -> str | None:
    """Return the id of the user who makes a token; ``None`` when the environment does."""
    return call.caller.user_id if call.caller.kind == "user" else None


def expiry(now: float, body: Mapping[str, JsonValue], most: int) -> str | None:
    """Return when a token ends that is to be good for some minutes; ``None`` for one that does not end.

    Args:
        now: Seconds since the epoch.
        body: What is asked for.
        most: The most minutes.

    Raises:
        Refusal: 400 for too few or too many.
    """
    minutes = cast("int | float | None", body.get("expiresInMinutes"))
    if minutes is None:
        return None
    if minutes < 1:
        raise framework_error(400, ["expiresInMinutes must not be less than 1"])
    latest = min(int((LATEST - now) // 60), most)
    if minutes > latest:
        raise framework_error(400, [f"expiresInMinutes must not be greater than {latest}"])
    return timestamp(now + minutes * 60)
