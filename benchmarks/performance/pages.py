"""P3: one page of 200 tenants, and its decoding alone.

A page is measured as the call for it: packed or not, with a field in each row that the model does not know, and with
a value of another type than its field in one row. The
decoding is counted in instructions, which repeat exactly, where valgrind is there, and otherwise timed.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING, Final

from benchmarks import decode
from benchmarks.performance import awaited, instructions, rounds, service
from benchmarks.performance.goal import Goal, Measure, Setting, figure, ratio

if TYPE_CHECKING:
    from frontegg_async import AsyncFrontegg

CALLS: Final = 25
_TARGET: Final = f"/tenants/resources/tenants/v2?_limit={service.PAGE}&_offset=0"
_MOST: Final = {"plain": 0.95, "gzip": 0.95, "grown": 1.6, "odd": 2.0}
_OTHER_PAGES: Final = {decode.GROWN: "grown", decode.SPARSE: "sparse", decode.ODD: "odd"}
_MOST_DECODING: Final = {decode.DICTS: 1.15, decode.STOCK: 0.20}


def _call(frontegg: AsyncFrontegg) -> awaited.Read:
    return frontegg.tenants.list(page_size=service.PAGE).first_page


async def _read(running: service.Service, setting: Setting) -> list[Measure]:
    measures: list[Measure] = []
    yardstick = {awaited.Y: awaited.read_with_aiohttp}
    for way, most in _MOST.items():
        for tls in (False, True):
            for others in (yardstick,) if tls or way in {"grown", "odd"} else (yardstick, awaited.PEERS):
                turns = await _take(awaited.Place(running, way, _TARGET, tls=tls), others, setting)
                ours = rounds.cpu(turns[awaited.OURS])
                measures += [
                    ratio(
                        f"of {name}, {way}{', TLS' if tls else ''}",
                        ours,
                        rounds.cpu(turns[name]),
                        most=most if name == awaited.Y else None,
                    )
                    for name in others
                ]
    return measures


async def _take(place: awaited.Place, others: Mapping[str, awaited.MakeRead], setting: Setting) -> rounds.Turns:
    async with AsyncExitStack() as stack:
        candidates = {awaited.OURS: await awaited.read_with_frontegg(stack, place, _call)}
        candidates |= {name: await make(stack, place) for name, make in others.items()}
        return await rounds.take_turns_awaiting(candidates, rounds=setting.rounds, calls=CALLS, seed=setting.seed)


def _decode(setting: Setting) -> list[Measure]:
    candidates = decode.candidates()
    turns = rounds.take_turns(candidates, rounds=setting.rounds, calls=10, seed=setting.seed)
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


def take(setting: Setting) -> Sequence[Measure]:
    """P3."""
    rounds.pin(0)
    with service.running() as running:
        measures = asyncio.run(_read(running, setting))
    rounds.pin(None)
    return [*measures, *_decode(setting)]


GOALS: Final = (Goal(name="P3", work="one page of 200 tenants, awaited", take=take),)
