"""`AssistantRates`: an assistant's requests, slow enough that the application does not notice them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from frontegg_async._core.call.shared_rate_limits import RateTurn

_BURST: Final = 20
"""The requests that may be sent at once after a pause."""
_RESERVE: Final = 10.0
"""The seconds that the application has a route to itself after the service opens it again."""
_SLOW: Final = 60.0
"""The seconds for which the rate is halved after a 429."""


class AssistantRates:
    """A `RateGate` of one process: all routes share a rate, and a 429 leaves a reserve to others.

    Args:
        rate: The most requests a second.
        clock: The monotonic clock.
    """

    def __init__(self, rate: float, clock: Callable[[], float]) -> None:
        self._interval = 1 / rate
        self._clock = clock
        self._next = clock()
        """The earliest time at which a request is on time; up to a burst may be sent before."""
        self._opens: dict[str, float] = {}
        self._slow_until = self._next

    async def reserve(self, scope: str, route: str, most: float, /) -> RateTurn:
        """Reserve a turn on a route, as `RateGate.reserve` says."""
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
        """Close a route after a 429, for longer than the service says."""
        del scope
        now = self._clock()
        self._opens[route] = max(self._opens.get(route, now), now + seconds + _RESERVE)
        self._slow_until = now + _SLOW
