"""`SingleFlight`: what each waiter gets when the work fails or is cancelled, or its loop ends."""

from __future__ import annotations

import asyncio
import contextvars
import gc
import threading

import pytest

from frontegg_async._core.auth.key_cache import KeyCache
from frontegg_async._core.auth.keys import KeySet, keys_of_document
from frontegg_async._core.call.hooks import Hooks
from frontegg_async._core.call.observers import CURRENT_OBSERVERS
from frontegg_async._core.call.single_flight import SingleFlight, caller_context
from frontegg_async.errors import ClientClosedError, FronteggError, TokenVerificationError
from tests.support.clients import FakeClock
from tests.support.signing import jwk
from tests.support.waiting import until

pytestmark = pytest.mark.anyio


class Work:
    """Waits until it is let, and ends as the test wants."""

    def __init__(self) -> None:
        self.runs = 0
        self.gate = asyncio.Event()
        self.outcome: FronteggError | None = None
        self.defect: Exception | None = None

    async def __call__(self) -> FronteggError | None:
        """Do it."""
        self.runs += 1
        await self.gate.wait()
        if self.defect is not None:
            raise self.defect
        return self.outcome


async def test_all_get_the_same_outcome() -> None:
    """Each an error of its own."""
    work = Work()
    flight = SingleFlight(work, "verifier")
    waiting = [asyncio.ensure_future(flight.join()) for _ in range(10)]
    await until(lambda: work.runs == 1)
    work.outcome = FronteggError("it failed")
    work.gate.set()
    results = await asyncio.gather(*waiting, return_exceptions=True)
    assert results == [FronteggError("it failed")] * 10
    assert len({id(result) for result in results}) == 10
    work.outcome = None
    assert await flight.join() is True
    assert work.runs == 2


@pytest.mark.each_python
async def test_whoever_stopped_waiting_is_not_complained_about(caplog: pytest.LogCaptureFixture) -> None:
    """A coroutine that is closed cancels nothing, and nobody reads the error that its future gets."""
    work = Work()
    flight = SingleFlight(work, "verifier")

    async def wait() -> None:
        await flight.join()

    coroutine = wait()
    coroutine.send(None)
    coroutine.close()
    await until(lambda: work.runs == 1)
    work.outcome = FronteggError("it failed")
    work.gate.set()
    await until(lambda: not flight.is_under_way)
    gc.collect()
    assert caplog.records == []


async def test_it_knows_who_began_it_and_no_more() -> None:
    """Telemetry links the work to a call; the variables of that call's task are not carried further."""
    variable = contextvars.ContextVar("variable", default="")
    watches = (Hooks(None, None),)
    seen: list[object] = []

    async def work() -> None:
        seen.extend((CURRENT_OBSERVERS.get(), variable.get()))

    async def begin() -> None:
        CURRENT_OBSERVERS.set(watches)
        variable.set("of the caller")
        await SingleFlight(work, "verifier").join()

    await asyncio.create_task(begin())
    assert seen == [watches, ""]
    assert CURRENT_OBSERVERS.get() == ()


async def test_a_defect_is_told_too() -> None:
    """Nobody waits for ever; the text of what was raised may hold anything, and is not told."""
    work = Work()
    work.defect = RuntimeError("canary")
    work.gate.set()
    with pytest.raises(FronteggError, match=r"^the verifier failed: RuntimeError$"):
        await SingleFlight(work, "verifier").join()


async def test_closing() -> None:
    """Those who wait and those who come later are told; the work is stopped."""
    work = Work()
    flight = SingleFlight(work, "verifier")
    before = len(asyncio.all_tasks())
    waiting = asyncio.ensure_future(flight.join())
    await until(lambda: work.runs == 1)
    flight.close()
    with pytest.raises(ClientClosedError, match="was closed"):
        await waiting
    with pytest.raises(ClientClosedError, match="is closed"):
        await flight.join()
    await until(lambda: len(asyncio.all_tasks()) <= before)


