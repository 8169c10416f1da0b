"""Row 55: events lost, doubled, late and forged, workers killed, the database restarted; one listing makes it equal."""

from __future__ import annotations

import asyncio
import contextlib
import random
from typing import Final

from frontegg_async.emulator import AsyncEmulatorHandle, Emulator
from frontegg_async.errors import FronteggError
from frontegg_async.mirror import AsyncMirror
from tests.acceptance.scoreboard.row import Finding, Row, Setting
from tests.mirror.storm_of_events import ACCOUNTS, PARENTS, Changes, Proxy, killed_workers
from tests.mirror.watched_rows import seen, watch
from tests.support.postgres import PostgresServer, postgres_server

_EVENTS: Final = 100_000
_KILLS: Final = 200
_LONGEST: Final = 60
"""The most seconds by which an event is late."""


async def measure(setting: Setting) -> Finding:
    """Change accounts while all of that happens; then list them once, and compare."""
    kills, rng = setting.scaled(_KILLS), setting.rng("storm")
    with postgres_server() as server:
        url = server.new_database()
        async with Emulator() as emulator, emulator.client() as client, AsyncMirror(client, url) as mirror:
            tops = [{"tenantId": each, "name": each, "isReseller": True} for each in PARENTS]
            accounts = [{"tenantId": f"account-{number}", "name": "N"} for number in range(ACCOUNTS)]
            await emulator.seed(tenants=[*tops, *accounts])
            await mirror.upgrade()
            await watch(url)
            proxy = Proxy(mirror, rng, setting.scaled(_LONGEST))
            changes = Changes(client, rng, proxy)
            async with killed_workers(url, emulator, kills, rng.getrandbits(32)) as killed, proxy.passing_on():
                listing = asyncio.create_task(_list_again_and_again(mirror, emulator, rng))
                await changes.run(setting.scaled(_EVENTS) // 2)
                await asyncio.to_thread(_restart, server)
                await changes.run(setting.scaled(_EVENTS))
                if await killed != b"killed\n":
                    raise RuntimeError("the program that kills workers failed")
                listing.cancel()
                await asyncio.gather(listing, return_exceptions=True)
            await emulator.delete_faults()
            await mirror.refresh()
            proof = await mirror.check()
        found = await seen(url)
    older = [tenant_id for what, tenant_id in found if what == "older"]
    wrongly = [tenant_id for what, tenant_id in found if what == "deleted" and tenant_id not in changes.deleted]
    is_stormy = proxy.taken >= setting.scaled(_EVENTS) and proxy.forged > 0 and proxy.refused > 0
    return Finding(
        figure=f"{proxy.taken:,} events, {proxy.forged:,} forged, {proxy.failed:,} met a stopped database,"
        f" {kills} kills: {len(proof.different)} of {proof.accounts} accounts differ, {len(older)} rows overwritten by"
        f" an older read, {len(wrongly)} accounts wrongly deleted",
        passed=proof.equal and not older and not wrongly and is_stormy,
        details=(*proof.different, *older, *wrongly)[:12],
    )


def _restart(server: PostgresServer) -> None:
    server.stop()
    server.start()


async def _list_again_and_again(mirror: AsyncMirror, emulator: AsyncEmulatorHandle, rng: random.Random) -> None:
    """List all accounts until the task is cancelled; about every second listing is cut off."""
    match = {"method": "GET", "path": "/tenants/resources/tenants/v2", "probability": 0.3}
    while True:
        if rng.random() < 0.5:
            await emulator.add_fault(stage="in_body", action={"type": "truncate", "bytes": 50}, match=match)
        with contextlib.suppress(FronteggError):
            await mirror.refresh()
        await emulator.delete_faults()
        await asyncio.sleep(0.5)


ROWS: Final = (
    Row(
        number=55,
        name="storms-of-events",
        early=True,
        title="100,000 events of which 10 % are lost, 10 % come twice, 1 % are forged, all up to 60 s late and in any"
        " order; workers killed 200 times, PostgreSQL restarted, listings cut off, in full",
        target="after one listing the mirror is equal; rows overwritten by an older read 0; wrongly deleted 0",
        measure=measure,
        starred=True,
        time_limit=240.0,
    ),
)
