"""P17 and M1: a long listing as a list, compared with its iteration, and the memory of an iteration.

Each turn makes, holds and drops a whole list. Memory is measured in a separate process: the
increase from before the listing to the peak.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import Sequence
from typing import Final

from benchmarks import canned_server, rounds
from benchmarks.measures import Goal, Measure, RunSettings, figure, ratio
from frontegg_async import AsyncFrontegg
from frontegg_sync import Frontegg
from tests.support import memory

TENANTS: Final = 100_000
MANY: Final = 1_000_000
MOST_OF_ITERATING: Final = 1.4
MOST_MIB: Final = 8.0
_ROUNDS: Final = 15
"""The maximum number of rounds, since a round reads the listing twice."""
_PROCESSES: Final = 3
_AHEAD: Final = (2, 16)
"""The measured numbers of pages ahead: the default, and many."""


async def _take_awaited(url: str, settings: RunSettings) -> Measure:
    async with AsyncFrontegg("emu_canned", "emu_canned", base_url=url) as frontegg:

        async def iterate() -> None:
            async for _ in frontegg.tenants.list():
                pass

        async def hold() -> None:
            assert len(await frontegg.tenants.list().all()) == TENANTS

        turns = await rounds.take_turns_awaiting(
            {"all": hold, "iterate": iterate},
            rounds=min(settings.rounds, _ROUNDS),
            calls=1,
            warm_up=1,
            seed=settings.seed,
        )
    return _ratio(turns, "awaited")


def _take_blocking(url: str, settings: RunSettings) -> Measure:
    with Frontegg("emu_canned", "emu_canned", base_url=url) as frontegg:

        def iterate() -> None:
            for _ in frontegg.tenants.list():
                pass

        def hold() -> None:
            assert len(frontegg.tenants.list().all()) == TENANTS

        turns = rounds.take_turns(
            {"all": hold, "iterate": iterate}, rounds=min(settings.rounds, _ROUNDS), calls=1, seed=settings.seed
        )
    return _ratio(turns, "blocking")


def _ratio(turns: rounds.Turns, way: str) -> Measure:
    ours, theirs = turns["all"], turns["iterate"]
    return ratio(f"of iterating, {way}", ours, theirs, most=MOST_OF_ITERATING)


def take_lists(settings: RunSettings) -> Sequence[Measure]:
    """Measure P17."""
    rounds.pin(0)
    with canned_server.running(tenants=TENANTS) as server:
        url = f"{server.plain}/plain"
        return [asyncio.run(_take_awaited(url, settings)), _take_blocking(url, settings)]


async def _rise(url: str, prefetch: int) -> dict[str, float]:
    """List all tenants; return their number and the increase of the memory."""
    async with AsyncFrontegg("emu_canned", "emu_canned", base_url=url) as frontegg:
        await frontegg.tenants.get(canned_server.TENANT_ID)
        memory.forget_peak()
        before = memory.resident()
        count = 0
        async for _ in frontegg.tenants.list(prefetch=prefetch):
            count += 1
        return {"count": count, "rise": memory.peak() - before}


def _rise_apart(url: str, prefetch: int, tenants: int) -> float:
    argv = [sys.executable, "-m", __name__, url, str(prefetch)]
    found = json.loads(subprocess.run(argv, capture_output=True, text=True, check=True).stdout)
    assert found["count"] == tenants
    return float(found["rise"])


def take_memory(_settings: RunSettings) -> Sequence[Measure]:
    """Measure the increase of the memory during the iteration of a listing."""
    measures: list[Measure] = []
    for tenants in (TENANTS, MANY):
        with canned_server.running(tenants=tenants) as server:
            for ahead in _AHEAD:
                rises = [_rise_apart(f"{server.plain}/plain", ahead, tenants) for _ in range(_PROCESSES)]
                name = f"rise of the memory, {tenants:,} tenants, {ahead} pages ahead"
                measures.append(figure(name, rises, "MiB", most=MOST_MIB))
    return measures


GOALS: Final = (
    Goal(name="P17", work=f"a listing of {TENANTS:,} as a list", take=take_lists),
    Goal(name="M1", work="the memory of a listing", take=take_memory, seconds=600),
)


if __name__ == "__main__":
    print(json.dumps(asyncio.run(_rise(sys.argv[1], int(sys.argv[2])))))
