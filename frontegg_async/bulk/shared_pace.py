"""`SharedPace` decides when the processes of a job may send their requests: they share the pace and what they learn."""

from __future__ import annotations

import math
import uuid
from collections.abc import Awaitable, Callable
from typing import Final, Protocol

import msgspec

from frontegg_async.bulk.learned_limit import TEN, LearnedLimit
from frontegg_async.bulk.pace import Pace

_BLOCK: Final = 0.1
"""Seconds of the rate that a process reserves at once, and after which it asks whether its permit still holds."""
_MOST_BEHIND: Final = 0.25
"""Seconds that may be caught up on: a reservation waits for the server."""
_STOPPED: Final = 2.0
"""Seconds after its moment in which a permit may be taken: later, others may do the work of a process that was stopped.

The others wait as long for its responses, where they wait for these.
"""
_ASK_AGAIN: Final = 0.2
"""Seconds between two looks of those who wait for these."""


class Block(msgspec.Struct, frozen=True):
    """Permits that were reserved."""

    starts_in: float
    """The seconds until the first one, or until one has to ask again; negative for what is caught up on."""
    interval: float
    """The seconds between two of them; 0 while nothing limits them."""
    count: int
    """How many; 0 if one has to ask again."""
    window: int
    """The number of the window that they are in."""
    is_alone: bool = False
    """Whether others may follow only when it has its response."""


class Usage(msgspec.Struct, frozen=True):
    """The requests of a process that the others do not know yet."""

    process: str
    """A name of its own."""
    window: int
    """The number of the window that it knows."""
    sent: int
    """The requests in it that were answered since it said so, without those with a 429."""
    in_flight: int
    """The requests that have no response yet."""
    waiting: int = 1
    """The requests that wait for a permit."""


class PaceState(LearnedLimit):
    """What the processes of a job know together; times are seconds by one clock."""

    next: float = 0.0
    """When the next permit is."""
    sent: int = 0
    """The requests that were answered since the window began."""
    number: int = 0
    """The number of the window: 429s that ended one."""
    opens_at: float = 0.0
    """When the route opens or opened after a 429."""
    share: float = 1.0
    """The share of the limit that is not left to others."""
    is_first: bool = True
    """Whether no process has sent the first request of the window."""
    out: dict[str, tuple[int, float]] = msgspec.field(default_factory=dict[str, tuple[int, float]])
    """For each process its requests without responses and permits not taken, and until when they are waited for."""
    is_alone: bool = False
    """Whether a permit that goes alone is among these."""

    def reserve(self, now: float, usage: Usage, rate: float | None) -> Block:
        """Reserve permits.

        Args:
            now: The time.
            usage: What the process has sent.
            rate: The rate that was asked for, in requests a second.
        """
        self._add(usage)
        self.see(now)
        if now < self.opens_at:
            return Block(self.opens_at - now, 0.0, 0, self.number)
        if self.grow(now):
            self.sent = 0
        # Whoever is silent for longer is gone, or slow.
        self.out = {name: out for name, out in self.out.items() if now < out[1] and name != usage.process}
        out = usage.in_flight + sum(count for count, _ in self.out.values())
        interval = self.interval(rate)
        may_be_last = not interval and self.may_be_reached(self.sent + out)
        if out and not self.is_first and (may_be_last or self.is_alone):
            return self._let_out(now, usage, 0)
        self.is_alone = may_be_last or self.is_first
        if self.is_alone:
            self.is_first = False
            return self._let_out(now, usage, 1)
        if not interval:
            return self._let_out(now, usage, min(usage.in_flight + usage.waiting, TEN - (self.sent + out) % TEN))
        count = max(1, round(_BLOCK / interval))
        first = max(self.next, now - _MOST_BEHIND) if self.next else now
        self.next = first + count * interval
        return Block(first - now, interval, count, self.number)

    def _let_out(self, now: float, usage: Usage, count: int) -> Block:
        if usage.in_flight + count:
            self.out[usage.process] = usage.in_flight + count, now + _STOPPED
        return Block(0.0 if count else _ASK_AGAIN, 0.0, count, self.number, is_alone=self.is_alone and count > 0)

    def note_limit(self, now: float, wait: float, usage: Usage, reserve: float) -> int:
        """Learn from a 429 what the limit left to the job in the window that it ended, if nobody has learned it yet.

        Args:
            now: The time.
            wait: The seconds until the route opens.
            usage: What the process has sent.
            reserve: The share of the limit that is left to others.

        Returns:
            The number of the window that follows.
        """
        self._add(usage)
        opens_at = now + wait
        if opens_at > self.opens_at + 1:
            self.share = 1 - reserve
            self.learn(opens_at, self.sent, self.share)
            self.opens_at = self.next = opens_at
            self.number += 1
            self.sent, self.out = 0, {}
            self.is_first = True
        if usage.in_flight:
            # Some of these may wait within their calls, and are then sent as soon as the route opens.
            self.out[usage.process] = usage.in_flight, self.opens_at + _STOPPED
        return self.number

    def _add(self, usage: Usage) -> None:
        if usage.window == self.number:
            self.sent += usage.sent
        elif usage.sent and usage.window == self.number - 1 and self.is_measured:
            # Its process had not said so when the 429 came.
            self.add_late(usage.sent, self.share)


