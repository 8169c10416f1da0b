"""P12: the calls of Python functions that one call of the client makes, in the client, aiohttp and the loop.

``sys.setprofile`` reports them: calls of functions written in Python, where each resumption of a coroutine counts. They
repeat exactly, except for how a response arrives in chunks, so the figure is the median of several counts.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Final, Self

from benchmarks.performance import async_clients, canned_server, rounds
from benchmarks.performance.measures import Goal, Measure, RunSettings, figure

if TYPE_CHECKING:
    from frontegg_async import AsyncFrontegg

_GET: Final = f"/tenants/resources/tenants/v2/{canned_server.TENANT_ID}"
_PAGE: Final = f"/tenants/resources/tenants/v2?_limit={canned_server.PAGE}&_offset=0"
_HERE: Final = str(Path(__file__).parent)
_WARMING: Final = 10
_COUNTED: Final = 15


class Counter:
    """Counts the calls of Python functions in the thread of the block, without those of the benchmarks."""

    def __init__(self) -> None:
        self.calls = 0

    def __enter__(self) -> Self:
        sys.setprofile(self._count)
        return self

    def __exit__(self, *exception: object) -> None:
        sys.setprofile(None)

    def _count(self, frame: FrameType, event: str, _argument: object) -> None:
        # When a coroutine resumes, so do all coroutines that await it, including those of the benchmark.
        self.calls += event == "call" and not frame.f_code.co_filename.startswith(_HERE)


async def count(call: Callable[[], Awaitable[object]]) -> list[int]:
    """Return the number of calls that a call makes, several times."""
    for _ in range(_WARMING):
        await call()
    found: list[int] = []
    for _ in range(_COUNTED):
        with Counter() as counter:
            await call()
        found.append(counter.calls)
    return found


def _get(frontegg: AsyncFrontegg) -> async_clients.Read:
    async def read() -> object:
        return await frontegg.tenants.get(canned_server.TENANT_ID)

    return read


def _page(frontegg: AsyncFrontegg) -> async_clients.Read:
    return frontegg.tenants.list(page_size=canned_server.PAGE).first_page


async def _count_awaited(running: canned_server.CannedServer) -> list[Measure]:
    measures: list[Measure] = []
    for target, call, work, most in ((_GET, _get, "a tenant", 180), (_PAGE, _page, "a page", 400)):
        place = async_clients.ReadTarget(running, "plain", target)
        async with AsyncExitStack() as stack:
            candidates = {async_clients.OURS: await async_clients.read_with_frontegg(stack, place, call)}
            makers = {async_clients.Y: async_clients.read_with_aiohttp, **async_clients.PEERS}
            candidates |= {name: await make(stack, place) for name, make in makers.items()}
            measures += [
                figure(f"{work}: {name}", await count(read), "calls", most=most if name == async_clients.OURS else None)
                for name, read in candidates.items()
            ]
    return measures


def _count_requests(running: canned_server.CannedServer) -> list[Measure]:
    import requests  # noqa: PLC0415 - see goals.py

    measures: list[Measure] = []
    with requests.Session() as session:
        session.headers.update(async_clients.BEARER)
        for target, work in ((_GET, "a tenant"), (_PAGE, "a page")):
            url = async_clients.ReadTarget(running, "plain", target).url

            async def read(url: str = url) -> object:
                return session.get(url).json()

            measures.append(figure(f"{work}: requests", asyncio.run(count(read)), "calls"))
    return measures


def take(_setting: RunSettings) -> Sequence[Measure]:
    """Measure P12."""
    rounds.pin(0)
    with canned_server.running() as running:
        return [*asyncio.run(_count_awaited(running)), *_count_requests(running)]


GOALS: Final = (Goal(name="P12", work="calls of Python functions for a tenant and for a page", take=take),)
