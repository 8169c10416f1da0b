"""Django: views that receive webhooks and prehooks, and the signals about them."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import io
import logging
import signal
import sys
import threading
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from queue import SimpleQueue
from typing import Any, Final
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
from django.core.asgi import get_asgi_application
from django.core.management import call_command
from django.core.signals import request_finished
from django.core.wsgi import get_wsgi_application
from django.db import connection
from django.dispatch import Signal
from django.test import Client, RequestFactory, override_settings
from django.urls import path

from frontegg_async import ConfigurationError
from frontegg_async.webhooks import DuplicateGuard, PrehookVerdict, WebhookEvent, WebhookVerifier, allow, block
from frontegg_sync.integrations.django import webhooks
from frontegg_sync.integrations.django.webhooks import (
    CacheDuplicateGuard,
    prehook_view,
    webhook_received,
    webhook_view,
)
from tests.integrations.django.heard import heard
from tests.integrations.webhook_cases import BODY, GOOD, HEADER, KEY, MAX_BYTES, REFUSED, SECRET, VERIFIER

HOOK: Final = "/webhooks/frontegg"
PREHOOK: Final = "/prehooks/frontegg"
_verdicts: list[Any] = []


def _decide(_: WebhookEvent) -> PrehookVerdict:
    verdict: PrehookVerdict = _verdicts.pop()
    return verdict


async def _await(verdict: PrehookVerdict) -> PrehookVerdict:
    return verdict


class _SlowVerifier(WebhookVerifier):
    def __init__(self) -> None:
        super().__init__(SECRET)
        self.has_begun, self.may_end = threading.Event(), threading.Event()

    def verify(self, headers: Any) -> None:
        super().verify(headers)
        self.has_begun.set()
        self.may_end.wait(30)


_slow: Final = _SlowVerifier()
_guard_of_slow: Final = DuplicateGuard()


urlpatterns = [
    path(HOOK[1:], webhook_view(VERIFIER, max_bytes=MAX_BYTES)),
    path("slow", webhook_view(_slow, guard=_guard_of_slow)),
    path("guarded", webhook_view(VERIFIER, guard=DuplicateGuard())),
    path(PREHOOK[1:], prehook_view(VERIFIER, _decide, max_bytes=MAX_BYTES)),
]

pytestmark = pytest.mark.usefixtures("views")


@pytest.fixture
def views() -> Iterator[None]:
    """Serve the views of this module."""
    with override_settings(ROOT_URLCONF=__name__, MIDDLEWARE=["django.middleware.csrf.CsrfViewMiddleware"]):
        yield


def _post(url: str, headers: Any = GOOD, body: bytes = BODY) -> Any:
    # A server joins headers with the same name.
    joined: dict[str, str] = {}
    for name, value in dict(headers).items() if isinstance(headers, dict) else headers:
        joined[name] = f"{joined[name]},{value}" if name in joined else value
    client = Client(enforce_csrf_checks=True)
    return client.generic("POST", url, body, content_type="application/json", headers=joined)


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_refused(case: str) -> None:
    """With problem details, and without a signal."""
    headers, body, status, code = REFUSED[case]
    events: list[object] = []

    def receive(**given: object) -> None:
        events.append(given)

    with heard(webhook_received, receive):
        for url in (HOOK, PREHOOK):
            answer = _post(url, headers, body)
            assert (answer.status_code, answer.json()["code"]) == (status, code)
            assert answer["content-type"] == "application/problem+json"
        assert Client().get(HOOK).status_code == 405
    assert events == []


def test_a_body_that_is_cut_off() -> None:
    """It is no error of the site."""

    class CutOff(io.BytesIO):
        def read(self, _: int | None = None) -> bytes:
            raise OSError

    for url in (HOOK, PREHOOK):
        environ: dict[str, Any] = {"wsgi.input": CutOff()}
        shorter: dict[str, Any] = {"CONTENT_LENGTH": str(len(BODY) + 1), "wsgi.input": io.BytesIO(BODY)}
        for given in (environ, shorter):
            answer = Client().generic("POST", url, BODY, "application/json", headers=GOOD, **given)
            assert (answer.status_code, answer.json()["code"]) == (400, "webhook_malformed")


@pytest.mark.parametrize(("key", "signal"), [*webhooks._BY_KEY.items(), ("frontegg.user.new", None)])
def test_each_key_has_its_signal(key: str, signal: Signal | None) -> None:
    """Beside the one for all events, which comes first."""
    heard_of: list[tuple[str, str, type]] = []

    def receive(*, sender: type, event: WebhookEvent, **_: object) -> None:
        heard_of.append(("all", event.event_key, sender))

    async def receive_one(*, sender: type, event: WebhookEvent, **_: object) -> None:
        heard_of.append(("one", event.event_key, sender))

    with heard(webhook_received, receive), contextlib.ExitStack() as stack:
        if signal is not None:
            stack.enter_context(heard(signal, receive_one))
        answer = _post(HOOK, body=BODY.replace(KEY.encode(), key.encode()))

    assert (answer.status_code, answer.content) == (204, b"")
    told = ("all", "one") if signal is not None else ("all",)
    assert heard_of == [(name, key, WebhookEvent) for name in told]


def test_the_signal_of_a_key_is_named_after_it() -> None:
    """So that no two are confused."""
    names = {name: signal for name, signal in vars(webhooks).items() if isinstance(signal, Signal)}

    assert set(names) == set(webhooks.__all__) & set(names)
    assert {*names.values()} - {webhook_received} == {*webhooks._BY_KEY.values()}


def test_an_error_is_logged_and_the_event_can_come_again(caplog: pytest.LogCaptureFixture) -> None:
    """The sender has its answer; a duplicate is not handled, unless the first was not."""
    calls: list[object] = []

    def receive(**given: object) -> None:
        calls.append(given)
        if len(calls) == 1:
            raise KeyError("of the receiver")

    with heard(webhook_received, receive), caplog.at_level(logging.ERROR, "django.dispatch"):
        statuses = [_post("/guarded").status_code for _ in range(3)]

    assert statuses == [204, 204, 204]
    assert len(calls) == 2
    assert "of the receiver" in caplog.text


class _Silent(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Write nothing."""


