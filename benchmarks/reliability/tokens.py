"""Rows on the life of tokens: cold herds, cancelled owners, revoked tokens and secrets, clocks."""

from __future__ import annotations

import asyncio
from typing import Final

from benchmarks.reliability.row import Finding, Row, Setting
from frontegg_async.emulator import Emulator

_HERD: Final = 10_000


async def take_cold_herd(setting: Setting) -> Finding:
    """Make ten thousand concurrent calls with a client that has no token."""
    del setting  # nothing in it is random
    async with Emulator() as emulator, emulator.client() as frontegg:
        await emulator.seed(tenants=[{"tenantId": "cold", "name": "Cold"}])
        tenants = await asyncio.gather(*(frontegg.tenants.get("cold") for _ in range(_HERD)))
        fetches = [entry.route for entry in await emulator.journal()].count("auth.authenticate")
    succeeded = sum(tenant.tenant_id == "cold" for tenant in tenants)
    return Finding(
        figure=f"{fetches} token fetch(es), {succeeded:,} of {_HERD:,} succeeded",
        passed=fetches == 1 and succeeded == _HERD,
    )


ROWS: Final = (
    Row(
        number=1,
        measure="10,000 concurrent cold calls",
        target="token fetches 1, all succeed",
        take=take_cold_herd,
        star=True,
    ),
)
