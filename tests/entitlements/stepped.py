"""Clients whose time passes when a test says so."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any, Final

from frontegg_async import AsyncFrontegg
from frontegg_async._core.call.context import Waits
from frontegg_async.emulator import AsyncEmulatorHandle
from frontegg_async.errors import ClientClosedError
from tests.support.clients import FakeClock, make_client

PLANS: Final[Mapping[str, Any]] = {
    "features": [{"id": "f1", "key": "reports", "permissions": ["reports.read"]}, {"id": "f2", "key": "beta"}],
    "plans": [{"id": "p1", "name": "Pro", "featureIds": ["f1"]}],
    "planAssignments": [{"id": "a1", "planId": "p1", "tenantId": "acme"}],
}
"""The feature ``reports`` in a plan that ``acme`` has, and the feature ``beta`` in none."""


class SteppedWaits(Waits):
    """Waits that end when the time of a test passes.

    Args:
        clock: The clock.
    """

    def __init__(self, clock: FakeClock) -> None:
        super().__init__()
        self._clock = clock
        self._sleepers: list[tuple[float, asyncio.Future[None]]] = []

    async def sleep(self, seconds: float) -> None:
        """Sleep until the clock has passed some seconds."""
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._sleepers.append((self._clock.now + seconds, future))
        await future

    def interrupt(self) -> None:
        """End all waits."""
        sleepers, self._sleepers = self._sleepers, []
        for _, future in sleepers:
            if not future.done():
                future.set_exception(ClientClosedError("the client was closed"))

    async def settle(self, count: int) -> None:
        """Run the loop until so many tasks sleep."""
        async with asyncio.timeout(30):
            while len(self._sleeping()) < count:  # noqa: ASYNC110 - what is waited for has no event
                await asyncio.sleep(0)

    async def wake_until(self, end: float) -> None:
        """Wake the sleepers in the order of their times; each does its work until it sleeps again."""
        while (sleeping := self._sleeping()) and sleeping[0][0] <= end:
            at, future = sleeping[0]
            self._clock.now = max(self._clock.now, at)
            self._sleepers.remove((at, future))
            future.set_result(None)
            await self.settle(len(sleeping))

    def _sleeping(self) -> Sequence[tuple[float, asyncio.Future[None]]]:
        self._sleepers = [each for each in self._sleepers if not each[1].done()]
        return sorted(self._sleepers, key=lambda each: each[0])


class Stepped:
    """A client of an emulator, and its time.

    Args:
        emulator: The emulator, whose requests are counted.
        seconds_of_day: The time of day at the beginning, in seconds since 1970.
    """

    def __init__(self, emulator: AsyncEmulatorHandle, *, clock: FakeClock | None = None) -> None:
        self.emulator = emulator
        self.clock = FakeClock() if clock is None else clock
        self.client: AsyncFrontegg = make_client(
            emulator.url, clock=self.clock, rng=lambda: 0.5, client_id=emulator.client_id, secret=emulator.secret
        )
        self.waits = SteppedWaits(self.clock)
        self.client._environment.context.waits = self.waits

    async def advance(self, seconds: float) -> None:
        """Let time pass; refreshes that are due take place."""
        await self.waits.settle(1)
        end = self.clock.now + seconds
        await self.waits.wake_until(end)
        self.clock.now = end

    async def requests(self) -> list[str]:
        """Return what was asked about entitlements since the last time: ``offset`` or ``whole``."""
        entries = [each for each in await self.emulator.journal() if "/vendor-entitlements" in each.path]
        await self.emulator.clear_journal()
        return ["offset" if each.path.endswith("-offset") else "whole" for each in entries]
