"""When the next request of a job may be sent that several processes work on: they share all that is learned."""

from __future__ import annotations

import math
from collections.abc import Awaitable, Callable
from typing import Final, Protocol

import msgspec

from frontegg_async.bulk.learned_limit import LearnedLimit
from frontegg_async.bulk.pace import Pace

_BLOCK: Final = 0.1
"""Seconds of the whole rate that a process reserves at once."""
_MOST_BEHIND: Final = 0.25
"""Seconds that may be caught up on: a reservation waits for the server."""
_STOPPED: Final = 2.0
"""Seconds after its moment in which a turn may be taken: this process may have been stopped, and others do its work."""
_ALONE: Final = 2.0
"""Seconds that the others wait at most for the first request of a window."""
_ASK_AGAIN: Final = 0.2
"""Seconds between two looks of those who wait for it."""


class Block(msgspec.Struct, frozen=True):
    """Turns that were reserved."""

    starts_in: float
    """The seconds until the first one; negative for what is caught up on."""
    interval: float
    """The seconds between two of them; 0 while nothing limits them, and then the block lasts a tenth of a second."""
    count: int
    """How many; 0 with an interval if one has to ask again after that."""
    is_alone: bool = False
    """Whether the turn is the first of a window, which is followed by others when it has its response."""


class PaceState(LearnedLimit):
    """What the processes of a job know together; times are seconds by one clock."""

    next: float = 0.0
    """When the next turn is."""
    sent: int = 0
    """The requests since the window began."""
    opens_at: float = 0.0
    """When the route opens or opened after a 429."""
    share: float = 1.0
    """The share of the limit that is not left to others."""
    is_first: bool = True
    """Whether no process has sent the first request of the window."""
    alone_until: float = 0.0
    """Until when the others wait for the first request of the window; 0 once it has its response."""

    def reserve(self, now: float, sent: int, rate: float | None) -> Block:
        """Reserve turns.

        Args:
            now: The time.
            sent: The requests that the process has sent since it said so.
            rate: The rate that was asked for, in requests a second.
        """
        self._add(now, sent)
        self.see(now)
        if now < self.opens_at:
            return Block(self.opens_at - now, _ASK_AGAIN, 0)
        if self.is_first:
            self.is_first, self.alone_until = False, now + _ALONE
            return Block(0.0, _ALONE, 1, is_alone=True)
        if now < self.alone_until:
            if not sent:
                return Block(_ASK_AGAIN, _ASK_AGAIN, 0)
            self.alone_until = 0.0  # the process that sent it has its response
        if self.grow(now):
            self.sent = 0
        interval = self.interval(rate)
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
        self.share = 1 - reserve
        self.learn(opens_at, self.sent + sent, self.share)
        self.opens_at = self.next = opens_at
        self.sent = 0
        self.is_first = True

    def _add(self, now: float, sent: int) -> None:
        if now >= self.opens_at:
            self.sent += sent
        elif sent > 0 and self.is_measured:
            # Of the window that has ended: its process had not said so when the 429 came.
            self.add_late(sent, self.share)


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
        await self._queue.acquire()
        try:
            await self._wait()
        except BaseException:
            self._queue.release()
            raise
        self._sent += 1
        self.in_flight += 1
        self._is_alone = self._block.is_alone
        if not self._is_alone:
            self._queue.release()

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
            if self._block.interval and not self._block.count:
                await self._sleep(self._block.starts_in)
                continue
            now = self._clock()
            if slot <= now:
                return
            await self._sleep(slot - now)
            now = self._clock()
            if self._opens_at() <= now < slot + _STOPPED:
                return

    async def _next_slot(self, now: float) -> float:
        is_limited = self._block.interval > 0.0
        if (is_limited and self._left <= 0) or now >= self._slot + (_STOPPED if is_limited else _BLOCK):
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
