"""What the integrations of asyncio frameworks do with a delivery: the guard, the threads, and the ends of a task."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest

from frontegg_async.errors import WebhookPayloadError
from frontegg_async.integrations import webhooks
from frontegg_async.integrations.webhooks import Problem, ReceivedDelivery, Receiver
from frontegg_async.webhooks import DuplicateGuard, PrehookVerdict, WebhookEvent, WebhookGuard, allow
from tests.integrations.webhook_cases import BODY, GOOD, VERIFIER

pytestmark = pytest.mark.anyio

Headers = Mapping[str, str | Sequence[str]]


def _receiver(function: Callable[[WebhookEvent], object], guard: WebhookGuard | None = None, **more: Any) -> Receiver:
    return Receiver(VERIFIER, function, argument="handle", guard=guard, max_bytes=1000, **more)


async def _handle(receiver: Receiver, body: bytes = BODY) -> None:
    await receiver.hand_over(receiver.parse(GOOD, body))


class _Guard(DuplicateGuard):
    """A guard of another process: it answers when it may, and its mark may come late."""

    def __init__(self) -> None:
        super().__init__()
        self.may_answer = asyncio.Event()

    async def is_duplicate(self, headers: Headers, body: bytes | str) -> bool:  # type: ignore[override]  # async
        """Answer late, and even if nobody waits any more."""
        try:
            await self.may_answer.wait()
        finally:
            found = super().is_duplicate(headers, body)
        return found


async def _exit_async(_: WebhookEvent) -> None:
    sys.exit("of the function")


def _interrupt(_: WebhookEvent) -> None:
    raise KeyboardInterrupt("of the function")


def _stop(_: WebhookEvent) -> None:
    raise StopIteration("of the function")


@pytest.mark.parametrize("function", [lambda _: sys.exit("of the function"), _exit_async, _interrupt, _stop])
async def test_no_exception_of_a_function_ends_the_server(
    function: Callable[[WebhookEvent], object], caplog: pytest.LogCaptureFixture
) -> None:
    """It is logged, and the event can come again; of a prehook, there is no answer."""
    guard = DuplicateGuard()
    await _handle(_receiver(function, guard))
    assert len(guard) == 0
    receiver = _receiver(function)
    assert isinstance(await receiver.decide(receiver.parse(GOOD, BODY)), Problem)

    assert caplog.text.count("of the function") >= 2
    assert [record.levelno for record in caplog.records] == [logging.ERROR] * 2


def test_a_signal_that_ends_the_server_during_a_function() -> None:
    """The server ends, and the event can come again."""
    guard = DuplicateGuard()

    def end(*_: object) -> None:
        sys.exit("of the server")

    async def function(_: WebhookEvent) -> None:
        signal.raise_signal(signal.SIGTERM)

    previous = signal.signal(signal.SIGTERM, end)
    try:
        with pytest.raises(SystemExit, match="of the server"):
            asyncio.run(_handle(_receiver(function, guard)))
    finally:
        signal.signal(signal.SIGTERM, previous)
    assert len(guard) == 0


@pytest.mark.parametrize("at", ["its first step", "the answer", "the guard", "the function", "a thread"])
def test_an_end_of_the_server_leaves_no_mark(at: str, caplog: pytest.LogCaptureFixture) -> None:
    """Whatever the task awaits, the event can come again, and is in the log."""
    begun, may_end = threading.Event(), threading.Event()

    async def wait(_: WebhookEvent) -> None:
        begun.set()
        await asyncio.Event().wait()

    def wait_in_thread(_: WebhookEvent) -> None:
        begun.set()
        may_end.wait(30)

    async def serve() -> _Guard:
        guard = _Guard()
        if at != "the guard":
            guard.may_answer.set()
        receiver = _receiver(wait_in_thread if at == "a thread" else wait, guard)
        receiver.hand_over(receiver.parse(GOOD, BODY), asyncio.Event() if at == "the answer" else None)
        for _ in range(0 if at == "its first step" else 10):
            await asyncio.sleep(0)
        if at in {"the function", "a thread"}:
            await asyncio.to_thread(begun.wait, 30)
        return guard

    guard = asyncio.run(serve())
    may_end.set()
    assert len(guard) == 0
    [record] = caplog.records
    assert record.getMessage() == "the webhook 'frontegg.tenant.created' was being handled when its server ended"


def test_an_end_of_the_server_while_a_mark_is_removed() -> None:
    """It is removed, although the task is cancelled meanwhile."""

    class Guard(_Guard):
        async def forget(self, headers: Headers, body: bytes | str) -> None:  # type: ignore[override]  # async
            is_removing.set()
            await asyncio.sleep(0)
            super().forget(headers, body)

    async def serve() -> DuplicateGuard:
        guard = Guard()
        guard.may_answer.set()
        receiver = _receiver(lambda _: 1 / 0, guard)
        receiver.hand_over(receiver.parse(GOOD, BODY))
        await is_removing.wait()
        assert len(guard) == 1
        return guard

    is_removing = asyncio.Event()
    assert len(asyncio.run(serve())) == 0


async def test_a_guard_that_hangs(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    """Events are handled without it, which is logged once, and again after it has answered in time."""
    monkeypatch.setattr(webhooks, "_GUARD_PATIENCE", 0.01)
    events: list[WebhookEvent] = []
    guard = _Guard()
    receiver = _receiver(events.append, guard)
    for number in range(3):
        await _handle(receiver, BODY + b" " * number)
    monkeypatch.setattr(webhooks, "_GUARD_PATIENCE", 30)
    guard.may_answer.set()
    await _handle(receiver, BODY + b" " * 9)
    await _handle(receiver, BODY + b" " * 9)
    assert (len(events), len(caplog.records)) == (4, 1)

    monkeypatch.setattr(webhooks, "_GUARD_PATIENCE", 0.01)
    guard.may_answer.clear()
    await _handle(receiver, BODY + b" " * 10)
    assert (len(events), len(caplog.records)) == (5, 2)
    assert "the guard does not answer within 0.01 s" in caplog.text


async def test_a_late_mark_of_an_event_that_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is removed after it was set, and stays if another delivery has set it."""
    monkeypatch.setattr(webhooks, "_GUARD_PATIENCE", 0)
    guard = _Guard()

    async def fail(_: WebhookEvent) -> None:
        asyncio.get_running_loop().call_soon(guard.may_answer.set)
        raise KeyError

    await _handle(_receiver(fail, guard))
    assert len(guard) == 0
    DuplicateGuard.is_duplicate(guard, GOOD, BODY)
    guard.may_answer.clear()
    await _handle(_receiver(fail, guard))
    assert len(guard) == 1


