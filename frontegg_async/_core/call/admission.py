"""Admit a call: wait for a free connection, for the rate limits, and for a token, within the deadline of the call."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import TYPE_CHECKING, Final, TypeVar

import attrs

from frontegg_async._core.call import failures
from frontegg_async._core.call.call_state import CallState
from frontegg_async._core.call.rate_limits import Gate, route_of
from frontegg_async._core.call.retries import MAX_SERVER_WAIT
from frontegg_async._core.http.attempt_results import TOO_MANY, RawResponse
from frontegg_async._core.http.failed_attempts import address_of
from frontegg_async._core.http.http_sessions import Pool
from frontegg_async._values.secret import Secret
from frontegg_async.errors import (
    ClientClosedError,
    DecodeError,
    FronteggError,
    Outcome,
    RateLimitError,
    RequestTimeoutError,
    WriteTimeoutError,
)

if TYPE_CHECKING:
    from frontegg_async._core.call.shared_rate_limits import SharedRateLimits

T = TypeVar("T")
V = TypeVar("V")

_FOR_A_TURN: Final = "for its turn in the rate limit of the fleet"

NO_TURN: Final = "turn"
"""The ``reason`` of an error: the call was not sent, because its turn in a shared rate limit comes too late."""
_MOST_TOKENS: Final = 5
"""The largest number of tokens that one attempt fetches. If all of them expire on arrival, more tokens do not help."""


async def admit(call: CallState[T]) -> tuple[Pool, Secret | None]:
    """Wait until the call may be sent. Return the pool in which the call now occupies a slot, and the token."""
    context = call.context
    fetched = 0
    if context.rates is not None:
        await _await_turn(call, context.rates)
    while True:
        pool = context.sessions.get()
        slots = pool.slots
        if not slots.take():
            await within_deadline(call, slots.wait(), "for a free connection (see max_connections)")
        if pool.is_retired:
            slots.release()
            continue
        gate = context.gates.closed(call.endpoint) if context.gates.by_route else None
        token = None if call.tokens is None else call.tokens.current()
        if gate is None and (token is not None or call.tokens is None) and not context.sessions.is_closed:
            if context.gates.by_route:
                context.gates.pass_through(call.endpoint)
            return pool, token
        slots.release()
        if gate is not None:
            await _wait_at(call, gate)
        elif call.tokens is not None and token is None:
            fetched += await within_deadline(call, call.tokens.fetch(), "for a token")
            if fetched > _MOST_TOKENS:
                raise _unsent(
                    call,
                    DecodeError(
                        f"{call.endpoint.name}: the service's tokens expire before they can be sent",
                        attrs.evolve(call.details(), outcome=Outcome.NOT_SENT, reason="token"),
                    ),
                )


async def _await_turn(call: CallState[T], rates: SharedRateLimits) -> None:
    """Wait until the rate limits that the fleet shares allow this call."""
    context = call.context
    route = route_of(call.endpoint.method, call.endpoint.path)
    while True:
        queue = rates.queue(route)
        await within_deadline(call, queue.acquire(), _FOR_A_TURN)
        try:
            most = min(call.time_left(), MAX_SERVER_WAIT)
            turn = await within_deadline(call, rates.reserve(route, most), _FOR_A_TURN)
            if not turn.is_closed and turn.seconds <= most:
                if turn.seconds:
                    await context.waits.sleep(turn.seconds)
                return
        finally:
            queue.release()
        # Another process received a 429 for this route, or the rate budget of the fleet is used up.
        await _wait_at(call, Gate(context.clocks.monotonic() + turn.seconds, RawResponse(TOO_MANY, {}, b"")))


async def within_deadline(call: CallState[T], waiting: Awaitable[V], awaited: str) -> V:
    """Await a precondition of the call. Raise an error if the deadline of the call passes first.

    Args:
        call: The call.
        waiting: The precondition to await.
        awaited: The words for the precondition in the error message.
    """
    try:
        async with call.until_deadline():
            return await waiting
    except FronteggError as error:
        # Some errors of the awaited work are subclasses of `TimeoutError`, but this deadline has not passed.
        failure: FronteggError = _unsent(call, error)
    except TimeoutError:
        failure = too_late(call, awaited)
    raise failure.fresh()


def _unsent(call: CallState[T], error: FronteggError) -> FronteggError:
    """Return the error of a call that was not sent, or not sent again, because no token is available."""
    details = error.details
    if call.may_have_acted and not isinstance(error, ClientClosedError):
        unknown = failures.unknown_outcome(call.endpoint, "token", call.details())
        unknown.add_note(f"The call was not sent again, because no token was available: {error.message}")
        return unknown
    is_of_token = details.endpoint not in {None, call.endpoint.name}
    if is_of_token:
        error = failures.error_of_authentication(error, call.context.base_url)
    # Only the outcome of the token request is unknown. The call itself was not sent.
    return error.fresh(
        attrs.evolve(details, outcome=Outcome.NOT_SENT) if details.outcome is Outcome.UNKNOWN else details,
        f"{call.endpoint.name}: no token: {error.message}" if is_of_token else None,
    )


def too_late(call: CallState[T], awaited: str = "to be sent again") -> RequestTimeoutError:
    """Return the error of a call whose deadline passed before it was sent.

    Args:
        call: The call.
        awaited: The words for what the call waited for.
    """
    details = call.details()
    kind = WriteTimeoutError if call.may_have_acted else RequestTimeoutError
    return kind(
        f"{call.endpoint.name}: the deadline of {call.options.deadline:g} s passed while the call waited {awaited}, "
        f"at {address_of(call.request.url)} ({failures.counted(details.attempts)})",
        attrs.evolve(
            details,
            outcome=details.outcome or Outcome.NOT_SENT,
            reason=NO_TURN if awaited is _FOR_A_TURN else "deadline",
        ),
    )


async def _wait_at(call: CallState[T], gate: Gate) -> None:
    wait = max(0.0, gate.opens_at - call.context.clocks.monotonic())
    left = call.time_left()
    if wait > MAX_SERVER_WAIT or wait >= left:
        details = attrs.evolve(call.details(), retry_after=wait)
        if call.may_have_acted:
            raise failures.unknown_outcome(call.endpoint, "rate limit", details)
        details = attrs.evolve(details, outcome=details.outcome or Outcome.NOT_SENT)
        error = failures.error_of_response(call.endpoint, gate.response, details)
        raise RateLimitError(
            f"{call.endpoint.name} is rate-limited for another {wait:.1f} s, which is longer than this call may wait",
            error.details,
        )
    # When the gate opens, waiting calls are not all sent at once. Delay this call randomly, within its deadline.
    spread = min(call.context.gates.draw_spread(), (left - wait) / 2)
    await call.context.waits.sleep(wait + spread)
