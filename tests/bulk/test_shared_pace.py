"""The pace of processes that share what they know."""

from __future__ import annotations

import asyncio
import heapq
import itertools
import math
from collections import Counter
from collections.abc import Callable

import pytest

from frontegg_async.bulk.shared_pace import Block, PaceState, SharedPace, Usage

pytestmark = pytest.mark.anyio


class Time:
    """A clock that advances when everybody sleeps."""

    def __init__(self) -> None:
        self.now = 1_000.0
        self._sleepers: list[tuple[float, int, asyncio.Event]] = []
        self._numbers = itertools.count()

    async def sleep(self, seconds: float) -> None:
        awake = asyncio.Event()
        heapq.heappush(self._sleepers, (self.now + seconds, next(self._numbers), awake))
        await awake.wait()

    async def run_until(self, end: float) -> None:
        while True:
            for _ in range(20):
                await asyncio.sleep(0)
            if not self._sleepers or self._sleepers[0][0] > end:
                return
            self.now, _, awake = heapq.heappop(self._sleepers)
            awake.set()


class Book:
    """The state, in this process."""

    def __init__(self, time: Time, rate: float | None) -> None:
        self.state = PaceState()
        self._time = time
        self._rate = rate
        self.calls = 0

    async def reserve(self, usage: Usage) -> Block:
        self.calls += 1
        return self.state.reserve(self._time.now, usage, self._rate)

    async def note_limit(self, wait: float, usage: Usage, reserve: float) -> int:
        return self.state.note_limit(self._time.now, wait, usage, reserve)

    async def window(self) -> int:
        return self.state.number


class Process:
    """Sends as fast as it may, to a service with a limit; its calls may wait for the end of a window themselves."""

    def __init__(
        self, time: Time, book: Book, allowed: Callable[[], float], sent: Counter[str], *, is_waiting: bool = False
    ) -> None:
        self._time = time
        self._opens_at = -math.inf
        self._allowed = allowed
        self._sent = sent
        self._is_waiting = is_waiting
        self._pace = SharedPace(book, lambda: time.now, time.sleep, lambda: self._opens_at, rate=None, reserve=0.2)

    async def run(self) -> None:
        await asyncio.gather(self._work(), self._look())

    async def _work(self) -> None:
        while True:
            await self._pace.permit()
            while await self._is_refused() and self._is_waiting:
                await self._time.sleep(self._opens_at - self._time.now)
            self._pace.end()

    async def _is_refused(self) -> bool:
        await self._time.sleep(0.002)
        wait = self._allowed()
        self._sent["limited" if wait else "done"] += 1
        if wait:
            self._opens_at = self._time.now + wait
        return wait > 0

    async def _look(self) -> None:
        while True:
            await self._pace.look()
            await self._time.sleep(0.5)


