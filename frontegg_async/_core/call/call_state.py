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
    """The value of a call whose last attempt did not return it, for example because a read recovered it."""

    value: T


Reconcile = Callable[[ResolvedOptions, bool], Awaitable[Recovered[T] | None]]
"""A function that reads the outcome of a write, with the options of the reads.

The second argument is whether the service acknowledged the write: then a field that the read lacks does not contradict
it. The function returns the result of the write, or ``None`` if the service does not show it. It raises `ConflictError`
if the service shows another object in its place.
"""


class CallState(HiddenFields, Generic[T_co], eq=False):
    """The state of one logical call. A msgspec struct, because these are created fastest.

    Args:
        context: The context that all calls share.
        tokens: The source of its tokens; ``None`` if the operation takes none.
        endpoint: The operation.
        reader: Reads its responses.
        request: The request of each attempt.
        asked: The ids that the response may be about; empty for any id.
        options: The options of the call.
        reconcile: Reads the outcome of the write. An operation with `Retry.RECONCILE` needs it after an unknown
            outcome, and any write after a 2xx response whose body cannot be read.
        is_free: Whether its failures are not charged to the retry budget.
        started: The time at which it began, on the monotonic clock.
        deadline: The time at which it must have ended, on the monotonic clock.
        echoed: Attributes with values that the response must not contradict, for example an id in the path.
        attempts: The attempts made so far.
        ambiguous: The attempts that may have acted.
        reauthenticated: Whether a refused token was replaced.
        response: The last response.
        turn: Awaited before the body is decoded, if given. Bytes take less memory than the decoded objects.
        is_observed: Whether observers see it or shared rate limits apply to it.
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
        """Record the result of an attempt; return its kind of failure, or ``None`` for a success."""
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
        """Record that the last attempt may have acted."""
        self.ambiguous += 1

    def mark_reauthenticated(self) -> None:
        """Record that a refused token is replaced. This happens at most once in a call."""
        self.reauthenticated = True

    @property
    def may_have_acted(self) -> bool:
        """Whether this is a write, and an earlier attempt has an unknown outcome."""
        return bool(self.ambiguous) and self.endpoint.retry is not Retry.SAFE

    def elapsed(self) -> float:
        """Return the seconds since the call began."""
        return self.context.clocks.monotonic() - self.started

    def time_left(self) -> float:
        """Return the seconds until the deadline: infinite without one, negative after it."""
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
