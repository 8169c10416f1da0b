"""Webhooks and prehooks: views for ``urlpatterns``, and signals about the events that arrive.

These signals report the events of the service. The signals of the same names in ``frontegg_sync.integrations.django``
report the changes by clients of this process.
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
"""Seconds that a stopping process waits for events whose responses were not closed."""

_Guard: TypeAlias = DuplicateGuard | CacheDuplicateGuard

webhook_received: Final[Signal] = hook_signal()
"""An event with any key arrived. Receivers get ``sender`` (`WebhookEvent`) and ``event``."""

tenant_created: Final[Signal] = hook_signal()
"""``frontegg.tenant.created`` arrived. Receivers get the same arguments as for `webhook_received`."""

tenant_updated: Final[Signal] = hook_signal()
"""``frontegg.tenant.updated`` arrived. Receivers get the same arguments as for `webhook_received`."""

tenant_deleted: Final[Signal] = hook_signal()
"""``frontegg.tenant.deleted`` arrived. Receivers get the same arguments as for `webhook_received`."""

user_created: Final[Signal] = hook_signal()
"""``frontegg.user.created`` arrived. Receivers get the same arguments as for `webhook_received`."""

user_signed_up: Final[Signal] = hook_signal()
"""``frontegg.user.signedUp`` arrived. Receivers get the same arguments as for `webhook_received`."""

user_activated: Final[Signal] = hook_signal()
"""``frontegg.user.activated`` arrived. Receivers get the same arguments as for `webhook_received`."""

user_updated: Final[Signal] = hook_signal()
"""``frontegg.user.updated`` arrived. Receivers get the same arguments as for `webhook_received`."""

user_deleted: Final[Signal] = hook_signal()
"""``frontegg.user.deleted`` arrived. Receivers get the same arguments as for `webhook_received`."""

user_invited: Final[Signal] = hook_signal()
"""``frontegg.user.invitedToTenant`` arrived. Receivers get the same arguments as for `webhook_received`."""

user_removed: Final[Signal] = hook_signal()
"""``frontegg.user.removedFromTenant`` arrived. Receivers get the same arguments as for `webhook_received`."""

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
    """A response with 204. The signals are sent when the server closes the response, after it sent the bytes.

    A response is never closed if a middleware fails, or if its request is cancelled. Under ASGI, Django cancels a
    request when the sender disconnects. In these cases, a thread sends the signals after the response is
    garbage-collected.
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

    The response is 401 for a forged request, 400 for a body that is not an event, and 413 for a body that is too large.
    For an event, the response is 204. Then the signals are sent, `webhook_received` first, in the worker that served
    the request, or in a thread if the request is cancelled. The service does not send an event again by itself. An
    error of a receiver is logged to ``django.dispatch``, so that you can send the event again by hand.

    Args:
        verifier: Verifies that the service sent the webhooks.
        guard: Recognizes duplicates, in one process or by a cache of all processes. Duplicates send no signals. By
            default, signals are sent for each delivery.
        max_bytes: The maximum number of bytes in a body, up to 1 GiB.

    Raises:
        ConfigurationError: A setting is not allowed. The message names the setting.
    """
    if guard is not None and (not isinstance(guard, _Guard) or inspect.iscoroutinefunction(guard.is_duplicate)):
        # An async guard returns a coroutine, which is true: no event would be handled.
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

    The response is 401 for a forged request, 400 for a body that is not an event, and 413 for a body that is too large.
    If ``decide`` fails, the error is logged, and the response is 500. ``decide`` is never interrupted: the service
    waits for the prehook's timeout, which is 5 s by default. A setting of the prehook (open or closed) decides whether
    the service continues without a verdict.

    Args:
        verifier: Verifies that the service sent the requests.
        decide: Receives an event, and returns the result of `allow` or `block`. It may be ``async``.
        max_bytes: The maximum number of bytes in a body, up to 1 GiB.

    Raises:
        ConfigurationError: A setting is not allowed. The message names the setting.
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
        # Avoid `request.body`: its limit is a setting for all views.
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
    """Send the signals of an event, unless the guard recognizes a duplicate."""
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
    """The threads that handle events of unclosed responses, and the queue of these events.

    The garbage collector may add an event while its thread holds any lock. So no method here takes a lock.
    """

    def __init__(self) -> None:
        self.renew()

    def renew(self) -> None:
        """Start over in a forked child, which does not have the threads."""
        self._waiting: SimpleQueue[tuple[ReceivedDelivery, _Guard | None]] = SimpleQueue()
        self._permits: SimpleQueue[None] = SimpleQueue()
        for _ in range(_MOST_THREADS):
            self._permits.put(None)

    def start(self, delivery: ReceivedDelivery, guard: _Guard | None) -> None:
        """Send the signals of an event in a thread, as soon as a thread is free."""
        # At the exit of the interpreter, the main thread has ended.
        if threading.main_thread().is_alive() and self._waiting.qsize() < _MOST_WAITING:
            self._waiting.put((delivery, guard))
            self._start_thread()
        else:
            _log_loss(delivery.event)

    def _start_thread(self) -> None:
        """Start a thread for the waiting events, unless the maximum number of threads already runs."""
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
                if not waiting.empty():  # an event arrived at the last moment, or a receiver has ended this thread
                    self._start_thread()

        try:
            _thread.start_new_thread(work, ())
        except RuntimeError:  # the system cannot start a thread
            permits.put(None)
            if permits.qsize() == _MOST_THREADS:  # no thread will handle the events
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
    """Yield the waiting events until the queue is empty."""
    with contextlib.suppress(Empty):
        while True:
            yield waiting.get_nowait()


def _log_loss(event: WebhookEvent) -> None:
    logger.error("the webhook %s is not handled: its request was cancelled, and no thread is free", name_of(event))


_hand_overs: Final = _HandOvers()
call_after_fork(_hand_overs.renew)
atexit.register(_hand_overs.wait)
