"""P1 and P2: one tenant, one call after the other and 50 at once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from typing import Final

from benchmarks.performance import rounds, service
from benchmarks.performance.goal import Goal, Measure, Setting, ratio

CALLS: Final = 100
AT_ONCE: Final = 50
_OURS: Final = "frontegg_async"
_Y: Final = "aiohttp with orjson"
_PATH: Final = f"/tenants/resources/tenants/v2/{service.TENANT_ID}"
_BEARER: Final = {"Authorization": "Bearer canned"}

Candidates = dict[str, Callable[[], Awaitable[object]]]


async def candidates(stack: AsyncExitStack, running: service.Service, *, tls: bool, connections: int) -> Candidates:
    """Return those who read one tenant, by name."""
    import aiohttp  # noqa: PLC0415 - see goals.py
    import httpx  # noqa: PLC0415
    import orjson  # noqa: PLC0415

    from frontegg_async import AsyncFrontegg  # noqa: PLC0415

    origin = running.tls if tls else running.plain
    context = running.context()
    url = f"{origin}/plain{_PATH}"
    frontegg = AsyncFrontegg("emu_canned", "emu_canned", base_url=f"{origin}/plain", ssl=context)
    session = aiohttp.ClientSession(headers=_BEARER, connector=aiohttp.TCPConnector(limit=connections, ssl=context))
    peer = httpx.AsyncClient(headers=_BEARER, verify=context, limits=httpx.Limits(max_connections=connections))
    for client in (frontegg, session, peer):
        await stack.enter_async_context(client)

    async def ours() -> object:
        return await frontegg.tenants.get(service.TENANT_ID)

    async def yardstick() -> object:
        async with session.get(url) as response:
            return orjson.loads(await response.read())

    async def theirs() -> object:
        return (await peer.get(url)).json()

    return {_OURS: ours, _Y: yardstick, "httpx": theirs}


async def _take(setting: Setting, *, at_once: int) -> list[Measure]:
    measures: list[Measure] = []
    with service.running() as running:
        for tls in (False, True):
            async with AsyncExitStack() as stack:
                chosen = await candidates(stack, running, tls=tls, connections=100)
                turns = await rounds.take_turns_awaiting(
                    chosen, rounds=setting.rounds, calls=CALLS, at_once=at_once, seed=setting.seed
                )
            ours = rounds.cpu(turns[_OURS])
            way = "TLS" if tls else "plain"
            goals = {_Y: 1.08, "httpx": None} if tls else {_Y: 1.05, "httpx": 0.25 if at_once == 1 else 0.12}
            measures += [
                ratio(f"of {name}, {way}", ours, rounds.cpu(turns[name]), most=most) for name, most in goals.items()
            ]
    return measures


def take_one(setting: Setting) -> Sequence[Measure]:
    """P1."""
    rounds.pin(0)
    return asyncio.run(_take(setting, at_once=1))


def take_many(setting: Setting) -> Sequence[Measure]:
    """P2."""
    rounds.pin(0)
    return asyncio.run(_take(setting, at_once=AT_ONCE))


GOALS: Final = (
    Goal(name="P1", work="one tenant, awaited", take=take_one),
    Goal(name="P2", work=f"one tenant, {AT_ONCE} at once", take=take_many),
)
