"""FastAPI: webhooks and prehooks, each by one line in an app."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from fastapi import FastAPI, Request, Response
from starlette.middleware.base import RequestResponseEndpoint

from frontegg_async import ConfigurationError
from frontegg_async.integrations.fastapi import prehook_router, webhook_router
from frontegg_async.webhooks import DuplicateGuard, PrehookVerdict, WebhookEvent, allow, block
from tests.integrations.webhook_cases import BODY, GOOD, KEY, MAX_BYTES, REFUSED, VERIFIER

pytestmark = pytest.mark.anyio

HOOK = "/webhooks/frontegg"
PREHOOK = "/prehooks/frontegg"


async def _post(app: FastAPI, path: str, headers: Any = GOOD, body: bytes = BODY) -> httpx.Response:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as client:
        return await client.post(path, headers=headers, content=body)


def _app(handle: Callable[[WebhookEvent], object], **settings: Any) -> FastAPI:
    app = FastAPI()
    app.include_router(webhook_router(VERIFIER, handle, **settings))
    return app


def _prehooks(decide: Any, **settings: Any) -> FastAPI:
    app = FastAPI()
    app.include_router(prehook_router(VERIFIER, decide, **settings))
    return app


@pytest.mark.parametrize("case", REFUSED)
async def test_what_is_refused(case: str) -> None:
    """With problem details, and without a call of the function."""
    headers, body, status, code = REFUSED[case]
    events: list[WebhookEvent] = []
    app = _app(events.append, max_bytes=MAX_BYTES)
    app.include_router(prehook_router(VERIFIER, events.append, max_bytes=MAX_BYTES))

    for path in (HOOK, PREHOOK):
        answer = await _post(app, path, headers, body)
        assert (answer.status_code, answer.json()["code"]) == (status, code)
        assert answer.headers["content-type"] == "application/problem+json"
    assert events == []
    assert app.openapi()["paths"] == {}


@pytest.mark.parametrize("path", [HOOK, PREHOOK])
async def test_a_body_that_is_cut_off(path: str) -> None:
    """It is no error of the app, and nothing is handled."""
    app = _app(pytest.fail)
    app.include_router(prehook_router(VERIFIER, pytest.fail))
    parts: list[dict[str, Any]] = [
        {"type": "http.disconnect"},
        {"type": "http.request", "body": BODY[:9], "more_body": True},
    ]
    sent: list[Any] = []

    async def receive() -> dict[str, Any]:
        return parts.pop()

    async def send(message: Any) -> None:
        sent.append(message)

    headers = [(name.encode(), value.encode()) for name, value in GOOD.items()]
    await app({"type": "http", "method": "POST", "path": path, "query_string": b"", "headers": headers}, receive, send)
    assert sent[0]["status"] == 400


async def test_an_event_is_answered_before_it_is_handled() -> None:
    """The whole answer is sent when the function is called: in the loop, or in a thread if it is plain."""
    happened: list[object] = []

    async def handle(event: WebhookEvent) -> None:
        happened.append((event.event_key, event.tenant_id, threading.current_thread() is threading.main_thread()))

    def handle_plainly(event: WebhookEvent) -> None:
        happened.append((event.event_key, event.tenant_id, threading.current_thread() is threading.main_thread()))

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": BODY}

    async def send(message: dict[str, Any]) -> None:
        happened.append(message.get("status", message["type"]))

    headers = [(name.encode(), value.encode()) for name, value in GOOD.items()]
    scope: Any = {"type": "http", "method": "POST", "path": HOOK, "headers": headers, "query_string": b""}
    await _app(handle)(scope, receive, send)
    await _app(handle_plainly)(scope, receive, send)

    answered = [204, "http.response.body"]
    assert happened == [*answered, (KEY, "acme", True), *answered, (KEY, "acme", False)]


@pytest.mark.parametrize("error", [KeyError("of the function"), asyncio.CancelledError("of the function")])
async def test_an_error_is_logged_and_the_event_can_come_again(
    error: BaseException, caplog: pytest.LogCaptureFixture
) -> None:
    """The sender has its answer; a duplicate is not handled, unless the first was not."""
    events: list[WebhookEvent] = []

    async def handle(event: WebhookEvent) -> None:
        events.append(event)
        if len(events) == 1:
            raise error

    app = _app(handle, guard=DuplicateGuard())
    with caplog.at_level(logging.ERROR, "frontegg_async.integrations"):
        statuses = [(await _post(app, HOOK)).status_code for _ in range(3)]

    assert statuses == [204, 204, 204]
    assert len(events) == 2
    [record] = caplog.records
    assert record.getMessage().startswith("the function for webhooks failed for 'frontegg.tenant.created': ")
    assert "of the function" in caplog.text


def test_a_server_that_ends_says_what_it_handled(caplog: pytest.LogCaptureFixture) -> None:
    """The event is not lost without a word, and can come again; the request waits for it until then."""
    guard = DuplicateGuard()

    async def serve() -> None:
        begun = asyncio.Event()

        async def handle(_: WebhookEvent) -> None:
            begun.set()
            await asyncio.Event().wait()

        posting = asyncio.ensure_future(_post(_app(handle, guard=guard), HOOK))
        await begun.wait()
        posting.cancel()
        await asyncio.wait([posting])

    asyncio.run(serve())
    assert "the webhook 'frontegg.tenant.created' was being handled when its server ended" in caplog.text
    assert len(guard) == 0


@pytest.mark.parametrize("end", ["cannot be sent", "is cancelled", "is dropped"])
async def test_an_event_is_handled_although_its_answer(end: str) -> None:
    """Nothing that ends the request reaches it, and it is a duplicate when it comes again."""
    events: list[WebhookEvent] = []
    has_handled, is_sending = asyncio.Event(), asyncio.Event()
    guard = DuplicateGuard()

    async def handle(event: WebhookEvent) -> None:
        events.append(event)
        has_handled.set()

    async def drop(request: Request, call_next: RequestResponseEndpoint) -> Response:
        await call_next(request)
        raise KeyError

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": BODY}

    async def send(_: Any) -> None:
        if end == "cannot be sent":
            raise OSError
        is_sending.set()
        await asyncio.Event().wait()

    app = _app(handle, guard=guard)
    if end == "is dropped":
        app.middleware("http")(drop)
    headers = [(name.encode(), value.encode()) for name, value in GOOD.items()]
    scope: Any = {"type": "http", "method": "POST", "path": HOOK, "headers": headers, "query_string": b""}
    request = asyncio.create_task(app(scope, receive, send))
    if end == "is cancelled":
        await is_sending.wait()
        request.cancel()
    async with asyncio.timeout(30):
        await has_handled.wait()
    request.cancel()
    await asyncio.gather(request, return_exceptions=True)

    assert len(events) == 1
    assert guard.is_duplicate(GOOD, BODY)


_BLOCKED = {"continue": False, "error": {"status": 402, "message": ["no seats are left"]}}


async def _block(event: WebhookEvent) -> PrehookVerdict:
    assert event.event_key == KEY
    return block("no seats are left", status=402)


@pytest.mark.parametrize(
    ("decide", "answered"),
    [
        (lambda _: allow(), {"continue": True}),
        (
            lambda event: allow({"tenant": {"id": event.tenant_id}}),
            {"continue": True, "response": {"tenant": {"id": "acme"}}},
        ),
        (_block, _BLOCKED),
        (
            lambda event: _block(event=event),
            {"continue": False, "error": {"status": 402, "message": ["no seats are left"]}},
        ),
    ],
)
async def test_prehooks_are_answered(decide: Any, answered: dict[str, object]) -> None:
    """By an async function, a plain one, and a plain one that returns what is awaited."""
    answer = await _post(_prehooks(decide), PREHOOK)

    assert (answer.status_code, answer.json()) == (200, answered)


async def test_a_prehook_without_an_answer(caplog: pytest.LogCaptureFixture) -> None:
    """A function that fails, is late, or answers something else leaves it to the service, and is logged."""

    async def wait(_: WebhookEvent) -> PrehookVerdict:
        await asyncio.Event().wait()
        raise AssertionError

    async def time_out(_: WebhookEvent) -> PrehookVerdict:
        raise TimeoutError("of a database")

    async def cancel(_: WebhookEvent) -> PrehookVerdict:
        raise asyncio.CancelledError  # as what it awaits may be

    def forget(_: WebhookEvent) -> None: ...

    answers = [await _post(_prehooks(decide, budget=0.001), PREHOOK) for decide in (wait,)]
    answers += [await _post(_prehooks(decide), PREHOOK) for decide in (time_out, cancel, forget)]

    assert [(answer.status_code, answer.json()["code"]) for answer in answers] == [
        (504, "timeout"),
        *[(500, "prehook_failed")] * 3,
    ]
    assert "took more than 0.001 s" in caplog.text
    assert "of a database" in caplog.text
    assert "must return allow() or block(...), not NoneType" in caplog.text


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("the secret", print), "verifier must be a WebhookVerifier, not str"),
        ((VERIFIER, None), "decide must be a function that takes an event, not NoneType"),
        ((VERIFIER, print, {"max_bytes": 0}), "max_bytes must be a whole number"),
        ((VERIFIER, print, {"budget": 0}), "budget must be a positive number"),
    ],
)
def test_settings_are_checked(arguments: Any, message: str) -> None:
    """When the app is made."""
    verifier, function, *rest = arguments
    with pytest.raises(ConfigurationError, match=message):
        prehook_router(verifier, function, **dict(*rest))


def test_a_guard_is_checked() -> None:
    """When the app is made, and not when an event comes."""
    guard: Any = "redis://127.0.0.1"
    with pytest.raises(
        ConfigurationError, match="guard must be a DuplicateGuard, or an object with the same methods, not str"
    ):
        webhook_router(VERIFIER, print, guard=guard)
