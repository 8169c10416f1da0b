"""The loop thread and its calls at moments that programs reach only by chance."""

from __future__ import annotations

import asyncio
import contextvars
from collections.abc import Callable, Coroutine
from typing import TypeVar

import pytest

from frontegg_async.errors import ClientClosedError
from frontegg_sync import Runner
from frontegg_sync._bridge.bells import LockBell
from frontegg_sync._bridge.bridged_call import BridgedCall, LoopEndedError, Waiting
from frontegg_sync._bridge.loop_thread import LoopThread

T = TypeVar("T")


async def _answer() -> str:
    return "answer"


def _handed_over(
    begin: Callable[[], Coroutine[object, object, T]],
    under_way: set[Waiting] | None = None,
    *,
    is_serving: bool = True,
) -> BridgedCall[T]:
    """Return a call that is under way and was not started."""
    under_way = set() if under_way is None else under_way
    call = BridgedCall(begin, contextvars.copy_context(), lambda: is_serving, under_way, LockBell())
    under_way.add(call)
    return call


def test_a_call_is_not_begun_when_the_loop_is_torn_down() -> None:
    """It can be made again in another loop, since nothing was sent."""
    under_way: set[Waiting] = set()
    call = _handed_over(_answer, under_way, is_serving=False)
    call.start()
    call._done.wait()

    with pytest.raises(LoopEndedError):
        call.result()
    assert under_way == set()


def test_a_call_that_was_handed_over_too_late_is_not_begun() -> None:
    """It was never started, and can be made again too."""
    call = _handed_over(_answer)
    call.finish("the client was closed")
    call._done.wait()

    with pytest.raises(LoopEndedError):
        call.result()


def test_a_call_that_was_not_started_can_be_cancelled() -> None:
    """Ctrl-C may come before the loop's thread knows of it."""
    under_way: set[Waiting] = set()
    call = _handed_over(_answer, under_way)
    call.cancel()

    assert under_way == set()


@pytest.mark.anyio
async def test_a_call_ends_once() -> None:
    """When its loop ends while it ends, the first outcome is the one that counts."""
    goes_on = asyncio.Event()

    async def wait_and_answer() -> str:
        await goes_on.wait()
        return "answer"

    call = _handed_over(wait_and_answer)
    call.start()
    task = call._task
    assert task is not None
    goes_on.set()
    await task
    call.finish("the client was closed")
    call._done.wait()

    assert call.result() == "answer"


@pytest.mark.anyio
async def test_a_call_that_is_under_way_is_told_that_its_loop_ended() -> None:
    """It may have been sent, and is not made again."""
    never = asyncio.Event()

    async def wait() -> None:
        await never.wait()

    call = _handed_over(wait)
    call.start()
    task = call._task
    assert task is not None
    await asyncio.sleep(0)
    call.finish("the loop was ended by an accident")
    call._done.wait()
    with pytest.raises(ClientClosedError, match="accident"):
        call.result()
    task.cancel()
    await task


@pytest.mark.anyio
async def test_a_call_that_is_in_its_first_step_is_told_that_its_loop_ended() -> None:
    """It is not made again either: that step may have sent it."""

    async def end() -> str:
        call.finish("the loop was ended by an accident")
        return "answer"

    call = _handed_over(end)
    call.start()
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    call._done.wait()

    with pytest.raises(ClientClosedError, match="accident"):
        call.result()


@pytest.mark.anyio
async def test_a_call_that_needs_not_wait_leaves_no_task() -> None:
    """It holds nothing that holds it."""
    call = _handed_over(_answer)
    call.start()
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    call._done.wait()

    assert call.result() == "answer"
    assert call._task is None


@pytest.mark.parametrize("is_ready", [False, True])
def test_a_thread_that_nobody_waits_for_ends(is_ready: bool) -> None:
    """Ctrl-C may come while it starts, before its loop runs or after."""
    thread = LoopThread(None)
    if is_ready:
        thread.start()
        thread.abandon()
    else:
        thread.abandon()
        thread.start()
    thread.join(30)

    assert thread.has_ended


def test_a_thread_that_has_ended_begins_nothing() -> None:
    """Its callers are told."""
    thread = LoopThread(None)
    assert not thread.soon(lambda: None)
    thread.start()
    thread.stop(())
    thread.stop(())
    thread.join(30)

    assert not thread.soon(lambda: None)
    with pytest.raises(LoopEndedError):
        thread.call(_answer, contextvars.copy_context())


def test_the_end_of_a_runner_waits_for_a_client_that_is_being_closed() -> None:
    """A client that was closed just before may still be storing the last token of its session."""

    class Client:
        is_closed = False

        async def aclose(self) -> None:
            for _ in range(100):
                await asyncio.sleep(0)
            self.is_closed = True

    client = Client()
    with Runner() as runner:
        runner._attach(client)
        runner.call(_answer)
        runner._detach(client)
        thread = runner._thread
    assert thread is not None
    thread.join(30)

    assert client.is_closed
