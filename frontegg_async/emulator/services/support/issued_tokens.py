"""Helpers of the rules of API tokens and access tokens: owner, creator and expiry of a token."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, cast

from frontegg_async._values.json_values import JsonValue
from frontegg_async.emulator.services.support.emulated_response import validation_error
from frontegg_async.emulator.services.support.incoming_call import IncomingCall
from frontegg_async.emulator.world.clock import LATEST, timestamp

MAX_TENANT_TOKEN_MINUTES: Final = 4_000_000_000
"""The longest lifetime of a token without a documented limit."""

MAX_USER_TOKEN_MINUTES: Final = 5_256_000
"""The longest lifetime of an API token of a user: ten years."""


def creator_of_call(call: IncomingCall) -> str | None:
    """Return the id of the user who creates a token; ``None`` if the environment does."""
    return call.caller.user_id if call.caller.kind == "user" else None


def expiry(now: float, body: Mapping[str, JsonValue], most: int) -> str | None:
    """Return the expiry of a new token; ``None`` for a token that does not expire.

    Args:
        now: The time in seconds since the epoch.
        body: The body of the request.
        most: The longest lifetime in minutes.

    Raises:
        RequestRefusedError: 400 for too few or too many minutes.
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
