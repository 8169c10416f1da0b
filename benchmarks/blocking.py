"""P5 and P7: a tenant and a long listing in one thread, compared with `requests` and aiohttp behind a bare thread.

aiohttp behind a bare thread does the same work without the SDK. It passes one page at a time between its threads, and
requests as many pages ahead as the SDK.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from functools import partial
from typing import Any, Final

import aiohttp
import orjson
import requests

from benchmarks import canned_server, rounds
from benchmarks.awaited import BEARER, read_bare
from benchmarks.bare_thread import BareThread
from benchmarks.measures import Goal, Measure, RunSettings, ratio
from frontegg_sync import Frontegg

CALLS: Final = 100
TENANTS: Final = 100_000
_OURS: Final = "frontegg_sync"
_BARE: Final = "aiohttp behind a bare thread"
_REQUESTS: Final = "requests"
MOST: Final = {_BARE: 1.15, _REQUESTS: 0.50}
_TENANTS: Final = "/tenants/resources/tenants/v2"
_AHEAD: Final = 2
"""The number of pages that the SDK requests ahead by default."""
_PASSES: Final = 5
"""The number of rounds is divided by this number, since each round reads 500 pages."""

Candidates = Mapping[str, Callable[[], object]]


@contextmanager
def bare_session() -> Iterator[tuple[BareThread, aiohttp.ClientSession]]:
    """Yield a thread with a loop, and a session in it."""

    async def connect() -> aiohttp.ClientSession:
        return aiohttp.ClientSession(headers=BEARER)

    with closing(BareThread()) as thread:
        session = thread.call(connect)
        try:
            yield thread, session
        finally:
            thread.call(session.close)


def list_bare(thread: BareThread, session: aiohttp.ClientSession, url: str) -> int:
    """Read a whole listing by a thread with a loop; return the number of tenants."""
    asked: deque[asyncio.Task[dict[str, Any]]] = deque()
    found = index = 0
    pages = 1

    async def get(index: int) -> dict[str, Any]:
        async with session.get(f"{url}?_limit={canned_server.PAGE}&_offset={index}") as response:
            page: dict[str, Any] = orjson.loads(await response.read())
            return page

    async def take() -> dict[str, Any]:
        more = range(index + len(asked), min(index + 1 + _AHEAD, pages))
        asked.extend(asyncio.create_task(get(each)) for each in more)
        return await asked.popleft()

    while index < pages:
        page = thread.call(take)
        found += sum(1 for _ in page["items"])
        pages = page["_metadata"]["totalPages"]
        index += 1
    return found


def _list_by_requests(session: requests.Session, url: str) -> int:
    found = index = 0
    while True:
        page = session.get(url, params={"_limit": canned_server.PAGE, "_offset": index}).json()
        found += sum(1 for _ in page["items"])
        index += 1
        if index >= page["_metadata"]["totalPages"]:
            return found


def _gets(stack: ExitStack, frontegg: Frontegg, url: str) -> Candidates:
    thread, bare = stack.enter_context(bare_session())
    session = stack.enter_context(requests.Session())
    session.headers.update(BEARER)
    url = f"{url}/{canned_server.TENANT_ID}"
    return {
        _OURS: partial(frontegg.tenants.get, canned_server.TENANT_ID),
        _BARE: partial(thread.call, read_bare(bare, url)),
        _REQUESTS: lambda: session.get(url).json(),
    }


def _listings(stack: ExitStack, frontegg: Frontegg, url: str) -> Candidates:
    thread, bare = stack.enter_context(bare_session())
    session = stack.enter_context(requests.Session())
    session.headers.update(BEARER)
    return {
        _OURS: lambda: sum(1 for _ in frontegg.tenants.list()),
        _BARE: partial(list_bare, thread, bare, url),
        _REQUESTS: partial(_list_by_requests, session, url),
    }


Make = Callable[[ExitStack, Frontegg, str], Candidates]


def _take(settings: RunSettings, *, make: Make, calls: int, passes: int) -> Sequence[Measure]:
    measures: list[Measure] = []
    with canned_server.running(tenants=TENANTS) as server:
        for core, place in ((0, "one core"), (None, "all cores")):
            with ExitStack() as stack:
                # Pin before the threads start: threads keep the cores of their start.
                rounds.pin(core)
                url = f"{server.plain}/plain"
                frontegg = stack.enter_context(Frontegg("emu_canned", "emu_canned", base_url=url))
                chosen = make(stack, frontegg, url + _TENANTS)
                turns = rounds.take_turns(
                    chosen, rounds=max(3, settings.rounds // passes), calls=calls, seed=settings.seed
                )
            ours = turns[_OURS]
            measures += [ratio(f"of {name}, {place}", ours, turns[name], most=most) for name, most in MOST.items()]
    return measures


GOALS: Final = (
    Goal(name="P5", work="one tenant, by one thread", take=partial(_take, make=_gets, calls=CALLS, passes=1)),
    Goal(
        name="P7",
        work=f"a listing of {TENANTS:,}, by one thread",
        take=partial(_take, make=_listings, calls=1, passes=_PASSES),
        seconds=600,
    ),
)
