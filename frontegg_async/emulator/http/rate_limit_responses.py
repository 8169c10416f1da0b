"""What responses say about rate limits: the headers of a limited route, and the 429 above the limit."""

from __future__ import annotations

import math
from email.utils import formatdate

from frontegg_async.emulator.behaviour.switches import Behaviour
from frontegg_async.emulator.rules.emulated_response import EmulatedResponse
from frontegg_async.emulator.world.clock import timestamp
from frontegg_async.emulator.world.rate_windows import RateWindowState


def rate_limit_headers(standing: RateWindowState, form: Behaviour, wall: float) -> dict[str, str]:
    """Return what the identity service tells of a limit with every answer but a 429, which `too_many_requests` makes.

    Args:
        standing: Where the route stands.
        form: The behaviour that says how the end of the window is written.
        wall: The machine's own time.
    """
    headers = _count_headers(standing)
    reset = _reset(standing.seconds, form, wall)
    return headers if reset is None else {**headers, "X-Rate-Limit-Reset": reset}


def _count_headers(standing: RateWindowState) -> dict[str, str]:
    return {"X-Rate-Limit-Limit": str(standing.limit), "X-Rate-Limit-Remaining": str(standing.remaining)}


def _reset(seconds: float, form: Behaviour, wall: float) -> str | None:
    match form.reset_header:
        case "rfc3339":
            return timestamp(wall + seconds)
        case "seconds":
            return str(math.ceil(seconds))
        case "epoch":
            return str(math.ceil(wall + seconds))
        case "retry_after" | "retry_after_date" | "none":
            return None


def too_many_requests(
    seconds: float, form: Behaviour, wall: float, *, with_header: bool = True, standing: RateWindowState | None = None
) -> EmulatedResponse:
    """Return the 429 of the gateway.

    Args:
        seconds: How long the route stays closed.
        form: The behaviour that says which header tells it.
        wall: The machine's own time: a client reads the header by its own clock, not by the environment's.
        with_header: Whether it is told at all.
        standing: Where the route stands, if that is told, too.
    """
    headers = {} if standing is None else _count_headers(standing)
    if with_header:
        reset = _reset(seconds, form, wall)
        if reset is not None:
            headers["X-Rate-Limit-Reset"] = reset
        elif form.reset_header == "retry_after":
            headers["Retry-After"] = str(math.ceil(seconds))
        elif form.reset_header == "retry_after_date":
            headers["Retry-After"] = formatdate(math.ceil(wall + seconds), usegmt=True)
    body = {"statusCode": 429, "error": "Too Many Requests", "message": "API rate limit exceeded"}
    return EmulatedResponse(status=429, body=body, headers=headers)
