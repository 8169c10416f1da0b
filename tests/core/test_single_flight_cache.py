"""`SingleFlightCache`: concurrent callers share one load; entries expire and are limited in number."""

from __future__ import annotations

import asyncio

import pytest

from frontegg_async._core.call.single_flight_cache import SingleFlightCache
from frontegg_async.errors import ClientClosedError, FronteggError, ServerError
from tests.support.clients import FakeClock
from tests.support.waiting import until

pytestmark = pytest.mark.anyio


class Source:
    """Finds a new number at each look, when it is let."""

    def __init__(self) -> None:
        self.looks = 0
        self.gate = asyncio.Event()
        self.gate.set()
        self.error: FronteggError | None = None

    async def __call__(self) -> tuple[int, float]:
        """Look."""
        self.looks += 1
        found = self.looks
        await self.gate.wait()
        if self.error is not None:
            raise self.error
        return found, 10.0


async def test_a_find_counts_as_long_as_it_says() -> None:
    """To the moment; then it is looked up again, and the time counts from its end."""
    clock, source = FakeClock(now=100.0), Source()
    lookups: SingleFlightCache[int] = SingleFlightCache(clock.monotonic, 8, "verifier")
    found: list[tuple[float, int]] = []
    for now in (100.0, 109.9, 110.0, 119.9, 120.0):
        clock.now = now
        found.append((now, await lookups.get(b"a", source)))
    assert found == [(100.0, 1), (109.9, 1), (110.0, 2), (119.9, 2), (120.0, 3)]


async def test_one_look_serves_all_who_ask() -> None:
    """A hundred ask for the same at the same time; another key is another look."""
    source = Source()
    source.gate.clear()
    lookups: SingleFlightCache[int] = SingleFlightCache(FakeClock().monotonic, 8, "verifier")
    asking = [asyncio.ensure_future(lookups.get(b"a", source)) for _ in range(100)]
    await until(lambda: source.looks == 1)
    other = asyncio.ensure_future(lookups.get(b"b", source))
    await until(lambda: source.looks == 2)
    source.gate.set()
    assert await asyncio.gather(*asking) == [1] * 100
    assert await other == 2


async def test_a_failure_is_not_remembered() -> None:
    """Each gets an error of its own, and the next who asks has it looked up anew, an older find forgotten."""
    clock, source = FakeClock(now=100.0), Source()
    lookups: SingleFlightCache[int] = SingleFlightCache(clock.monotonic, 8, "verifier")
    assert await lookups.get(b"a", source) == 1
    clock.now = 110.0
    source.error = ServerError("it failed")
    errors = await asyncio.gather(*(lookups.get(b"a", source) for _ in range(2)), return_exceptions=True)
    assert errors == [source.error, source.error]
    assert len({id(error) for error in (*errors, source.error)}) == 3
    clock.now = 105.0
    source.error = None
    assert await lookups.get(b"a", source) == 3


async def test_the_oldest_gives_way() -> None:
    """There is room for two: the third pushes out the first, and the second stays."""
    source = Source()
    lookups: SingleFlightCache[int] = SingleFlightCache(FakeClock().monotonic, 2, "verifier")
    found = [await lookups.get(key, source) for key in (b"a", b"b", b"c", b"c", b"b", b"a")]
    assert found == [1, 2, 3, 3, 2, 4]


async def test_closing_tells_those_who_wait() -> None:
    """The looks that are under way end, and nothing is remembered."""
    source = Source()
    lookups: SingleFlightCache[int] = SingleFlightCache(FakeClock().monotonic, 8, "verifier")
    assert await lookups.get(b"a", source) == 1
    source.gate.clear()
    asking = [asyncio.ensure_future(lookups.get(key, source)) for key in (b"b", b"c")]
    await until(lambda: source.looks == 3)
    lookups.close()
    results = await asyncio.gather(*asking, return_exceptions=True)
    assert results == [ClientClosedError("the verifier was closed")] * 2
    source.gate.set()
    assert await lookups.get(b"a", source) == 4
