"""Webhooks and prehooks: views for ``urlpatterns``, and signals about the events that arrive.

These signals tell what the service reports. Those of the same names in ``frontegg_sync.integrations.django`` tell what
clients of this process have changed.
"""

from __future__ import annotations

import _thread
import atexit
import contextlib
import inspect
import threading
import time
import weakref
from collections.abc import Awaitable, Callable, Iterator
from queue import Empty, SimpleQueue
from typing import Final, TypeAlias, cast

from asgiref.sync import async_to_sync
from django.db import connections
from django.dispatch import Signal
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from frontegg_async._core.runtime.forks import call_after_fork
from frontegg_async._values.kinds import kind_of
from frontegg_async.errors import ConfigurationError, FronteggError
from frontegg_async.integrations.problems import logger
from frontegg_async.integrations.webhooks import (
    PrehookFunction,
    ReceivedDelivery,
    Receiver,
    check_verdict,
    cut_off,
    is_of_the_server,
    log_end,
    log_failure,
    log_undecided,
    log_unforgotten,
    log_unrecognized,
    name_of,
)
from frontegg_async.webhooks import DuplicateGuard, PrehookVerdict, WebhookEvent, WebhookVerifier
from frontegg_async.webhooks.events import MAX_BYTES
from frontegg_sync.integrations.django.duplicates import CacheDuplicateGuard
from frontegg_sync.integrations.django.hook_signals import hook_signal
from frontegg_sync.integrations.django.responses import problem_response, response_of

__all__ = [
    "CacheDuplicateGuard",
    "HookView",
    "PrehookFunction",
    "prehook_view",
    "tenant_created",
    "tenant_deleted",
    "tenant_updated",
    "user_activated",
    "user_created",
    "user_deleted",
    "user_invited",
    "user_removed",
    "user_signed_up",
    "user_updated",
    "webhook_received",
    "webhook_view",
]

HookView: TypeAlias = Callable[[HttpRequest], HttpResponse]
"""A view."""

_MOST_THREADS: Final = 16
_MOST_WAITING: Final = 1_000
_PATIENCE: Final = 30.0
"""Seconds for which a process that ends waits for events whose responses nobody closed."""

_Guard: TypeAlias = DuplicateGuard | CacheDuplicateGuard

webhook_received: Final[Signal] = hook_signal()
"""An event arrived, of any key. Receivers get ``sender`` (`WebhookEvent`) and ``event``."""

tenant_created: Final[Signal] = hook_signal()
"""``frontegg.tenant.created`` arrived. Receivers get the same."""

tenant_updated: Final[Signal] = hook_signal()
"""``frontegg.tenant.updated`` arrived. Receivers get the same."""

tenant_deleted: Final[Signal] = hook_signal()
"""``frontegg.tenant.deleted`` arrived. Receivers get the same."""

user_created: Final[Signal] = hook_signal()
"""``frontegg.user.created`` arrived. Receivers get the same."""

user_signed_up: Final[Signal] = hook_signal()
"""``frontegg.user.signedUp`` arrived. Receivers get the same."""

user_activated: Final[Signal] = hook_signal()
"""``frontegg.user.activated`` arrived. Receivers get the same."""

user_updated: Final[Signal] = hook_signal()
"""``frontegg.user.updated`` arrived. Receivers get the same."""

user_deleted: Final[Signal] = hook_signal()
"""``frontegg.user.deleted`` arrived. Receivers get the same."""

user_invited: Final[Signal] = hook_signal()
"""``frontegg.user.invitedToTenant`` arrived. Receivers get the same."""

user_removed: Final[Signal] = hook_signal()
"""``frontegg.user.removedFromTenant`` arrived. Receivers get the same."""

_BY_KEY: Final = {
    "frontegg.tenant.created": tenant_created,
    "frontegg.tenant.updated": tenant_updated,
    "frontegg.tenant.deleted": tenant_deleted,
    "frontegg.user.created": user_created,
    "frontegg.user.signedUp": user_signed_up,
    "frontegg.user.activated": user_activated,
    "frontegg.user.updated": user_updated,
    "frontegg.user.deleted": user_deleted,
    "frontegg.user.invitedToTenant": user_invited,
    "frontegg.user.removedFromTenant": user_removed,
}


