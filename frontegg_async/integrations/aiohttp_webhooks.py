"""aiohttp servers: routes that receive webhooks and answer prehooks."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Final

from aiohttp import web

from frontegg_async.errors import FronteggError
from frontegg_async.integrations.problems import CONTENT_TYPE, Problem, problem_of
from frontegg_async.integrations.webhooks import BUDGET, PrehookFunction, Receiver, WebhookFunction
from frontegg_async.webhooks.duplicates import WebhookGuard
from frontegg_async.webhooks.events import MAX_BYTES
from frontegg_async.webhooks.verifier import WebhookVerifier

_PATIENCE: Final = 30.0
"""Seconds that a stopping server waits for the handlers of events before it cancels them."""
_UNREADABLE: Final = (OSError, web.RequestPayloadError)
_CLEANUP: Final = 1.0
"""Seconds that a stopping server waits for cancelled handlers."""


def add_webhooks(
    app: web.Application,
    verifier: WebhookVerifier,
    handle: WebhookFunction,
    *,
    path: str = "/webhooks/frontegg",
    guard: WebhookGuard | None = None,
    max_bytes: int = MAX_BYTES,
) -> None:
    """Add a route to an app that receives webhooks.

    The response is 401 for a forged request, 400 for a body that is not an event, and 413 for a body that is too large.
    For an event, the response is 204 at once, and ``handle`` runs in a task. A stopping app waits 30 s for the task,
    and then cancels the task. The service does not send an event again by itself. An error of ``handle`` is logged to
    ``frontegg_async.integrations``, so that you can send the event again by hand. With `verified_users`, name the path
    in ``public``.

    Args:
        app: The app, before it starts.
        verifier: Verifies that the service sent the webhooks.
        handle: Handles an event. An ``async`` function runs in the event loop, and a plain function in a thread.
        path: The path in the URL of the webhook.
        guard: Recognizes duplicates, so that ``handle`` skips them. By default, ``handle`` receives each delivery.
        max_bytes: The maximum number of bytes in a body, up to 1 GiB.

    Raises:
        ConfigurationError: A setting is not allowed. The message names the setting.
    """
    receiver = Receiver(verifier, handle, argument="handle", guard=guard, max_bytes=max_bytes, unreadable=_UNREADABLE)

    async def receive(request: web.Request) -> web.Response:
        try:
            delivery = await receiver.receive(request.headers, _body_of(request))
        except FronteggError as error:
            return _response(problem_of(error))
        receiver.hand_over(delivery)
        return web.Response(status=204)

    async def wait(_: web.Application) -> None:
        if receiver.tasks:
            _done, late = await asyncio.wait(receiver.tasks, timeout=_PATIENCE)
            for task in late:
                task.cancel()
            if late:
                await asyncio.wait(late, timeout=_CLEANUP)

    app.router.add_post(path, receive)
    app.on_shutdown.append(wait)


def add_prehooks(
    app: web.Application,
    verifier: WebhookVerifier,
    decide: PrehookFunction,
    *,
    path: str = "/prehooks/frontegg",
    budget: float | timedelta = BUDGET,
    max_bytes: int = MAX_BYTES,
) -> None:
    """Add a route to an app that answers prehooks.

    The response is 401 for a forged request, 400 for a body that is not an event, and 413 for a body that is too large.
    If ``decide`` fails, the response is 500. If ``decide`` takes longer than its budget, the response is 504. Both are
    logged. In both cases, a setting of the prehook (open or closed) decides whether the service continues. With
    `verified_users`, name the path in ``public``.

    Args:
        app: The app, before it starts.
        verifier: Verifies that the service sent the requests.
        decide: Receives an event, and returns the result of `allow` or `block`. An ``async`` function runs in the event
            loop. A plain function runs in a thread, which continues after the budget has ended.
        path: The path in the URL of the prehook.
        budget: The time for ``decide``, in seconds. Use less than the prehook's timeout, which is 5 s by default.
        max_bytes: The maximum number of bytes in a body, up to 1 GiB.

    Raises:
        ConfigurationError: A setting is not allowed. The message names the setting.
    """
    receiver = Receiver(verifier, decide, argument="decide", max_bytes=max_bytes, budget=budget, unreadable=_UNREADABLE)

    async def receive(request: web.Request) -> web.Response:
        try:
            delivery = await receiver.receive(request.headers, _body_of(request))
        except FronteggError as error:
            return _response(problem_of(error))
        verdict = await receiver.decide(delivery)
        return _response(verdict) if isinstance(verdict, Problem) else web.json_response(verdict.to_dict())

    app.router.add_post(path, receive)


async def _body_of(request: web.Request) -> AsyncIterator[bytes]:
    if request.can_read_body:
        async for chunk in request.content.iter_any():
            yield chunk
    else:
        # A middleware may have read the body already. Then the request has kept it.
        yield await request.read()


def _response(problem: Problem) -> web.Response:
    return web.Response(
        body=problem.encode(), status=problem.status, headers=problem.headers, content_type=CONTENT_TYPE
    )