async def test_forgetting_the_parent() -> None:
    """What is under way in the parent of a process is left alone, and begun anew."""
    work = Work()
    flight = SingleFlight(work, "verifier")
    left = asyncio.ensure_future(flight.join())
    await until(lambda: work.runs == 1)
    flight.forget_loop()
    assert not flight.is_under_way
    again = asyncio.ensure_future(flight.join())
    await until(lambda: work.runs == 2)
    work.gate.set()
    await asyncio.gather(left, again)


async def test_giving_up() -> None:
    """The work is stopped, and those who wait go on without it; whoever begins it anew is served by the new one."""
    work = Work()
    flight = SingleFlight(work, "client")
    flight.cancel()
    waiting = asyncio.ensure_future(flight.join())
    await until(lambda: work.runs == 1)
    flight.cancel()
    assert not flight.is_under_way
    again = asyncio.ensure_future(flight.join())
    assert await waiting is False
    await until(lambda: work.runs == 2)
    await asyncio.to_thread(flight.cancel)
    flight.cancel()
    assert await again is False
    last = asyncio.ensure_future(flight.join())
    await until(lambda: work.runs == 3)
    work.outcome = FronteggError("it failed")
    work.gate.set()
    with pytest.raises(FronteggError, match="it failed"):
        await last


def test_giving_up_what_ended_with_its_loop() -> None:
    """Nobody is left who could be told."""
    work = Work()
    flight = SingleFlight(work, "client")
    loop = asyncio.new_event_loop()

    async def begin() -> None:
        flight.start()
        await until(lambda: work.runs == 1)

    loop.run_until_complete(begin())
    task = flight._task
    assert task is not None
    task.cancel()
    loop.run_until_complete(asyncio.wait((task,)))
    loop.close()
    flight.cancel()

    async def begin_anew() -> None:
        work.gate = asyncio.Event()
        work.gate.set()
        await flight.join()

    asyncio.run(begin_anew())
    assert work.runs == 2


async def test_closing_without_stopping() -> None:
    """Those who wait are told at once; the work comes to its end, which can be waited for, for so long."""
    work = Work()
    flight = SingleFlight(work, "client")
    await flight.drain(0.0)
    waiting = asyncio.ensure_future(flight.join())
    await until(lambda: work.runs == 1)
    flight.close(finishes=True)
    with pytest.raises(ClientClosedError, match="was closed"):
        await waiting
    await flight.drain(0.0)
    assert flight.is_under_way
    work.gate.set()
    await flight.drain(30.0)
    assert not flight.is_under_way


async def test_the_context_of_the_caller() -> None:
    """It can be had while the work is done, in work within the work too, and is not kept by what outlives it."""
    variable = contextvars.ContextVar("variable", default="")
    seen: list[str] = []
    inner_context: list[contextvars.Context] = []

    async def look() -> None:
        seen.append(caller_context().run(variable.get))
        inner_context.append(contextvars.copy_context())

    async def work() -> None:
        seen.append(caller_context().run(variable.get))
        await SingleFlight(look, "client").join()

    variable.set("of the caller")
    await SingleFlight(work, "client").join()
    assert seen == ["of the caller"] * 2
    assert caller_context().run(variable.get) == "of the caller"
    assert inner_context[0].run(caller_context).run(variable.get) == ""


def test_a_loop_that_ends() -> None:
    """Whoever begins in the next loop is served; a task that was stopped tells those who wait for it."""
    outcomes: list[object] = []

    async def first(flight: SingleFlight, work: Work) -> None:
        async def wait() -> None:
            try:
                await flight.join()
            except FronteggError as error:
                outcomes.append(error)

        task = asyncio.ensure_future(wait())
        await until(lambda: work.runs == 1)
        flight._task.cancel()  # type: ignore[union-attr]
        await task
        flight.start()

    async def second(flight: SingleFlight, work: Work) -> None:
        assert not flight.is_under_way
        work.gate = asyncio.Event()
        work.gate.set()
        await flight.join()

    work = Work()
    flight = SingleFlight(work, "verifier")
    asyncio.run(first(flight, work))
    asyncio.run(second(flight, work))
    assert outcomes == [ClientClosedError("the event loop ended")]
    flight.close()


