"""Map an error of the SDK to a response for your own caller: status, headers, problem details (RFC 9457).

This module depends on no framework. The framework integrations use it. The response contains no text of the service, no
id and no setting. The response says what your caller can do. The error itself is in the log of your program. There is
one exception: for an argument that is not allowed, the response has the message of the error, so that a form can show
it beside the field.
"""

from __future__ import annotations

import http
import json
import logging
import math
from collections.abc import Mapping
from typing import Final

import attrs

from frontegg_async._values.json_values import JsonValue
from frontegg_async.errors import (
    AuthenticationError,
    ClientClosedError,
    ConflictError,
    ConnectionFailedError,
    FronteggError,
    InvalidArgumentError,
    MissingPermissionError,
    MoveError,
    NotEntitledError,
    NotFoundError,
    OffboardingError,
    OnboardingError,
    Outcome,
    OutcomeUnknownError,
    PartialFailureError,
    PermissionDeniedError,
    RateLimitError,
    RequestTimeoutError,
    ResultLostError,
    StaleEntitlementsError,
    TokenVerificationError,
    WebhookPayloadError,
    WebhookVerificationError,
)

__all__ = ["CONTENT_TYPE", "ArgumentProblem", "Problem", "log_problem", "problem_of"]

CONTENT_TYPE: Final = "application/problem+json"
"""The media type of `Problem.encode`."""

logger: Final = logging.getLogger("frontegg_async.integrations")

_SERVER_ERRORS: Final = 500
_WITH_WAIT: Final = frozenset({429, 503})
_LEAST_WAIT: Final = 1


@attrs.frozen(kw_only=True)
class ArgumentProblem:
    """An argument that is not allowed."""

    argument: str
    """The name of the argument."""
    message: str
    """A sentence that begins with the name, and says what is wrong and what is allowed."""


@attrs.frozen(kw_only=True)
class Problem:
    """A response with problem details (RFC 9457)."""

    status: int
    """The HTTP status."""
    code: str
    """The problem, as a word for programs."""
    detail: str
    """The problem, as a sentence for people."""
    challenge: str | None = None
    """The value of the header ``WWW-Authenticate``; ``None`` without this header."""
    retry_after: int | None = None
    """The whole seconds to wait before a retry; ``None`` if a retry does not help."""
    outcome: str | None = None
    """The outcome of a write, ``unknown``, ``done`` or ``not_sent``; ``None`` if the caller does not need it."""
    feature: str | None = None
    """The key of the feature that the caller may not use; ``None`` for another problem."""
    reason: str | None = None
    """The reason why the caller may not use the feature, such as ``bundle_expired``; ``None`` for another problem."""
    errors: tuple[ArgumentProblem, ...] = ()
    """The arguments that are not allowed; empty for another problem."""

    @property
    def title(self) -> str:
        """The reason phrase of the status."""
        return http.HTTPStatus(self.status).phrase

    @property
    def headers(self) -> dict[str, str]:
        """The headers of the response without ``Content-Type``: the challenge, the retry delay, and no caching."""
        found = {"Cache-Control": "no-store"}
        if self.challenge is not None:
            found["WWW-Authenticate"] = self.challenge
        if self.retry_after is not None:
            found["Retry-After"] = str(self.retry_after)
        return found

    def body(self) -> dict[str, JsonValue]:
        """Return the members of the response's body."""
        found: dict[str, JsonValue] = {
            "type": "about:blank",
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
            "code": self.code,
        }
        for name in ("outcome", "feature", "reason"):
            value: str | None = getattr(self, name)
            if value is not None:
                found[name] = value
        if self.errors:
            found["errors"] = [attrs.asdict(each) for each in self.errors]
        return found

    def encode(self) -> bytes:
        """Return the body as JSON."""
        return json.dumps(self.body()).encode()


_REFUSE: Final = 'Bearer error="invalid_token"'

