"""Rate limits: a number of requests a minute on each route, in windows that start with a request."""

from __future__ import annotations

from typing import Final

import attrs

WINDOW: Final = 60.0


@attrs.frozen(kw_only=True)
class RateWindowState:
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
class RateWindows:
    """The requests of each route in its window."""

    _windows: dict[str, tuple[float, int]] = attrs.field(factory=dict[str, tuple[float, int]])

    def take(self, route: str, limit: int, now: float) -> RateWindowState:
        """Count a request, unless it is over the limit; say where its route stands then."""
        start, count = self._windows.get(route, (now, 0))
        if not 0 <= now - start < WINDOW:
            start, count = now, 0
        is_over = count >= limit
        if not is_over:
            count += 1
            self._windows[route] = (start, count)
        return RateWindowState(
            limit=limit, remaining=max(limit - count, 0), seconds=start + WINDOW - now, is_over=is_over
        )
