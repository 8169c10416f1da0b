"""M1: events lost, doubled, late and forged, a worker killed, the database restarted; one listing makes it equal."""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections.abc import AsyncGenerator

import pytest
from aiohttp import web

from frontegg_async.emulator import Emulator
from frontegg_async.errors import FronteggError
from frontegg_async.mirror import AsyncMirror
from tests.mirror.rows import run_sql
from tests.mirror.storm_of_events import ACCOUNTS, SECRET, Changes, Proxy, Workers
from tests.mirror.test_storm import WATCH_POSTGRES, seen
from tests.support.postgres import PostgresServer

pytestmark = [pytest.mark.anyio, pytest.mark.acceptance]


@contextlib.asynccontextmanager
async def served(proxy: Proxy) -> AsyncGenerator[str]:
    """Serve a proxy on loopback; return its address."""
    app = web.Application()
    app.router.add_post("/hook", proxy.take)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    assert site._server is not None
    try:
        yield f"http://127.0.0.1:{site._server.sockets[0].getsockname()[1]}/hook"  # type: ignore[attr-defined]
    finally:
        await runner.cleanup()


@pytest.mark.parametrize(
    ("changes", "kills", "longest"),
    [(12_000, 20, 6.0), pytest.param(120_000, 200, 60.0, marks=pytest.mark.extended)],
)
async def test_m1(postgres: PostgresServer, changes: int, kills: int, longest: float) -> None:
    """No row is overwritten by an older read, and no account is wrongly marked as deleted."""
    rng = random.Random(changes)
    url = postgres.new_database()
    async with Emulator() as emulator, emulator.client() as client, AsyncMirror(client, url) as mirror:
        await emulator.seed(tenants=[{"tenantId": f"account-{number}", "name": "N"} for number in range(ACCOUNTS)])
        await mirror.upgrade()
        await run_sql(url, *WATCH_POSTGRES)
        proxy, changing = Proxy(mirror, rng, longest), Changes(client, rng)
        async with served(proxy) as address:
            await client.webhooks.of_environment.create(
                url=address,
                secret=SECRET,
                event_keys=[
                    "frontegg.tenant.created",
                    "frontegg.tenant.updated",
                    "frontegg.tenant.deleted",
                    "frontegg.tenant.locked",
                ],
            )
            workers = Workers(url, emulator, rng)
            tasks = [
                asyncio.create_task(proxy.run()),
                asyncio.create_task(workers.run(kills, 2.5)),
                asyncio.create_task(_list_again_and_again(mirror, emulator, rng)),
            ]
            storm = asyncio.create_task(changing.run(changes))
            await changing.half.wait()
            postgres.stop()
            postgres.start()
            await storm
            await emulator.deliveries_done()
            await workers.killed.wait()
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        await emulator.delete_faults()
        await mirror.refresh()
        proof = await mirror.check()
    found = await seen(url)
    assert proxy.received >= changes * 0.6
    assert (proof.equal, proof.different) == (True, ())
    assert proof.accounts > 50
    assert [each for each in found if each[0] == "older"] == []
    assert {tenant_id for what, tenant_id in found if what == "deleted"} <= changing.deleted
    assert (workers.kills, proxy.forged > 0, proxy.refused > 0) == (kills, True, True)


async def _list_again_and_again(mirror: AsyncMirror, emulator: Emulator, rng: random.Random) -> None:
    """List all accounts until the task is cancelled; each second listing is cut off."""
    while True:
        listing = {"method": "GET", "path": "/tenants/resources/tenants/v2", "probability": 0.3}
        fault = await emulator.add_fault(stage="in_body", action={"type": "truncate", "bytes": 50}, match=listing)
        if rng.random() < 0.5:
            await emulator.delete_fault(fault)
        with contextlib.suppress(FronteggError):
            await mirror.refresh()
        with contextlib.suppress(LookupError):
            await emulator.delete_fault(fault)
        await asyncio.sleep(0.05)
