"""Rate limits: a number of requests a minute on each route, in windows that start with a request."""

from __future__ import annotations

import math
from email.utils import formatdate
from typing import Final

import attrs

from frontegg_async.emulator.behaviour.switches import Behaviour
from frontegg_async.emulator.rules.responses import Answer
from frontegg_async.emulator.world.clock import timestamp

WINDOW: Final = 60.0


@attrs.frozen(kw_only=True)
class Standing:
    """Where a route stands after a request.

    Args:
        limit: Requests that its window takes.
        remaining: How many of them are left.
        seconds: How long the window goes on.
        is_over: Whether the request was one too many.
    """

    limit: int
    remaining: int
    seconds: float
    is_over: bool


@attrs.define
class RateLimits:
    """The requests of each route in its window."""

    _windows: dict[str, tuple[float, int]] = attrs.field(factory=dict[str, tuple[float, int]])

    def take(self, route: str, limit: int, now: float) -> Standing:
        """Count a request, unless it is over the limit; say where its route stands then."""
        start, count = self._windows.get(route, (now, 0))
        if not 0 <= now - start < WINDOW:
            start, count = now, 0
        is_over = count >= limit
        if not is_over:
            count += 1
            self._windows[route] = (start, count)
        return Standing(limit=limit, remaining=max(limit - count, 0), seconds=start + WINDOW - now, is_over=is_over)


def standing_headers(standing: Standing, form: Behaviour, wall: float) -> dict[str, str]:
    """Return what the identity service tells of a limit with every answer but a 429, which `too_many` makes.

    Args:
        standing: Where the route stands.
        form: The behaviour that says how the end of the window is written.
        wall: The machine's own time.
    """
    headers = _count_headers(standing)
    reset = _reset(standing.seconds, form, wall)
    return headers if reset is None else {**headers, "X-Rate-Limit-Reset": reset}


def _count_headers(standing: Standing) -> dict[str, str]:
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


def too_many(
    seconds: float, form: Behaviour, wall: float, *, with_header: bool = True, standing: Standing | None = None
) -> Answer:
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
    return Answer(status=429, body=body, headers=headers)
