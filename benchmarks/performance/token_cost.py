"""P8: the cost of a call's token: checking the cached one, and waiting for the first one.

Waiting is measured with the token cache of every client and what each call does with it; the authentication itself
only yields to the loop. The baseline is as many tasks that yield once, the least that 10,000 waiting callers can cost.
The garbage collector is on. 10,000 callers make about one full collection due, which takes half as long as they do. So
a turn has them several times in a row, after a full collection: each side has the collections that it makes due.
The authentications of a whole client are also counted, with the emulator.
Checking is also measured with a class that has nothing but such a method.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from typing import TYPE_CHECKING, Final

from benchmarks.performance import rounds
from benchmarks.performance.measures import Goal, Measure, RunSettings, figure, ratio

if TYPE_CHECKING:
    from frontegg_async._core.auth.token_cache import TokenCache
    from frontegg_async._core.auth.token_windows import Token

CALLERS: Final = 10_000
_CHECKS: Final = 10_000
_IN_A_ROW: Final = 10
_MOST_ROUNDS: Final = 10
_CANCELLED: Final = 10
"""One of this many callers is cancelled while it waits."""

Take = Callable[[], Awaitable[object]]


class Issuer:
    """Issues tokens, each after a few iterations of the loop, and counts them."""

    def __init__(self) -> None:
        self.asked = 0

    async def fetch(self) -> Token:
        """Return a token."""
        from frontegg_async._core.auth.token_windows import make_token  # noqa: PLC0415 - see goals.py

        self.asked += 1
        # Meanwhile the other callers are cancelled.
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        return make_token("canned", 86_400, time.monotonic())

    def keeper(self) -> TokenCache:
        """Return a token cache without a token."""
        from frontegg_async._core.auth.token_cache import TokenCache  # noqa: PLC0415 - see goals.py

        return TokenCache(self.fetch, time.monotonic, kind="environment token")


class BareToken:
    """A token with its end, and nothing but the check.

    Args:
        token: The token.
        end: Until when it may be sent, by the clock.
        clock: The monotonic clock.
    """

    __slots__ = ("_clock", "_end", "_token")

    def __init__(self, token: str, end: float, clock: Callable[[], float]) -> None:
        self._token = token
        self._end = end
        self._clock = clock

    def current(self) -> str | None:
        """Return the token if it may be sent."""
        if self._clock() < self._end:
            return self._token
        return None


async def _check(settings: RunSettings) -> list[Measure]:
    """Compare the token check of a call with an asyncio.Lock; the cost of the measuring loop is subtracted."""
    keeper = Issuer().keeper()
    await keeper.fetch()
    token = BareToken("canned", time.monotonic() + 86_400, time.monotonic)
    lock = asyncio.Lock()

    async def count() -> None:
        for _ in range(_CHECKS):
            pass

    async def look() -> None:
        for _ in range(_CHECKS):
            keeper.current()

    async def look_bare() -> None:
        for _ in range(_CHECKS):
            token.current()

    async def hold() -> None:
        for _ in range(_CHECKS):
            async with lock:
                pass

    candidates = {"loop": count, "look": look, "bare": look_bare, "hold": hold}
    turns = await rounds.take_turns_awaiting(candidates, rounds=settings.rounds, calls=5, seed=settings.seed)
    loop, *times = (rounds.cpu(turns[name]) for name in candidates)
    ours, bare, theirs = ([each - empty for each, empty in zip(taken, loop, strict=True)] for taken in times)
    name = "of an asyncio.Lock that is free, to look whether there is a token that may be sent"
    return [
        ratio(name, ours, theirs, most=0.20),
        ratio(f"{name}, the same without frontegg_async", bare, theirs),
    ]


async def _wait(keeper: TokenCache) -> None:
    """Wait for a token as a call does."""
    while keeper.current() is None:
        await keeper.fetch()


async def _yield() -> None:
    await asyncio.sleep(0)


async def _all(make: Callable[[], Coroutine[object, object, None]], *, cancel: bool) -> int:
    """Run callers concurrently; return how many got a token."""
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


async def _cold_callers(settings: RunSettings) -> list[Measure]:
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
    turns = await rounds.take_turns_awaiting(
        candidates,
        rounds=min(settings.rounds, _MOST_ROUNDS),
        calls=_IN_A_ROW,
        warm_up=1,
        collect=True,
        seed=settings.seed,
    )
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
    """Count the authentications at the emulator when 10,000 calls of one client start at once."""
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


async def _take(settings: RunSettings) -> list[Measure]:
    return [*await _check(settings), *await _cold_callers(settings), *await _whole_client()]


def take(settings: RunSettings) -> Sequence[Measure]:
    """Measure P8."""
    rounds.pin(0)
    return asyncio.run(_take(settings))


GOALS: Final = (Goal(name="P8", work=f"the token, and {CALLERS:,} calls that wait for the first one", take=take),)
