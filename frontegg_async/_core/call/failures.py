"""Return the error to raise for an error response or a failed request."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, cast
from urllib.parse import urlsplit

import attrs

from frontegg_async._core.call import requested_ids
from frontegg_async._core.codec import large_bodies
from frontegg_async._core.http.attempt_results import Failure, Kind, RawResponse
from frontegg_async._core.http.failed_attempts import on_one_line
from frontegg_async._core.http.transport import Request
from frontegg_async._values.json_values import JsonValue, parse_json
from frontegg_async.endpoints import Endpoint, Retry
from frontegg_async.errors import (
    APIError,
    AuthenticationError,
    BadRequestError,
    ConflictError,
    ConnectionFailedError,
    ErrorDetails,
    ErrorResponse,
    FronteggError,
    NotFoundError,
    Outcome,
    OutcomeUnknownError,
    PermissionDeniedError,
    ProtocolError,
    RateLimitError,
    RequestTimeoutError,
    ResultLostError,
    ServerError,
    ServerOutcomeUnknownError,
    UnexpectedRedirectError,
    WriteTimeoutError,
)
from frontegg_async.regions import BaseUrl

_BY_STATUS: Final[Mapping[int, type[APIError]]] = {
    401: AuthenticationError,
    403: PermissionDeniedError,
    404: NotFoundError,
    409: ConflictError,
    429: RateLimitError,
}
_OF_CALLS: Final = (BadRequestError, ConflictError, NotFoundError, PermissionDeniedError)
_SENT: Final = frozenset({Kind.AMBIGUOUS, Kind.ACKNOWLEDGED})
MAX_TEXT: Final = 1_000
_MAX_MESSAGES: Final = 20
_MAX_SHOWN: Final = 3
"""The largest number of a response's messages in the text of an error."""
_HINTS: Final = {
    "ER-00008": "name an application by the header frontegg-application-id, or make one the default",
    "ER-01008": "assign the tenant by applications.assign, or name another application by the header "
    "frontegg-application-id",
    "ER-01182": "a user must accept the invitation to its tenant first (users.resend_invitation sends it again; "
    "users.mark_verified is not enough), and the environment must let users sign in by password",
}
"""Hints on how to solve a refusal, by the error code of the service."""

_ALREADY_EXISTS: Final = "already exists"


def _parse_body(body: bytes) -> JsonValue:
    """Return the parsed JSON of an error body, or the beginning of its text."""
    if not body:
        return None
    try:
        large_bodies.check(body, large_bodies.ONE)
        return cast("JsonValue", parse_json(body))
    except (ValueError, RecursionError):
        return body[:MAX_TEXT].decode("utf-8", "replace")


def _texts(value: object) -> tuple[str, ...]:
    items = cast("list[object]", value) if isinstance(value, list) else [value]
    return tuple(item[:MAX_TEXT] for item in items[:_MAX_MESSAGES] if isinstance(item, str) and item)


def said(messages: tuple[str, ...]) -> str:
    """Return the messages of the service, without repetitions and line breaks, for the text of an error.

    Args:
        messages: The messages of the service.
    """
    different = list(dict.fromkeys(map(on_one_line, messages)))
    shown = f": {'; '.join(different[:_MAX_SHOWN])}" if different else ""
    more = len(different) - _MAX_SHOWN
    return f"{shown}; and {more} more" if more > 0 else shown


def error_of_response(endpoint: Endpoint[object], response: RawResponse, details: ErrorDetails) -> APIError:
    """Return the error for a response with an error status.

    Args:
        endpoint: The operation.
        response: The response.
        details: The details of the call.
    """
    body = _parse_body(response.body)
    envelope: Mapping[str, object] = cast("dict[str, object]", body) if isinstance(body, dict) else {}
    messages = _texts(envelope.get("errors")) or _texts(envelope.get("message")) or _texts(envelope.get("error"))
    codes = tuple(dict.fromkeys((*_texts(envelope.get("errorCode")), *_texts(envelope.get("errorCodes")))))
    kind = _BY_STATUS.get(response.status, BadRequestError)
    outcome = Outcome.REFUSED
    if response.status >= 500 or response.status in {100, 101, 102, 103, 408}:  # noqa: PLR2004 - these do not show whether the service acted
        if endpoint.retry is not Retry.SAFE:
            kind = ServerOutcomeUnknownError
        elif response.status >= 500:  # noqa: PLR2004 - 5xx
            kind = ServerError
        outcome = Outcome.UNKNOWN
    if (
        kind is BadRequestError
        and endpoint.retry is Retry.RECONCILE
        and any(_ALREADY_EXISTS in text for text in messages)
    ):
        kind = ConflictError
    text = said(messages)
    text += "".join(f"; {_HINTS[code]}" for code in codes if code in _HINTS)
    return kind(
        f"{endpoint.name} returned {response.status}{text}",
        attrs.evolve(
            details,
            outcome=details.outcome or outcome,
            reason=f"status {response.status}",
            trace_id=response.trace_id,
            code=codes[0] if codes else None,
            codes=codes,
            messages=messages,
            response=ErrorResponse(
                status=response.status,
                trace_id=response.trace_id,
                content_type=response.headers.get("Content-Type"),
                body=body,
            ),
        ),
    )