async def test_a_read_that_was_stopped_is_no_outage() -> None:
    """Keys are read at once when the first read never came to its end, as at the end of a loop."""
    clock = FakeClock(now=100.0)
    gate = asyncio.Event()
    reads: list[bool] = []

    async def fetch(is_first: bool) -> KeySet:
        reads.append(is_first)
        await gate.wait()
        return keys_of_document([jwk("k1"), jwk("k2")])

    cache = KeyCache(fetch, clock.monotonic, place="somewhere")
    waiting = asyncio.ensure_future(cache.find("k1"))
    await until(lambda: len(reads) == 1)
    cache._single_flight._task.cancel()  # type: ignore[union-attr]
    with pytest.raises(ClientClosedError):
        await waiting
    gate.set()
    assert not isinstance(await cache.find("k1"), TokenVerificationError)
    assert reads == [True, True]
    cache.forget_loop()
    problem = await cache.find(None)
    assert isinstance(problem, TokenVerificationError)
    assert problem.reason == "unknown_key"
    assert "names no key" in str(problem)


async def test_nothing_is_kept_of_those_who_were_served() -> None:
    """A flight lives as long as its client, and those who wait do not."""
    work = Work()
    work.gate.set()
    flight = SingleFlight(work, "verifier")
    await asyncio.gather(*(flight.join() for _ in range(10)))
    assert flight._waiters == []


async def test_closing_in_a_child_leaves_those_of_the_parent_alone() -> None:
    """Their own task tells them how it ended."""
    work = Work()
    flight = SingleFlight(work, "verifier")
    waiting = asyncio.ensure_future(flight.join())
    await until(lambda: work.runs == 1)
    flight.forget_loop()
    flight.close()
    work.gate.set()
    await waiting


def test_a_loop_that_stands_still() -> None:
    """Whoever comes in another loop meanwhile is served there, and each loop tells those who wait in it."""
    work = Work()
    works = [work]

    async def do_the_latest() -> FronteggError | None:
        return await works[-1]()

    flight = SingleFlight(do_the_latest, "verifier")

    async def begin() -> asyncio.Future[bool]:
        waiting = asyncio.ensure_future(flight.join())
        await until(lambda: work.runs == 1)
        return waiting

    async def be_served() -> None:
        works.append(Work())
        works[-1].gate.set()
        assert not flight.is_under_way
        await flight.join()

    async def end(waiting: asyncio.Future[bool]) -> None:
        work.outcome = FronteggError("it failed")
        work.gate.set()
        with pytest.raises(FronteggError, match="it failed"):
            await waiting

    loop = asyncio.new_event_loop()
    try:
        waiting = loop.run_until_complete(begin())
        asyncio.run(be_served())
        loop.run_until_complete(end(waiting))
    finally:
        loop.close()
    assert [each.runs for each in works] == [1, 1]


async def test_work_that_is_given_up_twice_from_another_thread() -> None:
    """The second time comes to the loop when there is nothing to stop any more."""
    begun: list[int] = []

    async def work() -> None:
        begun.append(len(begun))
        if len(begun) == 1:
            await asyncio.Event().wait()

    flight = SingleFlight(work, "flight")
    waiter = flight.join()
    await until(lambda: len(begun) == 1)
    thread = threading.Thread(target=lambda: (flight.cancel(), flight.cancel()))
    thread.start()
    thread.join()  # the loop is not asked meanwhile
    assert await waiter is False
    assert await flight.join() is True
    assert begun == [0, 1]
