"""`SharedPace`: one pace for all processes of a job, which share what they learn from 429 responses."""

from __future__ import annotations

import math
import uuid
from collections.abc import Awaitable, Callable
from typing import Final, Protocol

import msgspec

from frontegg_async.bulk.learned_limit import TEN, LearnedLimit
from frontegg_async.bulk.pace import Pace

_BLOCK: Final = 0.1
"""The number of seconds for which one reservation contains permits. If a process waits longer for a permit, it checks
whether the permit is still valid.
"""
_MOST_BEHIND: Final = 0.25
"""The maximum delay in seconds that later permits make up for, since a reservation waits for the server."""
_STOPPED: Final = 2.0
"""The seconds for which a permit stays valid after its time. Later, other processes may have taken the work.

A process also waits at most this time for the responses to requests of another process.
"""
_ASK_AGAIN: Final = 0.2
"""The seconds after which a process asks again for a permit while it waits for responses to requests of other
processes.
"""


class Block(msgspec.Struct, frozen=True):
    """A block of reserved permits."""

    starts_in: float
    """The number of seconds until the first permit, or until the process must ask again. The number is negative for a
    late permit.
    """
    interval: float
    """The seconds between two permits; 0 if the rate is not limited."""
    count: int
    """The number of permits; 0 if the process must ask again."""
    window: int
    """The number of the window for which the permits are valid. A window is the time in which the service counts
    requests.
    """
    is_alone: bool = False
    """Whether the next permit must wait for the response to this request."""


class Usage(msgspec.Struct, frozen=True):
    """The requests of a process that the other processes do not know yet."""

    process: str
    """The unique name of the process."""
    window: int
    """The number of the latest window that the process knows."""
    sent: int
    """The number of requests in the window that got a response since the last report, without 429 responses."""
    in_flight: int
    """The number of requests without a response."""
    waiting: int = 1
    """The number of requests that wait for a permit."""


class PaceState(LearnedLimit):
    """The rate limit that the processes of a job share. All times are seconds of one clock."""

    next: float = 0.0
    """The time of the next permit."""
    sent: int = 0
    """The number of requests that got a response since the window began."""
    number: int = 0
    """The number of the window: the count of 429 responses that ended a window."""
    opens_at: float = 0.0
    """The time until which the last 429 blocks the endpoint."""
    share: float = 1.0
    """The share of the limit that the job may use."""
    is_first: bool = True
    """Whether no process has sent the first request of the window."""
    out: dict[str, tuple[int, float]] = msgspec.field(default_factory=dict[str, tuple[int, float]])
    """The number of open requests and permits of each process, and the time until which other processes wait for these
    requests.
    """
    is_alone: bool = False
    """Whether an open request must be the only request in flight."""

    def reserve(self, now: float, usage: Usage, rate: float | None) -> Block:
        """Reserve permits.

        Args:
            now: The time.
            usage: The requests of the process.
            rate: The configured rate in requests per second.
        """
        self._add(usage)
        self.see(now)
        if now < self.opens_at:
            return Block(self.opens_at - now, 0.0, 0, self.number)
        if self.grow(now):
            self.sent = 0
        # Forget processes from which no report came in time.
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
        """Learn from a 429 how many requests the limit allowed the job, unless another process reported the 429.

        Args:
            now: The time.
            wait: The seconds for which the 429 blocks the endpoint.
            usage: The requests of the process.
            reserve: The share of the limit that is left to other clients.

        Returns:
            The number of the next window.
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
            # Some of these requests may wait within the client, which sends them as soon as the block ends.
            self.out[usage.process] = usage.in_flight, self.opens_at + _STOPPED
        return self.number

    def _add(self, usage: Usage) -> None:
        if usage.window == self.number:
            self.sent += usage.sent
        elif usage.sent and usage.window == self.number - 1 and self.is_measured:
            # The process had not reported these requests when the 429 came.
            self.add_late(usage.sent, self.share)


class PaceBook(Protocol):
    """The storage of the `PaceState` and the rate that the processes of a job share."""

    async def reserve(self, usage: Usage) -> Block:
        """Call `PaceState.reserve`."""
        ...

    async def note_limit(self, wait: float, usage: Usage, reserve: float) -> int:
        """Call `PaceState.note_limit`."""
        ...

    async def window(self) -> int:
        """Return the number of the current window."""
        ...


class SharedPace(Pace):
    """Gives permits at a pace that several processes share.

    Args:
        book: The storage of the pace, and of the common rate of all processes.
        clock: The monotonic clock of this process.
        sleep: Waits for a number of seconds.
        opens_at: Returns the time until which a 429 blocks the endpoint, by the same clock.
        rate: The configured rate when this process began, in requests per second; ``None`` for the rate that the
            service allows.
        reserve: The share of the service's limit that is left to other clients.
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
        self.in_flight: int = 0  # declared again: type checkers see the assignment in `permit` as a new attribute

    async def permit(self) -> None:
        """Wait for a permit. The caller must call `end` after the response."""
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
        """Release the permit of a request that has its response or was not sent."""
        # Nearly all requests that end while a 429 blocks the endpoint were refused.
        self._sent += self._opens_at() <= self._clock()
        super().end()

    async def look(self) -> None:
        """Report a 429 response to the other processes at once, even while this process waits until the route opens."""
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
        """Return true if a permit is available. Otherwise, wait until the process may ask again, and return false."""
        if self._left > 0 and self._clock() < self._slot + _STOPPED:
            return True
        self._block = await self._book.reserve(self._usage())
        self._window = self._block.window
        self._left = self._block.count
        self._slot = self._clock() + self._block.starts_in
        if self._left:
            return True
        if self.in_flight:
            # The other processes wait for these requests too.
            self._idle.clear()
            await self._idle.wait()
        else:
            await self._sleep(self._block.starts_in)
        return False

    async def _await_slot(self) -> bool:
        """Wait for the time of the next permit. Return whether the permit is still valid after the wait."""
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
            self._left = 0  # another process got a 429 during the wait
            return False
        return True

    def _usage(self) -> Usage:
        """Return the requests that the other processes do not know yet."""
        sent, self._sent = self._sent, 0
        return Usage(self._name, self._window, sent, self.in_flight, self._waiting)
