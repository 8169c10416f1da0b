"""Helpers of the rules of API tokens and access tokens: the creator and the expiry of a token."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, cast

from frontegg_async._values.json_values import JsonValue
from frontegg_async.emulator.services.support.emulated_response import validation_error
from frontegg_async.emulator.services.support.incoming_call import IncomingCall
from frontegg_async.emulator.world.clock import LATEST, timestamp

MAX_TENANT_TOKEN_MINUTES: Final = 4_000_000_000
"""The maximum lifetime, in minutes, of a token for which no source documents a limit."""

MAX_USER_TOKEN_MINUTES: Final = 5_256_000
"""The maximum lifetime, in minutes, of an API token of a user: ten years."""


def creator_of_call(call: IncomingCall) -> str | None:
    """Return the id of the user who creates a token, or ``None`` if the request has an environment token."""
    return call.caller.user_id if call.caller.kind == "user" else None


def expiry(now: float, body: Mapping[str, JsonValue], most: int) -> str | None:
    """Return the expiry of a new token, or ``None`` if the token never expires.

    Args:
        now: The time in seconds since the epoch.
        body: The body of the request.
        most: The maximum lifetime in minutes.

    Raises:
        RequestRefusedError: 400 if the number of minutes is too small or too large.
    """
    minutes = cast("int | float | None", body.get("expiresInMinutes"))
    if minutes is None:
        return None
    if minutes < 1:
        raise validation_error(["expiresInMinutes must not be less than 1"])
    latest = min(int((LATEST - now) // 60), most)
    if minutes > latest:
        raise validation_error([f"expiresInMinutes must not be greater than {latest}"])
    return timestamp(now + minutes * 60)
