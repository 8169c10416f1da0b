"""FastAPI: a router that receives webhooks, and a router that answers prehooks."""

# No postponed annotations here: FastAPI reads annotations at run time.
import asyncio
from datetime import timedelta
from typing import Final

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from starlette.requests import ClientDisconnect
from starlette.types import Receive, Scope, Send

from frontegg_async.errors import FronteggError
from frontegg_async.integrations.problems import CONTENT_TYPE, Problem, problem_of
from frontegg_async.integrations.webhooks import BUDGET, PrehookFunction, Receiver, WebhookFunction
from frontegg_async.webhooks.duplicates import WebhookGuard
from frontegg_async.webhooks.events import MAX_BYTES
from frontegg_async.webhooks.verifier import WebhookVerifier

_NO_CONTENT: Final = 204


class _Acknowledgement(Response):
    """A response with 204. After it is sent, the server waits for the handler, as for a background task.

    Args:
        answered: Set after the response was sent, or failed.
        handling: The task that handles the event.
    """

    def __init__(self, answered: asyncio.Event, handling: asyncio.Task[None]) -> None:
        super().__init__(status_code=_NO_CONTENT)
        self._answered = answered
        self._handling = handling

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._answered.set()
        await asyncio.wait((self._handling,))


def webhook_router(
    verifier: WebhookVerifier,
    handle: WebhookFunction,
    *,
    path: str = "/webhooks/frontegg",
    guard: WebhookGuard | None = None,
    max_bytes: int = MAX_BYTES,
) -> APIRouter:
    """Return a router that receives webhooks, for ``app.include_router``.

    The response is 401 for a forged request, 400 for a body that is not an event, and 413 for a body that is too large.
    For an event, the response is 204 at once. Then ``handle`` runs in a task that the end of the request does not
    cancel. The service does not send an event again by itself. An error of ``handle`` is logged to
    ``frontegg_async.integrations``, so that you can send the event again by hand.

    Args:
        verifier: Verifies that the service sent the webhooks.
        handle: Handles an event. An ``async`` function runs in the event loop, and a plain function in a thread.
        path: The path in the URL of the webhook.
        guard: Recognizes duplicates, so that ``handle`` skips them. By default, ``handle`` receives each delivery.
        max_bytes: The maximum number of bytes in a body, up to 1 GiB.

    Raises:
        ConfigurationError: A setting is not allowed. The message names the setting.
    """
    receiver = Receiver(
        verifier, handle, argument="handle", guard=guard, max_bytes=max_bytes, unreadable=(ClientDisconnect,)
    )
    router = APIRouter()

    @router.post(path, status_code=_NO_CONTENT, include_in_schema=False)
    async def receive(request: Request) -> Response:
        try:
            delivery = await receiver.receive(request.headers, request.stream())
        except FronteggError as error:
            return _response(problem_of(error))
        answered = asyncio.Event()
        handling = receiver.hand_over(delivery, answered)
        request_task = asyncio.current_task()
        if request_task is not None:
            # A middleware may prevent the response.
            request_task.add_done_callback(lambda _: answered.set())
        return _Acknowledgement(answered, handling)

    return router


def prehook_router(
    verifier: WebhookVerifier,
    decide: PrehookFunction,
    *,
    path: str = "/prehooks/frontegg",
    budget: float | timedelta = BUDGET,
    max_bytes: int = MAX_BYTES,
) -> APIRouter:
    """Return a router that answers prehooks, for ``app.include_router``.

    The response is 401 for a forged request, 400 for a body that is not an event, and 413 for a body that is too large.
    If ``decide`` fails, the response is 500. If ``decide`` takes longer than its budget, the response is 504. Both are
    logged. In both cases, a setting of the prehook (open or closed) decides whether the service continues.

    Args:
        verifier: Verifies that the service sent the requests.
        decide: Receives an event, and returns the result of `allow` or `block`. An ``async`` function runs in the event
            loop. A plain function runs in a thread, which continues after the budget has ended.
        path: The path in the URL of the prehook.
        budget: The time for ``decide``, in seconds. Use less than the prehook's timeout, which is 5 s by default.
        max_bytes: The maximum number of bytes in a body, up to 1 GiB.

    Raises:
        ConfigurationError: A setting is not allowed. The message names the setting.
    """
    receiver = Receiver(
        verifier, decide, argument="decide", max_bytes=max_bytes, budget=budget, unreadable=(ClientDisconnect,)
    )
    router = APIRouter()

    @router.post(path, include_in_schema=False)
    async def receive(request: Request) -> Response:
        try:
            delivery = await receiver.receive(request.headers, request.stream())
        except FronteggError as error:
            return _response(problem_of(error))
        verdict = await receiver.decide(delivery)
        return _response(verdict) if isinstance(verdict, Problem) else JSONResponse(verdict.to_dict())

    return router


def _response(problem: Problem) -> Response:
    return Response(problem.encode(), problem.status, problem.headers, media_type=CONTENT_TYPE)