async def sent_by(processes: int, seconds: float, *, rate: float | None, limit: float = 1e9) -> Counter[str]:
    """Return what processes send in some seconds."""
    time = Time()
    book, sent, used = Book(time, rate), Counter[str](), Counter[int]()

    def allowed() -> float:
        window = int((time.now - 1_000) // 60)
        used[window] += 1
        return 0.0 if used[window] <= limit else 1_000 + 60 * (window + 1) - time.now

    running = [asyncio.create_task(Process(time, book, allowed, sent).run()) for _ in range(processes)]
    await time.run_until(1_000 + seconds)
    for each in running:
        each.cancel()
    await asyncio.gather(*running, return_exceptions=True)
    return sent


@pytest.mark.slow
@pytest.mark.parametrize("processes", [1, 4])
@pytest.mark.parametrize("rate", [0.5, 20, 100])
async def test_a_rate_is_that_of_all(processes: int, rate: float) -> None:
    """However many they are."""
    sent = await sent_by(processes, 20, rate=rate)
    assert rate * 19 <= sent["done"] <= rate * 20.5 + 1


async def test_a_limit_of_the_service_is_learned_by_all() -> None:
    """Two windows end with a 429; from there on all together take what the reserve leaves."""
    first = await sent_by(4, 59, rate=None, limit=600)
    assert first == {"done": 600, "limited": 1}
    fourth = await sent_by(4, 240, rate=None, limit=600)
    assert fourth["limited"] == 2
    assert 0.75 * 1_200 <= fourth["done"] - 2 * first["done"] <= 0.85 * 1_200


@pytest.mark.parametrize(("rate", "stopped", "calls"), [(100, 0.0, 1), (100, 10.0, 2), (4, 0.0, 3)])
async def test_a_process_that_was_stopped_asks_again(rate: float, stopped: float, calls: int) -> None:
    """Others may do its work since then: it uses no earlier permit, be it stopped while it slept or between permits."""
    time = Time()
    book = Book(time, rate)

    async def sleep(seconds: float) -> None:
        time.now += seconds + 10

    pace = SharedPace(book, lambda: time.now, sleep, lambda: -math.inf, rate=None, reserve=0.2)
    for _ in range(2):
        await pace.permit()
        pace.end()
    begun = book.calls
    time.now += 0.05 + stopped
    await pace.permit()
    assert book.calls - begun + 1 == calls


def test_a_rate_grows_back() -> None:
    """After each window without a 429, up to what the limit left at most; a limit is learned once."""
    state = PaceState(is_fresh=True)

    def reserve(now: float, sent: int = 0, rate: float | None = None) -> Block:
        return state.reserve(now, Usage("one", state.number, sent, 0, 16), rate)

    assert reserve(1_000.0).is_alone
    assert state.reserve(1_000.1, Usage("two", 0, 0, 0), None).count == 0  # the others wait for the first
    assert reserve(1_000.2, 1) == Block(0.0, 0.0, 9, 0)
    assert state.note_limit(1_030.0, 30.0, Usage("one", 0, 599, 1), 0.0) == 1
    assert state.note_limit(1_030.5, 29.5, Usage("two", 0, 0, 0), 0.0) == 1
    assert state.limited == 10
    assert reserve(1_031.0) == Block(29.0, 0.0, 0, 1)
    assert reserve(1_060.0).is_alone
    assert reserve(1_060.1, 1).interval == 0.1
    state.note_limit(1_100.0, 20.0, Usage("one", 1, 239, 1), 0.0)
    assert state.limited == 4
    state.reserve(1_101.0, Usage("two", 1, 60, 0), None)
    assert state.limited == 5
    assert reserve(1_121.0, rate=100).is_alone
    assert reserve(1_121.1, 1, rate=100).interval == 0.01  # the rate that was asked for
    assert reserve(1_181.0).interval == pytest.approx(1 / 5.5)
    for window in range(9):
        reserve(1_300.0 + 100 * window)
    assert state.limited == 10


def test_others_wait_for_the_one_that_goes_alone() -> None:
    """However much they had sent before; and no longer than a process may be silent."""
    state = PaceState()
    state.note_limit(1_000.0, 10.0, Usage("one", 0, 100, 1), 0.0)
    assert state.reserve(1_010.0, Usage("one", 1, 0, 0), None).is_alone
    late = Usage("two", 0, 7, 0)
    assert state.reserve(1_010.1, late, None).count == 0
    assert state.reserve(1_011.9, Usage("two", 1, 0, 0), None).count == 0
    assert state.reserve(1_012.1, Usage("two", 1, 0, 0), None).count == 1
    assert state.reserve(1_012.2, Usage("three", 1, 0, 1, 15), None).count == 8


async def test_a_process_that_has_to_ask_again() -> None:
    """It does so until it has a permit, and does not take the block without permits for one."""
    time = Time()
    book = Book(time, None)
    first, second = (
        SharedPace(book, lambda: time.now, time.sleep, lambda: -math.inf, rate=None, reserve=0.2) for _ in "12"
    )
    await first.permit()
    waiting = asyncio.create_task(second.permit())
    await time.run_until(time.now + 4)
    assert waiting.done()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("processes", "began", "used", "is_waiting"),
    [(2, 30, 480, False), (3, 50, 470, True), (8, 55, 480, True), (8, 58, 473, True)],
)
async def test_processes_that_begin_in_a_window_that_others_used(
    processes: int, began: float, used: int, *, is_waiting: bool
) -> None:
    """Each window has one 429 at most for all of them; and once one is seen whole, it is used to the reserve."""
    sent, windows = Counter[str](), Counter[tuple[str, int]]()
    time = Time()
    time.now = 1_000 + began
    book = Book(time, None)

    def allowed() -> float:
        window = int((time.now - 1_000) // 60)
        is_full = windows["done", window] + (0 if window else used) >= 480
        windows["limited" if is_full else "done", window] += 1
        return 1_000 + 60 * (window + 1) - time.now if is_full else 0.0

    running = [
        asyncio.create_task(Process(time, book, allowed, sent, is_waiting=is_waiting).run()) for _ in range(processes)
    ]
    await time.run_until(1_000 + 300)
    for each in running:
        each.cancel()
    await asyncio.gather(*running, return_exceptions=True)
    assert [windows["done", window] for window in range(2, 5) if windows["done", window] < 0.9 * 0.8 * 480] == []
    # What nobody knows is met by all that are under way, unless that is a multiple of ten.
    known = 1 if used % 10 else 0
    assert max(windows["limited", window] for window in range(known, 5)) == 1
