"""A mirror that runs while accounts change, events are lost, doubled, late and forged, and listings go on."""

from __future__ import annotations

import asyncio
import random

import pytest

from frontegg_async.client import AsyncFrontegg
from frontegg_async.errors import FronteggError
from frontegg_async.mirror import AsyncMirror
from tests.mirror.test_worker import event
from tests.mirror.watched_rows import seen, watch

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

CHANGES = 400


class Storm:
    """Changes accounts at random, and delivers the events of the changes badly."""

    def __init__(self, client: AsyncFrontegg, mirror: AsyncMirror, seed: int) -> None:
        self.client = client
        self.mirror = mirror
        self.rng = random.Random(seed)
        self.ids = [f"a{number}" for number in range(12)]
        self.parents = ["top-1", "top-2"]
        self.waiting: list[str] = []
        self.deleted: set[str] = set()

    async def run(self) -> None:
        """Make all changes."""
        for parent in self.parents:
            await self.client.tenants.create(tenant_id=parent, name=parent, is_reseller=True)
        for number in range(CHANGES):
            await self._deliver(await self._change(number))
        self.rng.shuffle(self.waiting)
        for tenant_id in self.waiting:
            await self.mirror.receive(event(tenant_id))

    async def _change(self, number: int) -> str:
        tenant_id, client = self.rng.choice(self.ids), self.client
        kind = self.rng.choice(["create", "update", "delete", "lock", "move", "metadata"])
        try:
            match kind:
                case "create":
                    await client.tenants.create(tenant_id=tenant_id, name=f"N{number}")
                case "update":
                    await client.tenants.update(tenant_id, name=f"N{number}")
                case "delete":
                    self.deleted.add(tenant_id)
                    await client.tenants.delete(tenant_id)
                case "lock":
                    await client.tenants.lock([tenant_id])
                case "move":
                    await client.hierarchy.assign(tenant_id, self.rng.choice(self.parents))
                case _:
                    await client.tenants.add_metadata(tenant_id, {"number": number})
        except FronteggError:  # it is not there, or already
            pass
        return tenant_id

    async def _deliver(self, tenant_id: str) -> None:
        if self.rng.random() < 0.1:  # lost
            return
        if self.rng.random() < 0.01:
            await self.mirror.receive(event(f"forged-{self.rng.random()}"))
        self.waiting += [tenant_id] * (2 if self.rng.random() < 0.1 else 1)
        while len(self.waiting) > 20:
            await self.mirror.receive(event(self.waiting.pop(self.rng.randrange(len(self.waiting)))))


async def test_a_mirror_is_equal_after_a_storm_and_one_listing(client: AsyncFrontegg, url: str) -> None:
    """Nothing is lost, nothing is overwritten by an older read, nothing is deleted that is there."""
    async with AsyncMirror(client, url, settle=0.05) as mirror:
        await mirror.upgrade()
        await watch(url)
        storm = Storm(client, mirror, seed=1)
        async with mirror.running():
            storming = asyncio.create_task(storm.run())
            while not storming.done():
                await mirror.refresh()
            await storming
            await mirror.refresh()
        proof = await mirror.check()
    assert (proof.equal, proof.different) == (True, ())
    assert proof.accounts >= 5
    found = await seen(url)
    assert [each for each in found if each[0] == "older"] == []
    assert {tenant_id for what, tenant_id in found if what == "deleted"} <= storm.deleted
