"""The connections that calls may use at once, handed out in the order of asking."""

from __future__ import annotations

import asyncio
from collections import deque


class ConnectionSlots:
    """Counts free connections. Calls queue here and not in aiohttp, so that the queue counts to the deadline.

    Each call takes a slot and gives it back. One that need not queue does both by ``free``, without a call.

    Args:
        size: How many calls may have a connection at once.

    Attributes:
        free: How many slots are free; none while somebody waits.
        waiters: Those who wait, the first one first.
    """

    __slots__ = ("free", "waiters")

    def __init__(self, size: int) -> None:
        self.free: int = size
        self.waiters: deque[asyncio.Future[None]] = deque()

    def take(self) -> bool:
        """Take a slot if one is free and nobody waits for it."""
        if self.free > 0:
            self.free -= 1
            return True
        return False

    async def wait(self) -> None:
        """Wait for a slot and take it."""
        if self.take():
            return
        waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.waiters.append(waiter)
        try:
            await waiter
        except asyncio.CancelledError:
            # Whoever was given the slot and is cancelled in the same moment hands it on.
            if waiter.done() and not waiter.cancelled():
                self.release()
            raise

    def release(self) -> None:
        """Give a slot back: to the one who waits longest, or to the free ones."""
        while self.waiters:
            waiter = self.waiters.popleft()
            if not waiter.done():
                waiter.set_result(None)
                return
        self.free += 1

    def dismiss(self) -> None:
        """Let all who wait go on: what the slots are of is of no use any more."""
        while self.waiters:
            waiter = self.waiters.popleft()
            if not waiter.done():
                waiter.set_result(None)
