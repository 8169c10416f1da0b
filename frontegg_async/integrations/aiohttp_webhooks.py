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
"""Seconds for which a server that ends waits for events that are being handled, before it cancels that."""
_UNREADABLE: Final = (OSError, web.RequestPayloadError)
_CLEANUP: Final = 1.0
"""Seconds for which it then waits for what is cancelled."""


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

    A forgery is answered with 401, a body that is no event with 400, and one that is too large with 413. An event is
    answered with 204 at once, while ``handle`` runs in a task; an app that ends waits for it 30 s, and then cancels it.
    The service does not send an event again by itself, so an error of ``handle`` is logged to
    ``frontegg_async.integrations``: send the event again by hand. With `verified_users`, name the path in ``public``.

    Args:
        app: The app, before it starts.
        verifier: Verifies that the service sent them.
        handle: Is called with each event. An ``async`` function runs in the event loop, and a plain one in a thread.
        path: The path, which the webhook has in its URL.
        guard: Tells duplicates, for which ``handle`` is not called; by default it is called for each delivery.
        max_bytes: The most bytes of a body, up to 1 GiB.

    Raises:
        ConfigurationError: A setting is not allowed; the message names it.
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

    A forgery is answered with 401, a body that is no event with 400, and one that is too large with 413. If ``decide``
    fails, or takes longer than its budget, this is logged and answered with 500 or 504: whether the service goes on
    then is a setting of the prehook (open or closed). With `verified_users`, name the path in ``public``.

    Args:
        app: The app, before it starts.
        verifier: Verifies that the service sent them.
        decide: Is called with each event, and returns what `allow` or `block` makes. An ``async`` function runs in the
            event loop, and a plain one in a thread, which goes on after its budget.
        path: The path, which the prehook has in its URL.
        budget: The seconds that ``decide`` has: less than the prehook's timeout, which is 5 s by default.
        max_bytes: The most bytes of a body, up to 1 GiB.

    Raises:
        ConfigurationError: A setting is not allowed; the message names it.
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
        # A middleware may have read the body, which the request then keeps.
        yield await request.read()


def _response(problem: Problem) -> web.Response:
    return web.Response(
        body=problem.encode(), status=problem.status, headers=problem.headers, content_type=CONTENT_TYPE
    )
