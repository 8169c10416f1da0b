"""`Inbox`: callbacks from other threads run in the thread of the loop, in order."""

from __future__ import annotations

import asyncio
import contextvars
import threading
from collections.abc import Callable
from typing import Any

import anyio
import pytest

from frontegg_sync import Runner
from frontegg_sync._bridge import inbox as inbox_module
from frontegg_sync._bridge.inbox import Inbox

pytestmark = pytest.mark.anyio

COLOUR = contextvars.ContextVar("COLOUR", default="none")


async def _call(inbox: Inbox, *callbacks: Callable[[], object]) -> None:
    """Have callbacks called, and wait for the last."""
    done = asyncio.Event()
    for callback in callbacks:
        assert inbox.put(callback)
    assert inbox.put(done.set)
    await done.wait()


def _wait_for_completion(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have loops do as the default one of Windows does, which tells what is complete and not what is ready."""

    def refuse(*_: object) -> None:
        raise NotImplementedError

    monkeypatch.setattr(asyncio.SelectorEventLoop, "add_reader", refuse)


@pytest.fixture(params=["event", "socket", "complete"], autouse=True)
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """How loops are woken: by an event of Linux, by a socket as elsewhere, or as they are on Windows."""
    way: str = request.param
    monkeypatch.setattr(inbox_module, "_HAS_EVENTS", inbox_module._HAS_EVENTS and way == "event")
    if way == "complete":
        _wait_for_completion(monkeypatch)
    return way


async def test_what_is_put_in_is_called_in_order() -> None:
    """By the thread of the loop, once each, however many rings there are: more than the system keeps."""
    inbox = Inbox(asyncio.get_running_loop())
    called: list[tuple[int, int]] = []
    thread = threading.get_ident()

    def put_all() -> None:
        for number in range(5_000):
            inbox.put(lambda number=number: called.append((number, threading.get_ident())))  # type: ignore[misc]  # no default of a parameter is looked at

    await asyncio.to_thread(put_all)
    await _call(inbox)
    inbox.close()

    assert called == [(number, thread) for number in range(5_000)]


async def test_what_raises_does_not_hold_up_what_is_behind_it() -> None:
    """The loop is told, as of any callback."""
    loop = asyncio.get_running_loop()
    told: list[Any] = []
    loop.set_exception_handler(lambda _, about: told.append(about["exception"]))
    inbox = Inbox(loop)
    called: list[str] = []

    def fail() -> None:
        raise ValueError("first")

    await _call(inbox, fail, lambda: called.append("second"))
    loop.set_exception_handler(None)
    inbox.close()

    assert [str(error) for error in told] == ["first"]
    assert called == ["second"]


async def test_a_closed_inbox_takes_nothing() -> None:
    """And calls nothing; to close it twice does nothing."""
    inbox = Inbox(asyncio.get_running_loop())
    called: list[str] = []
    await _call(inbox, lambda: called.append("before"))
    inbox.put(lambda: called.append("too late"))
    inbox.close()
    inbox.close()

    assert not inbox.put(lambda: called.append("after"))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert called == ["before"]


async def test_what_is_called_belongs_to_no_caller() -> None:
    """It has no context of the one who put it in."""
    inbox = Inbox(asyncio.get_running_loop())
    found: list[str] = []

    def put() -> None:
        COLOUR.set("red")
        inbox.put(lambda: found.append(COLOUR.get()))

    await asyncio.to_thread(put)
    await _call(inbox)
    inbox.close()

    assert found == ["none"]


def test_a_runner_has_a_loop_of_either_kind() -> None:
    """A call has the context of its caller from its first step on, and its cancel scopes work, also in that step."""

    async def work() -> tuple[str, bool]:
        with anyio.CancelScope() as scope:
            scope.cancel()
            await anyio.sleep_forever()
        return COLOUR.get(), scope.cancelled_caught

    token = COLOUR.set("red")
    try:
        with Runner() as runner:
            assert [runner.call(work) for _ in range(3)] == [("red", True)] * 3
    finally:
        COLOUR.reset(token)
