"""P3: one page of 200 tenants, and its decoding alone.

A page is measured as a whole call: compressed or not, with a field in each row that the model does not have, and with
a value of another type in one row. Decoding alone is counted in instructions, which repeat exactly, if valgrind is
installed, and otherwise timed.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING, Final

from benchmarks import decode
from benchmarks.performance import async_clients, canned_server, instructions, rounds
from benchmarks.performance.measures import Goal, Measure, RunSettings, figure, ratio

if TYPE_CHECKING:
    from frontegg_async import AsyncFrontegg

CALLS: Final = 25
_TARGET: Final = f"/tenants/resources/tenants/v2?_limit={canned_server.PAGE}&_offset=0"
_MOST: Final = {"plain": 1.02, "gzip": 1.02, "grown": 1.6, "odd": 2.0}
_OTHER_PAGES: Final = {decode.GROWN: "grown", decode.SPARSE: "sparse", decode.ODD: "odd"}
_MOST_DECODING: Final = {decode.DICTS: 1.15, decode.STOCK: 0.20}


def _call(frontegg: AsyncFrontegg) -> async_clients.Read:
    return frontegg.tenants.list(page_size=canned_server.PAGE).first_page


async def _read(running: canned_server.CannedServer, settings: RunSettings) -> list[Measure]:
    measures: list[Measure] = []
    baseline = {async_clients.Y: async_clients.read_with_aiohttp}
    for way, most in _MOST.items():
        for tls in (False, True):
            for others in (baseline,) if tls or way in {"grown", "odd"} else (baseline, async_clients.PEERS):
                turns = await _take(async_clients.ReadTarget(running, way, _TARGET, tls=tls), others, settings)
                ours = rounds.cpu(turns[async_clients.OURS])
                measures += [
                    ratio(
                        f"of {name}, {way}{', TLS' if tls else ''}",
                        ours,
                        rounds.cpu(turns[name]),
                        most=most if name == async_clients.Y else None,
                    )
                    for name in others
                ]
    return measures


async def _take(
    place: async_clients.ReadTarget, others: Mapping[str, async_clients.MakeRead], settings: RunSettings
) -> rounds.Turns:
    async with AsyncExitStack() as stack:
        candidates = {async_clients.OURS: await async_clients.read_with_frontegg(stack, place, _call)}
        candidates |= {name: await make(stack, place) for name, make in others.items()}
        return await rounds.take_turns_awaiting(candidates, rounds=settings.rounds, calls=CALLS, seed=settings.seed)


def _decode(settings: RunSettings) -> list[Measure]:
    candidates = decode.candidates()
    turns = rounds.take_turns(candidates, rounds=settings.rounds, calls=10, seed=settings.seed)
    counts = instructions.count("benchmarks.decode:candidates", [decode.TYPED, *_OTHER_PAGES, *_MOST_DECODING])
    measures: list[Measure] = []
    for name, most in _MOST_DECODING.items():
        times = [rounds.cpu(turns[each]) for each in (decode.TYPED, name)]
        goal = most if counts is None else None
        measures.append(ratio(f"of {name}, decoding alone, time", times[0], times[1], most=goal))
        if counts is not None:
            value = counts[decode.TYPED] / counts[name]
            measures.append(figure(f"of {name}, decoding alone, instructions", value, "x", most=most))
    if counts is not None:
        for name, way in _OTHER_PAGES.items():
            value = counts[name] / counts[decode.DICTS]
            measures.append(figure(f"of {decode.DICTS}, decoding alone, {way}, instructions", value, "x"))
    return measures


def take(settings: RunSettings) -> Sequence[Measure]:
    """Measure P3."""
    rounds.pin(0)
    with canned_server.running() as running:
        measures = asyncio.run(_read(running, settings))
    rounds.pin(None)
    return [*measures, *_decode(settings)]


GOALS: Final = (Goal(name="P3", work="one page of 200 tenants, awaited", take=take),)
