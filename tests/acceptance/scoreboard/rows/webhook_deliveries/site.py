"""A program that receives webhooks by one framework, and says at its end what became of each.

``python -m tests.acceptance.scoreboard.rows.webhook_deliveries.site FRAMEWORK SECRET`` prints its port, serves until
SIGTERM, and prints a JSON object. The context of an event says what its guard, its function and its answer do.
"""

from __future__ import annotations

import asyncio
import atexit
import json
import logging
import signal
import socket
import sys
import threading
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from socketserver import ThreadingMixIn
from typing import Any, Final
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from frontegg_async.integrations import aiohttp_webhooks, webhooks
from frontegg_async.webhooks import DuplicateGuard, WebhookEvent, WebhookVerifier

NUMBER: Final = "x-number"
BREAK: Final = "x-break"
ASYNC: Final = "/async"
PLAIN: Final = "/plain"

_SHORT: Final = 0.05
_LATE: Final = 0.4
"""Seconds; the guard's patience is shorter."""

_WAITS: Final = {"slow": (_SHORT, 0.0), "marks first": (0.0, _SHORT), "late": (_LATE, 0.0)}
"""Seconds that a guard waits before and after its mark."""

_HANGS: Final = 30.0
_HANGS_IN_THREAD: Final = 0.5
_GRACE: Final = 0.2
"""Seconds that a server gives to what is under way when it ends."""

_Headers = Mapping[str, str | Sequence[str]]
_Send = Callable[[Any], Awaitable[None]]


class _Record(logging.Handler):
    """What was seen of each event, by its key."""

    def __init__(self) -> None:
        super().__init__()
        self.entered: list[str] = []
        self.handled: list[str] = []
        self.lines: list[str] = []
        self.bodies: list[tuple[str, bytes]] = []

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        self.lines.append(f"{record.getMessage()} {error}")


_record: Final = _Record()


class _Verifier(WebhookVerifier):
    def verify(self, headers: _Headers) -> None:
        super().verify(headers)
        _record.entered.append(str(headers[NUMBER]))


class _Guard(DuplicateGuard):
    """A guard in whose place another process may be: it waits, fails, or marks before it answers."""

    def plan(self, headers: _Headers, body: bytes | str) -> tuple[str, float, float]:
        """Return what it does with an event, and how many seconds it waits before and after its mark."""
        name = json.loads(body)["eventContext"]["guard"]
        _record.bodies.append((str(headers[NUMBER]), body if isinstance(body, bytes) else body.encode()))
        before, after = {"slow": (_SHORT, 0.0), "marks first": (0.0, _SHORT), "late": (_LATE, 0.0)}.get(
            name, (0.0, 0.0)
        )
        return name, before, after


class _AsyncGuard:
    def __init__(self, seen: _Guard) -> None:
        self._seen = seen

    async def is_duplicate(self, headers: _Headers, body: bytes) -> bool:
        name, before, after = self._seen.plan(headers, body)
        if name == "down":
            raise ConnectionError
        await asyncio.sleep(before)
        found = self._seen.is_duplicate(headers, body)
        await asyncio.sleep(after)
        return found

    async def forget(self, headers: _Headers, body: bytes) -> None:
        await asyncio.sleep(_SHORT / 5)
        self._seen.forget(headers, body)


class _BlockingGuard(_Guard):
    def is_duplicate(self, headers: _Headers, body: bytes | str) -> bool:
        _, before, after = self.plan(headers, body)
        time.sleep(before)
        found = super().is_duplicate(headers, body)
        time.sleep(after)
        return found


def _handle(event: WebhookEvent) -> None:
    plan = event.context["function"]
    if plan == "fails":
        raise KeyError(event.event_key)
    if plan == "exits":
        sys.exit(event.event_key)
    time.sleep({"slow": _SHORT, "hangs": _HANGS_IN_THREAD}.get(str(plan), 0.0))
    _record.handled.append(event.event_key)


async def _handle_async(event: WebhookEvent) -> None:
    plan = event.context["function"]
    await asyncio.sleep({"slow": _SHORT, "hangs": _HANGS}.get(str(plan), 0.0))
    _handle(event) if plan in {"fails", "exits"} else _record.handled.append(event.event_key)


def _report(guard: _Guard, header: str) -> None:
    headers = {"x-webhook-secret": header}
    remembered = [key for key, body in _record.bodies if DuplicateGuard.is_duplicate(guard, headers, body)]
    found = {
        "entered": _record.entered,
        "handled": _record.handled,
        "lines": _record.lines,
        "remembered": remembered,
    }
    sys.stdout.write(json.dumps(found))


def _breaking(app: Any) -> Any:
    """Return an ASGI app whose answers cannot be sent where the request says so."""

    async def call(scope: Any, receive: Any, send: _Send) -> None:
        headers = {name: value.decode() for name, value in scope.get("headers", ())}
        breaks = headers.get(BREAK.encode()) == "yes"

        async def fail(message: Any) -> None:
            if breaks:
                raise OSError
            await send(message)

        await app(scope, receive, fail)

    return call


