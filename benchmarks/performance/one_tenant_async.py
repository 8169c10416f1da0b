"""P1 and P2: get one tenant asynchronously, one call after the other and 50 at once.

The baseline is measured with the client alone, because two candidates in turns repeat best; the peers follow.
Each turn of P2 begins after a garbage collection outside of its time: 50 calls at once make about one collection of new
objects due, and chance decided which side had to make it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from contextlib import AsyncExitStack, ExitStack
from typing import TYPE_CHECKING, Final

from benchmarks.performance import async_clients, canned_server, rounds
from benchmarks.performance.measures import Goal, Measure, RunSettings, ratio

if TYPE_CHECKING:
    from frontegg_async import AsyncFrontegg

CALLS: Final = 100
AT_ONCE: Final = 50
_TARGET: Final = f"/tenants/resources/tenants/v2/{canned_server.TENANT_ID}"
_MOST_ONE: Final = {async_clients.Y: 1.08, "httpx": 0.25, "PyPI frontegg": 0.30}
_MOST_MANY: Final = {async_clients.Y: 1.08, "httpx": 0.12}
_MOST_TLS: Final = {async_clients.Y: 1.08}


def _call(frontegg: AsyncFrontegg) -> async_clients.Read:
    async def read() -> object:
        return await frontegg.tenants.get(canned_server.TENANT_ID)

    return read


async def _take(settings: RunSettings, *, at_once: int) -> list[Measure]:
    measures: list[Measure] = []
    with canned_server.running() as running:
        for tls in (False, True):
            place = async_clients.ReadTarget(running, "plain", _TARGET, tls=tls)
            most = _MOST_TLS if tls else _MOST_ONE if at_once == 1 else _MOST_MANY
            for others in ({async_clients.Y: async_clients.read_with_aiohttp}, async_clients.PEERS):
                async with AsyncExitStack() as stack:
                    candidates = {async_clients.OURS: await async_clients.read_with_frontegg(stack, place, _call)}
                    candidates |= {name: await make(stack, place) for name, make in others.items()}
                    turns = await rounds.take_turns_awaiting(
                        candidates,
                        rounds=settings.rounds,
                        calls=CALLS,
                        at_once=at_once,
                        collect=at_once > 1,
                        seed=settings.seed,
                    )
                measures += _compare(turns, most, "TLS" if tls else "plain")
    return measures


def _compare(turns: rounds.Turns, most: Mapping[str, float], way: str) -> list[Measure]:
    ours = rounds.cpu(turns[async_clients.OURS])
    return [
        ratio(f"of {name}, {way}", ours, rounds.cpu(taken), most=most.get(name))
        for name, taken in turns.items()
        if name != async_clients.OURS
    ]


def _take_loops(settings: RunSettings) -> Measure:
    """Compare the client on uvloop, which users may choose, with the client on asyncio's own loop."""
    import uvloop  # noqa: PLC0415 - see goals.py

    from frontegg_async import AsyncFrontegg  # noqa: PLC0415

    with canned_server.running() as running, ExitStack() as stack:

        def make(loop_factory: Callable[[], asyncio.AbstractEventLoop]) -> Callable[[], None]:
            runner = stack.enter_context(asyncio.Runner(loop_factory=loop_factory))
            frontegg = AsyncFrontegg("emu_canned", "emu_canned", base_url=f"{running.plain}/plain")
            stack.callback(lambda: runner.run(frontegg.aclose()))

            async def read() -> None:
                for _ in range(CALLS):
                    await frontegg.tenants.get(canned_server.TENANT_ID)

            return lambda: runner.run(read())

        candidates = {"ours": make(uvloop.new_event_loop), "theirs": make(asyncio.new_event_loop)}
        turns = rounds.take_turns(candidates, rounds=settings.rounds, calls=1, seed=settings.seed)
    ours, theirs = (rounds.cpu(turns[name]) for name in candidates)
    return ratio(f"of {async_clients.OURS} without it, on uvloop, plain", ours, theirs)


def take_one(settings: RunSettings) -> Sequence[Measure]:
    """Measure P1."""
    rounds.pin(0)
    return [*asyncio.run(_take(settings, at_once=1)), _take_loops(settings)]


def take_many(settings: RunSettings) -> Sequence[Measure]:
    """Measure P2."""
    rounds.pin(0)
    return asyncio.run(_take(settings, at_once=AT_ONCE))


GOALS: Final = (
    Goal(name="P1", work="one tenant, awaited", take=take_one),
    Goal(name="P2", work=f"one tenant, {AT_ONCE} at once", take=take_many),
)
