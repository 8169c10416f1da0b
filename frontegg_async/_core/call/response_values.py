"""Compute the value of a call, the error to raise, or the requested wait from a response."""

from __future__ import annotations

from types import NoneType
from typing import Final, TypeVar, cast

import attrs

from frontegg_async._core.call import failures, proofs, requested_ids
from frontegg_async._core.call.call_state import CallState
from frontegg_async._core.call.rate_limits import parse_wait
from frontegg_async._core.call.retries import classify
from frontegg_async._core.codec import large_bodies, reader, unreadable_values
from frontegg_async._core.codec.rows import Missing
from frontegg_async._core.http.attempt_results import TOO_MANY, AttemptResult, Failure, Kind, RawResponse
from frontegg_async._core.runtime.worker_threads import run_in_thread
from frontegg_async._values.ascii_case import folded
from frontegg_async.endpoints import Retry
from frontegg_async.endpoints.endpoint import TENANT_OF_CALL
from frontegg_async.errors import (
    AuthenticationError,
    BadRequestError,
    ConflictError,
    DecodeError,
    ErrorDetails,
    FronteggError,
    NotFoundError,
    Outcome,
    RequestTimeoutError,
    ResponseMismatchError,
)

T = TypeVar("T")

_UNAVAILABLE: Final = 503
_ABOUT_TOKENS: Final = frozenset({401, 403, 404})


async def read_later(call: CallState[T], response: RawResponse) -> T | FronteggError:
    """Await the call's ``turn``, then decode the response within the deadline of the call.

    A large response is decoded in a thread. A response whose decoder is not imported yet is decoded in a thread too.
    """
    if call.turn is not None:
        await call.turn
    if len(response.body) <= large_bodies.SIZE:
        value = read(call, response)
        if value is not reader.LATER:
            return value
    unreadable_values.collect_from_threads()
    try:
        async with call.until_deadline():
            return await run_in_thread(read, call, response)
    except TimeoutError:
        return _read_too_late(call)


def _read_too_late(call: CallState[T]) -> FronteggError:
    """Return the error of a call whose deadline passed while its response was being decoded."""
    details = attrs.evolve(call.details(), reason="timeout")
    if call.endpoint.retry is not Retry.SAFE:
        return failures.result_lost(
            call.endpoint, details, ", because the deadline passed while the response was being decoded"
        )
    message = (
        f"{call.endpoint.name}: the deadline of {call.options.deadline:g} s passed while the response was being decoded"
    )
    return RequestTimeoutError(message, attrs.evolve(details, outcome=Outcome.UNKNOWN))


def read(call: CallState[T], response: RawResponse) -> T | FronteggError:
    """Return the value of a successful response. Return an error for an unreadable response or another object."""
    value = call.reader.decode(response.body)
    endpoint = call.endpoint
    if isinstance(value, DecodeError):
        return value
    if isinstance(value, Missing):
        if endpoint.method == "GET":
            return failures.error_of_missing(endpoint, call.request, response, call.details())
        return DecodeError("the response is empty", ErrorDetails(reason="decode", paths=("$: expected object",)))
    if endpoint.retry is not Retry.SAFE and response.body and _is_doubtful(call, value, response):
        return DecodeError(
            "the response is not what was expected", ErrorDetails(reason="decode", paths=("$: expected the result",))
        )
    for name, expected in call.echoed:
        found = getattr(_first(value), name, None)
        if found is not None and found != expected and not _is_echo(found, expected):
            return _mismatch(call, response, "thing")
    subject = endpoint._subject  # noqa: SLF001 - of our own operations  # pyright: ignore[reportPrivateUsage]
    if subject is None:
        return value
    asked = call.asked
    if not asked and subject == TENANT_OF_CALL and call.tokens is not None and call.tokens.tenant_id:
        # The token of a user may name the tenant.
        asked = (call.tokens.tenant_id,)
    named = endpoint._subject_field  # noqa: SLF001 - of our own operations  # pyright: ignore[reportPrivateUsage]
    if asked and getattr(value, named, None) not in asked and not _is_about(value, named, asked):
        kind = (
            endpoint.name.rpartition(".")[2].removeprefix("get_").replace("_", " ")
            if named == "id"
            else named.removesuffix("_id")
        )
        return _mismatch(call, response, kind)
    return value


def _is_doubtful(call: CallState[T], value: object, response: RawResponse) -> bool:
    """Return whether the response to a write needs a check, because its type accepts any JSON."""
    endpoint = call.endpoint
    if endpoint.returns is object:
        return not proofs.shows_action(endpoint, call.request, response)
    if endpoint.returns is NoneType:
        return True
    if any(getattr(_first(value), name, None) == "" for name in proofs.id_fields(endpoint)):
        return True
    named = endpoint._subject_field  # noqa: SLF001 - of our own operations  # pyright: ignore[reportPrivateUsage]
    if call.asked and getattr(value, named, None) in call.asked:
        return False
    if proofs.has_nothing_known(value):
        return True
    unknown: object = getattr(value, "extra", None)
    return bool(unknown) and proofs.names_another(endpoint, call.request, unknown)


