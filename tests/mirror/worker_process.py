"""``frontegg mirror run`` in a process of its own."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from frontegg_async.emulator import AsyncEmulatorHandle


def variables_of(emulator: AsyncEmulatorHandle) -> dict[str, str]:
    """Return the variables of a process that works with the environment of an emulator."""
    own = {
        "FRONTEGG_BASE_URL": emulator.url,
        "FRONTEGG_CLIENT_ID": emulator.client_id,
        "FRONTEGG_SECRET_KEY": emulator.secret,
    }
    return {**os.environ, **own}


@asynccontextmanager
async def worker_process(emulator: AsyncEmulatorHandle, url: str) -> AsyncGenerator[None]:
    """Keep the mirror in a database up to date."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "frontegg_async", "mirror", "run", url),
        env=variables_of(emulator),
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        yield
        assert process.returncode is None
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()
