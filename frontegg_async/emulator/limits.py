"""Rate limits: a number of requests a minute on each route, in windows that start with a request."""

from __future__ import annotations

import math
from typing import Final

import attrs

from frontegg_async.emulator.answers import Answer
from frontegg_async.emulator.behaviour import Behaviour
from frontegg_async.emulator.clock import timestamp

WINDOW: Final = 60.0


@attrs.define
class RateLimits:
    """The requests of each route in its window."""

    _windows: dict[str, tuple[float, int]] = attrs.field(factory=dict[str, tuple[float, int]])

    def take(self, route: str, limit: int, now: float) -> float | None:
        """Count a request; return ``None``, or the seconds until its route is open again when it is over the limit."""
        start, count = self._windows.get(route, (now, 0))
        if not 0 <= now - start < WINDOW:
            start, count = now, 0
        if count >= limit:
            return start + WINDOW - now
        self._windows[route] = (start, count + 1)
        return None


def too_many(seconds: float, form: Behaviour, wall: float, *, with_header: bool = True) -> Answer:
    """Return the 429 of the gateway.

    Args:
        seconds: How long the route stays closed.
        form: The behaviour that says which header tells it.
        wall: The machine's own time: a client reads the header by its own clock, not by the environment's.
        with_header: Whether it is told at all.
    """
    headers: dict[str, str] = {}
    if with_header:
        match form.reset_header:
            case "rfc3339":
                headers["X-Rate-Limit-Reset"] = timestamp(wall + seconds)
            case "seconds":
                headers["X-Rate-Limit-Reset"] = str(math.ceil(seconds))
            case "epoch":
                headers["X-Rate-Limit-Reset"] = str(math.ceil(wall + seconds))
            case "retry_after":
                headers["Retry-After"] = str(math.ceil(seconds))
            case "none":
                pass
    body = {"statusCode": 429, "error": "Too Many Requests", "message": "API rate limit exceeded"}
    return Answer(status=429, body=body, headers=headers)
