"""The logical call: attempts, retries, and reads of lost results."""

from __future__ import annotations

from types import NoneType
from typing import Final, TypeVar, cast

import attrs

from frontegg_async._core.call import admission, failures, log, proofs, response_values
from frontegg_async._core.call.call_state import FOREVER, CallState, Reconcile, Recovered
from frontegg_async._core.call.context import TokenSource
from frontegg_async._core.call.rate_limits import route_of
from frontegg_async._core.call.retries import Action, Decision, RetryState, decide
from frontegg_async._core.codec import large_bodies, reader, unreadable_values
from frontegg_async._core.http import transport
from frontegg_async._core.http.attempt_results import TOO_MANY, AttemptResult, Kind, RawResponse
from frontegg_async._core.http.http_sessions import Pool
from frontegg_async._core.runtime.tracebacks import shorten
from frontegg_async._values.secret import Secret
from frontegg_async.endpoints import Retry
from frontegg_async.errors import (
    ClientClosedError,
    ConflictError,
    DecodeError,
    FronteggError,
    Outcome,
    OutcomeUnknownError,
    ResponseMismatchError,
)
from frontegg_async.options import MAX_RETRIES, Options, ResolvedOptions, merge_options

T = TypeVar("T")

_NOT_FOUND: Final = 404

_MAY_BE_DONE: Final = frozenset({400, _NOT_FOUND, 409})
"""Statuses of the response to a repeated write after an earlier attempt was successful.

The service reports that the result already exists, or that the object to change no longer exists.
"""

_MORE_READS: Final = 2
"""The additional retries of a read that finds the outcome of a write. An unknown outcome costs more than a wait."""

_ANSWERED: Final = frozenset({Kind.ACKNOWLEDGED, Kind.UNPROVEN})

# A 429 is not charged to the retry budget: its gate already delays the route, and a bulk job would spend the budget at
# once.
_CHARGED: Final = frozenset({Kind.NOT_SENT, Kind.AMBIGUOUS})


