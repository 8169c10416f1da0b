"""`Recorder`: collects the outcomes of rows, commits them to the store, and reports the progress of a job."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from typing import Final

from frontegg_async._core.call.caller import Tally
from frontegg_async._core.runtime.clocks import Clocks
from frontegg_async.bulk.guards import FailureGuard
from frontegg_async.bulk.ledger import RowState
from frontegg_async.bulk.progress import BulkProgress, progress_of
from frontegg_async.bulk.settings import MaxFailures
from frontegg_async.bulk.store import Commit, Item, RowOutcome, Store
from frontegg_async.errors import APIError, AuthenticationError, FronteggError, Outcome

INTERVAL: Final = 0.25
"""The maximum number of seconds until an outcome is committed. Also the minimum number of seconds between two calls of
``on_progress``.
"""

_STALE: Final = "ValuesChanged"
"""The error name of stale rows. For other rows, the error name is the class of the error."""


class Recorder:
    """Collects the outcomes of one run until the next commit.

    Args:
        store: The ledger, which contains the whole input.
        clocks: The clocks.
        tally: Counts the read requests.
        max_failures: The maximum number or share of rows that may fail.
        on_progress: Called with the progress of the job.
    """

    def __init__(
        self,
        store: Store,
        clocks: Clocks,
        tally: Tally,
        max_failures: MaxFailures,
        on_progress: Callable[[BulkProgress], object] | None,
    ) -> None:
        self._store = store
        self._clocks = clocks
        self._tally = tally
        self._on_progress = on_progress
        self._counts = dict.fromkeys(RowState, 0)
        self._started = self._committed = self._reported = clocks.monotonic()
        self._ended = 0
        self.outcomes: list[RowOutcome] = []
        """The outcomes for the next commit."""
        self.released: list[int] = []
        """The numbers of rows that were marked as sent but certainly were not sent."""
        self.requests: int = 0
        """The number of requests for rows since the last commit."""
        self.guard: FailureGuard = FailureGuard(max_failures, total=store.job.total)
        """The guard that stops the job when too many rows fail."""
        self.must_end: bool = False
        """Whether the job must end early, since a caller or a guard of any process stopped the job."""
        self.is_urgent: bool = False
        """Whether to commit at once: a row failed, and other processes must count the failure for their limit."""
        self._is_shared = False

    @property
    def has_news(self) -> bool:
        """Whether a commit would write anything."""
        return bool(self.outcomes or self.released or self.requests or self._tally.requests)

    def end(self, items: Sequence[Item], requests: int, state: RowState, error: FronteggError | None = None) -> None:
        """Add the outcome of rows that were sent together.

        Args:
            items: The rows.
            requests: The number of requests for the rows since their last outcome.
            state: The new state of the rows.
            error: Why the rows failed, or why their outcome is unknown.
        """
        self.requests += requests
        outcomes = [outcome_of(item, state, error, requests) for item in items]
        self.outcomes += outcomes
        if state is RowState.DONE:
            self.guard.ended += len(outcomes)
            return
        for outcome in outcomes:
            self.guard.look(outcome)
        self.must_end = self.must_end or self.guard.reason is not None
        self.is_urgent = self._is_shared and state is RowState.FAILED

    def leave_out(self, item: Item, message: str) -> None:
        """Record a row as stale: it is not sent, since the service does not show the expected values.

        Args:
            item: The row.
            message: The differences.
        """
        self.outcomes.append(RowOutcome(item.number, RowState.STALE, item.attempts, error=_STALE, message=message))
        self.guard.ended += 1

    def release(self, items: Sequence[Item]) -> None:
        """Make rows that were not sent pending again.

        Rows that an earlier request may have changed stay in flight, so that the next run asks the service for their
        effect.

        Args:
            items: The rows.
        """
        self.released += [item.number for item in items if not item.is_unsettled]
        self.outcomes += [outcome_of(item, RowState.IN_FLIGHT) for item in items if item.is_unsettled]

    async def start(self) -> int:
        """Count the rows in each state, for the guard and the progress.

        Return the number of rows whose effect must be read from the service.
        """
        counts = await self._recount()
        self.guard.failed = self._unforgiven(counts[RowState.FAILED])
        return counts[RowState.IN_FLIGHT] + counts[RowState.UNKNOWN]

    async def finish(self) -> None:
        """Report the progress at the end of the run."""
        if self._on_progress is not None:
            await self._recount()
            await self._report(self._on_progress)

    async def _recount(self) -> dict[RowState, int]:
        counts = await self._store.counts()
        self._counts = {state: getattr(counts, state.value) for state in RowState}
        return self._counts

    async def commit(
        self,
        *,
        generation: int = 0,
        most: int = 0,
        before: Sequence[tuple[int, bytes]] = (),
        guard: tuple[str, str] | None = None,
    ) -> Sequence[Item]:
        """Commit the outcomes, take rows, and report the progress at intervals.

        Args:
            generation: The generation of the rows to take.
            most: The maximum number of rows to take.
            before: The number of each row, with the values that the row is about to replace as JSON.
            guard: The name of a guard that stopped the job, and the reason.

        Returns:
            The rows that were taken.
        """
        now = self._clocks.monotonic()
        commit = Commit(
            outcomes=self.outcomes,
            generation=generation,
            most=most,
            released=self.released,
            before=before,
            requests=self.requests + self._tally.requests,
            elapsed=now - self._committed,
            guard=guard,
        )
        self.outcomes, self.released, self.is_urgent = [], [], False
        self.requests = self._tally.requests = 0
        self._committed = now
        committed = await self._store.commit(commit)
        self._count(commit.outcomes)
        self._learn(committed.failed)
        if self._on_progress is not None and now - self._reported >= INTERVAL:
            try:
                await self._report(self._on_progress)
            except BaseException:
                self.release(committed.items)
                raise
        return committed.items

    def _count(self, outcomes: Sequence[RowOutcome]) -> None:
        others = [outcome.state for outcome in outcomes if outcome.state is not RowState.DONE]
        for state in others:
            self._counts[state] += 1
        self._counts[RowState.DONE] += len(outcomes) - len(others)
        self._ended += len(outcomes)

    def _learn(self, failed: int | None) -> None:
        """Update the guard with the failures of other processes after a commit.

        Args:
            failed: The number of failed rows in all processes; ``None`` if only this process works on the job.
        """
        if failed is not None:
            self.guard.count(self._unforgiven(failed))
            self._is_shared = self.guard.has_limit
        if self._store.job.guard is not None or self.guard.reason is not None:
            self.must_end = True

    def _unforgiven(self, failed: int) -> int:
        """Return the number of failed rows, without rows that failed before a caller overrode a guard."""
        return max(failed - self._store.job.overridden, 0)

    async def _report(self, on_progress: Callable[[BulkProgress], object]) -> None:
        now = self._reported = self._clocks.monotonic()
        progress = progress_of(
            self._store.job,
            self._counts,
            ended=self._ended,
            elapsed=now - self._started,
            now=self._clocks.wall(),
        )
        answer = on_progress(progress)
        if inspect.isawaitable(answer):
            await answer


def outcome_of(item: Item, state: RowState, error: FronteggError | None = None, requests: int = 0) -> RowOutcome:
    """Return the outcome of a row.

    Args:
        item: The row.
        state: The state of the row.
        error: Why the row failed, or why its outcome is unknown.
        requests: The number of requests for the row that the ledger has not counted yet.
    """
    if error is None:
        return RowOutcome(item.number, state, item.attempts + requests)
    return RowOutcome(
        item.number,
        state,
        item.attempts + requests,
        error=type(error).__name__,
        status=error.status if isinstance(error, APIError) else None,
        trace_id=error.trace_id,
        message=error.message,
        is_unsent=error.outcome is Outcome.NOT_SENT or isinstance(error, AuthenticationError),
    )