def test_an_event_is_answered_before_it_is_handled() -> None:
    """A server has sent the answer when it closes the response."""
    may_end, has_ended = threading.Event(), threading.Event()

    def receive(**_: object) -> None:
        assert may_end.wait(30)
        has_ended.set()

    with (
        heard(webhook_received, receive),
        make_server("127.0.0.1", 0, get_wsgi_application(), handler_class=_Silent) as server,
    ):
        serving = threading.Thread(target=server.handle_request)
        serving.start()
        request = urllib.request.Request(f"http://127.0.0.1:{server.server_port}{HOOK}", BODY, GOOD)
        with urllib.request.urlopen(request, timeout=30) as answer:
            assert answer.status == 204
        assert not has_ended.is_set()
        may_end.set()
        serving.join()
    assert has_ended.is_set()


@pytest.mark.anyio
async def test_an_asgi_server_has_sent_the_answer_too() -> None:
    """Also when a receiver is async."""
    happened: list[object] = []
    received = asyncio.Event()

    async def receive(**_: object) -> None:
        happened.append("received")

    async def read() -> dict[str, Any]:
        if happened:
            await received.wait()  # the sender stays
        happened.append("read")
        return {"type": "http.request", "body": BODY}

    async def send(message: dict[str, Any]) -> None:
        happened.append(message.get("status", message["type"]))

    headers = [(name.encode(), value.encode()) for name, value in GOOD.items()]
    scope = {"type": "http", "method": "POST", "path": HOOK, "headers": headers, "query_string": b""}
    with heard(webhook_received, receive):
        await get_asgi_application()(scope, read, send)

    assert happened == ["read", 204, "http.response.body", "received"]


