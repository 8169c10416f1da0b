"""P8: the token of a call: looking whether it is good, and waiting for the first one.

What waiting adds is measured with the keeper of the tokens that every client has, and with what each call does with
it; the authentication itself only yields to the loop. The yardstick is as many tasks that yield once, which is the
least that anything can take that 10,000 callers wait for. The authentications are also counted of a whole client, of
which the emulator is asked.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from typing import TYPE_CHECKING, Final

from benchmarks.performance import rounds
from benchmarks.performance.goal import Goal, Measure, Setting, figure, ratio

if TYPE_CHECKING:
    from frontegg_async._core.auth.token_cache import TokenCache
    from frontegg_async._core.auth.token_windows import Token

CALLERS: Final = 10_000
_CHECKS: Final = 10_000
_CANCELLED: Final = 10
"""One of so many is cancelled while it waits."""

Take = Callable[[], Awaitable[object]]


class Issuer:
    """Gives tokens, each a few turns of the loop after it was asked, and counts them."""

    def __init__(self) -> None:
        self.asked = 0

    async def fetch(self) -> Token:
        """Return a token."""
        from frontegg_async._core.auth.token_windows import make_token  # noqa: PLC0415 - see goals.py

        self.asked += 1
        # The others are cancelled meanwhile.
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        return make_token("canned", 86_400, time.monotonic())

    def keeper(self) -> TokenCache:
        """Return a keeper that has no token yet."""
        from frontegg_async._core.auth.token_cache import TokenCache  # noqa: PLC0415 - see goals.py

        return TokenCache(self.fetch, time.monotonic, kind="environment token")


async def _check(setting: Setting) -> Measure:
    """Compare what each call does with a lock in its place; the loops of the measurement are taken off."""
    keeper = Issuer().keeper()
    await keeper.fetch()
    lock = asyncio.Lock()

    async def count() -> None:
        for _ in range(_CHECKS):
            pass

    async def look() -> None:
        for _ in range(_CHECKS):
            keeper.current()

    async def hold() -> None:
        for _ in range(_CHECKS):
            async with lock:
                pass

    candidates = {"loop": count, "look": look, "hold": hold}
    turns = await rounds.take_turns_awaiting(candidates, rounds=setting.rounds, calls=5, seed=setting.seed)
    loop, *times = (rounds.cpu(turns[name]) for name in candidates)
    ours, theirs = ([each - empty for each, empty in zip(taken, loop, strict=True)] for taken in times)
    return ratio(
        "of an asyncio.Lock that is free, to look whether there is a token that may be sent", ours, theirs, most=0.20
    )


async def _wait(keeper: TokenCache) -> None:
    """Wait for a token as a call does."""
    while keeper.current() is None:
        await keeper.fetch()


async def _yield() -> None:
    await asyncio.sleep(0)


async def _all(make: Callable[[], Coroutine[object, object, None]], *, cancel: bool) -> int:
    """Run callers at once; return how many were served."""
    loop = asyncio.get_running_loop()
    tasks = [loop.create_task(make()) for _ in range(CALLERS)]
    if cancel:
        await asyncio.sleep(0)
        for task in tasks[::_CANCELLED]:
            task.cancel()
    results = await asyncio.gather(*tasks, return_exceptions=True)
    return results.count(None)


def _cold(asked: list[int], served: list[int], *, cancel: bool) -> Take:
    async def take() -> None:
        issuer = Issuer()
        keeper = issuer.keeper()
        served.append(await _all(lambda: _wait(keeper), cancel=cancel))
        asked.append(issuer.asked)

    return take


async def _cold_callers(setting: Setting) -> list[Measure]:
    asked: list[int] = []
    served: list[int] = []
    served_of_rest: list[int] = []

    async def take_yielding() -> None:
        await _all(_yield, cancel=False)

    candidates = {
        "floor": take_yielding,
        "all": _cold(asked, served, cancel=False),
        "rest": _cold(asked, served_of_rest, cancel=True),
    }
    turns = await rounds.take_turns_awaiting(candidates, rounds=setting.rounds, calls=1, seed=setting.seed)
    times = {name: rounds.cpu(taken) for name, taken in turns.items()}
    rest = CALLERS - CALLERS // _CANCELLED
    floor = f"of {CALLERS:,} tasks that yield once"
    return [
        ratio(f"{floor}, {CALLERS:,} callers without a token", times["all"], times["floor"], most=1.3),
        ratio(f"{floor}, a tenth of the callers cancelled", times["rest"], times["floor"], most=1.3),
        figure("authentications for all", asked, "", most=1, least=1),
        figure("callers served", served, "", least=CALLERS),
        figure("callers served, the others cancelled", served_of_rest, "", least=rest),
    ]


async def _whole_client() -> list[Measure]:
    """Have the emulator tell what it was asked by a client of which 10,000 calls began at once."""
    from frontegg_async.emulator import Emulator  # noqa: PLC0415 - see goals.py

    async with Emulator() as emulator, emulator.client() as frontegg:
        await emulator.seed(tenants=[{"tenantId": "cold", "name": "Cold"}])
        tenants = await asyncio.gather(*(frontegg.tenants.get("cold") for _ in range(CALLERS)))
        routes = [entry.route for entry in await emulator.journal()]
    served = sum(tenant.tenant_id == "cold" for tenant in tenants)
    return [
        figure(
            "authentications at the emulator of a whole client",
            routes.count("auth.authenticate"),
            "",
            most=1,
            least=1,
        ),
        figure("its calls served", served, "", least=CALLERS),
    ]


async def _take(setting: Setting) -> list[Measure]:
    return [await _check(setting), *await _cold_callers(setting), *await _whole_client()]


def take(setting: Setting) -> Sequence[Measure]:
    """P8."""
    rounds.pin(0)
    return asyncio.run(_take(setting))


GOALS: Final = (Goal(name="P8", work=f"the token, and {CALLERS:,} calls that wait for the first one", take=take),)
