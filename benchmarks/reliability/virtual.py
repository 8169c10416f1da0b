"""Virtual time for clients that are made as any other: clocks that move when told, and waits that move them."""

from __future__ import annotations

import asyncio
import contextlib
import random
import time
from collections.abc import Iterator
from typing import Final
from unittest import mock

from frontegg_async._core.call.waits import Waits
from frontegg_async._core.runtime.clocks import Clocks
from frontegg_async.client import AsyncFrontegg
from frontegg_async.emulator.handle import AsyncEmulatorHandle
from frontegg_async.user import AsyncFronteggUser

_CLOCKED: Final = ("access_token_verifier", "client", "token_verifier", "user")
"""The modules of the package whose clients look at a clock."""


class VirtualTime:
    """A monotonic clock and a time of day.

    Args:
        rng: The randomness of clients.
        wall_error: Seconds that the time of day of this machine is ahead of the truth.
    """

    def __init__(self, rng: random.Random, *, wall_error: float = 0.0) -> None:
        self._began = time.time() + wall_error
        self.now = 1_000.0
        self.clocks = Clocks(monotonic=lambda: self.now, wall=lambda: self._began + self.now - 1_000.0, rng=rng.random)

    @contextlib.contextmanager
    def passed_in(self) -> Iterator[None]:
        """Have every client that is made meanwhile go by it."""
        with contextlib.ExitStack() as stack:
            for module in _CLOCKED:
                stack.enter_context(mock.patch(f"frontegg_async.{module}.system_clocks", return_value=self.clocks))
            yield

    def client(self, emulator: AsyncEmulatorHandle) -> AsyncFrontegg:
        """Return a client of an environment whose time this is."""
        with self.passed_in():
            return self.waiting(emulator.client())

    def waiting(self, client: AsyncFrontegg) -> AsyncFrontegg:
        """Have the waits of a client take virtual time."""
        client._environment.context.waits = _VirtualWaits(self)  # noqa: SLF001 - as the tests of the client do
        return client

    def waiting_user(self, user: AsyncFronteggUser) -> AsyncFronteggUser:
        """Have the waits of a user's client take virtual time."""
        user._context.waits = _VirtualWaits(self)  # noqa: SLF001 - as the tests of the client do
        return user


class _VirtualWaits(Waits):
    def __init__(self, time: VirtualTime) -> None:
        super().__init__()
        self._time = time

    async def sleep(self, seconds: float) -> None:
        self._time.now += seconds
        await asyncio.sleep(0)