def error_of_redirect(endpoint: Endpoint[object], response: RawResponse, details: ErrorDetails) -> FronteggError:
    """Return the error for a redirect. Its message names only the host of the target."""
    try:
        host = urlsplit(response.headers.get("Location", "")).hostname
    except ValueError:
        host = None
    return UnexpectedRedirectError(
        f"{endpoint.name} returned a redirect ({response.status}) to {on_one_line(host or '') or 'the same host'}, "
        "and redirects are not followed",
        attrs.evolve(
            details, outcome=details.outcome or Outcome.REFUSED, trace_id=response.trace_id, reason="redirect"
        ),
    )


def error_of_missing(
    endpoint: Endpoint[object], request: Request, response: RawResponse, details: ErrorDetails
) -> NotFoundError:
    """Return the error for a 2xx response whose body means that the object does not exist."""
    return NotFoundError(
        f"{endpoint.name} found nothing{requested_ids.describe(endpoint, request)}",
        attrs.evolve(
            details,
            outcome=Outcome.REFUSED,
            trace_id=response.trace_id,
            response=ErrorResponse(status=response.status, trace_id=response.trace_id),
        ),
    )


def error_of_failure(
    endpoint: Endpoint[object], failure: Failure, details: ErrorDetails, *, limit: str = ""
) -> FronteggError:
    """Return the error for an attempt that failed without a complete response.

    Args:
        endpoint: The operation.
        failure: The failure of the attempt.
        details: The details of the call. Their outcome is the outcome of the earlier attempts.
        limit: The name of the time limit that was exceeded, if one was.
    """
    notes = [limit, counted(details.attempts)] if limit else [counted(details.attempts)]
    message = f"{endpoint.name}: {failure.message} ({', '.join(notes)})"
    if failure.hint:
        message = f"{message}; {failure.hint}"
    sent = failure.kind in _SENT
    # The service may have acted on an earlier attempt even if the last attempt was not sent.
    outcome = Outcome.UNKNOWN if sent else details.outcome or Outcome.NOT_SENT
    details = attrs.evolve(details, reason=failure.reason, outcome=outcome)
    if endpoint.retry is not Retry.SAFE and outcome is Outcome.UNKNOWN:
        kind = WriteTimeoutError if failure.reason == "timeout" else OutcomeUnknownError
        return kind(f"{message}; the service may have acted", details)
    if not sent:
        return ConnectionFailedError(message, details)
    if failure.reason == "timeout":
        return RequestTimeoutError(message, details)
    return ProtocolError(message, details)


def error_of_authentication(error: FronteggError, base_url: BaseUrl) -> FronteggError:
    """Return the error of a token request in a class that cannot be confused with an error of the call.

    A 404 of a token request means that the address is wrong, not that a tenant does not exist. A 403 keeps its class: a
    user who gets no token may not make the call either.

    Args:
        error: The error of the request.
        base_url: The address of the request.
    """
    is_about_user = error.details.of_user and isinstance(error, PermissionDeniedError)
    if is_about_user or not isinstance(error, _OF_CALLS):
        return error
    message = f"{error.message}, at {base_url.place}; is the address right?"
    return AuthenticationError(message, error.details)


def counted(attempts: int) -> str:
    """Return the number of attempts in words."""
    return f"{attempts} attempt{'' if attempts == 1 else 's'}"


def unknown_outcome(endpoint: Endpoint[object], reason: str, details: ErrorDetails) -> OutcomeUnknownError:
    """Return the error for a write with an unknown outcome."""
    said = ", ".join((reason, *details.paths[:1]))
    return OutcomeUnknownError(
        f"{endpoint.name}: no response shows whether the service acted ({said})",
        attrs.evolve(details, outcome=Outcome.UNKNOWN, reason=reason),
    )


def contradicted(endpoint: Endpoint[object], details: ErrorDetails) -> OutcomeUnknownError:
    """Return the error for a write with an empty 2xx response, after a read did not show the result.

    The 2xx proves nothing: a pooled connection may deliver the response to another request.

    Args:
        endpoint: The operation.
        details: The details of the call, with the reason why the response had no result.
    """
    return OutcomeUnknownError(
        f"{endpoint.name} returned a success without a result, and a later read does not show the requested change",
        attrs.evolve(details, outcome=Outcome.UNKNOWN),
    )


def result_lost(endpoint: Endpoint[object], details: ErrorDetails, why: str) -> ResultLostError:
    """Return the error for a write that succeeded but whose result is lost.

    Args:
        endpoint: The operation.
        details: The details of the call, with the reason why the response had no result.
        why: The reason why the result could not be read again.
    """
    return ResultLostError(
        f"{endpoint.name} was done, but its result is lost: the response had no readable body ({details.reason}){why}",
        attrs.evolve(details, outcome=Outcome.DONE),
    )
