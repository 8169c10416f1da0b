"""aiohttp servers: a handler that receives webhooks, and one that answers prehooks."""

from __future__ import annotations

import contextlib
from collections.abc import Awaitable, Callable
from typing import Final, TypeAlias

from aiohttp import web

from frontegg_async.errors import FronteggError
from frontegg_async.integrations.problems import CONTENT_TYPE, Problem, problem_of
from frontegg_async.integrations.webhooks import BUDGET, PrehookFunction, Receiver, WebhookFunction, WebhookGuard
from frontegg_async.webhooks.events import MAX_BYTES
from frontegg_async.webhooks.verifier import WebhookVerifier

Handler: TypeAlias = Callable[[web.Request], Awaitable[web.StreamResponse]]
"""A handler of requests."""

_NO_CONTENT: Final = 204


def webhook_handler(
    verifier: WebhookVerifier,
    handle: WebhookFunction,
    *,
    guard: WebhookGuard | None = None,
    max_bytes: int = MAX_BYTES,
) -> Handler:
    """Return a handler that receives webhooks, for ``app.router.add_post``.

    A forgery is answered with 401, a body that is no event with 400, and one that is too large with 413. An event is
    answered with 204 at once; then ``handle`` is called, and a server that ends waits for it, as for any handler. The
    service does not send an event again by itself, so an error of ``handle`` is logged to
    ``frontegg_async.integrations``: send the event again by hand. With `verified_users`, name the path in ``public``.

    Args:
        verifier: Verifies that the service sent them.
        handle: Is called with each event. An ``async`` function runs in the event loop, and a plain one in a thread.
        guard: Tells duplicates, for which ``handle`` is not called; by default it is called for each delivery.
        max_bytes: The most bytes of a body, up to 1 GiB.

    Raises:
        ConfigurationError: A setting is not allowed; the message names it.
    """
    receiver = Receiver(verifier, handle, guard=guard, max_bytes=max_bytes)

    async def receive(request: web.Request) -> web.StreamResponse:
        try:
            delivery = await receiver.receive(request.headers, request.content.iter_any())
        except FronteggError as error:
            return _response(problem_of(error))
        is_new = await receiver.is_new(delivery)
        response = web.Response(status=_NO_CONTENT)
        # The connection serves no other request until the handler returns.
        response.force_close()
        with contextlib.suppress(ConnectionError):  # the event was received all the same
            await response.prepare(request)
            await response.write_eof()
        if is_new:
            await receiver.handle(delivery)
        return response

    return receive


def prehook_handler(
    verifier: WebhookVerifier,
    decide: PrehookFunction,
    *,
    budget: float = BUDGET,
    max_bytes: int = MAX_BYTES,
) -> Handler:
    """Return a handler that answers prehooks, for ``app.router.add_post``.

    A forgery is answered with 401, a body that is no event with 400, and one that is too large with 413. If ``decide``
    fails, or takes longer than its budget, this is logged and answered with 500 or 504: whether the service goes on
    then is a setting of the prehook (open or closed). With `verified_users`, name the path in ``public``.

    Args:
        verifier: Verifies that the service sent them.
        decide: Is called with each event, and returns what `allow` or `block` makes. An ``async`` function runs in the
            event loop, and a plain one in a thread, which goes on after its budget.
        budget: The seconds that ``decide`` has: less than the prehook's timeout, which is 5 s by default.
        max_bytes: The most bytes of a body, up to 1 GiB.

    Raises:
        ConfigurationError: A setting is not allowed; the message names it.
    """
    receiver = Receiver(verifier, decide, max_bytes=max_bytes, budget=budget)

    async def receive(request: web.Request) -> web.StreamResponse:
        try:
            delivery = await receiver.receive(request.headers, request.content.iter_any())
        except FronteggError as error:
            return _response(problem_of(error))
        verdict = await receiver.decide(delivery)
        return _response(verdict) if isinstance(verdict, Problem) else web.json_response(verdict.to_dict())

    return receive


def _response(problem: Problem) -> web.Response:
    return web.Response(
        body=problem.encode(), status=problem.status, headers=problem.headers, content_type=CONTENT_TYPE
    )
