"""Timeouts of attempts: one timer for all, and telling a timeout from another cancellation."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, cast

import pytest

from frontegg_async._core.http.timeouts import AttemptTimeouts, TimedAttempt

pytestmark = pytest.mark.anyio

NEVER = float("inf")


class Timer:
    """A timer of `Loop`."""

    def __init__(self, at: float, callback: Callable[[], object]) -> None:
        self.at = at
        self.callback = callback
        self.is_cancelled = False

    def cancel(self) -> None:
        """Take note of it."""
        self.is_cancelled = True


class Loop:
    """The clock and the timers of a loop, moved by hand."""

    def __init__(self) -> None:
        self.now = 0.0
        self.timers: list[Timer] = []

    def time(self) -> float:
        """Return the time."""
        return self.now

    def call_at(self, at: float, callback: Callable[[], object]) -> Timer:
        """Keep a timer."""
        self.timers.append(Timer(at, callback))
        return self.timers[-1]

    def armed(self) -> list[float]:
        """Return when timers fire."""
        return [timer.at for timer in self.timers if not timer.is_cancelled]

    def advance(self, seconds: float) -> None:
        """Let time pass and fire what is due."""
        self.now += seconds
        due = [timer for timer in self.timers if not timer.is_cancelled and timer.at <= self.now]
        self.timers = [timer for timer in self.timers if timer not in due]
        for timer in due:
            timer.callback()


@pytest.fixture
def loop() -> Loop:
    """A loop that is moved by hand."""
    return Loop()


def make_watch(loop: Loop) -> AttemptTimeouts:
    """Return a watch on it, for the tasks of the loop that runs."""
    watch = AttemptTimeouts(cast("asyncio.AbstractEventLoop", loop))
    watch._loop = asyncio.get_running_loop()
    return watch


async def wait(watch: AttemptTimeouts, seconds: float, begun: list[TimedAttempt]) -> str:
    """Wait for ever, under a time limit; tell whether it was that which ended it."""
    timed = watch.begin(seconds)
    begun.append(timed)
    try:
        await asyncio.get_running_loop().create_future()
    except asyncio.CancelledError:
        if not timed.was_ended():
            raise
        return "ended"
    finally:
        watch.finish(timed)
    return "never"


async def start(watch: AttemptTimeouts, *limits: float) -> list[asyncio.Task[str]]:
    """Begin to wait, in tasks of their own."""
    tasks = [asyncio.create_task(wait(watch, seconds, [])) for seconds in limits]
    await asyncio.sleep(0)
    return tasks


async def end(*tasks: asyncio.Task[str]) -> list[Any]:
    """Cancel what is left, and return how each ended."""
    for task in tasks:
        task.cancel()
    return await asyncio.gather(*tasks, return_exceptions=True)


async def test_each_is_ended_when_its_time_is_over(loop: Loop) -> None:
    """In the order of their ends, whatever the order of their beginnings; by one timer at a time."""
    watch = make_watch(loop)
    late, early, endless, last = await start(watch, 5.0, 2.0, NEVER, 9.0)
    assert loop.armed() == [2.0]
    loop.advance(2.0)
    assert await early == "ended"
    assert loop.armed() == [5.0]
    loop.advance(3.5)
    assert await late == "ended"
    assert loop.armed() == [9.0]
    assert not last.done()
    assert not endless.done()
    last_result, endless_result = await end(last, endless)
    assert isinstance(last_result, asyncio.CancelledError)
    assert isinstance(endless_result, asyncio.CancelledError)
    loop.advance(10.0)
    assert loop.armed() == []


async def test_what_was_finished_is_left_alone(loop: Loop) -> None:
    """A task that goes on with something else is not cancelled when the time of the first thing would be over."""
    watch = make_watch(loop)
    for _ in range(3):
        watch.finish(watch.begin(1.0))
    assert loop.armed() == [1.0]
    loop.advance(1.0)
    assert asyncio.current_task() is not None
    await asyncio.sleep(0)
    assert loop.armed() == []


async def test_a_cancellation_by_another_stays_one(loop: Loop) -> None:
    """Also when the time ends in the same moment."""
    watch = make_watch(loop)
    (before,) = await start(watch, 1.0)
    before.cancel()
    loop.advance(1.0)
    with pytest.raises(asyncio.CancelledError):
        await before
    (after,) = await start(watch, 1.0)
    loop.advance(1.0)
    after.cancel()
    with pytest.raises(asyncio.CancelledError):
        await after


async def test_a_task_that_was_being_cancelled_before_may_be_timed(loop: Loop) -> None:
    """What cleans up after a cancellation has a limit of its own, and the count of cancellations is kept."""
    watch = make_watch(loop)

    async def clean_up() -> tuple[str, int]:
        try:
            await asyncio.get_running_loop().create_future()
        except asyncio.CancelledError:
            ended = await wait(watch, 1.0, [])
        task = asyncio.current_task()
        assert task is not None
        return ended, task.cancelling()

    task = asyncio.create_task(clean_up())
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.sleep(0)
    loop.advance(1.0)
    assert await task == ("ended", 1)


async def test_an_end_that_comes_as_another_error(loop: Loop) -> None:
    """It is told once, and taken back."""
    watch = make_watch(loop)

    async def work() -> tuple[bool, int]:
        timed = watch.begin(1.0)
        try:
            await asyncio.get_running_loop().create_future()
        except asyncio.CancelledError:
            was_ended = timed.was_ended()
        watch.finish(timed)
        task = asyncio.current_task()
        assert task is not None
        return was_ended, task.cancelling()

    task = asyncio.create_task(work())
    await asyncio.sleep(0)
    loop.advance(2.0)
    assert await task == (True, 0)


async def test_closing_stops_the_timer(loop: Loop) -> None:
    """Unless something is under way, which would otherwise have no limit any more."""
    watch = make_watch(loop)
    watch.close()
    (task,) = await start(watch, 3.0)
    watch.close()
    assert loop.armed() == [3.0]
    await end(task)
    watch.close()
    assert loop.armed() == []
    watch.finish(watch.begin(4.0))
    assert loop.armed() == [4.0]
