"""When requests may be sent, on a clock that only moves when it is waited for."""

from __future__ import annotations

import asyncio
import math
from collections import Counter
from collections.abc import Callable

import pytest

from frontegg_async.bulk.guards import FailureGuard
from frontegg_async.bulk.ledger import RowState
from frontegg_async.bulk.pace import Pace
from frontegg_async.bulk.settings import parse_rate
from frontegg_async.bulk.store import RowOutcome
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
    moments: list[float] = []
    for number in range(20):
        await pace.permit()
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
        await pace.permit()
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
    later = [count for began, count in accepted.items() if began > 1_060]  # from the first complete window on
    assert max(later[:-1]) <= limit * (1 - reserve) + 1
    assert min(later[:-1]) >= limit * (1 - reserve) * 0.95 - 1


class Service:
    """Allows so many requests in each minute of the clock, of the job and of others together.

    Args:
        limit: How many.
        others: Returns how many of them others have at the start of a minute, by its number.
    """

    def __init__(self, limit: int, others: Callable[[int], int]) -> None:
        self.limit = limit
        self.others = others
        self.accepted = Counter[int]()
        self.refused = Counter[int]()
        self.opens_at = -math.inf

    async def take(self, now: float) -> None:
        """Accept or refuse a request; the response comes when others have come."""
        minute = int(now // 60)
        await asyncio.sleep(0)
        is_refused = self.accepted[minute] + self.others(minute) >= self.limit
        (self.refused if is_refused else self.accepted)[minute] += 1
        for _ in range(3):
            await asyncio.sleep(0)
        if is_refused:
            self.opens_at = 60.0 * (minute + 1)


async def served(service: Service, *, began: float, minutes: int, rate: float | None = None) -> None:
    """Run a job of 10 workers, from a second of the first minute on."""
    clock = FakeClock(now=began)
    pace = make_pace(clock, rate=rate, reserve=0.2, opens_at=lambda: service.opens_at)

    async def work() -> None:
        while clock.now < 60 * minutes:
            await pace.permit()
            await service.take(clock.now)
            pace.end()
            clock.now += 0.002

    await asyncio.gather(*(work() for _ in range(10)))


@pytest.mark.parametrize(
    ("began", "used"), [(1, 480), (1, 470), (30, 480), (58.5, 480), (50, 470), (59, 479), (20, 100)]
)
async def test_a_job_that_begins_in_a_window_that_others_used(began: float, used: int) -> None:
    """It sees one 429 there if nothing is left; once it has seen a window whole, it takes what the reserve leaves."""
    service = Service(480, lambda minute: 0 if minute else used)
    await served(service, began=began, minutes=8)
    assert service.refused[0] <= (1 if used == 480 else 10)
    assert max(service.refused[minute] for minute in range(1, 8)) <= 1
    assert min(service.accepted[minute] for minute in range(2, 7)) >= 0.95 * 0.8 * 480
    assert max(service.accepted[minute] for minute in range(2, 7)) <= 0.8 * 480 + 10


async def test_others_that_stop() -> None:
    """What they leave is taken after some clean windows; with a limit that stays, tries get rare."""
    service = Service(480, lambda minute: 440 if minute < 6 else 0)
    await served(service, began=0, minutes=60)
    assert max(service.accepted[minute] for minute in range(2, 6)) <= 40
    assert max(service.refused.values()) <= 10
    assert min(service.accepted[minute] for minute in range(45, 59)) >= 0.8 * 0.8 * 480
    steady = Service(480, lambda _: 0)
    await served(steady, began=0, minutes=60)
    assert sum(steady.accepted[minute] for minute in range(2, 59)) <= 57 * 0.88 * 480
    assert len(steady.refused) <= 4
    assert steady.refused[0] == 1


@pytest.mark.parametrize(("rate", "accepted"), [(7.5, 450), (1, 60), (20, 480)])
async def test_a_rate_that_was_asked_for_wins(rate: float, accepted: int) -> None:
    """Over what was learned, be it less or more; a window that is used up has one 429, or one for each in flight."""
    service = Service(480, lambda minute: 0 if minute else 470)
    await served(service, began=50, minutes=6, rate=rate)
    assert [service.accepted[minute] for minute in range(1, 5)] == [pytest.approx(accepted, abs=2)] * 4
    assert max(service.refused.values(), default=0) <= 10


def ended(number: int, error: str | None) -> RowOutcome:
    return RowOutcome(number, RowState.DONE if error is None else RowState.FAILED, 1, error=error, message="no")


def shut_by(guard: FailureGuard, row: RowOutcome) -> str | None:
    guard.look(row)
    return guard.reason


def test_failures_for_several_reasons() -> None:
    """Only one reason of more than half of the last 100 rows stops a job."""
    guard = FailureGuard(None, total=1_000)
    assert not any(shut_by(guard, ended(n, ("A", "B", None)[n % 3])) for n in range(500))
    reasons = [shut_by(guard, ended(n, "A")) for n in range(60)]
    first = next(n for n, reason in enumerate(reasons) if reason)
    assert first < 51
    assert "51 of the last 100 rows failed for one reason, A: no" in str(reasons[first])