def _serve_aiohttp(listener: socket.socket, verifier: WebhookVerifier, guard: _Guard) -> None:
    from aiohttp import web

    from frontegg_async.integrations.aiohttp import add_webhooks

    async def fail(request: web.Request, _: web.StreamResponse) -> None:
        if request.headers.get(BREAK) == "yes":
            raise OSError

    app = web.Application()
    add_webhooks(app, verifier, _handle_async, path=ASYNC, guard=_AsyncGuard(guard))
    add_webhooks(app, verifier, _handle, path=PLAIN, guard=_AsyncGuard(guard))
    app.on_response_prepare.append(fail)
    web.run_app(app, sock=listener, handler_cancellation=True, shutdown_timeout=_GRACE, print=None)


def _serve_asgi(app: Any, listener: socket.socket) -> None:
    import uvicorn

    signal.signal(signal.SIGTERM, lambda *_: None)  # uvicorn raises the signal again at its end
    grace: Any = _GRACE
    config = uvicorn.Config(_breaking(app), log_config=None, timeout_graceful_shutdown=grace, lifespan="off")
    uvicorn.Server(config).run([listener])


def _serve_fastapi(listener: socket.socket, verifier: WebhookVerifier, guard: _Guard) -> None:
    from fastapi import FastAPI

    from frontegg_async.integrations.fastapi import webhook_router

    app = FastAPI()
    app.include_router(webhook_router(verifier, _handle_async, path=ASYNC, guard=_AsyncGuard(guard)))
    app.include_router(webhook_router(verifier, _handle, path=PLAIN, guard=_AsyncGuard(guard)))
    _serve_asgi(app, listener)


def _set_up_django(verifier: WebhookVerifier, guard: _Guard) -> None:
    import django
    from django.conf import settings

    settings.configure(
        ALLOWED_HOSTS=["*"], ROOT_URLCONF=__name__, MIDDLEWARE=[f"{__name__}.fail_after_views"], LOGGING_CONFIG=None
    )
    django.setup()
    from django.urls import path

    from frontegg_sync.integrations.django.webhooks import webhook_received, webhook_view

    def receive(event: WebhookEvent, **_: object) -> None:
        _handle(event)

    async def receive_async(event: WebhookEvent, **_: object) -> None:
        if event.context["function"] != "hangs":
            await _handle_async(event)

    webhook_received.connect(receive, weak=False)
    urlpatterns.extend(path(each[1:], webhook_view(verifier, guard=guard)) for each in (ASYNC, PLAIN))


urlpatterns: Final[list[object]] = []


def fail_after_views(get_response: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Fail after the view has returned, where the request says so."""

    def respond(request: Any) -> Any:
        response = get_response(request)
        if request.headers.get(BREAK) == "yes":
            raise OSError
        return response

    return respond


def _serve_django_asgi(listener: socket.socket, verifier: WebhookVerifier, guard: _Guard) -> None:
    _set_up_django(verifier, guard)
    from django.core.asgi import get_asgi_application

    _serve_asgi(get_asgi_application(), listener)


class _ThreadedServer(ThreadingMixIn, WSGIServer):
    pass


class _Silent(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Write nothing."""


def _serve_django_wsgi(listener: socket.socket, verifier: WebhookVerifier, guard: _Guard) -> None:
    _set_up_django(verifier, guard)
    from django.core.wsgi import get_wsgi_application

    server = make_server("127.0.0.1", 0, get_wsgi_application(), _ThreadedServer, _Silent)
    server.socket.close()
    server.socket = listener
    signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=server.shutdown).start())
    server.handle_error = lambda *_: None  # type: ignore[method-assign]  # errors of senders that have disconnected
    server.serve_forever()
    server.server_close()


_SERVERS: Final = {
    "aiohttp": _serve_aiohttp,
    "FastAPI": _serve_fastapi,
    "Django WSGI": _serve_django_wsgi,
    "Django ASGI": _serve_django_asgi,
}


def main(framework: str, secret: str, header: str) -> None:
    """Serve until SIGTERM."""
    logging.basicConfig(handlers=[_record], level=logging.INFO)
    setattr(webhooks, "_GUARD_PATIENCE", _SHORT * 2)  # noqa: B010 - read at run time
    setattr(aiohttp_webhooks, "_PATIENCE", _GRACE)  # noqa: B010 - likewise
    verifier = _Verifier(secret)
    guard = _BlockingGuard() if framework.startswith("Django") else _Guard()
    # Report at the exit, when all threads have ended, even threads that the garbage collection starts.
    atexit.register(_report, guard, header)
    with socket.create_server(("127.0.0.1", 0), backlog=512) as listener:
        print(listener.getsockname()[1], flush=True)
        _SERVERS[framework](listener, verifier, guard)


if __name__ == "__main__":
    main(*sys.argv[1:])
