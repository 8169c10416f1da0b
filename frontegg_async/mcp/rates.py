"""`AssistantRates`: a low rate for an assistant's requests, so that they do not slow down the application."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from frontegg_async._core.call.shared_rate_limits import RateTurn

_BURST: Final = 20
"""The number of requests that may be sent without waiting after a pause."""
_RESERVE: Final = 10.0
"""The seconds for which the assistant leaves a route to the application after the end of a rate limit."""
_SLOW: Final = 60.0
"""The seconds for which the rate is halved after a 429."""


class AssistantRates:
    """A `RateGate` for one process. All routes share one rate. A 429 halves the rate for a while.

    Args:
        rate: The largest number of requests per second.
        clock: The monotonic clock.
    """

    def __init__(self, rate: float, clock: Callable[[], float]) -> None:
        self._interval = 1 / rate
        self._clock = clock
        self._next = clock()
        """The time from which the next request is within the rate. A burst of requests may be sent before this time."""
        self._opens: dict[str, float] = {}
        self._slow_until = self._next

    async def reserve(self, scope: str, route: str, most: float, /) -> RateTurn:
        """Reserve a turn on a route, as described in `RateGate.reserve`."""
        del scope
        now = self._clock()
        if (closed := self._opens.get(route, now) - now) > 0:
            return RateTurn(closed, is_closed=True)
        self._opens.pop(route, None)
        seconds = max(0.0, self._next - now - _BURST * self._interval)
        if seconds <= most:
            self._next = max(self._next, now) + self._interval * (2 if now < self._slow_until else 1)
        return RateTurn(seconds)

    async def close(self, scope: str, route: str, seconds: float, /) -> None:
        """Close a route after a 429, for longer than the service requests."""
        del scope
        now = self._clock()
        self._opens[route] = max(self._opens.get(route, now), now + seconds + _RESERVE)
        self._slow_until = now + _SLOW
