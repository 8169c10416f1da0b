"""Receive webhooks and prehooks in a web framework, and call the user's function for each.

It depends on no framework; the framework integrations use it.
"""

from __future__ import annotations

import asyncio
import inspect
import math
from collections.abc import AsyncIterable, Awaitable, Callable, Mapping, Sequence
from typing import Final, TypeAlias, cast

import attrs

from frontegg_async._core.checks.arguments import check_count
from frontegg_async._values.kinds import kind_of, shown
from frontegg_async.errors import ConfigurationError, InvalidArgumentError
from frontegg_async.integrations.problems import Problem, logger
from frontegg_async.webhooks.duplicates import WebhookGuard
from frontegg_async.webhooks.events import MOST_BYTES, WebhookEvent, parse_event, too_large, unreadable
from frontegg_async.webhooks.prehooks import PrehookVerdict
from frontegg_async.webhooks.verifier import WebhookVerifier

_Headers: TypeAlias = Mapping[str, str | Sequence[str]]
"""The headers of a request."""

WebhookFunction: TypeAlias = Callable[[WebhookEvent], object]
"""A function that handles events. An ``async`` one runs in the event loop, and a plain one in a thread."""

PrehookFunction: TypeAlias = Callable[[WebhookEvent], PrehookVerdict | Awaitable[PrehookVerdict]]
"""A function that answers a prehook. An ``async`` one runs in the event loop, and a plain one in a thread."""

BUDGET: Final = 4.0
"""The seconds for an answer to a prehook by default: the service waits for five, with the way of the answer."""

_SHOWN: Final = 100
_FAILED: Final = Problem(status=500, code="prehook_failed", detail="There is no answer to the prehook.")
_LATE: Final = Problem(status=504, code="timeout", detail="The answer to the prehook takes too long.")


@attrs.frozen(kw_only=True, eq=False)
class Delivery:
    """An event that was received, with the request that it came in."""

    event: WebhookEvent
    headers: _Headers = attrs.field(repr=False)
    body: bytes = attrs.field(repr=False)