@pytest.mark.anyio
async def test_a_sender_that_hangs_up() -> None:
    """Its event is handled, although Django drops its answer, and is a duplicate when it comes again."""
    received = threading.Event()
    first = [{"type": "http.request", "body": BODY}]

    async def read() -> dict[str, Any]:
        if not first:
            await asyncio.to_thread(_slow.has_begun.wait, 30)
        return first.pop() if first else {"type": "http.disconnect"}

    async def send(_: object) -> None:
        pytest.fail("nobody is there")

    headers = [(name.encode(), value.encode()) for name, value in GOOD.items()]
    scope = {"type": "http", "method": "POST", "path": "/slow", "headers": headers, "query_string": b""}

    async def let_view_end(**_: object) -> None:
        _slow.may_end.set()

    # Django sends the other signal when it has cancelled the request, and then waits for the view.
    with heard(webhook_received, lambda **_: received.set()), heard(request_finished, let_view_end):
        await get_asgi_application()(scope, read, send)
        assert await asyncio.to_thread(received.wait, 30)
    assert _guard_of_slow.is_duplicate(GOOD, BODY)


def _drop_answer(guard: DuplicateGuard | None = None) -> None:
    """Make an answer that nobody closes."""
    view = webhook_view(VERIFIER, guard=guard)
    view(RequestFactory().post(HOOK, BODY, content_type="application/json", headers=GOOD))


@pytest.fixture
def hand_overs(monkeypatch: pytest.MonkeyPatch) -> webhooks._HandOvers:
    """Return new threads, which no other test has used."""
    found = webhooks._HandOvers()
    monkeypatch.setattr(webhooks, "_hand_overs", found)
    return found


