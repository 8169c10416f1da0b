"""Receive webhooks and prehooks in a web framework, and call the user's function for each event.

This module depends on no framework. The framework integrations use it.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import inspect
import math
import signal
import threading
from collections.abc import AsyncIterable, Awaitable, Callable, Mapping, Sequence
from datetime import timedelta
from typing import Final, TypeAlias, cast

import attrs

from frontegg_async._core.checks.arguments import check_count
from frontegg_async._core.runtime.worker_threads import BoundedThreads
from frontegg_async._values.ascii_case import folded
from frontegg_async._values.durations import in_seconds
from frontegg_async._values.kinds import kind_of, shown
from frontegg_async.errors import ConfigurationError, InvalidArgumentError, WebhookPayloadError
from frontegg_async.integrations.problems import Problem, logger
from frontegg_async.webhooks.duplicates import WebhookGuard
from frontegg_async.webhooks.events import MOST_BYTES, WebhookEvent, parse_event, too_large, unreadable
from frontegg_async.webhooks.prehooks import PrehookVerdict
from frontegg_async.webhooks.verifier import WebhookVerifier

_Headers: TypeAlias = Mapping[str, str | Sequence[str]]
"""The headers of a request."""

WebhookFunction: TypeAlias = Callable[[WebhookEvent], object]
"""A function that handles events. An ``async`` function runs in the event loop, a plain function in a thread."""

PrehookFunction: TypeAlias = Callable[[WebhookEvent], PrehookVerdict | Awaitable[PrehookVerdict]]
"""A function that answers prehooks. An ``async`` function runs in the event loop, a plain function in a thread."""

BUDGET: Final = 4.0
"""The default time for the function of a prehook, in seconds. The service waits 5 s, including the network."""

_UNTIL_ANSWERED: Final = 5.0
"""The maximum time, in seconds, for which an event waits for its response. Then the event is handled anyway."""

_GUARD_PATIENCE: Final = 1.0
"""The maximum time, in seconds, for which an event waits for the guard. Then it is handled without the guard."""

_FORGET_PATIENCE: Final = 10.0
"""The time, in seconds, for the removal of a mark. The guard may still be setting the mark."""

_FORGET_TRIES: Final = 3
_END_PATIENCE: Final = 1.0
"""Seconds that the guard has to remove a mark while the server stops."""

_THREADS: Final = 16
_MOST_WAITING: Final = 1_000
_SHOWN: Final = 100
_FAILED: Final = Problem(status=500, code="prehook_failed", detail="There is no answer to the prehook.")
_LATE: Final = Problem(status=504, code="timeout", detail="The answer to the prehook takes too long.")


@attrs.frozen(kw_only=True, eq=False)
class ReceivedDelivery:
    """A received event with its request."""

    event: WebhookEvent
    headers: _Headers = attrs.field(repr=False)
    body: bytes = attrs.field(repr=False)


class Receiver:
    """A receiver of webhooks or prehooks that calls a function for each event.

    Args:
        verifier: Verifies that the service sent the requests.
        function: The function of the user.
        argument: The name of the argument with the function, for messages.
        guard: Recognizes duplicates; ``None`` to handle each delivery.
        max_bytes: The maximum number of bytes in a body.
        budget: The time for the answer to a prehook, in seconds.
        unreadable: The errors of the framework for a body that is cut off.

    Raises:
        ConfigurationError: A setting is not allowed. The message names the setting.
    """

    def __init__(
        self,
        verifier: WebhookVerifier,
        function: Callable[[WebhookEvent], object],
        *,
        argument: str,
        guard: WebhookGuard | None = None,
        max_bytes: int,
        budget: float | timedelta = BUDGET,
        unreadable: tuple[type[Exception], ...] = (),
    ) -> None:
        if not isinstance(verifier, WebhookVerifier):
            raise ConfigurationError(f"verifier must be a WebhookVerifier, not {kind_of(verifier)}")
        if not callable(function):
            raise ConfigurationError(f"{argument} must be a function that takes an event, not {kind_of(function)}")
        if guard is not None and not isinstance(guard, WebhookGuard):
            raise ConfigurationError(
                f"guard must be a DuplicateGuard, or an object with the same methods, not {kind_of(guard)}"
            )
        budget = in_seconds(budget, "budget", ConfigurationError)
        if isinstance(budget, bool) or not isinstance(budget, int | float) or not 0 < budget < math.inf:
            raise ConfigurationError(f"budget must be a positive number of seconds, not {shown(budget)}")
        self.verify: Callable[[_Headers], None] = verifier.verify
        self.tasks: set[asyncio.Task[None]] = set()
        self._function = function
        self._guard = guard
        self._guard_is_late = False
        self._budget = budget
        self._unreadable = unreadable
        self._threads = BoundedThreads("frontegg-hook", most=_THREADS, most_waiting=_MOST_WAITING)
        self.max_bytes: int = check_max_bytes(max_bytes)

    async def receive(self, headers: _Headers, chunks: AsyncIterable[bytes]) -> ReceivedDelivery:
        """Verify the headers of a request, and then read its body.

        Args:
            headers: The headers of the request.
            chunks: The body of the request.

        Raises:
            WebhookVerificationError: The service did not send the request.
            WebhookPayloadError: The body is not an event, is too large, or is cut off.
        """
        self.verify(headers)
        body = bytearray()
        try:
            async for chunk in chunks:
                body += chunk
                if len(body) > self.max_bytes:
                    raise too_large(self.max_bytes)
        except self._unreadable:
            raise cut_off() from None
        except asyncio.CancelledError:
            cut_off()
            raise
        return self.parse(headers, bytes(body))

    def parse(self, headers: _Headers, body: bytes) -> ReceivedDelivery:
        """Return the delivery of a verified request.

        Raises:
            WebhookPayloadError: The body is not an event, is too large, compressed, or cut off.
        """
        if len(body) <= self.max_bytes:
            _check_complete(headers, body)
        return ReceivedDelivery(event=parse_event(body, max_bytes=self.max_bytes), headers=headers, body=body)

    def hand_over(self, delivery: ReceivedDelivery, answered: asyncio.Event | None = None) -> asyncio.Task[None]:
        """Start a task that handles a delivery. The end of the request does not cancel the task.

        Args:
            delivery: The delivery.
            answered: Set after the response was sent. The function is called after this event.
        """
        task = asyncio.create_task(self._handle(delivery, answered))
        self.tasks.add(task)

        def end(ended: asyncio.Task[None]) -> None:
            self.tasks.discard(ended)
            if ended.cancelled():  # perhaps before `_handle` started
                log_end(delivery.event)

        task.add_done_callback(end)
        return task

    async def _handle(self, delivery: ReceivedDelivery, answered: asyncio.Event | None) -> None:
        """Call the function unless the guard knows the event. Log errors, since the response was sent before."""
        if answered is not None:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_UNTIL_ANSWERED):
                    await answered.wait()
        check: asyncio.Task[bool] | None = None
        if self._guard is not None:
            check = asyncio.create_task(_is_duplicate(self._guard, delivery))
        try:
            if check is None or not await self._guard_knows(check):
                await self._call(delivery.event)
        except BaseException as error:
            ends = ends_the_task(error) or is_of_the_server(error)
            if not ends:
                log_failure(delivery.event)
            if check is not None:
                await self._forget(delivery, check)
            if ends:
                raise
        finally:
            if check is not None:
                check.cancel()

    async def _guard_knows(self, check: asyncio.Task[bool]) -> bool:
        """Return whether the guard recognizes a duplicate in time."""
        if await _wait_at_most(_GUARD_PATIENCE, check):
            self._guard_is_late = False
            return _came_before(check)
        if not self._guard_is_late:
            self._guard_is_late = True
            logger.warning(
                "the guard does not answer within %g s: webhooks are handled without the guard until it answers",
                _GUARD_PATIENCE,
            )
        return False

    async def _forget(self, delivery: ReceivedDelivery, check: asyncio.Task[bool]) -> None:
        """Remove the mark of an event that was not handled, unless another delivery set the mark.

        A stopping server cancels this method, perhaps twice. It removes the mark nevertheless, and then raises the
        cancellation.
        """
        patience, cancellation = _FORGET_PATIENCE, None
        for _ in range(_FORGET_TRIES):
            try:
                async with asyncio.timeout(patience):
                    # Wait for the check: a mark that is set after the removal would stay.
                    await asyncio.wait((check,))
                    if self._guard is not None and not _came_before(check):
                        await _settled(self._guard.forget(delivery.headers, delivery.body))
                break
            except asyncio.CancelledError as error:
                check.cancel()
                patience, cancellation = _END_PATIENCE, error
            except BaseException as error:
                if is_of_the_server(error):
                    raise
                log_unforgotten(delivery.event, error)
                break
        if cancellation is not None:
            raise cancellation

    async def decide(self, delivery: ReceivedDelivery) -> PrehookVerdict | Problem:
        """Return the verdict of the function, or a problem if it fails or exceeds its budget."""
        budget = asyncio.timeout(self._budget)
        try:
            async with budget:
                return check_verdict(await self._call(delivery.event))
        except BaseException as error:
            if ends_the_task(error) or is_of_the_server(error):
                raise
            if budget.expired():
                logger.warning(
                    "the function for prehooks took more than %g s for %s%s",
                    self._budget,
                    name_of(delivery.event),
                    f"; all its {_THREADS} threads are busy" if self._threads.is_busy else "",
                )
                return _LATE
            return log_undecided(delivery.event)

    async def _call(self, event: WebhookEvent) -> object:
        function = self._function
        call: object = getattr(function, "__call__", None)  # noqa: B004 - the method itself is inspected
        if inspect.iscoroutinefunction(function) or inspect.iscoroutinefunction(call):
            return await cast("Awaitable[object]", function(event))
        return await _settled(await self._threads.run(functools.partial(function, event)))


async def _is_duplicate(guard: WebhookGuard, delivery: ReceivedDelivery) -> bool:
    try:
        return bool(await _settled(guard.is_duplicate(delivery.headers, delivery.body)))
    except BaseException as error:
        if isinstance(error, asyncio.CancelledError) or is_of_the_server(error):
            raise
        log_unrecognized(error)
        return False


def _came_before(check: asyncio.Task[bool]) -> bool:
    return check.done() and not check.cancelled() and check.result()


async def _wait_at_most(seconds: float, task: asyncio.Task[bool]) -> bool:
    """Return whether a task ends in time. The task is never cancelled, not even together with its waiter."""
    done, _ = await asyncio.wait((task,), timeout=seconds)
    return bool(done)


def ends_the_task(error: BaseException) -> bool:
    """Return whether the server cancels the current task. Otherwise the function awaited a cancelled task."""
    task = asyncio.current_task()
    return isinstance(error, asyncio.CancelledError) and task is not None and task.cancelling() > 0


def is_of_the_server(error: BaseException) -> bool:
    """Return whether an exception ends the server, instead of being raised by the user's function.

    Both the user's function and a signal handler may call ``sys.exit()`` while the function runs in its thread.
    """
    if not isinstance(error, SystemExit):
        return isinstance(error, KeyboardInterrupt | GeneratorExit)
    if threading.current_thread() is not threading.main_thread():
        return False
    handlers = {getattr(signal.getsignal(number), "__code__", None) for number in signal.valid_signals()}
    frame = error.__traceback__
    while frame is not None and frame.tb_frame.f_code not in handlers:
        frame = frame.tb_next
    return frame is not None


async def _settled(value: object) -> object:
    return await cast("Awaitable[object]", value) if inspect.isawaitable(value) else value


def cut_off() -> WebhookPayloadError:
    """Log that the body of a verified delivery was cut off, and return the error. The sender may be gone."""
    logger.warning("a webhook or a prehook was cut off before its end, so it is not handled")
    return unreadable()


_DIGITS: Final = 18
"""The maximum number of digits in the length of a body."""


def _check_complete(headers: _Headers, body: bytes) -> None:
    """Check that the length of a body equals its header.

    The service does not compress bodies. A server that decompresses a body may not notice that its end is missing.

    Raises:
        WebhookPayloadError: The body is compressed, or cut off.
    """
    coding = headers.get("content-encoding", "")
    if not isinstance(coding, str) or folded(coding) not in {"identity", ""}:
        raise unreadable()
    length = headers.get("content-length", "")
    # Python refuses to parse a number with thousands of digits.
    if isinstance(length, str) and length.isdecimal() and (len(length) > _DIGITS or len(body) < int(length)):
        raise cut_off()


def check_max_bytes(value: int) -> int:
    """Check the maximum number of bytes in a body, and return the number.

    Raises:
        ConfigurationError: The number is out of range.
    """
    try:
        check_count(value, "max_bytes", least=1, most=MOST_BYTES)
    except InvalidArgumentError as error:
        message = error.message
    else:
        return value
    raise ConfigurationError(message)


def check_verdict(value: object) -> PrehookVerdict:
    """Check the verdict of a prehook, and return it.

    Raises:
        TypeError: The value is not the result of ``allow()`` or ``block(...)``.
    """
    if not isinstance(value, PrehookVerdict):
        raise TypeError(f"the function for prehooks must return allow() or block(...), not {kind_of(value)}")
    return value


def name_of(event: WebhookEvent) -> str:
    """Return the name of an event for the log."""
    return ascii(event.event_key[:_SHOWN])


def log_undecided(event: WebhookEvent) -> Problem:
    """Log in an ``except`` block that the function of a prehook failed, and return the problem."""
    logger.exception("the function for prehooks failed for %s", name_of(event))
    return _FAILED


def log_unrecognized(error: BaseException) -> None:
    """Log that a guard failed, and that an event is handled without the guard."""
    logger.warning("duplicates of webhooks cannot be recognized: %s", type(error).__name__)


def log_unforgotten(event: WebhookEvent, error: BaseException) -> None:
    """Log that a guard could not remove the mark of an event."""
    logger.warning("the webhook %s cannot be forgotten: %s", name_of(event), type(error).__name__)


def log_end(event: WebhookEvent) -> None:
    """Log that the server stopped before an event was handled."""
    logger.warning("the webhook %s was being handled when its server ended", name_of(event))


def log_failure(event: WebhookEvent) -> None:
    """Log in an ``except`` block that an event was not handled."""
    logger.exception(
        "the function for webhooks failed for %s: the service has a response, and sends the event again only by hand",
        name_of(event),
    )
