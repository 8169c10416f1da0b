"""aiohttp: webhooks and prehooks, each by one line in an app."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from aiohttp.typedefs import Handler
from multidict import CIMultiDict

from frontegg_async.integrations import aiohttp_webhooks
from frontegg_async.integrations.aiohttp import add_prehooks, add_webhooks, verified_users
from frontegg_async.webhooks import DuplicateGuard, PrehookVerdict, WebhookEvent, block
from tests.integrations.webhook_cases import BODY, GOOD, MAX_BYTES, REFUSED, VERIFIER

pytestmark = pytest.mark.anyio

Client = TestClient[web.Request, web.Application]
HOOK = "/webhooks/frontegg"
PREHOOK = "/prehooks/frontegg"


class Handled:
    """What the functions of an app were called with; each waits until it may end."""

    def __init__(self) -> None:
        self.events: list[WebhookEvent] = []
        self.may_end = asyncio.Event()
        self.has_ended = asyncio.Event()

    async def handle(self, event: WebhookEvent) -> None:
        """Handle an event."""
        self.events.append(event)
        await self.may_end.wait()
        self.has_ended.set()
        raise KeyError("of the function")

    async def decide(self, event: WebhookEvent) -> PrehookVerdict:
        """Answer a prehook; the second answer is none."""
        self.events.append(event)
        return block("no") if len(self.events) == 1 else None


@pytest.fixture
async def handled() -> Handled:
    """Return what records."""
    return Handled()


@pytest.fixture
async def client(handled: Handled) -> AsyncIterator[Client]:
    """Yield a client of an app whose users are verified, except on the paths of hooks."""
    app = web.Application(middlewares=[verified_users(public=[HOOK, PREHOOK])])
    add_webhooks(app, VERIFIER, handled.handle, guard=DuplicateGuard(), max_bytes=MAX_BYTES)
    add_prehooks(app, VERIFIER, handled.decide, max_bytes=MAX_BYTES)
    async with TestClient(TestServer(app)) as made:
        yield made


@pytest.mark.parametrize("case", REFUSED)
async def test_what_is_refused(client: Client, handled: Handled, case: str) -> None:
    """With problem details, and without a call of the function."""
    headers, body, status, code = REFUSED[case]

    for path in (HOOK, PREHOOK):
        async with client.post(path, headers=CIMultiDict[Any](headers), data=body) as answer:
            assert (answer.status, (await answer.json(content_type="application/problem+json"))["code"]) == (
                status,
                code,
            )
    assert handled.events == []


@pytest.mark.parametrize("body", [b"no gzip", gzip.compress(BODY)[:-4]], ids=["not at all", "cut off"])
async def test_a_body_that_is_compressed(client: Client, handled: Handled, body: bytes) -> None:
    """It is no error of the app, and nothing is handled, as its end may be cut off."""
    headers = {**GOOD, "Content-Encoding": "gzip", "Connection": "close"}
    for path in (HOOK, PREHOOK):
        async with client.post(path, headers=headers, data=body) as answer:
            assert (answer.status, handled.events) == (400, [])


async def test_a_middleware_that_has_read_the_body() -> None:
    """The request keeps it."""
    events: list[WebhookEvent] = []

    @web.middleware
    async def read(request: web.Request, handler: Handler) -> web.StreamResponse:
        await request.text()
        return await handler(request)

    app = web.Application(middlewares=[read])
    add_webhooks(app, VERIFIER, events.append)
    add_prehooks(app, VERIFIER, lambda _: block("no"))
    async with TestClient(TestServer(app)) as client:
        for path, status in ((HOOK, 204), (PREHOOK, 200)):
            async with client.post(path, headers=GOOD, data=BODY) as answer:
                assert answer.status == status
        async with client.post(HOOK, headers=GOOD) as answer:
            assert answer.status == 400
    assert len(events) == 1


async def test_a_sender_that_hangs_up() -> None:
    """Its event is handled, although the server cancels its request, and is a duplicate when it comes again."""
    has_handled, is_cancelled = asyncio.Event(), asyncio.Event()
    sender: list[asyncio.StreamWriter] = []

    class Guard(DuplicateGuard):
        async def is_duplicate(self, *delivery: Any) -> bool:  # type: ignore[override]  # async
            is_new = not super().is_duplicate(*delivery)
            sender.pop().close()
            await is_cancelled.wait()
            return not is_new

    @web.middleware
    async def wait(request: web.Request, handler: Handler) -> web.StreamResponse:
        try:
            await handler(request)
            return await asyncio.Future[web.Response]()
        finally:
            is_cancelled.set()

    async def handle(_: WebhookEvent) -> None:
        has_handled.set()

    app = web.Application(middlewares=[wait])
    guard = Guard()
    add_webhooks(app, VERIFIER, handle, guard=guard)
    runner = web.AppRunner(app, handler_cancellation=True)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        _, writer = await asyncio.open_connection(*runner.addresses[0])
        sender.append(writer)
        head = f"POST {HOOK} HTTP/1.1\r\nHost: test\r\nContent-Length: {len(BODY)}\r\n"
        writer.write((head + "".join(f"{name}: {GOOD[name]}\r\n" for name in GOOD) + "\r\n").encode() + BODY)
        async with asyncio.timeout(30):
            await has_handled.wait()
    finally:
        await runner.cleanup()
    assert DuplicateGuard.is_duplicate(guard, GOOD, BODY)


async def test_an_event_is_answered_before_it_is_handled(
    client: Client, handled: Handled, caplog: pytest.LogCaptureFixture
) -> None:
    """The next delivery is not kept waiting; one that came before is answered, and not handled again."""
    for _ in range(2):
        async with client.post(HOOK, headers=GOOD, data=BODY) as answer:
            assert (answer.status, await answer.read()) == (204, b"")
    assert not handled.has_ended.is_set()
    handled.may_end.set()
    await client.close()  # waits for the function

    assert [event.tenant_id for event in handled.events] == ["acme"]
    assert "of the function" in caplog.text


async def test_a_function_that_does_not_end(
    client: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """An app that ends cancels it, and says so."""
    monkeypatch.setattr(aiohttp_webhooks, "_PATIENCE", 0.01)
    async with client.post(HOOK, headers=GOOD, data=BODY):
        await client.close()
    assert "the webhook 'frontegg.tenant.created' was being handled when its server ended" in caplog.text


async def test_prehooks_are_answered(client: Client, handled: Handled) -> None:
    """A verdict with 200; none with a status that leaves it to the service."""
    async with client.post(PREHOOK, headers=GOOD, data=BODY) as answer:
        assert (answer.status, await answer.json()) == (
            200,
            {"continue": False, "error": {"status": 400, "message": ["no"]}},
        )
    async with client.post(PREHOOK, headers=GOOD, data=BODY) as answer:
        assert answer.status == 500
    assert len(handled.events) == 2
