"""P4: a long listing with 16 pages prefetched against one page after the other, and its memory.

Each side lists as much as takes a second or two, and times are per page: without prefetching, all pages take the same
time; with prefetching, the whole listing is read, so that its slow start counts. The memory is measured in a separate
process, from before the listing to its peak.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Final

import attrs

from benchmarks.performance import canned_server, memory, rounds
from benchmarks.performance.measures import Goal, Measure, RunSettings, figure, ratio

TENANTS: Final = 100_000
MANY: Final = 1_000_000
AHEAD: Final = 16
BY_DEFAULT: Final = 2
MOST_MIB: Final = 8.0
_PATH: Final = "/tenants/resources/tenants/v2"
_PARTS: Final = 5
"""Processes in which each listing is measured."""

Counts = Callable[[], Awaitable[object]]


@attrs.frozen
class Latency:
    """A latency, how much is listed without prefetching, the number of rounds, and the goal."""

    path: str
    sequential: int
    rounds: int
    least: float


LATENCIES: Final = (
    Latency("/40ms", 10_000, 7, 15.0),
    Latency("/5ms", 40_000, 11, 9.0),
    Latency("/0ms", TENANTS, 15, 1.0),
)


async def list_all(url: str, prefetch: int) -> dict[str, float]:
    """List all tenants; return their number and the rise of the memory."""
    from frontegg_async import AsyncFrontegg  # noqa: PLC0415 - see goals.py

    async with AsyncFrontegg("emu_canned", "emu_canned", base_url=url) as frontegg:
        await frontegg.tenants.get(canned_server.TENANT_ID)
        memory.forget_peak()
        before = memory.resident()
        count = 0
        async for _ in frontegg.tenants.list(prefetch=prefetch):
            count += 1
        return {"count": count, "rise": memory.peak() - before}


async def _take_latency(running: canned_server.CannedServer, latency: Latency, settings: RunSettings) -> Measure:
    from frontegg_async import AsyncFrontegg  # noqa: PLC0415

    async with AsyncFrontegg("emu_canned", "emu_canned", base_url=running.plain + latency.path) as frontegg:

        def lists(prefetch: int, most: int) -> Counts:
            async def listing() -> None:
                count = 0
                async for _ in frontegg.tenants.list(prefetch=prefetch):
                    count += 1
                    if count == most:
                        return

            return listing

        turns = await rounds.take_turns_awaiting(
            {"ahead": lists(AHEAD, TENANTS), "sequential": lists(0, latency.sequential)},
            rounds=min(settings.rounds, latency.rounds),
            calls=1,
            warm_up=1,
            seed=settings.seed,
        )
    sequential = [seconds / latency.sequential for seconds in rounds.wall(turns["sequential"])]
    ahead = [seconds / TENANTS for seconds in rounds.wall(turns["ahead"])]
    name = f"as fast with {AHEAD} pages ahead as one after the other, {latency.path[1:]}"
    return ratio(name, sequential, ahead, least=latency.least)


async def _take_cpu(running: canned_server.CannedServer, settings: RunSettings) -> list[Measure]:
    import aiohttp  # noqa: PLC0415
    import orjson  # noqa: PLC0415

    from frontegg_async import AsyncFrontegg  # noqa: PLC0415

    url = f"{running.plain}/plain"
    frontegg = AsyncFrontegg("emu_canned", "emu_canned", base_url=url)
    session = aiohttp.ClientSession(headers={"Authorization": "Bearer canned"})
    async with frontegg, session:

        async def ours(prefetch: int) -> int:
            count = 0
            async for _ in frontegg.tenants.list(prefetch=prefetch):
                count += 1
            return count

        async def baseline() -> int:
            count = index = 0
            total = 1
            while count < total:
                target = f"{url}{_PATH}?_limit={canned_server.PAGE}&_offset={index}"
                async with session.get(target) as response:
                    page = orjson.loads(await response.read())
                for _ in page["items"]:
                    count += 1
                total = page["_metadata"]["totalItems"]
                index += 1
            return count

        candidates: dict[str, Counts] = {"Y": baseline}
        candidates |= {f"{ahead} ahead": partial(ours, ahead) for ahead in (0, BY_DEFAULT, AHEAD)}
        turns = await rounds.take_turns_awaiting(
            candidates, rounds=min(settings.rounds, 11), calls=1, warm_up=1, seed=settings.seed
        )
    theirs = rounds.cpu(turns["Y"])
    return [
        ratio(f"processor time of aiohttp with orjson, {name}", rounds.cpu(turns[name]), theirs)
        for name in candidates
        if name != "Y"
    ]


def _take_rises(tenants: int, *cases: tuple[str, int]) -> Sequence[Measure]:
    measures: list[Measure] = []
    with canned_server.running(tenants=tenants) as running:
        for path, prefetch in cases:
            rises = [_rise(running.plain + path, prefetch, tenants) for _ in range(_PARTS)]
            name = f"rise of the memory, {tenants:,} tenants, {prefetch} pages ahead, {path[1:]}"
            measures.append(figure(name, rises, "MiB", most=MOST_MIB))
    return measures


def _rise(url: str, prefetch: int, tenants: int) -> float:
    argv = [sys.executable, "-m", __name__, url, str(prefetch)]
    found = json.loads(subprocess.run(argv, capture_output=True, text=True, check=True).stdout)
    assert found["count"] == tenants
    return float(found["rise"])


def take(settings: RunSettings) -> Sequence[Measure]:
    """Measure P4."""
    # The server starts first: it would otherwise share this core, and prefetching would gain nothing.
    with canned_server.running(tenants=TENANTS) as running:
        rounds.pin(0)
        measures = [asyncio.run(_take_latency(running, latency, settings)) for latency in LATENCIES]
        measures += asyncio.run(_take_cpu(running, settings))
    rounds.pin(None)
    return [
        *measures,
        *_take_rises(TENANTS, ("/40ms", AHEAD), ("/0ms", AHEAD), ("/0ms", BY_DEFAULT)),
        *_take_rises(MANY, ("/0ms", AHEAD), ("/0ms", BY_DEFAULT)),
    ]


GOALS: Final = (Goal(name="P4", work="a long listing", take=take, seconds=600),)


def main() -> None:
    """List all tenants of a server, and print their number and the rise of the memory as JSON."""
    url, prefetch = sys.argv[1:]
    rounds.pin(0)
    print(json.dumps(asyncio.run(list_all(url, int(prefetch)))))


if __name__ == "__main__":
    main()
