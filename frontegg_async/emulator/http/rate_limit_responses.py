"""Builds the rate-limit headers of responses, and the 429 above a limit."""

from __future__ import annotations

import math
from email.utils import formatdate

from frontegg_async.emulator.services.support.emulated_response import EmulatedResponse
from frontegg_async.emulator.services.support.switches import ServiceSwitches
from frontegg_async.emulator.store.switches import Switches
from frontegg_async.emulator.world.clock import timestamp
from frontegg_async.emulator.world.rate_windows import RateWindowState


def rate_limit_headers(window: RateWindowState, switches: Switches, wall: float) -> dict[str, str]:
    """Return the rate-limit headers of the identity service. `too_many_requests` builds the 429.

    Args:
        window: The window of the route.
        switches: The switches, which choose the format of the window's end.
        wall: The time of the machine.
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
    """Return the gateway's response with status 429.

    Args:
        seconds: The seconds for which further requests are refused.
        switches: The switches, which choose the header with the window's end.
        wall: The time of the machine, since clients compare the header with their own clocks.
        with_header: Whether the response has this header.
        window: The window of the route, if the response has its headers.
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
