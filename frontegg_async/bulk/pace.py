"""`Pace` decides when a job may send its next request: by the rate, by 429 responses and by the service's limit."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Awaitable, Callable
from typing import Final

from frontegg_async.bulk.learned_limit import LearnedLimit

_MOST_BEHIND: Final = 0.05
"""The maximum delay in seconds that later permits make up for. Timers are late by a millisecond or more."""


class Pace:
    """Gives permits at a limited rate. A permit allows one request.

    The limit of the service is unknown before the first 429. Limits are round numbers, so after a round number of
    requests the next request is sent while no other request is in flight. If the limit is reached, the service then
    refuses one request instead of many. The first request of a window is also sent alone, since other clients may have
    used up the window.

    Args:
        clock: The monotonic clock.
        sleep: Waits for a number of seconds.
        opens_at: Returns the time until which a 429 blocks the endpoint, by the same clock.
        rate: The configured rate in requests per second; ``None`` for the rate that the service allows.
        reserve: The share of the service's limit that is left to other clients.
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
        """The time until which the last known 429 blocks the endpoint."""
        now = clock()
        self._limit = LearnedLimit(began=max(now, self._known), is_fresh=self._known > now)
        self._sent = 0
        self.in_flight: int = 0
        """The number of requests without a response."""
        self._queue = asyncio.Lock()
        self._idle = asyncio.Event()
        self._is_alone = False
        self._is_first = True
        """Whether the next request is probably the first of a window."""

    def _take(self) -> bool:
        """Take a permit if no wait is necessary, and return whether a permit was taken."""
        if self._is_first or self._queue.locked() or self._limit.interval(self._rate):
            return False
        if self._limit.may_be_reached(self._sent):
            return False
        if self._opens_at() != -math.inf:
            return False
        self._sent += 1
        self.in_flight += 1
        return True

    async def permit(self) -> None:
        """Wait for a permit. The caller must call `end` after the response."""
        if self._take():
            return
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
        """Release the permit of a request that has its response or was not sent."""
        self.in_flight -= 1
        if self.in_flight:
            return
        self._idle.set()
        if self._is_alone:
            self._is_alone = False
            self._queue.release()

    async def _wait(self) -> None:
        """Wait until no 429 blocks the endpoint and the rate allows the next request."""
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
        """Learn from a 429 response how many requests the service allowed the job in the last window."""
        self._limit.learn(opens_at, self._sent - max(self.in_flight, 1), 1 - self._reserve)
        self._known = opens_at
        self._next = None
        self._sent = 0
        self._is_first = True
