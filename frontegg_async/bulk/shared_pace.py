"""When the next request of a job may be sent that several processes work on: they share all that is learned."""

from __future__ import annotations

import math
from collections.abc import Awaitable, Callable
from typing import Final, Protocol

import msgspec

from frontegg_async.bulk.pace import Pace

_BLOCK: Final = 0.1
"""Seconds of the whole rate that a process reserves at once."""
_MOST_BEHIND: Final = 0.25
"""Seconds that may be caught up on: a reservation waits for the server."""
_STOPPED: Final = 2.0
"""Seconds after its moment in which a turn may be taken: this process may have been stopped, and others do its work."""
_GROWTH: Final = 1.1
"""What the rate under a limit grows by after each window without a 429, up to what the limit left at most."""


class Block(msgspec.Struct, frozen=True):
    """Turns that were reserved."""

    starts_in: float
    """The seconds until the first one; negative for what is caught up on."""
    interval: float
    """The seconds between two of them; 0 while nothing limits them, and then the block lasts a tenth of a second."""
    count: int
    """How many."""


class PaceState(msgspec.Struct):
    """What the processes of a job know together; times are seconds by one clock."""

    next: float = 0.0
    """When the next turn is."""
    limited: float = 0.0
    """Requests a second that a limit of the service leaves to the job; 0 while no limit is known."""
    most: float = 0.0
    """The highest of these so far."""
    window: float = 0.0
    """The seconds of the window of the limit."""
    began: float = 0.0
    """When the window began; 0 before the first request."""
    sent: int = 0
    """The requests since then."""
    opens_at: float = 0.0
    """When the route opens or opened after a 429."""
    share: float = 1.0
    """The share of the limit that is not left to others."""

    def reserve(self, now: float, sent: int, rate: float | None) -> Block:
        """Reserve turns.

        Args:
            now: The time.
            sent: The requests that the process has sent since it said so.
            rate: The rate that was asked for, in requests a second.
        """
        self._add(now, sent)
        self.began = self.began or now
        if self.limited and now - self.began > self.window:
            self.limited = min(self.limited * _GROWTH, self.most)
            self.began, self.sent = now, 0
        interval = max(1 / rate if rate else 0.0, 1 / self.limited if self.limited else 0.0)
        if not interval:
            return Block(0.0, 0.0, 0)
        count = max(1, round(_BLOCK / interval))
        first = max(self.next, now - _MOST_BEHIND) if self.next else now
        self.next = first + count * interval
        return Block(first - now, interval, count)

    def note_limit(self, now: float, wait: float, sent: int, reserve: float) -> None:
        """Learn from a 429 what the limit left to the job in the window that it ended, if nobody has learned it yet.

        Args:
            now: The time.
            wait: The seconds until the route opens.
            sent: The requests that the process has sent since it said so.
            reserve: The share of the limit that is left to others.
        """
        opens_at = now + wait
        if opens_at <= self.opens_at + 1:
            self._add(now, sent)
            return
        self.window = max(opens_at - self.began, 1.0)
        self.share = 1 - reserve
        self.limited = max(self.sent + sent, 1) * self.share / self.window
        self.most = max(self.most, self.limited)
        self.opens_at = self.began = self.next = opens_at
        self.sent = 0

    def _add(self, now: float, sent: int) -> None:
        if now >= self.opens_at:
            self.sent += sent
        elif sent > 0:
            # Of the window that has ended: its process had not said so when the 429 came.
            self.limited += sent * self.share / self.window
            self.most = max(self.most, self.limited)


class PaceBook(Protocol):
    """Where the processes of a job keep their `PaceState`, and their rate."""

    async def reserve(self, sent: int) -> Block:
        """Call `PaceState.reserve`."""
        ...

    async def note_limit(self, wait: float, sent: int, reserve: float) -> None:
        """Call `PaceState.note_limit`."""
        ...


class SharedPace(Pace):
    """Lets one request after the other go, at a pace that several processes share.

    Args:
        book: Where they keep it, and the rate of all of them together.
        clock: The monotonic clock of this process.
        sleep: Waits for some seconds.
        opens_at: Returns until when a 429 closed the route, on the same clock.
        rate: The rate when this process began, in requests a second; ``None`` for none.
        reserve: The share of the service's limit that is left to others.
    """

    def __init__(
        self,
        book: PaceBook,
        clock: Callable[[], float],
        sleep: Callable[[float], Awaitable[None]],
        opens_at: Callable[[], float],
        *,
        rate: float | None,
        reserve: float,
    ) -> None:
        super().__init__(clock, sleep, opens_at, rate=rate, reserve=reserve)
        self._book = book
        self._block = Block(-math.inf, 0.0, 0)
        self._left = 0
        self._slot = -math.inf
        self.in_flight: int = 0  # once more, as type checkers take the one in `turn` for another attribute

    def take_turn(self) -> bool:
        """Return false: what the other processes do is known after a wait only."""
        return False

    async def turn(self) -> None:
        """Wait until a request may be sent; `end` must follow when it has its response."""
        async with self._queue:
            await self._wait()
        self._sent += 1
        self.in_flight += 1

    async def _wait(self) -> None:
        while True:
            opens_at, now = self._opens_at(), self._clock()
            if opens_at > self._known + 1:
                self._known = opens_at
                self._left = 0
                accepted = self._untold() - max(self.in_flight, 1)
                await self._book.note_limit(opens_at - now, accepted, self._reserve)
            if opens_at > now:
                await self._sleep(opens_at - now)
                continue
            slot = await self._next_slot(now)
            now = self._clock()
            if slot <= now:
                return
            await self._sleep(slot - now)
            now = self._clock()
            if self._opens_at() <= now < slot + _STOPPED:
                return

    async def _next_slot(self, now: float) -> float:
        is_limited = self._block.interval > 0.0
        if (is_limited and not self._left) or now >= self._slot + (_STOPPED if is_limited else _BLOCK):
            self._block = await self._book.reserve(self._untold())
            self._left = self._block.count
            self._slot = self._clock() + self._block.starts_in
        if not self._block.interval:
            return now
        slot = self._slot
        self._slot += self._block.interval
        self._left -= 1
        return slot

    def _untold(self) -> int:
        """Return the requests that were sent since the last call."""
        sent, self._sent = self._sent, 0
        return sent