class PaceBook(Protocol):
    """Where the processes of a job keep their `PaceState`, and their rate."""

    async def reserve(self, usage: Usage) -> Block:
        """Call `PaceState.reserve`."""
        ...

    async def note_limit(self, wait: float, usage: Usage, reserve: float) -> int:
        """Call `PaceState.note_limit`."""
        ...

    async def window(self) -> int:
        """Return the number of the window now."""
        ...


class SharedPace(Pace):
    """Gives one permit after the other, at a pace that several processes share.

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
        self._name = uuid.uuid4().hex
        self._window = 0
        self._block = Block(0.0, 0.0, 0, 0)
        self._left = 0
        self._slot = -math.inf
        self._waiting = 0
        self.in_flight: int = 0  # once more, as type checkers take the one in `permit` for another attribute

    async def permit(self) -> None:
        """Wait for a permit; `end` must follow when the request has its response."""
        self._waiting += 1
        try:
            await self._queue.acquire()
            try:
                await self._wait()
            except BaseException:
                self._queue.release()
                raise
        finally:
            self._waiting -= 1
        self.in_flight += 1
        self._is_alone = self._block.is_alone
        if not self._is_alone:
            self._queue.release()

    def end(self) -> None:
        """Note that a request has its response, or was not sent."""
        # What ends while the route is closed was refused, but for a few.
        self._sent += self._opens_at() <= self._clock()
        super().end()

    async def look(self) -> None:
        """Report a 429 to the others, of which this process may wait for the end within a call."""
        opens_at = self._opens_at()
        if opens_at > self._known + 1:
            self._known = opens_at
            self._left = 0
            wait = opens_at - self._clock()
            self._window = await self._book.note_limit(wait, self._usage(), self._reserve)

    async def _wait(self) -> None:
        while True:
            await self.look()
            wait = self._opens_at() - self._clock()
            if wait > 0:
                await self._sleep(wait)
            elif await self._has_slot() and await self._await_slot():
                return

    async def _has_slot(self) -> bool:
        """Whether there is a permit; otherwise return when one has to ask again."""
        if self._left > 0 and self._clock() < self._slot + _STOPPED:
            return True
        self._block = await self._book.reserve(self._usage())
        self._window = self._block.window
        self._left = self._block.count
        self._slot = self._clock() + self._block.starts_in
        if self._left:
            return True
        if self.in_flight:
            # The others wait for these, too.
            self._idle.clear()
            await self._idle.wait()
        else:
            await self._sleep(self._block.starts_in)
        return False

    async def _await_slot(self) -> bool:
        """Take the next permit at its moment, and return whether it still holds then."""
        slot = self._slot
        self._slot += self._block.interval
        self._left -= 1
        wait = slot - self._clock()
        if wait <= 0:
            return True
        await self._sleep(wait)
        if not self._opens_at() <= self._clock() < slot + _STOPPED:
            return False
        if wait >= _BLOCK and await self._book.window() != self._block.window:
            self._left = 0  # another process had a 429 meanwhile
            return False
        return True

    def _usage(self) -> Usage:
        """Return what the others do not know yet."""
        sent, self._sent = self._sent, 0
        return Usage(self._name, self._window, sent, self.in_flight, self._waiting)