class _Acknowledgement(HttpResponse):
    """204, after which the signals are sent: the server closes a response when its bytes are on their way.

    Nobody closes a response if its request is cancelled, as Django does under ASGI when the sender hangs up, or if a
    middleware fails. Then the signals are sent in a thread, after the response is garbage-collected.
    """

    def __init__(self, delivery: ReceivedDelivery, guard: _Guard | None) -> None:
        super().__init__(status=204)
        self._delivery = delivery
        self._guard = guard
        self._finalizer = weakref.finalize(self, _hand_overs.start, delivery, guard)

    def close(self) -> None:
        """Send the signals, once, before Django ends the request with its database connections."""
        try:
            if self._finalizer.detach() is not None:
                _announce(self._delivery, self._guard)
        finally:
            super().close()


def webhook_view(
    verifier: WebhookVerifier,
    *,
    guard: DuplicateGuard | CacheDuplicateGuard | None = None,
    max_bytes: int = MAX_BYTES,
) -> HookView:
    """Return a view that receives webhooks, for ``urlpatterns``.

    A forgery is answered with 401, a body that is no event with 400, and one that is too large with 413. An event is
    answered with 204; then the signals are sent, `webhook_received` first, in the worker that served the request, or in
    a thread if the request is cancelled. The service does not send an event again by itself. An error of a receiver is
    logged to ``django.dispatch``: send the event again by hand.

    Args:
        verifier: Verifies that the service sent them.
        guard: Tells duplicates, for which no signal is sent: of one process, or by a cache of all processes. By default
            signals are sent for each delivery.
        max_bytes: The most bytes of a body, up to 1 GiB.

    Raises:
        ConfigurationError: A setting is not allowed; the message names it.
    """
    if guard is not None and (not isinstance(guard, _Guard) or inspect.iscoroutinefunction(guard.is_duplicate)):
        # What an async one returns would be taken for yes: no event would be handled.
        raise ConfigurationError(f"guard must be a DuplicateGuard or a CacheDuplicateGuard, not {kind_of(guard)}")
    receiver = Receiver(verifier, _signal_of, argument="handle", max_bytes=max_bytes)

    def receive(request: HttpRequest) -> HttpResponse:
        try:
            delivery = _received(receiver, request)
        except FronteggError as error:
            return problem_response(error)
        return _Acknowledgement(delivery, guard)

    return csrf_exempt(require_POST(receive))


def prehook_view(verifier: WebhookVerifier, decide: PrehookFunction, *, max_bytes: int = MAX_BYTES) -> HookView:
    """Return a view that answers prehooks, for ``urlpatterns``.

    A forgery is answered with 401, a body that is no event with 400, and one that is too large with 413. If ``decide``
    fails, this is logged and answered with 500. Nothing interrupts it: the service waits for the prehook's timeout,
    which is 5 s by default. Whether the service goes on without an answer is a setting of the prehook (open or closed).

    Args:
        verifier: Verifies that the service sent them.
        decide: Is called with each event, and returns what `allow` or `block` makes; it may be ``async``.
        max_bytes: The most bytes of a body, up to 1 GiB.

    Raises:
        ConfigurationError: A setting is not allowed; the message names it.
    """
    receiver = Receiver(verifier, decide, argument="decide", max_bytes=max_bytes)

    def answer(request: HttpRequest) -> HttpResponse:
        try:
            delivery = _received(receiver, request)
        except FronteggError as error:
            return problem_response(error)
        try:
            verdict = _decided(decide, delivery.event)
        except BaseException as error:
            if is_of_the_server(error):
                raise
            return response_of(log_undecided(delivery.event))
        return JsonResponse(verdict.to_dict())

    return csrf_exempt(require_POST(answer))


def _received(receiver: Receiver, request: HttpRequest) -> ReceivedDelivery:
    receiver.verify(request.headers)
    try:
        # Not `request.body`, whose limit is a setting for all views.
        body = request.read(receiver.max_bytes + 1)
    except OSError:
        raise cut_off() from None
    return receiver.parse(request.headers, body)


def _decided(decide: PrehookFunction, event: WebhookEvent) -> PrehookVerdict:
    found = decide(event)

    async def wait() -> object:
        return await cast("Awaitable[object]", found)

    return check_verdict(async_to_sync(wait)() if inspect.isawaitable(found) else found)


