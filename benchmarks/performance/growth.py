"""P10: costs that may grow with the number of calls, tenants and nodes, and costs that must not.

Calls are timed beside those of the yardstick, and their memory is read. Of listings and trees the instructions of each
tenant and node are counted: their times also grow for any reader, since larger numbers miss the caches of processors.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, ExitStack
from itertools import pairwise
from typing import Final

from benchmarks.performance import canned_server, counted_work, instructions, memory, rounds
from benchmarks.performance.measures import Goal, Measure, RunSettings, figure, ratio

CALLS: Final = 100_000
BLOCK: Final = 1_000
BLOCKS: Final = 10
"""Compared blocks of calls: the first after 1,000 calls, and the last."""

SIZES: Final = (5_000, 25_000, 50_000)
"""The tenants of listings. One garbage collection changes the smallest difference by a twentieth; larger listings would
take minutes."""
TREE_SIZES: Final = (10_000, 50_000)
"""The nodes of trees. In smaller ones a node takes less, because bodies of up to 128 KiB are read in one piece."""
MOST_GROWTH: Final = 1.25

_PATH: Final = "/tenants/resources/tenants/v2"


async def _take_calls(running: canned_server.CannedServer) -> list[Measure]:
    """Call with a new id each time, and the baseline beside it, block by block."""
    import aiohttp  # noqa: PLC0415 - see goals.py
    import orjson  # noqa: PLC0415

    from frontegg_async import AsyncFrontegg  # noqa: PLC0415

    url = f"{running.plain}/plain"
    async with AsyncExitStack() as stack:
        frontegg = await stack.enter_async_context(AsyncFrontegg("emu_canned", "emu_canned", base_url=url))
        session = await stack.enter_async_context(aiohttp.ClientSession(headers={"Authorization": "Bearer canned"}))

        async def ours(number: int) -> None:
            await frontegg.tenants.get(f"tenant-{number:09}")

        async def baseline(number: int) -> None:
            async with session.get(f"{url}{_PATH}/tenant-{number:09}") as response:
                orjson.loads(await response.read())

        ratios: list[float] = []
        resident: list[float] = []
        for start in range(0, CALLS, BLOCK):
            ratios.append(await _block(ours, start) / await _block(baseline, start))
            resident.append(memory.resident())
    early, late = ratios[1 : 1 + BLOCKS], ratios[-BLOCKS:]
    slope = (resident[-1] - resident[BLOCKS]) / (CALLS / BLOCK - BLOCKS - 1) * 10
    return [
        ratio(f"a call after {CALLS:,} of one after 1,000", sorted(late), sorted(early), most=1.1),
        figure("rise of the memory in 10,000 calls", slope, "MiB", most=0.25),
    ]


async def _block(call: Callable[[int], Awaitable[None]], start: int) -> float:
    spent = time.process_time()
    for number in range(start, start + BLOCK):
        await call(number)
    return time.process_time() - spent


def _take_listings() -> list[Measure]:
    with ExitStack() as stack:
        servers = [stack.enter_context(canned_server.running(core=None, tenants=size)) for size in SIZES]
        totals = instructions.count_programs(
            [["-m", counted_work.__name__, f"{server.plain}/plain"] for server in servers]
        )
    # Between two sizes, so that the start of the program does not count.
    counts = {
        size: (most - least) / (size - smaller)
        for (smaller, least), (size, most) in pairwise(zip(SIZES, totals, strict=True))
    }
    return _growth("listing", "tenant", counts)


def _take_trees() -> list[Measure]:
    names = {(work, size): f"{work} {size}" for work in counted_work.WORKS for size in TREE_SIZES}
    counts = instructions.count(f"{counted_work.__name__}:Trees", [*names.values()], few=1, many=2) or {}
    return [
        measure
        for work in counted_work.WORKS
        for measure in _growth(work, "node", {size: counts[names[work, size]] / size for size in TREE_SIZES})
    ]


def _growth(work: str, unit: str, counts: Mapping[int, float]) -> list[Measure]:
    """Return the instructions of an item at the smallest size, and their growth."""
    (first, least), *others = counts.items()
    return [
        figure(f"{work}, each {unit} of {first:,}, instructions", least, ""),
        *(
            figure(
                f"{work}, each {unit} of {size:,} of one of {first:,}, instructions",
                count / least,
                "x",
                most=MOST_GROWTH,
            )
            for size, count in others
        ),
    ]


def take(settings: RunSettings) -> Sequence[Measure]:
    """Measure P10."""
    del settings
    rounds.pin(0)
    with canned_server.running() as running:
        calls = asyncio.run(_take_calls(running))
    rounds.pin(None)
    if not instructions.can_count():
        return [*calls, figure("listings and trees counted: valgrind is not installed", 0, "")]
    return [*calls, *_take_listings(), *_take_trees()]


GOALS: Final = (Goal(name="P10", work="growth with calls, tenants and nodes", take=take, seconds=600),)
