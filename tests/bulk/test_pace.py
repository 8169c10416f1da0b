"""When requests may be sent, on a clock that only moves when it is waited for."""

from __future__ import annotations

import asyncio
import math
from collections import Counter
from collections.abc import Callable

import pytest

from frontegg_async.bulk.guards import FailureGuard
from frontegg_async.bulk.ledger import Finished, RowState
from frontegg_async.bulk.pace import Pace, parse_rate
from tests.support.clients import FakeClock

pytestmark = pytest.mark.anyio


def make_pace(
    clock: FakeClock, *, rate: float | None = None, reserve: float = 0.0, opens_at: Callable[[], float]
) -> Pace:
    async def sleep(seconds: float) -> None:
        clock.now += seconds

    return Pace(clock.monotonic, sleep, opens_at, rate=rate, reserve=reserve)


@pytest.mark.parametrize(
    ("given", "rate"),
    [
        (None, None),
        (200, 200),
        (0.5, 0.5),
        ("400/s", 400),
        ("1000/min", 1000 / 60),
        (" 30 / minute ", 0.5),
        ("36/h", 0.01),
    ],
)
def test_rates(given: float | str | None, rate: float | None) -> None:
    """A number a second, or text with a unit."""
    assert parse_rate(given) == (rate if rate is None else pytest.approx(rate))


async def test_a_rate_is_kept() -> None:
    """One request after the other, and what was late is caught up on for a moment only."""
    clock = FakeClock()
    pace = make_pace(clock, rate=10, opens_at=lambda: -math.inf)
    moments = []
    for number in range(20):
        await pace.turn()
        moments.append(clock.now)
        pace.end()
        if number == 9:
            clock.now += 5
    assert moments[9] - moments[0] == pytest.approx(0.9)
    assert moments[19] - moments[10] == pytest.approx(0.9 - 0.05, abs=0.001)


@pytest.mark.parametrize(("limit", "reserve"), [(100, 0.0), (100, 0.2), (1_000, 0.2), (30, 0.5)])
async def test_a_limit_is_learned(limit: int, reserve: float) -> None:
    """One request a window is refused at most, and the reserve is left."""
    clock = FakeClock()
    window, opens_at, refused = [clock.now, 0], [-math.inf], Counter[float]()
    accepted: Counter[float] = Counter()

    async def send() -> None:
        await pace.turn()
        await asyncio.sleep(0)
        if clock.now >= window[0] + 60:
            window[:] = [clock.now, 0]
        if window[1] >= limit:
            opens_at[0] = window[0] + 60
            refused[window[0]] += 1
        else:
            window[1] += 1
            accepted[window[0]] += 1
        pace.end()

    pace = make_pace(clock, reserve=reserve, opens_at=lambda: opens_at[0])

    async def work() -> None:
        while clock.now < 1_000 + 299:
            await send()

    await asyncio.gather(*(work() for _ in range(8)))
    assert max(refused.values()) == 1
    later = [count for began, count in accepted.items() if began > 1_000]
    assert max(later[:-1]) <= limit * (1 - reserve) + 1
    assert min(later[:-1]) >= limit * (1 - reserve) * 0.95 - 1


def ended(number: int, error: str | None) -> Finished:
    return Finished(number, RowState.DONE if error is None else RowState.FAILED, 1, error=error, message="no")


def test_failures_for_several_reasons() -> None:
    """Only one reason of more than half of the last 100 rows stops a job."""
    guard = FailureGuard(None, total=1_000, failed=0)
    assert not any(guard.look(ended(n, ("A", "B", None)[n % 3])) for n in range(500))
    said = [guard.look(ended(n, "A")) for n in range(60)]
    first = next(n for n, reason in enumerate(said) if reason)
    assert first < 51
    assert "51 failed for one reason, A: no" in str(said[first])
