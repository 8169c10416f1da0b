"""P7: iterate a listing from a thread, by pages of 200.

aiohttp behind a thread is the same without the SDK: it hands over a page at a time, with as many requested ahead.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Coroutine, Sequence
from contextlib import ExitStack, closing
from typing import Any, Final, TypeVar

from benchmarks import thread_hop
from benchmarks.performance import canned_server, rounds
from benchmarks.performance.async_clients import BEARER
from benchmarks.performance.bare_thread import BARE, BareThread
from benchmarks.performance.measures import Goal, Measure, RunSettings, figure, ratio
from frontegg_sync import Runner

T = TypeVar("T")

TENANTS: Final = 100_000
_OURS: Final = "frontegg_sync"
_REQUESTS: Final = "requests"
_AHEAD: Final = 2
"""The pages that the SDK requests ahead by default."""
_PASSES: Final = 10
"""The rounds are divided by this number: one pass reads 500 pages."""


class CountingRunner(Runner):
    """A runner that counts how often a thread waits for it."""

    hops = 0

    def call(self, begin: Callable[[], Coroutine[object, object, T]]) -> T:
        """Count the call and make it."""
        self.hops += 1
        return super().call(begin)


def enter(stack: ExitStack, running: canned_server.CannedServer, runner: Runner) -> dict[str, Callable[[], object]]:
    """Return reads of the whole listing, by name; each returns the number of tenants."""
    import requests  # noqa: PLC0415 - see goals.py

    from frontegg_sync import Frontegg  # noqa: PLC0415

    client = stack.enter_context(Frontegg("emu_canned", "emu_canned", base_url=f"{running.plain}/plain", runner=runner))
    session = stack.enter_context(requests.Session())
    session.headers.update(BEARER)
    url = f"{running.plain}/plain/tenants/resources/tenants/v2"

    def ours() -> int:
        return sum(1 for _ in client.tenants.list())

    def theirs() -> int:
        found = index = 0
        while True:
            page = session.get(url, params={"_limit": canned_server.PAGE, "_offset": index}).json()
            found += sum(1 for _ in page["items"])
            index += 1
            if index >= page["_metadata"]["totalPages"]:
                return found

    return {_OURS: ours, BARE: list_behind_thread(stack, url), _REQUESTS: theirs}


def list_behind_thread(stack: ExitStack, url: str) -> Callable[[], int]:
    """Return a read of the whole listing with aiohttp and orjson behind a thread; it returns the number of tenants.

    Args:
        stack: Closes the session and ends the thread.
        url: The URL of the listing.
    """
    import aiohttp  # noqa: PLC0415 - see goals.py
    import orjson  # noqa: PLC0415

    async def connect() -> aiohttp.ClientSession:
        return aiohttp.ClientSession(headers=BEARER)

    thread = stack.enter_context(closing(BareThread()))
    session = thread.call(connect)
    stack.callback(thread.call, session.close)

    async def get(index: int) -> dict[str, Any]:
        async with session.get(f"{url}?_limit={canned_server.PAGE}&_offset={index}") as response:
            page: dict[str, Any] = orjson.loads(await response.read())
            return page

    def read() -> int:
        asked: deque[asyncio.Task[dict[str, Any]]] = deque()
        found = index = 0
        pages = 1

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

    return read


def take(settings: RunSettings) -> Sequence[Measure]:
    """Measure P7."""
    measures: list[Measure] = []
    # The last page is full, so a listing requests one more.
    pages = TENANTS // canned_server.PAGE + 1
    with canned_server.running(core=1, tenants=TENANTS) as running:
        for place in thread_hop.PLACES:
            with ExitStack() as stack:
                runner = stack.enter_context(CountingRunner())
                place.start()
                candidates = enter(stack, running, runner)
                assert {candidate() for candidate in candidates.values()} == {TENANTS}
                hops = runner.hops
                place.call()
                turns = rounds.take_turns(
                    candidates, rounds=max(3, settings.rounds // _PASSES), calls=1, seed=settings.seed
                )
            ours, bare, theirs = (turns[name] for name in (_OURS, BARE, _REQUESTS))
            name = f"of {_REQUESTS}, {place.name}"
            most = None if place is thread_hop.APART else 0.5
            measures += [
                ratio(name, rounds.cpu(ours), rounds.cpu(theirs), most=most),
                ratio(f"{name}, wall", rounds.wall(ours), rounds.wall(theirs)),
                ratio(f"of {BARE}, {place.name}", rounds.cpu(ours), rounds.cpu(bare)),
                ratio(f"{name}, the same without {_OURS}", rounds.cpu(bare), rounds.cpu(theirs)),
                figure(f"hops for each page, {place.name}", hops / pages, "", most=1.0, least=1.0),
            ]
    return measures


GOALS: Final = (Goal(name="P7", work="a listing of 100,000, by one thread", take=take),)
