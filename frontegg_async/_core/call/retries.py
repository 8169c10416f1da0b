"""Pure functions of the retry policy: classify a result, decide about a retry, and compute the backoff."""

from __future__ import annotations

import enum
from collections.abc import Callable
from typing import Final

import msgspec

from frontegg_async._core.http.attempt_results import AttemptResult, Failure, Kind
from frontegg_async.endpoints import Retry

MAX_SERVER_WAIT: Final = 120.0
"""The longest wait, in seconds, before a retry. If the service requests a longer wait, the call fails at once."""

_BASE_WAIT: Final = 0.5
_MAX_WAIT: Final = 8.0

_BY_STATUS: Final = {
    401: Kind.UNAUTHENTICATED,
    408: Kind.AMBIGUOUS,
    425: Kind.UNPROCESSED,
    429: Kind.UNPROCESSED,
}


def classify(result: AttemptResult) -> Kind | None:
    """Return the kind of failure of a result, or ``None`` for a success."""
    if isinstance(result, Failure):
        return result.kind
    if 200 <= result.status < 300:  # noqa: PLR2004 - the statuses of success
        return None
    if result.status < 200 or result.status >= 500:  # noqa: PLR2004 - no final response, or a server error
        return Kind.AMBIGUOUS
    return _BY_STATUS.get(result.status, Kind.DEFINITE)


class Action(enum.Enum):
    """The possible actions after a failed attempt."""

    RAISE = "raise"
    RESEND = "resend"
    REAUTHENTICATE = "reauthenticate"
    RECONCILE = "reconcile"


class Decision(msgspec.Struct, frozen=True):
    """The decision after a failed attempt.

    Args:
        action: The action.
        wait: The seconds to wait before the action.
        may_resend: Whether the write may be sent again if a read does not show its result.
    """

    action: Action
    wait: float = 0.0
    may_resend: bool = True


_RAISE: Final = Decision(Action.RAISE)
_NEVER_AGAIN: Final = frozenset({Kind.ACKNOWLEDGED, Kind.UNPROVEN, Kind.DEFINITE, Kind.UNTRUSTED})


class RetryState(msgspec.Struct, kw_only=True, frozen=True):
    """The state of a call that determines the decision about a retry.

    Args:
        retry: The retries that the operation allows after an unknown outcome.
        kind: The kind of failure of the last attempt.
        attempts: The number of attempts made so far, at least 1.
        max_retries: The number of attempts allowed after the first.
        reauthenticated: Whether the call has already replaced a refused token.
        server_wait: The seconds that the service requested to wait, or ``None``.
        time_left: The seconds until the deadline of the call.
        within_budget: Whether the retry budget allows another attempt.
    """

    retry: Retry
    kind: Kind
    attempts: int
    max_retries: float
    reauthenticated: bool = False
    server_wait: float | None = None
    time_left: float = float("inf")
    within_budget: bool = True


def decide(state: RetryState, rng: Callable[[], float]) -> Decision:
    """Decide what to do after a failed attempt.

    Args:
        state: The state of the call.
        rng: Returns a random number from 0 to 1.
    """
    kind = state.kind
    if kind in _NEVER_AGAIN:
        return _RAISE
    if kind is Kind.UNAUTHENTICATED:
        return _RAISE if state.reauthenticated else Decision(Action.REAUTHENTICATE)
    may_resend = state.attempts <= state.max_retries and state.within_budget
    # A read of the outcome is not a retry of the write. So the outcome is read once more when the retries are used up.
    reconciles = kind is Kind.AMBIGUOUS and state.retry is Retry.RECONCILE and state.max_retries > 0
    if not reconciles and (not may_resend or (kind is Kind.AMBIGUOUS and state.retry is Retry.NEVER)):
        return _RAISE
    wait = state.server_wait
    if wait is None:
        wait = backoff(state.attempts, rng)
        if reconciles:
            # Keep half of the remaining time for the read of the outcome.
            wait = min(wait, state.time_left / 2)
    if wait > MAX_SERVER_WAIT or wait >= state.time_left:
        return _RAISE
    return Decision(Action.RECONCILE, wait, may_resend) if reconciles else Decision(Action.RESEND, wait)


def backoff(attempts: int, rng: Callable[[], float]) -> float:
    """Return the seconds to wait after a number of attempts, by exponential backoff with full jitter."""
    return rng() * min(_MAX_WAIT, _BASE_WAIT * 2.0 ** min(attempts - 1, 10))
