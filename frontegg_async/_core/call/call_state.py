"""The state of a logical call: what it was asked for, and how far it has come."""

from __future__ import annotations

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
from frontegg_async._values.hidden_fields import HiddenFields
from frontegg_async.endpoints import Auth, Endpoint, Retry
from frontegg_async.errors import ClientClosedError, ErrorDetails, Outcome
from frontegg_async.options import ResolvedOptions

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)

FOREVER: Final = float("inf")


_KNOWN_WHEN_CLOSED: Final = {Kind.AMBIGUOUS: Outcome.UNKNOWN, Kind.ACKNOWLEDGED: Outcome.DONE}

_TOKEN_TAKEN: Final = frozenset({*range(200, 300), 400, 403, 404, 409, 422})
"""The statuses of responses that the service gives to those whose token it took."""


class Recovered(msgspec.Struct, Generic[T], frozen=True):
    """The value of a call that ended in another way than by a success of its last attempt."""

    value: T


Reconcile = Callable[[ResolvedOptions, bool], Awaitable[Recovered[T] | None]]
"""Reads what became of a write, with the options of the reads.

It is told whether the service acknowledged the write: a field that the read lacks contradicts nothing then. It returns
the result of the write, or ``None`` if the service does not show it, and raises `ConflictError` if the service shows
something else in its place.
"""


class CallState(HiddenFields, Generic[T_co], eq=False):
    """What is known of one logical call while it is under way. A struct of msgspec's is made fastest.

    Args:
        context: What all calls share.
        tokens: Where its tokens come from, unless the operation takes none.
        endpoint: The operation.
        reader: Reads its responses.
        request: What is sent.
        asked: The ids that the response may be about; none if it may be about any.
        options: How it is made.
        reconcile: Reads what became of it, if that can be read. An operation with `Retry.RECONCILE` needs it after an
            unknown outcome, and any write after a 2xx whose body cannot be read.
        is_free: Whether the budget of retries is not charged for its failures.
        started: When it began, on the monotonic clock.
        deadline: When it must have ended.
        echoed: Attributes that the response must have, if it has them, each with its value: ids that the path names.
        attempts: The attempts that were made.
        ambiguous: How many of them may have acted.
        reauthenticated: Whether a refused token was replaced.
        response: The last response.
        turn: What is awaited before a response is read, if anything: bytes take less room than what is read of them.
        is_observed: Whether others have a say in when it is sent, or watch it.
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
        """Take down how an attempt ended, and return what that means for another one, or ``None`` for success."""
        self.attempts += 1
        if log.logger.isEnabledFor(logging.DEBUG):
            log.log_attempt(self.endpoint, result, self.attempts, self.context.clocks.monotonic() - begun)
        if isinstance(result, RawResponse):
            self.response = result
            if self.tokens is not None and self.tokens.is_unproven and result.status in _TOKEN_TAKEN:
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
        """Take down that the last attempt may have acted."""
        self.ambiguous += 1

    def mark_reauthenticated(self) -> None:
        """Take down that a refused token is being replaced, which is done once."""
        self.reauthenticated = True

    @property
    def may_have_acted(self) -> bool:
        """Whether this is a write and an earlier attempt of it had no response."""
        return bool(self.ambiguous) and self.endpoint.retry is not Retry.SAFE

    def elapsed(self) -> float:
        """Return the seconds since it began."""
        return self.context.clocks.monotonic() - self.started

    def details(self) -> ErrorDetails:
        """Return what its errors tell of it."""
        return ErrorDetails(
            endpoint=self.endpoint.name,
            attempts=self.attempts,
            elapsed=self.elapsed(),
            trace_id=self.response.trace_id if self.response is not None else None,
            outcome=Outcome.UNKNOWN if self.ambiguous else None,
            of_user=self.context.auth is Auth.USER,
        )