def _mismatch(call: CallState[T], response: RawResponse, kind: str) -> ResponseMismatchError:
    return ResponseMismatchError(
        f"{call.endpoint.name}: the response is about another {kind} than the one asked for",
        attrs.evolve(call.details(), reason="mismatch", outcome=Outcome.UNKNOWN, trace_id=response.trace_id),
    )


def _first(value: object) -> object:
    """Return the created object. The service may return a single object in an array."""
    return cast("tuple[object, ...]", value)[0] if value and isinstance(value, tuple) else value


def _is_echo(found: object, expected: str) -> bool:
    """Return whether a text equals the sent text."""
    texts = [each.strip().rstrip("/") for each in (found, expected) if isinstance(each, str)]
    return len(texts) == 2 and len(set(map(folded, texts))) == 1  # noqa: PLR2004 - both are texts


def _is_about(value: object, name: str, asked: tuple[str, ...]) -> bool:
    """Return whether a decoded object, or each item of a decoded array, has one of the requested ids."""
    if isinstance(value, tuple):
        return all(_is_about(item, name, asked) for item in cast("tuple[object, ...]", value))
    found: object = getattr(value, name, None)
    return found is None or found in asked


def error_of(call: CallState[T], result: AttemptResult, error: FronteggError | None) -> FronteggError:
    """Return the error to raise for the last attempt."""
    details = call.details()
    if error is not None:
        details = attrs.evolve(details, reason=error.details.reason, paths=error.details.paths)
        if call.endpoint.retry is not Retry.SAFE:
            return failures.unknown_outcome(call.endpoint, error.details.reason or "decode", details)
        message = f"{call.endpoint.name}: {error.message}"
        return DecodeError(message, attrs.evolve(details, outcome=Outcome.UNKNOWN))
    if isinstance(result, Failure):
        return failures.error_of_failure(call.endpoint, result, details, limit=_limit_of(call, result))
    if 300 <= result.status < 400:  # noqa: PLR2004 - redirects
        return failures.error_of_redirect(call.endpoint, result, details)
    details = attrs.evolve(details, retry_after=requested_wait(call, result))
    if call.may_have_acted and classify(result) in (Kind.UNPROCESSED, Kind.UNAUTHENTICATED):
        return failures.unknown_outcome(call.endpoint, result.reason, details)
    refusal = failures.error_of_response(call.endpoint, result, details)
    message = refusal.message
    if isinstance(refusal, AuthenticationError):
        message = f"{message}, by {call.context.base_url.place}"
    if call.tokens is not None and isinstance(refusal, NotFoundError | ConflictError):
        is_new = isinstance(refusal, ConflictError)
        named = requested_ids.describe(call.endpoint, call.request, is_new=is_new)
        message = f"{message},{named}" if named else message
    elif isinstance(refusal, BadRequestError):
        named = requested_ids.describe_refused(call.endpoint, call.request, message)
        message = f"{message},{named}" if named else message
    if call.tokens is not None and result.status in _ABOUT_TOKENS and (hint := call.tokens.hint()):
        message = f"{message}; {hint}"
    return refusal if message is refusal.message else type(refusal)(message, refusal.details)


def _limit_of(call: CallState[T], failure: Failure) -> str:
    """Return the name of the time limit that was exceeded during an attempt, or an empty text."""
    if failure.seconds is None:
        return ""
    if failure.reason != "timeout":
        return "the limit for a connection"
    timeout = call.options.timeout
    if timeout is not None and failure.seconds >= timeout:
        return "the option timeout"
    return "" if call.options.deadline is None else f"then the deadline of {call.options.deadline:g} s passed"


def details_of_acknowledged(
    call: CallState[T], result: AttemptResult, unreadable: FronteggError | None
) -> ErrorDetails:
    """Return the details of a write whose 2xx response has no readable result."""
    details = attrs.evolve(call.details(), outcome=Outcome.DONE)
    if unreadable is not None:
        return attrs.evolve(details, reason="decode", paths=unreadable.details.paths)
    return attrs.evolve(details, reason=result.reason)


def requested_wait(call: CallState[T], response: RawResponse) -> float | None:
    """Return the seconds that a response requests to wait.

    A 429 always requests a wait. A 503 requests a wait if it has ``Retry-After``.
    """
    if response.status == TOO_MANY or (response.status == _UNAVAILABLE and "Retry-After" in response.headers):
        return parse_wait(response.headers, call.context.clocks.wall())
    return None
