"""Slots for the connections of a pool. Calls get the slots in the order in which they began to wait."""

from __future__ import annotations

import asyncio
from collections import deque


class ConnectionSlots:
    """Limits the number of calls that use a connection at the same time.

    Calls wait here instead of in aiohttp, so that their deadline includes the wait. If no call waits, a call takes and
    returns its slot by changing ``free``, without a method call.

    Args:
        size: The number of slots.

    Attributes:
        free: The number of free slots. 0 while a call waits.
        waiters: The waiting calls. The first call in the queue gets the next slot.
    """

    __slots__ = ("free", "waiters")

    def __init__(self, size: int) -> None:
        self.free: int = size
        self.waiters: deque[asyncio.Future[None]] = deque()

    def take(self) -> bool:
        """Take a slot if a slot is free. Return whether a slot was taken."""
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
            # If a call gets a slot and is cancelled at the same moment, pass the slot to the next call.
            if waiter.done() and not waiter.cancelled():
                self.release()
            raise

    def release(self) -> None:
        """Return a slot: give it to the call that waits longest, or mark it as free."""
        while self.waiters:
            waiter = self.waiters.popleft()
            if not waiter.done():
                waiter.set_result(None)
                return
        self.free += 1

    def dismiss(self) -> None:
        """Wake all waiting calls, because the pool is retired. The calls move to another pool."""
        while self.waiters:
            waiter = self.waiters.popleft()
            if not waiter.done():
                waiter.set_result(None)