@pytest.mark.parametrize(
    ("coding", "is_read"),
    [("Identity", True), ("IDENTITY", True), ("", True), ("\u0130dentity", False), ("GZIP", False), (["gzip"], False)],
)
def test_the_coding_of_a_body(coding: str | list[str], is_read: bool) -> None:
    """Its name is compared without regard to the case of A to Z."""
    headers: dict[str, str | Sequence[str]] = {**GOOD, "content-encoding": coding}
    with contextlib.nullcontext() if is_read else pytest.raises(WebhookPayloadError):
        assert _receiver(print).parse(headers, BODY).body == BODY


@pytest.mark.parametrize("error", [ConnectionError, SystemExit])
@pytest.mark.parametrize("method", ["is_duplicate", "forget"])
async def test_a_guard_that_fails(method: str, error: type[BaseException], caplog: pytest.LogCaptureFixture) -> None:
    """The event is handled, or at least in the log, and the server goes on."""

    def refuse(*_: object) -> None:
        raise error

    events: list[WebhookEvent] = []

    def function(event: WebhookEvent) -> None:
        events.append(event)
        if method == "forget":
            raise KeyError

    guard = DuplicateGuard()
    setattr(guard, method, refuse)
    await _handle(_receiver(function, guard))
    assert len(events) == 1
    assert caplog.records[-1].getMessage().endswith(f": {error.__name__}")


async def test_functions_have_threads_of_their_own(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Slow ones leave the loop its own, as for names of hosts; too many of them are refused, which is logged."""
    monkeypatch.setattr(webhooks, "_THREADS", 2)
    monkeypatch.setattr(webhooks, "_MOST_WAITING", 1)
    threads: list[str] = []
    has_begun, may_end = threading.Semaphore(0), threading.Event()

    def wait(_: WebhookEvent) -> PrehookVerdict:
        threads.append(threading.current_thread().name)
        has_begun.release()
        may_end.wait(30)
        return allow()

    guard = DuplicateGuard()
    receiver = _receiver(wait, guard, budget=0.05)
    first = [receiver.hand_over(receiver.parse(GOOD, BODY + b" " * number)) for number in range(2)]
    for _ in first:
        await asyncio.to_thread(has_begun.acquire)
    # A prehook frees its place when its time is over.
    assert isinstance(await receiver.decide(receiver.parse(GOOD, BODY)), Problem)
    assert "took more than 0.05 s for 'frontegg.tenant.created'; all its 2 threads are busy" in caplog.text
    last = [receiver.hand_over(receiver.parse(GOOD, BODY + b" " * number)) for number in (2, 3)]
    await last[-1]
    assert len(guard) == 3
    assert "all 2 threads are busy, and 1 calls already wait for a thread" in caplog.text
    may_end.set()
    await asyncio.gather(*first, *last)
    assert threads == ["frontegg-hook"] * 3


@pytest.mark.parametrize(
    "headers",
    [
        {"content-length": str(len(BODY) + 1)},
        {"content-length": "9" * 5_000},
        {"content-encoding": "gzip"},
        {"content-encoding": "br"},
    ],
)
def test_what_may_lack_its_end(headers: dict[str, str]) -> None:
    """It is refused, although what came is an event."""
    with pytest.raises(WebhookPayloadError, match="was cut off, or is compressed") as raised:
        _receiver(print).parse({**GOOD, **headers}, BODY)
    assert raised.value.reason == "unreadable"


async def test_a_request_that_is_cancelled_while_its_body_comes(caplog: pytest.LogCaptureFixture) -> None:
    """It is in the log."""
    started = asyncio.Event()

    async def body() -> Any:
        started.set()
        await asyncio.Event().wait()
        yield b""

    receiving: asyncio.Task[ReceivedDelivery] = asyncio.create_task(_receiver(print).receive(GOOD, body()))
    await started.wait()
    receiving.cancel()
    with pytest.raises(asyncio.CancelledError):
        await receiving
    assert "was cut off before its end, so it is not handled" in caplog.text
