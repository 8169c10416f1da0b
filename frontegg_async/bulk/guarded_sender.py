"""`GuardedSender`: reads the tenants again shortly before it sends rows that expect values."""

from __future__ import annotations

import math
from typing import Final

import msgspec

from frontegg_async._core.call.caller import Caller
from frontegg_async._core.call.retries import Action, Decision, RetryState, classify, decide
from frontegg_async._core.http.attempt_results import Kind, RawResponse
from frontegg_async.bulk.feed import Batch, Feed
from frontegg_async.bulk.pace import Pace
from frontegg_async.bulk.patience import seconds_until_permit, with_outcome
from frontegg_async.bulk.recorder import Recorder
from frontegg_async.bulk.sender import MAY_BE_DONE, Sender
from frontegg_async.bulk.stale import compared
from frontegg_async.endpoints import Retry
from frontegg_async.errors import APIError, ConnectionFailedError, FronteggError, MoveError, Outcome
from frontegg_async.options import Options

FRESH: Final = 1.0
"""The seconds for which the values of a tenant stay valid after they were read. If a row waits longer for its permit,
they are read again.
"""


class GuardedSender(Sender):
    """Sends a row only if its tenant was read in the last second, and no request was sent for the row since then.

    The client does not retry these calls, since such a retry would not read the tenant again. The sender repeats a
    failed call itself, with the same limit and the same pauses.

    Args:
        caller: Sends the requests.
        reads: Sends the read requests and counts them.
        pace: Gives permits.
        feed: Counts the rows that get their permit.
        recorder: Records the outcomes.
    """

    def __init__(self, caller: Caller, reads: Caller, pace: Pace, feed: Feed, recorder: Recorder) -> None:
        super().__init__(caller.with_options(Options(max_retries=0)), reads, pace, feed, recorder)
        most = caller.options_for(None).max_retries
        self._max_retries: Final = math.inf if most is None else most

    async def _send(self, batch: Batch) -> None:
        failure: FronteggError | None = None
        failures, decision = 0, Decision(Action.RESEND)
        while decision.action is not Action.RAISE:
            await self._wait_for_permit(batch.items, decision.wait)
            requests = self._tally.requests
            try:
                batch = await self._compared(batch)
                if not batch.items:
                    return
                closed = self._seconds_closed(batch)
                if closed > 0:
                    decision = msgspec.structs.replace(decision, wait=closed)
                    continue
                if not decision.may_resend:
                    break
                failure = await self._call(batch)
            finally:
                self._pace.end()
            if failure is None:
                return
            cause = failure.failures[0] if isinstance(failure, MoveError) and failure.failures else failure
            failures += seconds_until_permit(cause) is None
            decision = self._decide(cause, failures)
            # If a row needs several requests, an earlier request may have had an effect. A move also sends read
            # requests, so its error says whether the first write had an effect.
            is_begun = not batch.operation.between and self._tally.requests - requests > 1
            is_unsettled = is_begun or isinstance(failure, MoveError) or failure.outcome is Outcome.UNKNOWN
            batch = self._unread(batch, is_unsettled=is_unsettled and decision.action is not Action.RAISE)
        if failure is not None:
            await self._judge(batch, _of_all_requests(batch, failure))

    async def _compared(self, batch: Batch) -> Batch:
        """Return a batch of the rows that may be sent now.

        If the values of a row were read too long ago, the row is compared again.
        """
        oldest = self._reads.clocks.monotonic() - FRESH
        if any(item.read_at is None or item.read_at < oldest for item in batch.items):
            batch = batch.with_items(await compared(self._reads, self._recorder, batch.items, commits=False))
        if self._recorder.must_end:
            self._recorder.release(batch.items)
            return batch.with_items(())
        return batch

    def _seconds_closed(self, batch: Batch) -> float:
        """Return the seconds for which a 429 still blocks an endpoint of the batch.

        A call that starts now would wait for this time, and the values that were read before would be too old.
        """
        operation = batch.operation
        opens_at = self._caller.opens_at(operation.endpoint, *operation.other_endpoints)
        return opens_at - self._caller.clocks.monotonic()

    def _decide(self, failure: FronteggError, failures: int) -> Decision:
        """Decide whether to repeat a call, with the same rules as the retries of calls."""
        until_permit = seconds_until_permit(failure)
        if until_permit is not None:
            return Decision(Action.RESEND, until_permit)
        kind = kind_of(failure)
        state = RetryState(
            retry=Retry.RECONCILE,
            kind=kind,
            attempts=failures,
            max_retries=self._max_retries,
            reauthenticated=True,
            server_wait=failure.details.retry_after,
            within_budget=self._caller.may_retry or kind is Kind.UNPROCESSED,
        )
        return decide(state, self._caller.clocks.rng)

    def _unread(self, batch: Batch, *, is_unsettled: bool) -> Batch:
        """Return the batch after a failed call. Its rows are marked so that their tenants are read again."""
        if not is_unsettled:
            return batch.with_items([msgspec.structs.replace(item, read_at=None) for item in batch.items])
        requests = self._take_requests()
        self._recorder.requests += requests
        return batch.with_items(
            [
                msgspec.structs.replace(
                    item, attempts=item.attempts + requests, was_sent=True, is_unsettled=True, read_at=None
                )
                for item in batch.items
            ]
        )


def kind_of(failure: FronteggError) -> Kind:
    """Return the kind of failure of a call with one attempt.

    Args:
        failure: The error of a call with one attempt.
    """
    if failure.outcome is Outcome.UNKNOWN:
        return Kind.AMBIGUOUS
    if isinstance(failure, ConnectionFailedError):
        return Kind.UNTRUSTED if failure.reason == "tls" else Kind.NOT_SENT
    kind = classify(RawResponse(failure.status, {}, b"")) if isinstance(failure, APIError) else None
    return kind or Kind.DEFINITE


def _of_all_requests(batch: Batch, failure: FronteggError) -> FronteggError:
    """Return the error of a row after all its requests.

    The outcome is unknown if an earlier request for the row may have had an effect.
    """
    is_known = failure.outcome is Outcome.DONE or isinstance(failure, MAY_BE_DONE)
    return with_outcome(failure, Outcome.UNKNOWN) if batch.items[0].is_unsettled and not is_known else failure