class Call(CallState[T], eq=False):
    """A logical call: one or more attempts that end with a value or an error."""

    async def run(self) -> T:  # noqa: C901 - each call runs it, and another function would cost time
        """Make attempts until an attempt ends the call."""
        context, tokens = self.context, self.tokens
        closed: ClientClosedError | None = None
        try:
            while True:
                pool = context.sessions.get()
                token = None if tokens is None else tokens.current()
                if (
                    (token is None and tokens is not None)
                    or context.gates.by_route
                    or not pool.slots.free
                    or self.is_observed
                ):
                    pool, token = await self._admit()
                else:
                    pool.slots.free -= 1
                begun = context.clocks.monotonic()
                seconds = self.options.timeout
                if seconds is None or seconds > self.deadline - begun:
                    seconds = self._time_for_attempt(begun, pool)
                result = await transport.attempt(pool, self.request, token, seconds)
                kind = self.record_attempt(result, begun)
                unreadable: FronteggError | None = None
                if kind is None:
                    assert isinstance(result, RawResponse)  # noqa: S101 - only a response is a success
                    at_once = self.turn is None and len(result.body) <= large_bodies.SIZE
                    value = (
                        response_values.read(self, result)
                        if at_once
                        else await response_values.read_later(self, result)
                    )
                    if value is reader.LATER:
                        value = await response_values.read_later(self, result)
                    if not isinstance(value, FronteggError):
                        context.budget.earn()
                        if unreadable_values.pending.get() is not None:
                            unreadable_values.emit()
                        return value
                    kind, unreadable = await self._kind_of(value, pool), value
                recovered = await self._recover(kind, result, unreadable)
                recovered = recovered or await self._prepare_retry(kind, result, token, unreadable)
                if recovered is not None:
                    return recovered.value
        except ClientClosedError as error:
            closed = error
        except FronteggError as error:
            shorten(error)
            raise
        known = closed.outcome or Outcome.NOT_SENT
        if self.may_have_acted and known is not Outcome.DONE:
            known = Outcome.UNKNOWN
        raise closed.fresh(attrs.evolve(self.details(), outcome=known))

    async def _admit(self) -> tuple[Pool, Secret | None]:
        """Wait until the call may be sent. Return the pool in which the call now occupies a slot, and the token."""
        try:
            return await admission.admit(self)
        except (ClientClosedError, OutcomeUnknownError):
            raise
        except FronteggError as error:
            failure = failures.error_of_authentication(error.fresh(), self.context.base_url)
        # `fetch` may raise at once, outside of `within_deadline`, for example while the retry budget is used up.
        if self.may_have_acted:
            unknown = failures.unknown_outcome(self.endpoint, "token", self.details())
            unknown.add_note(f"The call was not sent again, because no token was available: {failure.message}")
            raise unknown
        if failure.outcome is Outcome.UNKNOWN:
            raise failure.fresh(attrs.evolve(failure.details, outcome=Outcome.NOT_SENT))
        raise failure

    async def _prepare_retry(
        self, kind: Kind, result: AttemptResult, token: Secret | None, unreadable: FronteggError | None
    ) -> Recovered[T] | None:
        """Wait until the next attempt may be made.

        Return the result instead if a read recovers it. Raise the final error if the call must not be sent again.
        """
        if token is None and kind is Kind.UNAUTHENTICATED:
            kind = Kind.DEFINITE
        decision = self._decide(kind, result)
        if decision.action is Action.RAISE:
            raise response_values.error_of(self, result, unreadable)
        if decision.action is Action.REAUTHENTICATE:
            self.mark_reauthenticated()
            replaced = cast("TokenSource", self.tokens).replace(cast("Secret", token))
            if not await admission.within_deadline(self, replaced, "for a new token"):
                raise response_values.error_of(self, result, unreadable)
        log.log_retry(self.endpoint, decision.action.value, result.reason, self.attempts, decision.wait)
        if decision.action is Action.REAUTHENTICATE:
            return None
        is_gated = isinstance(result, RawResponse) and result.status == TOO_MANY
        if decision.wait and not is_gated:
            await self.context.waits.sleep(decision.wait)
        if decision.action is Action.RECONCILE:
            found = await self._reconcile(result.reason)
            if found is not None:
                return found
            if not decision.may_resend:
                raise response_values.error_of(self, result, unreadable)
        return None

    def _time_for_attempt(self, now: float, pool: Pool) -> float:
        """Return the remaining seconds for an attempt. If the deadline has passed, release the slot and raise."""
        left = self.deadline - now
        if left <= 0:
            pool.slots.release()
            raise admission.too_late(self)
        return left

    async def _kind_of(self, error: FronteggError, pool: Pool) -> Kind:
        """Return the kind of failure for a 2xx response without a result.

        Raises:
            FronteggError: The error is final: another attempt would have the same result.
        """
        if isinstance(error, DecodeError):
            return Kind.ACKNOWLEDGED
        if isinstance(error, ResponseMismatchError):
            # The connection delivered the response to another request. So the whole pool is replaced.
            await self.context.sessions.renew(pool)
            if self.endpoint.retry is not Retry.SAFE:
                return Kind.UNPROVEN
        # Raise a copy: this frame refers to the error, and with its traceback they would form a reference cycle.
        raise error.fresh()

    async def _recover(
        self, kind: Kind, result: AttemptResult, unreadable: FronteggError | None
    ) -> Recovered[T] | None:
        """Return the result of a write if the result of this attempt shows that an attempt was successful."""
        if kind in _ANSWERED and self.endpoint.retry is not Retry.SAFE:
            if kind is Kind.ACKNOWLEDGED and proofs.shows_action(self.endpoint, self.request, result):
                return await self._recover_result(result, unreadable)
            self.mark_ambiguous()
            if self.reconcile is None:
                raise response_values.error_of(self, result, unreadable)
            return await self._reconcile(result.reason if unreadable is None else unreadable.details.reason or "decode")
        if not self.ambiguous or kind is not Kind.DEFINITE or not isinstance(result, RawResponse):
            return None
        endpoint = self.endpoint
        if endpoint.retry is Retry.DELETE and result.status == _NOT_FOUND and not self.options.strict_delete:
            return await self._recover_deletion(result)
        if endpoint.retry is Retry.RECONCILE and self.reconcile and result.status in _MAY_BE_DONE:
            return await self._reconcile(result.reason)
        return None

    async def _recover_deletion(self, result: RawResponse) -> Recovered[T] | None:
        """Return the success of a deletion after a 404 to a later attempt.

        If a proxy may have sent the 404, read the object first.
        """
        if proofs.says_absent(result):
            return Recovered(cast("T", None))
        if self.reconcile is None:
            raise failures.unknown_outcome(self.endpoint, result.reason, self.details())
        return await self._reconcile(result.reason)

    async def _reconcile(self, reason: str) -> Recovered[T] | None:
        """Read the outcome of the write. Return its result, or ``None`` if the read does not show the result."""
        left = self.time_left()
        if self.reconcile is None or left <= 0:
            raise failures.unknown_outcome(self.endpoint, reason, self.details())
        try:
            return await self.reconcile(self._read_options(left), False)
        except (ConflictError, OutcomeUnknownError) as found:
            error: FronteggError = found.fresh(
                attrs.evolve(
                    found.details,
                    endpoint=self.endpoint.name,
                    reason=found.details.reason or reason,
                    attempts=self.attempts,
                    elapsed=self.elapsed(),
                    trace_id=found.trace_id or self.details().trace_id,
                )
            )
        except ClientClosedError:
            raise
        except FronteggError:
            error = failures.unknown_outcome(
                self.endpoint, f"{reason}, and the outcome could not be read", self.details()
            )
        raise error.fresh()

    async def _recover_result(self, result: AttemptResult, unreadable: FronteggError | None) -> Recovered[T]:
        """Read the result of a write whose 2xx response has no readable body.

        The write is not sent again, even if the read shows no result. The service may show a new object only later.

        Raises:
            OutcomeUnknownError: The read contradicts the write.
            ResultLostError: The result cannot be read.
            ClientClosedError: The client was closed meanwhile.
        """
        endpoint = self.endpoint
        if endpoint.returns is NoneType:
            return Recovered(cast("T", None))
        details = response_values.details_of_acknowledged(self, result, unreadable)
        if self.reconcile is None:
            raise failures.result_lost(endpoint, details, "")
        left = self.time_left()
        if left <= 0:
            raise failures.result_lost(endpoint, details, ", and the deadline leaves no time to read the result again")
        log.log_retry(endpoint, "read_back", result.reason, self.attempts, 0.0)
        found, problem = await self._read_back(left)
        details = attrs.evolve(details, elapsed=self.elapsed())
        if found is not None:
            return found
        if problem is None or isinstance(problem, ConflictError | ResponseMismatchError):
            raise failures.contradicted(endpoint, details)
        raise failures.result_lost(endpoint, details, ", and the result could not be read again") from problem

    async def _read_back(self, left: float) -> tuple[Recovered[T] | None, FronteggError | None]:
        """Read the result of the write. Return the result or ``None``, and the error if the read failed."""
        try:
            return await cast("Reconcile[T]", self.reconcile)(self._read_options(left), True), None
        except ClientClosedError as error:
            closed = error
        except FronteggError as error:
            return None, error.fresh()
        raise closed.fresh(attrs.evolve(closed.details, outcome=Outcome.DONE))

    def _read_options(self, left: float) -> ResolvedOptions:
        """Return the options of a read that finds the outcome of the write in the remaining time."""
        retries = self.options.max_retries
        if retries is not None:
            retries = min(retries + _MORE_READS, MAX_RETRIES)
        if left == FOREVER:
            return merge_options(self.options, Options(max_retries=retries))
        return merge_options(self.options, Options(max_retries=retries, deadline=left))

    def _decide(self, kind: Kind, result: AttemptResult) -> Decision:
        context = self.context
        if kind in _ANSWERED:
            # Send a read again if its response is unreadable. Send a write again if its response does not prove that
            # the service acted.
            kind = Kind.AMBIGUOUS
        wait = response_values.requested_wait(self, result) if isinstance(result, RawResponse) else None
        if wait is not None and isinstance(result, RawResponse) and result.status == TOO_MANY:
            context.gates.close(self.endpoint, wait, result)
            if context.rates is not None:
                context.rates.close(route_of(self.endpoint.method, self.endpoint.path), wait)
        if kind in _CHARGED and not self.is_free:
            context.budget.spend()
        if kind is Kind.AMBIGUOUS:
            self.mark_ambiguous()
        return decide(
            RetryState(
                retry=self.endpoint.retry,
                kind=kind,
                attempts=self.attempts,
                max_retries=FOREVER if self.options.max_retries is None else self.options.max_retries,
                reauthenticated=self.reauthenticated,
                server_wait=wait,
                time_left=self.time_left(),
                within_budget=context.budget.allows or kind is Kind.UNPROCESSED,
            ),
            context.clocks.rng,
        )
