"""P1, P2, P3: awaited calls, compared with aiohttp and orjson: a tenant, 50 tenants in parallel, and a page of 200.

A garbage collection runs before each turn of P2, outside the measured time. 50 parallel calls cause about one
collection of new objects. Without this rule, chance would decide which candidate pays for it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from functools import partial
from typing import Final

import aiohttp
import orjson

from benchmarks import canned_server, rounds
from benchmarks.measures import Goal, Measure, RunSettings, ratio
from frontegg_async import AsyncFrontegg

BEARER: Final = {"Authorization": "Bearer canned"}
AT_ONCE: Final = 50
MOST_OF_A_GET: Final = 1.10
MOST_OF_A_PAGE: Final = 1.05
_ONE: Final = f"/tenants/resources/tenants/v2/{canned_server.TENANT_ID}"
_PAGE: Final = f"/tenants/resources/tenants/v2?_limit={canned_server.PAGE}&_offset=0"
_OURS: Final = "frontegg_async"
_BARE: Final = "aiohttp with orjson"

Read = Callable[[], Awaitable[object]]


def read_bare(session: aiohttp.ClientSession, url: str) -> Read:
    """Return the baseline of awaited calls: one session, headers set once, and orjson on the bytes of the body."""

    async def read() -> object:
        async with session.get(url) as response:
            return orjson.loads(await response.read())

    return read


async def _compare(
    server: canned_server.CannedServer, way: str, settings: RunSettings, *, at_once: int, is_page: bool, tls: bool
) -> Measure:
    base = f"{server.tls if tls else server.plain}/{way}"
    async with AsyncExitStack() as stack:
        context = server.context() if tls else None
        frontegg = AsyncFrontegg("emu_canned", "emu_canned", base_url=base, ssl=context)
        await stack.enter_async_context(frontegg)
        connector = aiohttp.TCPConnector(limit=100, ssl=server.context())
        session = await stack.enter_async_context(aiohttp.ClientSession(headers=BEARER, connector=connector))
        ours: Read = (
            frontegg.tenants.list(page_size=canned_server.PAGE).first_page
            if is_page
            else partial(frontegg.tenants.get, canned_server.TENANT_ID)
        )
        turns = await rounds.take_turns_awaiting(
            {_OURS: ours, _BARE: read_bare(session, base + (_PAGE if is_page else _ONE))},
            rounds=settings.rounds,
            calls=25 if is_page else 100,
            at_once=at_once,
            collect=at_once > 1,
            seed=settings.seed,
        )
    return ratio(
        f"of {_BARE}, {way}{', TLS' if tls else ''}",
        turns[_OURS],
        turns[_BARE],
        most=MOST_OF_A_PAGE if is_page else MOST_OF_A_GET,
    )


def _take(settings: RunSettings, *, at_once: int = 1, is_page: bool = False) -> Sequence[Measure]:
    rounds.pin(0)
    with canned_server.running() as server:
        return [
            asyncio.run(_compare(server, way, settings, at_once=at_once, is_page=is_page, tls=tls))
            for way in (("plain", "gzip") if is_page else ("plain",))
            for tls in (False, True)
        ]


GOALS: Final = (
    Goal(name="P1", work="one tenant, awaited", take=_take),
    Goal(name="P2", work=f"one tenant, {AT_ONCE} at once", take=partial(_take, at_once=AT_ONCE)),
    Goal(name="P3", work=f"a page of {canned_server.PAGE}, awaited", take=partial(_take, is_page=True)),
)