_NO_TOKEN: Final = Problem(
    status=401, code="token_missing", detail="Sign in, and send the token with the request.", challenge="Bearer"
)
_EXPIRED: Final = Problem(
    status=401, code="token_expired", detail="The token has expired: get a new token.", challenge=_REFUSE
)
_BAD_TOKEN: Final = Problem(
    status=401, code="token_invalid", detail="The token is not accepted here: sign in again.", challenge=_REFUSE
)
_NOT_VERIFIED: Final = Problem(
    status=503, code="unavailable", detail="The token could not be verified at the moment: try again."
)
_LACKING: Final = Problem(
    status=403,
    code="permission_missing",
    detail="The token lacks a required permission or role.",
    challenge='Bearer error="insufficient_scope"',
)
_NOT_ENTITLED: Final = Problem(status=403, code="not_entitled", detail="The plan does not include this feature.")
_PLAN_EXPIRED: Final = attrs.evolve(_NOT_ENTITLED, detail="The plan that includes this feature has expired.")
_NOT_KNOWN: Final = Problem(
    status=503, code="unavailable", detail="It is unknown at the moment whether you may use this feature: try again."
)
_REFUSED: Final = Problem(status=403, code="forbidden", detail="You may not do this.")
_FORGED: Final = Problem(
    status=401, code="webhook_refused", detail="The header x-webhook-secret does not prove who sent the request."
)
_NO_EVENT: Final = Problem(status=400, code="webhook_malformed", detail="The body is not an event.")
_LARGE: Final = Problem(status=413, code="webhook_too_large", detail="The body is too large.")
_INCOMPLETE: Final = Problem(
    status=502,
    code="incomplete",
    detail="Only a part of the request was done: send the same request again to continue.",
)
_BY_CLASS: Final[tuple[tuple[type[FronteggError], Problem], ...]] = (
    (MissingPermissionError, _LACKING),
    (StaleEntitlementsError, _NOT_KNOWN),
    (OnboardingError, _INCOMPLETE),
    (OffboardingError, _INCOMPLETE),
    (WebhookVerificationError, _FORGED),
    (NotFoundError, Problem(status=404, code="not_found", detail="The requested object does not exist.")),
    (ConflictError, Problem(status=409, code="conflict", detail="The object exists already.")),
    (InvalidArgumentError, Problem(status=422, code="invalid", detail="A value of the request is not allowed.")),
    (RateLimitError, Problem(status=429, code="rate_limited", detail="There are too many requests: try again later.")),
    (
        ConnectionFailedError,
        Problem(
            status=503,
            code="unavailable",
            detail="A service that this request needs cannot be reached at the moment: try again.",
        ),
    ),
    (
        RequestTimeoutError,  # first: the timeout of a write is an instance of both classes
        Problem(status=504, code="timeout", detail="The request took too long."),
    ),
    (
        OutcomeUnknownError,
        Problem(
            status=502, code="outcome_unknown", detail="The change may have been made: check before you try again."
        ),
    ),
    (
        ResultLostError,
        Problem(
            status=502, code="result_lost", detail="The change was made, but its result was lost: do not try again."
        ),
    ),
    (FronteggError, Problem(status=502, code="upstream_failed", detail="A service that this request needs failed.")),
)
"""The responses by class of error. The first matching class decides."""

_BY_REASON: Final[Mapping[str | None, Problem]] = {
    "missing": _NO_TOKEN,
    "expired": _EXPIRED,
    "keys_unavailable": _NOT_VERIFIED,
    "lookup_failed": _NOT_VERIFIED,
}
_OUTCOMES: Final = frozenset({502, 503, 504})
"""The statuses of responses that report if nothing was sent."""

_TOKEN_REFUSED: Final = frozenset({0, 401})
"""The statuses of a refused token; ``0`` without a response. Another status means that fetching a token failed."""

_OF_WRITES: Final = (
    OutcomeUnknownError,
    ResultLostError,
    MoveError,
    PartialFailureError,
    ClientClosedError,
    OnboardingError,
    OffboardingError,
)
"""Errors of calls that may have changed something."""

_MAY_HAVE_ACTED: Final = frozenset({Outcome.UNKNOWN, Outcome.DONE})


def problem_of(error: FronteggError) -> Problem:
    """Return the response for your own caller when a call of the SDK failed.

    Args:
        error: The error.

    Returns:
        The status, headers and body. Only ``errors`` contains text of the error, for an argument that is not allowed.
    """
    found = _kind_of(error)
    wait = error.details.retry_after
    retry_after: int | None = None
    if wait is not None and wait > 0:
        retry_after = max(_LEAST_WAIT, math.ceil(wait))
    elif found.status in _WITH_WAIT:
        retry_after = _LEAST_WAIT
    return attrs.evolve(found, retry_after=retry_after, outcome=_shown_outcome(error, found.status))


def log_problem(error: FronteggError, problem: Problem) -> None:
    """Log an error in one line without secrets, if the response has a status of 5xx.

    Args:
        error: The error.
        problem: The response.
    """
    if problem.status >= _SERVER_ERRORS:
        logger.warning("responding with %d: %s: %s", problem.status, type(error).__name__, error)


def _shown_outcome(error: FronteggError, status: int) -> str | None:
    """Return the outcome of a call if the caller may need it; ``None`` for a read."""
    if isinstance(error, _OF_WRITES) and error.outcome in _MAY_HAVE_ACTED:
        return error.outcome.value
    if status in _OUTCOMES and error.outcome is Outcome.NOT_SENT:
        return Outcome.NOT_SENT.value
    return None


def _kind_of(error: FronteggError) -> Problem:
    if isinstance(error, TokenVerificationError):
        return _BY_REASON.get(error.reason, _BAD_TOKEN)
    if isinstance(error, WebhookPayloadError):
        return _LARGE if error.reason == "too_large" else _NO_EVENT
    if isinstance(error, NotEntitledError):
        kind = _PLAN_EXPIRED if error.reason == "bundle_expired" else _NOT_ENTITLED
        return attrs.evolve(kind, feature=error.feature, reason=error.reason)
    found = next(problem for kind, problem in _BY_CLASS if isinstance(error, kind))
    if isinstance(error, InvalidArgumentError) and error.argument is not None:
        return attrs.evolve(found, errors=(ArgumentProblem(argument=error.argument, message=error.message),))
    if error.details.of_user:
        if isinstance(error, AuthenticationError) and error.status in _TOKEN_REFUSED:
            return _BAD_TOKEN
        if isinstance(error, PermissionDeniedError):
            return _REFUSED
    return found
