"""P12: the calls of Python functions that one call makes, whoever makes them: the client, aiohttp, or the loop.

They are the calls that ``sys.setprofile`` tells of: of functions that are written in Python, where a coroutine that
goes on counts again. They repeat exactly, but for how an answer happens to arrive, so the median of several counts.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Final, Self

from benchmarks.performance import awaited, rounds, service
from benchmarks.performance.goal import Goal, Measure, Setting, figure

if TYPE_CHECKING:
    from frontegg_async import AsyncFrontegg

_GET: Final = f"/tenants/resources/tenants/v2/{service.TENANT_ID}"
_PAGE: Final = f"/tenants/resources/tenants/v2?_limit={service.PAGE}&_offset=0"
_HERE: Final = str(Path(__file__).parent)
_WARMING: Final = 10
_COUNTED: Final = 15


class Counter:
    """Counts the calls of functions written in Python, in the thread of the block, without those of benchmarks."""

    def __init__(self) -> None:
        self.calls = 0

    def __enter__(self) -> Self:
        sys.setprofile(self._count)
        return self

    def __exit__(self, *exception: object) -> None:
        sys.setprofile(None)

    def _count(self, frame: FrameType, event: str, _argument: object) -> None:
        # Where a coroutine goes on, all do that wait for it, those of the measurement too.
        self.calls += event == "call" and not frame.f_code.co_filename.startswith(_HERE)


async def count(call: Callable[[], Awaitable[object]]) -> list[int]:
    """Return how many calls a call makes, several times."""
    for _ in range(_WARMING):
        await call()
    found: list[int] = []
    for _ in range(_COUNTED):
        with Counter() as counter:
            await call()
        found.append(counter.calls)
    return found


def _get(frontegg: AsyncFrontegg) -> awaited.Read:
    async def read() -> object:
        return await frontegg.tenants.get(service.TENANT_ID)

    return read


def _page(frontegg: AsyncFrontegg) -> awaited.Read:
    return frontegg.tenants.list(page_size=service.PAGE).first_page


async def _count_awaited(running: service.Service) -> list[Measure]:
    measures: list[Measure] = []
    for target, call, work, most in ((_GET, _get, "a tenant", 180), (_PAGE, _page, "a page", 400)):
        place = awaited.Place(running, "plain", target)
        async with AsyncExitStack() as stack:
            candidates = {awaited.OURS: await awaited.read_with_frontegg(stack, place, call)}
            makers = {awaited.Y: awaited.read_with_aiohttp, **awaited.PEERS}
            candidates |= {name: await make(stack, place) for name, make in makers.items()}
            measures += [
                figure(f"{work}: {name}", await count(read), "calls", most=most if name == awaited.OURS else None)
                for name, read in candidates.items()
            ]
    return measures


def _count_requests(running: service.Service) -> list[Measure]:
    import requests  # noqa: PLC0415 - see goals.py

    measures: list[Measure] = []
    with requests.Session() as session:
        session.headers.update(awaited.BEARER)
        for target, work in ((_GET, "a tenant"), (_PAGE, "a page")):
            url = awaited.Place(running, "plain", target).url

            async def read(url: str = url) -> object:
                return session.get(url).json()

            measures.append(figure(f"{work}: requests", asyncio.run(count(read)), "calls"))
    return measures


def take(_setting: Setting) -> Sequence[Measure]:
    """P12."""
    rounds.pin(0)
    with service.running() as running:
        return [*asyncio.run(_count_awaited(running)), *_count_requests(running)]


GOALS: Final = (Goal(name="P12", work="calls of Python functions for a tenant and for a page", take=take),)
