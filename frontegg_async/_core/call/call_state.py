"""The state of a logical call: its arguments and its progress."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Final, Generic, TypeVar

import msgspec

from frontegg_async._core.call import log
from frontegg_async._core.call.context import CallContext, TokenSource
from frontegg_async._core.call.retries import classify
from frontegg_async._core.codec.reader import ResponseReader
from frontegg_async._core.http.attempt_results import OK, AttemptResult, Kind, RawResponse
from frontegg_async._core.http.transport import Request
from frontegg_async._values.secret import HiddenFields
from frontegg_async.endpoints import Auth, Endpoint, Retry
from frontegg_async.errors import ClientClosedError, ErrorDetails, Outcome
from frontegg_async.options import ResolvedOptions

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)

FOREVER: Final = float("inf")

_KNOWN_WHEN_CLOSED: Final = {Kind.AMBIGUOUS: Outcome.UNKNOWN, Kind.ACKNOWLEDGED: Outcome.DONE}

_TOKEN_ACCEPTED: Final = frozenset({*range(200, 300), 400, 403, 404, 409, 422})
"""Statuses that show that the service accepted the token."""


class Recovered(msgspec.Struct, Generic[T], frozen=True):
    """The value of a call that did not come from its last response, but for example from a later read."""

    value: T


Reconcile = Callable[[ResolvedOptions, bool], Awaitable[Recovered[T] | None]]
"""A function that reads the outcome of a write. Its first argument is the options of the reads.

The second argument is whether the service acknowledged the write. If the service did, a field that is missing from the
read does not contradict the write. The function returns the result of the write, or ``None`` if the read does not show
the result. The function raises `ConflictError` if the service has another object in place of the result.
"""


class CallState(HiddenFields, Generic[T_co], eq=False):
    """The state of one logical call. The class is a msgspec struct, because structs are created fastest.

    Args:
        context: The context that all calls share.
        tokens: The source of tokens. ``None`` if the operation takes no token.
        endpoint: The operation.
        reader: Decodes the responses.
        request: The request of each attempt.
        asked: The ids that the response may contain as the id of its object. An empty tuple allows any id.
        options: The options of the call.
        reconcile: Reads the outcome of the write. The function is called after an unknown outcome of an operation with
            `Retry.RECONCILE`, and after a 2xx response to any write whose body cannot be decoded.
        is_free: Whether failures are not charged to the retry budget.
        started: The time at which the call began, on the monotonic clock.
        deadline: The time at which the call must have ended, on the monotonic clock.
        echoed: Names of attributes with the values that the response must have, for example an id in the path.
        attempts: The number of attempts made so far.
        ambiguous: The number of attempts on which the service may have acted.
        reauthenticated: Whether a refused token was replaced.
        response: The last response.
        turn: An awaitable that ends when the body may be decoded. Until then the call stores only the bytes, which take
            less memory. ``None`` to decode at once.
        is_observed: Whether the call has observers or shared rate limits.
    """

    context: CallContext
    tokens: TokenSource | None
    endpoint: Endpoint[T_co]
    reader: ResponseReader[T_co]
    request: Request
    asked: tuple[str, ...]
    options: ResolvedOptions
    reconcile: Reconcile[T_co] | None
    is_free: bool
    started: float
    deadline: float
    echoed: tuple[tuple[str, str], ...] = ()
    attempts: int = 0
    ambiguous: int = 0
    reauthenticated: bool = False
    response: RawResponse | None = None
    turn: Awaitable[None] | None = None
    is_observed: bool = False

    def __repr__(self) -> str:
        return f"Call({self.endpoint.name})"

    def record_attempt(self, result: AttemptResult, begun: float) -> Kind | None:
        """Record the result of an attempt. Return its kind of failure, or ``None`` for a success."""
        self.attempts += 1
        if log.logger.isEnabledFor(logging.DEBUG):
            log.log_attempt(self.endpoint, result, self.attempts, self.context.clocks.monotonic() - begun)
        if isinstance(result, RawResponse):
            self.response = result
            if self.tokens is not None and self.tokens.is_unproven and result.status in _TOKEN_ACCEPTED:
                self.tokens.prove()
            if result.status == OK:
                return None
        elif self.context.sessions.is_closed:
            known = _KNOWN_WHEN_CLOSED.get(result.kind, Outcome.NOT_SENT)
            raise ClientClosedError("the client was closed during the call", ErrorDetails(outcome=known))
        elif result.head is not None:
            self.response = result.head
        return classify(result)

    def mark_ambiguous(self) -> None:
        """Record that the service may have acted on the last attempt."""
        self.ambiguous += 1

    def mark_reauthenticated(self) -> None:
        """Record that a refused token is replaced. A call replaces at most one token."""
        self.reauthenticated = True

    @property
    def may_have_acted(self) -> bool:
        """Whether the call is a write and an earlier attempt has an unknown outcome."""
        return bool(self.ambiguous) and self.endpoint.retry is not Retry.SAFE

    def elapsed(self) -> float:
        """Return the seconds since the call began."""
        return self.context.clocks.monotonic() - self.started

    def time_left(self) -> float:
        """Return the seconds until the deadline.

        The number is infinite without a deadline, and negative after the deadline.
        """
        return self.deadline - self.context.clocks.monotonic()

    def until_deadline(self) -> asyncio.Timeout:
        """Return a context manager that raises `TimeoutError` when the deadline passes."""
        left = self.time_left()
        return asyncio.timeout(None if left == FOREVER else max(left, 0.0))

    def details(self) -> ErrorDetails:
        """Return the details for an error of this call."""
        return ErrorDetails(
            endpoint=self.endpoint.name,
            attempts=self.attempts,
            elapsed=self.elapsed(),
            trace_id=self.response.trace_id if self.response is not None else None,
            outcome=Outcome.UNKNOWN if self.ambiguous else None,
            of_user=self.context.auth is Auth.USER,
        )
