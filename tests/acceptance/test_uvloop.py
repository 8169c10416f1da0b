"""The clients on the event loop of uvloop."""

from __future__ import annotations

import subprocess
import sys
from typing import Final

import pytest

pytestmark = pytest.mark.acceptance

_PROGRAM: Final = """\
import asyncio, uvloop
from frontegg_async import Options
from frontegg_async.emulator import Emulator

async def main():
    asyncio.get_running_loop().set_debug(False)  # it would log what takes long
    loop = type(asyncio.get_running_loop()).__module__
    async with Emulator() as emulator, emulator.client() as frontegg:
        await emulator.seed(tenants=[{"tenantId": f"t{number}", "name": "T"} for number in range(450)])
        listed = [tenant.tenant_id async for tenant in frontegg.tenants.list()]
        many = await asyncio.gather(*(frontegg.tenants.get(each) for each in listed[:50]))
        try:
            await frontegg.with_options(deadline=1e-6).tenants.get("t1")
        except TimeoutError as error:
            late = type(error).__name__
        print(loop, len(listed), len(many), late)

uvloop.run(main())
"""


def test_calls_listings_and_deadlines() -> None:
    """They work as on asyncio's own loop, and nothing is left open."""
    command = [sys.executable, "-X", "dev", "-W", "error", "-c", _PROGRAM]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)

    assert (done.stdout, done.stderr) == ("uvloop 450 50 RequestTimeoutError\n", "")
