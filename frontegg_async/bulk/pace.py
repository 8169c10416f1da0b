"""When the next request of a job may be sent: the asked rate, closed routes, and what a limit of the service leaves."""

from __future__ import annotations

import math
import re
from collections.abc import Awaitable, Callable
from typing import Final, TypeAlias

from frontegg_async._values.kinds import shown
from frontegg_async.errors import InvalidArgumentError

Rate: TypeAlias = float | str | None
"""Requests a second as a number, or text such as ``400/s`` or ``1000/min``; ``None`` for no limit of one's own."""

_RATE: Final = re.compile(r"\s*([0-9]+(?:\.[0-9]+)?)\s*/\s*(s|sec|second|m|min|minute|h|hour)\s*", re.ASCII)
_SECONDS: Final = {"s": 1.0, "m": 60.0, "h": 3600.0}
_MOST_BEHIND: Final = 0.05
"""Seconds that may be caught up on: timers are late by a millisecond or more."""
_GROWTH: Final = 1.1
"""What the rate under a limit grows by after each window without a 429, up to what the limit left at most."""


def parse_rate(rate: Rate) -> float | None:
    """Return a rate as requests a second; ``None`` for none.

    Raises:
        InvalidArgumentError: It is no rate.
    """
    if rate is None:
        return None
    number = math.nan
    if isinstance(rate, str):
        match = _RATE.fullmatch(rate)
        if match is not None:
            number = float(match[1]) / _SECONDS[match[2][0]]
    elif isinstance(rate, int | float) and not isinstance(rate, bool):
        number = float(rate)
    if not 0 < number < math.inf:
        raise InvalidArgumentError(
            f"rate must be requests a second above 0, as 200, or text such as '400/s' or '1000/min', not {shown(rate)}"
        )
    return number


def check_reserve(reserve: float) -> float:
    """Return a reserve.

    Raises:
        InvalidArgumentError: It is not a share from 0 to below 1.
    """
    if isinstance(reserve, bool) or not isinstance(reserve, int | float) or not 0 <= reserve < 1:
        raise InvalidArgumentError(f"reserve must be a share from 0 to below 1, as 0.2, not {shown(reserve)}")
    return float(reserve)


class Pace:
    """Lets one request after the other go, at a rate.

    Args:
        clock: The monotonic clock.
        sleep: Waits for some seconds.
        closed: Returns for how many seconds the route is still closed.
        rate: The asked rate in requests a second; ``None`` for none.
        reserve: The share of the service's limit that is left to others.
    """

    def __init__(
        self,
        clock: Callable[[], float],
        sleep: Callable[[float], Awaitable[None]],
        closed: Callable[[], float],
        *,
        rate: float | None,
        reserve: float,
    ) -> None:
        self._clock = clock
        self._sleep = sleep
        self._closed = closed
        self._interval = 0.0 if rate is None else 1 / rate
        self._reserve = reserve
        self._next: float | None = None
        self._limited = 0.0
        """Requests a second that the limit leaves to the job; 0 while no limit is known."""
        self._most = 0.0
        self._window = 0.0
        self._began = clock()
        self._sent = 0
        self._opens_at = -math.inf

    async def turn(self, in_flight: int) -> None:
        """Wait until a request may be sent.

        Args:
            in_flight: The requests of the job that have no response yet.
        """
        while True:
            while (wait := self._closed()) > 0:
                self._note_limit(wait, in_flight)
                await self._sleep(wait)
            now = self._clock()
            self._grow(now)
            interval = self._interval
            if self._limited:
                interval = max(interval, 1 / self._limited)
            if not interval:
                self._sent += 1
                return
            slot = now if self._next is None else max(self._next, now - _MOST_BEHIND)
            self._next = slot + interval
            if slot > now:
                await self._sleep(slot - now)
                if self._closed() > 0:
                    continue
            self._sent += 1
            return

    def _note_limit(self, wait: float, in_flight: int) -> None:
        """Learn from a 429 what the limit left to the job in the window that it ended."""
        opens_at = self._clock() + wait
        if opens_at <= self._opens_at + 1:
            return
        self._window = max(opens_at - self._began, 1.0)
        self._limited = max(self._sent - in_flight, 1) * (1 - self._reserve) / self._window
        self._most = max(self._most, self._limited)
        self._opens_at = self._began = self._next = opens_at
        self._sent = 0

    def _grow(self, now: float) -> None:
        if self._limited and now - self._began > self._window:
            self._limited = min(self._limited * _GROWTH, self._most)
            self._began, self._sent = now, 0
