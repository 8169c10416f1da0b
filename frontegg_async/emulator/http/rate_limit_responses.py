"""Builds the rate-limit headers of responses, and the response with status 429 for requests above the limit."""

from __future__ import annotations

import math
from email.utils import formatdate

from frontegg_async.emulator.services.support.emulated_response import EmulatedResponse
from frontegg_async.emulator.services.support.switches import ServiceSwitches
from frontegg_async.emulator.store.switches import Switches
from frontegg_async.emulator.world.clock import timestamp
from frontegg_async.emulator.world.rate_windows import RateWindowState


def rate_limit_headers(window: RateWindowState, switches: Switches, wall: float) -> dict[str, str]:
    """Return the rate-limit headers that responses of the identity service have. They are not for a 429.

    Args:
        window: The state of the current time window in which requests to the route are counted.
        switches: The switches of the environment. They choose the format of the window's end.
        wall: The time of the machine's clock in seconds since the epoch.
    """
    headers = _count_headers(window)
    reset = _reset(window.seconds, switches, wall)
    return headers if reset is None else {**headers, "X-Rate-Limit-Reset": reset}


def _count_headers(window: RateWindowState) -> dict[str, str]:
    return {"X-Rate-Limit-Limit": str(window.limit), "X-Rate-Limit-Remaining": str(window.remaining)}


def _reset(seconds: float, switches: Switches, wall: float) -> str | None:
    match switches[ServiceSwitches].reset_header:
        case "rfc3339":
            return timestamp(wall + seconds)
        case "seconds":
            return str(math.ceil(seconds))
        case "epoch":
            return str(math.ceil(wall + seconds))
        case "retry_after" | "retry_after_date" | "none":
            return None


def too_many_requests(
    seconds: float, switches: Switches, wall: float, *, with_header: bool = True, window: RateWindowState | None = None
) -> EmulatedResponse:
    """Return the response with status 429, as the gateway in front of the service sends it.

    Args:
        seconds: The number of seconds for which further requests are refused.
        switches: The switches of the environment. They choose the header that contains the end of the window.
        wall: The time of the machine's clock, since clients compare the header with their own clocks.
        with_header: Whether the response has the header that contains the end of the window.
        window: The state of the route's window. If it is given, the response also has the window's headers.
    """
    headers = {} if window is None else _count_headers(window)
    if with_header:
        reset = _reset(seconds, switches, wall)
        if reset is not None:
            headers["X-Rate-Limit-Reset"] = reset
        elif switches[ServiceSwitches].reset_header == "retry_after":
            headers["Retry-After"] = str(math.ceil(seconds))
        elif switches[ServiceSwitches].reset_header == "retry_after_date":
            headers["Retry-After"] = formatdate(math.ceil(wall + seconds), usegmt=True)
    body = {"statusCode": 429, "error": "Too Many Requests", "message": "API rate limit exceeded"}
    return EmulatedResponse(status=429, body=body, headers=headers)
