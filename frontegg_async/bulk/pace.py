"""When the next request of a job may be sent: the asked rate, closed routes, and what a limit of the service leaves."""

from __future__ import annotations

import asyncio
import math
import re
from collections.abc import Awaitable, Callable
from typing import Final, TypeAlias

from frontegg_async._values.kinds import shown
from frontegg_async.bulk.learned_limit import LearnedLimit
from frontegg_async.errors import InvalidArgumentError

Rate: TypeAlias = float | str | None
"""Requests a second as a number, or text such as ``400/s`` or ``1000/min``; ``None`` for no limit of one's own."""

_RATE: Final = re.compile(r"\s*([0-9]+(?:\.[0-9]+)?)\s*/\s*(s|sec|second|m|min|minute|h|hour)\s*", re.ASCII)
_SECONDS: Final = {"s": 1.0, "m": 60.0, "h": 3600.0}
_MOST_BEHIND: Final = 0.05
"""Seconds that may be caught up on: timers are late by a millisecond or more."""


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

    A limit of the service is not known before a 429. Limits are round numbers, so the request after a round number of
    them goes alone: if the limit is reached, one request is refused, and not all that are under way. The first request
    of a window goes alone, too: others may have used the window up.

    Args:
        clock: The monotonic clock.
        sleep: Waits for some seconds.
        opens_at: Returns until when a 429 closed the route, on the same clock.
        rate: The asked rate in requests a second; ``None`` for none.
        reserve: The share of the service's limit that is left to others.
    """

    def __init__(
        self,
        clock: Callable[[], float],
        sleep: Callable[[float], Awaitable[None]],
        opens_at: Callable[[], float],
        *,
        rate: float | None,
        reserve: float,
    ) -> None:
        self._clock = clock
        self._sleep = sleep
        self._opens_at = opens_at
        self._rate = rate
        self._reserve = reserve
        self._next: float | None = None
        self._known = opens_at()
        """Until when the last 429 that was seen closed the route."""
        now = clock()
        self._limit = LearnedLimit(began=max(now, self._known), is_fresh=self._known > now)
        self._sent = 0
        self.in_flight: int = 0
        """The requests that have no response yet."""
        self._queue = asyncio.Lock()
        self._idle = asyncio.Event()
        self._is_alone = False
        self._is_first = True
        """Whether the next request is the first of a window, as far as that is known."""

    def take_turn(self) -> bool:
        """Do what `turn` does if there is nothing to wait for, and return whether there was nothing."""
        if self._is_first or self._queue.locked() or self._limit.interval(self._rate):
            return False
        if self._limit.may_be_reached(self._sent):
            return False
        if self._opens_at() != -math.inf:
            return False
        self._sent += 1
        self.in_flight += 1
        return True

    async def turn(self) -> None:
        """Wait until a request may be sent; `end` must follow when it has its response."""
        await self._queue.acquire()
        try:
            await self._wait()
            is_unlimited = not self._limit.interval(self._rate)
            is_alone = self._is_first or (is_unlimited and self._limit.may_be_reached(self._sent))
            while is_alone and self.in_flight:
                self._idle.clear()
                await self._idle.wait()
        except BaseException:
            self._queue.release()
            raise
        self._sent += 1
        self.in_flight += 1
        self._is_first = False
        self._is_alone = is_alone
        if not is_alone:
            self._queue.release()

    def end(self) -> None:
        """Note that a request has its response, or was not sent."""
        self.in_flight -= 1
        if self.in_flight:
            return
        self._idle.set()
        if self._is_alone:
            self._is_alone = False
            self._queue.release()

    async def _wait(self) -> None:
        """Wait until the route is open, and for the next moment of the rate."""
        while True:
            opens_at = self._opens_at()
            if opens_at > self._known + 1:
                self._learn(opens_at)
            now = self._clock()
            if opens_at > now:
                await self._sleep(opens_at - now)
                continue
            if self._limit.grow(now):
                self._sent = 0
            interval = self._limit.interval(self._rate)
            if not interval:
                return
            slot = now if self._next is None else max(self._next, now - _MOST_BEHIND)
            self._next = slot + interval
            if slot <= now:
                return
            await self._sleep(slot - now)
            if self._opens_at() <= self._clock():
                return

    def _learn(self, opens_at: float) -> None:
        """Learn from a 429 what the limit left to the job in the window that it ended."""
        self._limit.learn(opens_at, self._sent - max(self.in_flight, 1), 1 - self._reserve)
        self._known = opens_at
        self._next = None
        self._sent = 0
        self._is_first = True
