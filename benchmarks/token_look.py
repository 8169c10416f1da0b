"""P8: the check for a usable token, compared with a class that has only this check."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from typing import Final

from benchmarks import rounds
from benchmarks.measures import Goal, Measure, RunSettings, ratio
from frontegg_async._core.auth.token_cache import TokenCache
from frontegg_async._core.auth.token_windows import Token, make_token

MOST: Final = 1.05
_LOOKS: Final = 10_000


class BareToken:
    """A token with its expiry and a single method.

    Args:
        token: The token.
        end: The time at which the token expires, as a time of ``clock``.
        clock: The monotonic clock.
    """

    __slots__ = ("_clock", "_end", "_token")

    def __init__(self, token: str, end: float, clock: Callable[[], float]) -> None:
        self._token = token
        self._end = end
        self._clock = clock

    def current(self) -> str | None:
        """Return the token if it has not expired."""
        if self._clock() < self._end:
            return self._token
        return None


async def _issue() -> Token:
    return make_token("canned", 86_400, time.monotonic())


async def _filled() -> TokenCache:
    cache = TokenCache(_issue, time.monotonic, kind="environment token")
    await cache.fetch()
    return cache


def take(settings: RunSettings) -> Sequence[Measure]:
    """Measure P8, without the cost of the measuring loop."""
    rounds.pin(0)
    cache = asyncio.run(_filled())
    token = BareToken("canned", time.monotonic() + 86_400, time.monotonic)

    def count() -> None:
        for _ in range(_LOOKS):
            pass

    def look() -> None:
        for _ in range(_LOOKS):
            cache.current()

    def look_bare() -> None:
        for _ in range(_LOOKS):
            token.current()

    candidates = {"loop": count, "look": look, "bare": look_bare}
    turns = rounds.take_turns(candidates, rounds=settings.rounds, calls=5, seed=settings.seed)
    loop, *times = (turns[name] for name in candidates)
    ours, bare = ([each - empty for each, empty in zip(taken, loop, strict=True)] for taken in times)
    return [ratio("of a bare class, the check for a usable token", ours, bare, most=MOST)]


GOALS: Final = (Goal(name="P8", work="the check for a usable token", take=take),)
