"""P17: a long listing as a list, against iterating it. All of the list is made, held and dropped in each turn."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Final

from benchmarks.performance import canned_server, rounds
from benchmarks.performance.measures import Goal, Measure, RunSettings, ratio

TENANTS: Final = 100_000
MOST: Final = 1.25
_ROUNDS: Final = 15
"""The most rounds: one reads the listing twice."""


async def _take_awaited(url: str, settings: RunSettings) -> Measure:
    from frontegg_async import AsyncFrontegg  # noqa: PLC0415 - see goals.py

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
    from frontegg_sync import Frontegg  # noqa: PLC0415 - see goals.py

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
    return ratio(f"of iterating, {way}", rounds.cpu(turns["all"]), rounds.cpu(turns["iterate"]), most=MOST)


def take(settings: RunSettings) -> Sequence[Measure]:
    """Measure P17."""
    rounds.pin(0)
    with canned_server.running(tenants=TENANTS) as running:
        url = f"{running.plain}/plain"
        return [asyncio.run(_take_awaited(url, settings)), _take_blocking(url, settings)]


GOALS: Final = (Goal(name="P17", work=f"a listing of {TENANTS:,} as a list", take=take),)