class Receiver:
    """Receives webhooks or prehooks and calls a function for each.

    Args:
        verifier: Verifies that the service sent them.
        function: The function of the user.
        argument: The name of the argument that has it, for messages.
        guard: Tells duplicates; ``None`` if each delivery is handled.
        max_bytes: The most bytes of a body.
        budget: The seconds that the function has to answer a prehook.
        unreadable: What the framework raises where a body cannot be read to its end.

    Raises:
        ConfigurationError: A setting is not allowed; the message names it.
    """

    def __init__(
        self,
        verifier: WebhookVerifier,
        function: Callable[[WebhookEvent], object],
        *,
        argument: str,
        guard: WebhookGuard | None = None,
        max_bytes: int,
        budget: float = BUDGET,
        unreadable: tuple[type[Exception], ...] = (),
    ) -> None:
        if not isinstance(verifier, WebhookVerifier):
            raise ConfigurationError(f"verifier must be a WebhookVerifier, not {kind_of(verifier)}")
        if not callable(function):
            raise ConfigurationError(f"{argument} must be a function that takes an event, not {kind_of(function)}")
        if guard is not None and not isinstance(guard, WebhookGuard):
            raise ConfigurationError(f"guard must be a DuplicateGuard, or have its methods, not {kind_of(guard)}")
        if isinstance(budget, bool) or not isinstance(budget, int | float) or not 0 < budget < math.inf:
            raise ConfigurationError(f"budget must be a positive number of seconds, not {shown(budget)}")
        self.verify: Callable[[_Headers], None] = verifier.verify
        self._function = function
        self._guard = guard
        self._budget = budget
        self._unreadable = unreadable
        self.max_bytes: int = check_max_bytes(max_bytes)

    async def receive(self, headers: _Headers, chunks: AsyncIterable[bytes]) -> Delivery:
        """Verify a request, and read its body after that.

        Args:
            headers: The headers of the request.
            chunks: The body of the request.

        Raises:
            WebhookVerificationError: The service did not send it.
            WebhookPayloadError: It is not an event, or too large, or cannot be read to its end.
        """
        self.verify(headers)
        body = bytearray()
        try:
            async for chunk in chunks:
                body += chunk
                if len(body) > self.max_bytes:
                    raise too_large(self.max_bytes)
        except self._unreadable:
            raise unreadable() from None
        return self.parse(headers, bytes(body))

    def parse(self, headers: _Headers, body: bytes) -> Delivery:
        """Return the delivery of a request that is verified.

        Raises:
            WebhookPayloadError: It is not an event, or too large.
        """
        return Delivery(event=parse_event(body, max_bytes=self.max_bytes), headers=headers, body=body)

    async def is_new(self, delivery: Delivery) -> bool:
        """Return whether a delivery has to be handled."""
        guard = self._guard
        return guard is None or not await _settled(guard.is_duplicate(delivery.headers, delivery.body))

    async def handle(self, delivery: Delivery) -> None:
        """Call the function; the service has its answer, so an error is logged."""
        try:
            await self._call(delivery.event)
        except (Exception, asyncio.CancelledError) as error:
            if _ends_the_task(error):
                logger.warning("the webhook %s was being handled when its server ended", name_of(delivery.event))
                raise
            log_failure(delivery.event)
            if self._guard is not None:
                await _settled(self._guard.forget(delivery.headers, delivery.body))

    async def decide(self, delivery: Delivery) -> PrehookVerdict | Problem:
        """Return what the function answers within its budget, or the response that says that there is no answer."""
        budget = asyncio.timeout(self._budget)
        try:
            async with budget:
                return check_verdict(await self._call(delivery.event))
        except (Exception, asyncio.CancelledError) as error:
            if _ends_the_task(error):
                raise
            if budget.expired():
                logger.warning(
                    "the function for prehooks took more than %g s for %s", self._budget, name_of(delivery.event)
                )
                return _LATE
            return log_undecided(delivery.event)

    async def _call(self, event: WebhookEvent) -> object:
        function = self._function
        call: object = getattr(function, "__call__", None)  # noqa: B004 - of an object
        if inspect.iscoroutinefunction(function) or inspect.iscoroutinefunction(call):
            return await cast("Awaitable[object]", function(event))
        return await _settled(await asyncio.to_thread(function, event))


def _ends_the_task(error: BaseException) -> bool:
    """Return whether the server cancels the task; a cancellation may also be of what the function awaits."""
    task = asyncio.current_task()
    return isinstance(error, asyncio.CancelledError) and task is not None and task.cancelling() > 0


async def _settled(value: object) -> object:
    return await cast("Awaitable[object]", value) if inspect.isawaitable(value) else value


def check_max_bytes(value: int) -> int:
    """Return the most bytes of a body.

    Raises:
        ConfigurationError: It is out of range.
    """
    try:
        check_count(value, "max_bytes", least=1, most=MOST_BYTES)
    except InvalidArgumentError as error:
        message = error.message
    else:
        return value
    raise ConfigurationError(message)


def check_verdict(value: object) -> PrehookVerdict:
    """Return the answer to a prehook.

    Raises:
        TypeError: It is something else.
    """
    if not isinstance(value, PrehookVerdict):
        raise TypeError(f"the function for prehooks must return allow() or block(...), not {kind_of(value)}")
    return value


def name_of(event: WebhookEvent) -> str:
    """Return what the log calls an event."""
    return ascii(event.event_key[:_SHOWN])


def log_undecided(event: WebhookEvent) -> Problem:
    """Log in an ``except`` block that a prehook was not answered, and return the response that says so."""
    logger.exception("the function for prehooks failed for %s", name_of(event))
    return _FAILED


def log_failure(event: WebhookEvent) -> None:
    """Log in an ``except`` block that an event was not handled."""
    logger.exception(
        "the function for webhooks failed for %s: the service has its answer, and sends it again only by hand",
        name_of(event),
    )
