"""`RateWindows`: counts the requests of each route in windows of one minute. The first request starts a window."""

from __future__ import annotations

from typing import Final

import attrs

WINDOW: Final = 60.0


@attrs.frozen(kw_only=True)
class RateWindowState:
    """The state of a route's window after a request was counted.

    Args:
        limit: The number of requests that a window accepts.
        remaining: The number of requests that the window still accepts.
        seconds: The number of seconds until the window ends.
        is_over: Whether the request exceeded the limit.
    """

    limit: int
    remaining: int
    seconds: float
    is_over: bool


@attrs.define
class RateWindows:
    """The present window of each route, with the number of requests in the window."""

    _windows: dict[str, tuple[float, int]] = attrs.field(factory=dict[str, tuple[float, int]])

    def take(self, route: str, limit: int, now: float) -> RateWindowState:
        """Count a request unless it exceeds the limit. Return the state of its route's window."""
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
