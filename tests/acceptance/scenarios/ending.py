"""Ends an application with requests in flight: each is answered, and the application exits cleanly."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Collection, Sequence
from typing import Final

import aiohttp

from tests.acceptance.scenarios.processes import EmulatorServer, Server

_HELD: Final = 0.5
"""Seconds for which the service holds the calls back."""

_LIMIT: Final = 10.0
_LOOK: Final = 0.05


async def end_in_flight(
    server: Server, emulator: EmulatorServer, urls: Sequence[str], good: Collection[int]
) -> list[str]:
    """End an application while it serves; return what is wrong with that.

    Args:
        server: The application.
        emulator: The service behind it.
        urls: Requests that lead to a read of a tenant each.
        good: The statuses of a process that ended well.
    """
    held = {"stage": "accept", "action": {"type": "delay", "seconds": _HELD}, "match": {"method": "GET"}}
    await emulator.ask("POST", "faults", held)
    await emulator.ask("DELETE", "journal")
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(force_close=True)) as session:
        calls = [asyncio.create_task(_get(session, url)) for url in urls]
        await _arrive(emulator, len(calls))
        begun = time.monotonic()
        status = await server.end()
        took = time.monotonic() - begun
        ends = await asyncio.gather(*calls)
    return [
        *(f"a call in flight at the end got {end}" for end in ends if end != "200"),
        *([] if status in good else [f"it ended with status {status}"]),
        *([] if took < _LIMIT else [f"it took {took:.1f} s to end"]),
    ]


async def _arrive(emulator: EmulatorServer, calls: int) -> None:
    """Wait until so many calls are in flight, or were."""
    for _ in range(round(_LIMIT / _LOOK)):
        journal = await emulator.ask("GET", "journal")
        if sum(entry["route"] == "tenants.get" for entry in journal["requests"]) >= calls:
            return
        await asyncio.sleep(_LOOK)


async def _get(session: aiohttp.ClientSession, url: str) -> str:
    try:
        async with session.get(url) as response:
            return str(response.status)
    except aiohttp.ClientError as error:
        return type(error).__name__
