"""Virtual time: clocks that a test moves, and waits that move them and take no real time."""

from __future__ import annotations

import asyncio
import contextlib
import random
import sys
import time
from collections.abc import Iterator
from typing import Final
from unittest import mock

from frontegg_async import AsyncFrontegg, AsyncFronteggUser
from frontegg_async._core.call.context import Waits
from frontegg_async._core.checks.verifier_times import check_clock
from frontegg_async._core.runtime.clocks import Clocks
from frontegg_async.emulator import AsyncEmulatorHandle

_MODULES: Final = tuple(sys.modules[each.__module__] for each in (check_clock, AsyncFrontegg, AsyncFronteggUser))
"""The modules that ask for the clocks of the system."""


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
        """Give these clocks to every client that is made meanwhile, and to verifiers all but ``clock=``."""
        with contextlib.ExitStack() as stack:
            for module in _MODULES:
                stack.enter_context(mock.patch.object(module, "system_clocks", return_value=self.clocks))
            yield

    def client(self, emulator: AsyncEmulatorHandle) -> AsyncFrontegg:
        """Return a client of an environment whose time this is."""
        with self.passed_in():
            return self.waiting(emulator.client())

    def waiting(self, client: AsyncFrontegg) -> AsyncFrontegg:
        """Have the waits of a client take virtual time."""
        client._environment.context.waits = _VirtualWaits(self)
        return client

    def waiting_user(self, user: AsyncFronteggUser) -> AsyncFronteggUser:
        """Have the waits of a user's client take virtual time."""
        user._context.waits = _VirtualWaits(self)
        return user


class _VirtualWaits(Waits):
    def __init__(self, time: VirtualTime) -> None:
        super().__init__()
        self._time = time

    async def sleep(self, seconds: float) -> None:
        self._time.now += seconds
        await asyncio.sleep(0)
