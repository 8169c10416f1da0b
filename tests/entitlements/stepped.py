"""Clients whose time passes when a test says so."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from frontegg_async import AsyncFrontegg
from frontegg_async._core.call.context import Waits
from frontegg_async.emulator import AsyncEmulatorHandle
from tests.support.clients import FakeClock, make_client

PLANS: Final[Mapping[str, Any]] = {
    "features": [{"id": "f1", "key": "reports", "permissions": ["reports.read"]}, {"id": "f2", "key": "beta"}],
    "plans": [{"id": "p1", "name": "Pro", "featureIds": ["f1"]}],
    "planAssignments": [{"id": "a1", "planId": "p1", "tenantId": "acme"}],
}
"""The feature ``reports`` in a plan that ``acme`` has, and the feature ``beta`` in none."""


class SteppedTime:
    """The time of some clients, and the tasks that sleep until it has come."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self._sleepers: list[tuple[float, asyncio.Future[None]]] = []

    def sleeper(self, seconds: float) -> asyncio.Future[None]:
        """Return a future that ends when some seconds have passed."""
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._sleepers.append((self.clock.now + seconds, future))
        return future

    async def settle(self, count: int) -> None:
        """Run the loop until so many tasks sleep, and files are written."""
        async with asyncio.timeout(30):
            while len(self._sleeping()) < count:  # noqa: ASYNC110 - what is waited for has no event
                await asyncio.sleep(0)
        await _files_written()

    def wake(self) -> int:
        """Wake the task whose time comes first; return how many slept."""
        sleeping = self._sleeping()
        at, future = sleeping[0]
        self.clock.now = max(self.clock.now, at)
        self._sleepers.remove((at, future))
        future.set_result(None)
        return len(sleeping)

    async def advance(self, seconds: float) -> None:
        """Let time pass; each task that is woken does its work until it sleeps again."""
        end = self.clock.now + seconds
        while (sleeping := self._sleeping()) and sleeping[0][0] <= end:
            await self.settle(self.wake())
        self.clock.now = end

    def _sleeping(self) -> Sequence[tuple[float, asyncio.Future[None]]]:
        self._sleepers = [each for each in self._sleepers if not each[1].done()]
        return sorted(self._sleepers, key=lambda each: each[0])


class SteppedWaits(Waits):
    """The waits of one client.

    Args:
        time: Its time.
    """

    def __init__(self, time: SteppedTime) -> None:
        super().__init__()
        self._time = time

    async def sleep(self, seconds: float) -> None:
        """Sleep until the time has come."""
        future = self._time.sleeper(seconds)
        self._waiting.add(future)
        try:
            await future
        finally:
            self._waiting.discard(future)


async def _files_written() -> None:
    writing = [task for task in asyncio.all_tasks() if task.get_name() == "entitlements: file"]
    if writing:
        await asyncio.wait(writing)


class Stepped:
    """A client of an emulator, and its time.

    Args:
        emulator: The emulator, whose requests are counted.
        beside: Another one, whose time it has; by default it has its own.
        rng: Random numbers from 0 to 1, for the jitter of refreshes; by default they have none.
    """

    def __init__(
        self,
        emulator: AsyncEmulatorHandle,
        *,
        beside: Stepped | None = None,
        rng: Callable[[], float] = lambda: 0.5,
    ) -> None:
        self.emulator = emulator
        self.time = SteppedTime() if beside is None else beside.time
        self.clock: FakeClock = self.time.clock
        self.client: AsyncFrontegg = make_client(
            emulator.url, clock=self.clock, rng=rng, client_id=emulator.client_id, secret=emulator.secret
        )
        self.client._environment.context.waits = SteppedWaits(self.time)

    async def advance(self, seconds: float) -> None:
        """Let time pass; refreshes that are due take place."""
        await self.time.settle(1)
        await self.time.advance(seconds)

    async def requests(self) -> list[str]:
        """Return what was asked about entitlements since the last time: ``offset`` or ``whole``."""
        entries = [each for each in await self.emulator.journal() if "/vendor-entitlements" in each.path]
        await self.emulator.clear_journal()
        return ["offset" if each.path.endswith("-offset") else "whole" for each in entries]
