"""Ten thousand concurrent calls of a client that has no token yet: ``python -m benchmarks.cold_calls``."""

from __future__ import annotations

import asyncio
import time

from frontegg_async.emulator import Emulator

CALLS = 10_000


async def run() -> None:
    """Make the calls and print how often they authenticated."""
    async with Emulator() as emulator, emulator.client() as frontegg:
        tenant_id = "cold"
        await emulator.seed(tenants=[{"tenantId": tenant_id, "name": "Cold"}])
        started = time.perf_counter()
        tenants = await asyncio.gather(*(frontegg.tenants.get(tenant_id) for _ in range(CALLS)))
        seconds = time.perf_counter() - started
        routes = [entry.route for entry in await emulator.journal()]
    print(
        f"{CALLS:,} concurrent cold calls: {routes.count('auth.authenticate')} authentication, "
        f"{sum(tenant.tenant_id == tenant_id for tenant in tenants):,} succeeded, "
        f"{routes.count('tenants.get'):,} requests, {seconds:.1f} s with the emulator in the same loop"
    )


if __name__ == "__main__":
    asyncio.run(run())
