"""Slots for the connections of a pool, handed out first come, first served."""

from __future__ import annotations

import asyncio
from collections import deque


class ConnectionSlots:
    """Limits how many calls use a connection at once.

    Calls queue here instead of in aiohttp, so that the wait counts towards their deadline. Without a queue, a call
    takes and returns its slot by changing ``free``, without a method call.

    Args:
        size: The number of slots.

    Attributes:
        free: The number of free slots; 0 while a call waits.
        waiters: The waiting calls, first come, first served.
    """

    __slots__ = ("free", "waiters")

    def __init__(self, size: int) -> None:
        self.free: int = size
        self.waiters: deque[asyncio.Future[None]] = deque()

    def take(self) -> bool:
        """Take a slot if one is free. Return whether it was taken."""
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
            # A waiter that receives a slot and is cancelled at the same moment passes the slot on.
            if waiter.done() and not waiter.cancelled():
                self.release()
            raise

    def release(self) -> None:
        """Give a slot to the call that waits longest, or make it free."""
        while self.waiters:
            waiter = self.waiters.popleft()
            if not waiter.done():
                waiter.set_result(None)
                return
        self.free += 1

    def dismiss(self) -> None:
        """Wake all waiters because the pool is retired. They move to another pool."""
        while self.waiters:
            waiter = self.waiters.popleft()
            if not waiter.done():
                waiter.set_result(None)