def _signal_of(event: WebhookEvent) -> Signal | None:
    return _BY_KEY.get(event.event_key)


def _announce(delivery: ReceivedDelivery, guard: _Guard | None) -> None:
    """Send the signals of an event, unless the guard knows it."""
    if guard is not None and _is_duplicate(guard, delivery):
        return
    is_handled = False
    try:
        signals = filter(None, (webhook_received, _signal_of(delivery.event)))
        results = [result for each in signals for _, result in each.send_robust(WebhookEvent, event=delivery.event)]
        is_handled = not any(isinstance(result, Exception) for result in results)
    except BaseException as error:
        if is_of_the_server(error):
            log_end(delivery.event)
            raise
        log_failure(delivery.event)
    finally:
        if guard is not None and not is_handled:
            _forget(guard, delivery)


def _is_duplicate(guard: _Guard, delivery: ReceivedDelivery) -> bool:
    try:
        return bool(guard.is_duplicate(delivery.headers, delivery.body))
    except BaseException as error:
        if is_of_the_server(error):
            log_end(delivery.event)
            raise
        log_unrecognized(error)
        return False


def _forget(guard: _Guard, delivery: ReceivedDelivery) -> None:
    try:
        guard.forget(delivery.headers, delivery.body)
    except BaseException as error:
        if is_of_the_server(error):
            raise
        log_unforgotten(delivery.event, error)


class _HandOvers:
    """The threads that handle events whose responses nobody closes, and the events that wait for one.

    The garbage collector may add one while its own thread holds any lock, so nothing here takes one.
    """

    def __init__(self) -> None:
        self.renew()

    def renew(self) -> None:
        """Start anew in a forked child, which has none of the threads."""
        self._waiting: SimpleQueue[tuple[ReceivedDelivery, _Guard | None]] = SimpleQueue()
        self._permits: SimpleQueue[None] = SimpleQueue()
        for _ in range(_MOST_THREADS):
            self._permits.put(None)

    def start(self, delivery: ReceivedDelivery, guard: _Guard | None) -> None:
        """Send the signals of an event in a thread, when one is free."""
        # At the exit of the interpreter, the main thread has ended.
        if threading.main_thread().is_alive() and self._waiting.qsize() < _MOST_WAITING:
            self._waiting.put((delivery, guard))
            self._start_thread()
        else:
            _log_loss(delivery.event)

    def _start_thread(self) -> None:
        """Start a thread for the events that wait, unless all are at work."""
        waiting, permits = self._waiting, self._permits
        try:
            permits.get_nowait()
        except Empty:
            return

        def work() -> None:
            try:
                for delivery, guard in _taken_from(waiting):
                    _announce(delivery, guard)
            finally:
                connections.close_all()
                permits.put(None)
                if not waiting.empty():  # it came after the last look, or a receiver has ended this thread
                    self._start_thread()

        try:
            _thread.start_new_thread(work, ())
        except RuntimeError:  # the system has no thread left
            permits.put(None)
            if permits.qsize() == _MOST_THREADS:  # nothing will look
                for delivery, _ in _taken_from(waiting):
                    _log_loss(delivery.event)

    def wait(self) -> None:
        """Wait for the threads when the interpreter exits."""
        end = time.monotonic() + _PATIENCE
        try:
            for _ in range(_MOST_THREADS):
                self._permits.get(timeout=max(0.0, end - time.monotonic()))
        except Empty:
            logger.error("webhooks were being handled when their server ended")
        for delivery, _ in _taken_from(self._waiting):
            _log_loss(delivery.event)


def _taken_from(
    waiting: SimpleQueue[tuple[ReceivedDelivery, _Guard | None]],
) -> Iterator[tuple[ReceivedDelivery, _Guard | None]]:
    """Yield what waits, until nothing does."""
    with contextlib.suppress(Empty):
        while True:
            yield waiting.get_nowait()


def _log_loss(event: WebhookEvent) -> None:
    logger.error("the webhook %s is not handled: its request was cancelled, and no thread is free", name_of(event))


_hand_overs: Final = _HandOvers()
call_after_fork(_hand_overs.renew)
atexit.register(_hand_overs.wait)