def test_more_answers_that_nobody_closes_than_threads(
    hand_overs: webhooks._HandOvers, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The others wait, and are handled, whatever a receiver does to its thread; those that may not wait are logged."""
    monkeypatch.setattr(webhooks, "_MOST_WAITING", 30)
    begun, handled, may_end = threading.Semaphore(0), threading.Semaphore(0), threading.Event()

    def receive(**_: object) -> None:
        begun.release()
        assert may_end.wait(30)
        handled.release()
        raise GeneratorExit

    monkeypatch.setattr(sys, "unraisablehook", lambda _: None)
    with heard(webhook_received, receive):
        for _ in range(16):
            _drop_answer()
        assert all(begun.acquire(timeout=30) for _ in range(16))
        for _ in range(31):
            _drop_answer()
        may_end.set()
        assert all(handled.acquire(timeout=30) for _ in range(46))
        hand_overs.wait()
    lost = [record for record in caplog.records if "is not handled" in record.getMessage()]
    assert [record.getMessage() for record in lost] == [
        "the webhook 'frontegg.tenant.created' is not handled: its request was cancelled, and no thread is free"
    ]


def test_an_end_while_events_wait_for_a_thread(
    hand_overs: webhooks._HandOvers, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Each is in the log, as is one that comes where no thread can be started."""
    monkeypatch.setattr(webhooks, "_PATIENCE", 0.0)
    permits, hand_overs._permits = hand_overs._permits, SimpleQueue[None]()
    for _ in range(3):
        _drop_answer()
    hand_overs.wait()
    assert caplog.text.count("'frontegg.tenant.created' is not handled") == 3
    assert "webhooks were being handled when their server ended" in caplog.text

    def refuse(*_: object) -> None:
        raise RuntimeError("can't start new thread")

    hand_overs._permits = permits
    monkeypatch.setattr("_thread.start_new_thread", refuse)
    _drop_answer()
    assert caplog.text.count("'frontegg.tenant.created' is not handled") == 4


class _Failing(DuplicateGuard):
    def __init__(self, error: BaseException) -> None:
        super().__init__()
        self.error = error

    def is_duplicate(self, *_: object) -> bool:
        raise self.error

    def forget(self, *_: object) -> None:
        raise self.error


@pytest.mark.parametrize("error", [OSError(), SystemExit(1), asyncio.CancelledError()])
def test_a_guard_that_fails(error: BaseException, caplog: pytest.LogCaptureFixture) -> None:
    """Events are handled without it, and the server gets no error."""
    events: list[object] = []

    def receive(**given: object) -> None:
        events.append(given)
        raise ValueError("so that the guard must forget")

    view = webhook_view(VERIFIER, guard=_Failing(error))
    with heard(webhook_received, receive):
        view(RequestFactory().post(HOOK, BODY, content_type="application/json", headers=GOOD)).close()
    assert len(events) == 1
    name = type(error).__name__
    assert f"duplicates of webhooks cannot be recognized: {name}" in caplog.text
    assert f"the webhook 'frontegg.tenant.created' cannot be forgotten: {name}" in caplog.text


def _exit(**_: object) -> None:
    sys.exit("of the receiver")


async def _exit_async(**_: object) -> None:
    sys.exit("of the receiver")


async def _cancel_async(**_: object) -> None:
    raise asyncio.CancelledError("of the receiver")


def _fail(_: object, **__: object) -> None:
    raise ValueError("of the receiver")


@pytest.mark.parametrize("first", [_exit, _exit_async, _cancel_async, functools.partial(_fail, 1)])
def test_no_receiver_keeps_others_from_an_event(first: Any, caplog: pytest.LogCaptureFixture) -> None:
    """Also those of other signals; the error is logged, with the signal's own name in what receivers get."""
    calls: list[object] = []

    async def receive_async(*, signal: Signal, **_: object) -> None:
        calls.append(signal)

    with heard(webhook_received, first), contextlib.ExitStack() as stack:
        for each in (webhook_received, webhooks.tenant_created):
            stack.enter_context(heard(each, lambda *, signal, **_: calls.append(signal)))
            stack.enter_context(heard(each, receive_async))
        assert _post(HOOK).status_code == 204
    assert sorted(map(id, calls)) == sorted([id(webhook_received), id(webhooks.tenant_created)] * 2)
    assert "of the receiver" in caplog.text


def test_a_server_that_ends(caplog: pytest.LogCaptureFixture) -> None:
    """Its event is in the log and can come again; ``sys.exit()`` in a receiver ends nothing."""
    guard = DuplicateGuard()
    view = webhook_view(VERIFIER, guard=guard)
    request = RequestFactory().post(HOOK, BODY, content_type="application/json", headers=GOOD)

    def end(*_: object) -> None:
        sys.exit("of the server")

    previous = signal.signal(signal.SIGTERM, end)
    try:
        with (
            heard(webhook_received, lambda **_: signal.raise_signal(signal.SIGTERM)),
            pytest.raises(SystemExit, match="of the server"),
        ):
            view(request).close()
    finally:
        signal.signal(signal.SIGTERM, previous)
    assert len(guard) == 0
    assert "was being handled when its server ended" in caplog.text
    with heard(webhook_received, lambda **_: sys.exit("of the receiver")):
        view(RequestFactory().post(HOOK, BODY, content_type="application/json", headers=GOOD)).close()
    assert len(guard) == 0
    assert "of the receiver" in caplog.text


def test_an_exit_in_a_prehook() -> None:
    """It is a failure of the function."""
    request = RequestFactory().post(PREHOOK, BODY, content_type="application/json", headers=GOOD)
    assert prehook_view(VERIFIER, lambda _: sys.exit())(request).status_code == 500


@pytest.mark.parametrize(
    ("verdict", "status", "answered"),
    [
        (allow(), 200, {"continue": True}),
        (block("no", status=403), 200, {"continue": False, "error": {"status": 403, "message": ["no"]}}),
        (None, 500, None),
    ],
)
def test_prehooks_are_answered(
    verdict: PrehookVerdict | None, status: int, answered: object, caplog: pytest.LogCaptureFixture
) -> None:
    """By a plain function and by an async one; what is no verdict is logged."""
    _verdicts.extend([verdict, None if verdict is None else _await(verdict)])

    for _ in range(2):
        answer = _post(PREHOOK)
        assert answer.status_code == status
        assert answered is None or answer.json() == answered
    assert ("must return allow() or block(...), not NoneType" in caplog.text) is (verdict is None)


def test_a_guard_is_not_async() -> None:
    """What it returns would count as yes, for each event."""

    class Guard:
        async def is_duplicate(self, _headers: object, _body: bytes) -> bool:
            raise AssertionError

        async def forget(self, _headers: object, _body: bytes) -> None:
            raise AssertionError

    class Derived(DuplicateGuard):
        async def is_duplicate(self, *_: object) -> bool:  # type: ignore[override]  # async
            raise AssertionError

    for guard in (Guard(), Derived()):
        given: Any = guard
        with pytest.raises(ConfigurationError, match="guard must be a DuplicateGuard or a CacheDuplicateGuard, not"):
            webhook_view(VERIFIER, guard=given)


_BACKENDS: Final = "django.core.cache.backends"
_NONE: Final = {"BACKEND": f"{_BACKENDS}.dummy.DummyCache"}


@pytest.mark.parametrize("kind", ["db.DatabaseCache", "filebased.FileBasedCache"])
def test_processes_share_a_cache(kind: str, tmp_path: Path) -> None:
    """Header and body together; one that was not handled is forgotten."""
    location = "webhooks" if kind.startswith("db") else str(tmp_path)
    shared = {"default": _NONE, "shared": {"BACKEND": f"{_BACKENDS}.{kind}", "LOCATION": location}}
    with override_settings(CACHES=shared):
        call_command("createcachetable", verbosity=0)
        first, second = (CacheDuplicateGuard("shared", ttl=60) for _ in range(2))
        assert not first.is_duplicate(GOOD, b"a")
        assert second.is_duplicate({HEADER.title(): [GOOD[HEADER]]}, "a")
        assert not second.is_duplicate(GOOD, b"b")
        second.forget(GOOD, b"a")
        assert not first.is_duplicate(GOOD, b"a")

        answers = []
        with heard(webhook_received, lambda **_: answers.append(1)):
            views = [webhook_view(VERIFIER, guard=guard) for guard in (first, second)]
            for view in views:
                request = RequestFactory().post(HOOK, BODY, content_type="application/json", headers=GOOD)
                view(request).close()
        assert answers == [1]


def test_without_its_cache_nothing_is_a_duplicate(caplog: pytest.LogCaptureFixture) -> None:
    """An event that comes twice is better than one that is lost."""
    with override_settings(CACHES={"default": {"BACKEND": f"{_BACKENDS}.db.DatabaseCache", "LOCATION": "missing"}}):
        guard = CacheDuplicateGuard()
        assert [guard.is_duplicate(GOOD, b"a") for _ in range(2)] == [False, False]
        guard.forget(GOOD, b"a")
        # A cache that cannot write returns the same as for an existing key.
        call_command("createcachetable", verbosity=0)
        with connection.cursor() as cursor:
            cursor.execute("CREATE TRIGGER full BEFORE INSERT ON missing BEGIN SELECT RAISE(ABORT, 'full'); END")
        assert [guard.is_duplicate(GOOD, b"a") for _ in range(2)] == [False, False]
    with override_settings(CACHES={"default": _NONE}):
        CacheDuplicateGuard()
    assert [record.getMessage().partition(":")[0] for record in caplog.records] == [
        "duplicates of webhooks cannot be recognized",
        "duplicates of webhooks cannot be recognized",
        "a webhook cannot be forgotten",
        "the cache 'default' is not shared",
    ]


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"cache": "other"}, "cache must be the name of a cache in the setting CACHES, not 'other'"),
        ({"cache": ["other"]}, "cache must be the name"),
        ({"ttl": float("nan")}, "ttl must be a positive number of seconds, up to a year"),
        ({"prefix": "of my app"}, "prefix must be ASCII text without spaces"),
    ],
)
def test_settings_of_a_shared_guard_are_checked(settings: Any, words: str) -> None:
    """In words."""
    with pytest.raises(ConfigurationError, match=words):
        CacheDuplicateGuard(**settings)
