"""FastAPI: a router that receives webhooks, and one that answers prehooks."""

# Without postponed annotations: FastAPI reads annotations at run time.
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
    """204, and then the server waits until the event is handled, as for a background task.

    Args:
        answered: Is set when the answer is sent, or cannot be sent.
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

    A forgery is answered with 401, a body that is no event with 400, and one that is too large with 413. An event is
    answered with 204 at once; then ``handle`` is called, in a task that the request does not cancel. The service does
    not send an event again by itself, so an error of ``handle`` is logged to ``frontegg_async.integrations``: send the
    event again by hand.

    Args:
        verifier: Verifies that the service sent them.
        handle: Is called with each event. An ``async`` function runs in the event loop, and a plain one in a thread.
        path: The path, which the webhook has in its URL.
        guard: Tells duplicates, for which ``handle`` is not called; by default it is called for each delivery.
        max_bytes: The most bytes of a body, up to 1 GiB.

    Raises:
        ConfigurationError: A setting is not allowed; the message names it.
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
            # A middleware may keep the answer from being sent.
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

    A forgery is answered with 401, a body that is no event with 400, and one that is too large with 413. If ``decide``
    fails, or takes longer than its budget, this is logged and answered with 500 or 504: whether the service goes on
    then is a setting of the prehook (open or closed).

    Args:
        verifier: Verifies that the service sent them.
        decide: Is called with each event, and returns what `allow` or `block` makes. An ``async`` function runs in the
            event loop, and a plain one in a thread, which goes on after its budget.
        path: The path, which the prehook has in its URL.
        budget: The seconds that ``decide`` has: less than the prehook's timeout, which is 5 s by default.
        max_bytes: The most bytes of a body, up to 1 GiB.

    Raises:
        ConfigurationError: A setting is not allowed; the message names it.
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
