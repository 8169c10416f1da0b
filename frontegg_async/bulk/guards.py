"""Guards: what stops a job before it does more harm."""

from __future__ import annotations

from collections import Counter, deque
from typing import Final

from frontegg_async.bulk.ledger import RowState
from frontegg_async.bulk.settings import MaxFailures
from frontegg_async.bulk.store import RowOutcome
from frontegg_async.errors import ErrorDetails, GuardShutError

GUARDS: Final = ("max_failures", "confirm")
"""The names of the guards."""

LAST: Final = 100
"""The rows that the default guard looks at."""


class FailureGuard:
    """Looks at the outcomes of rows, and shuts when too many fail.

    Args:
        most: The most rows that may fail; ``None`` to shut when of the last 100 more than half failed for one reason.
            With any value, the guard shuts when more than half are unknown for one reason: the service is not there.
        total: The rows of the job.
    """

    def __init__(self, most: MaxFailures, *, total: int) -> None:
        self._most = most
        self._limit = most * total if isinstance(most, float) else most
        self._last: deque[tuple[int, str]] = deque()
        """Which of the last rows failed or are unknown, and why."""
        self._reasons: Counter[str] = Counter()
        self.failed: int = 0
        """The rows that have failed, and count."""
        self.ended: int = 0
        """The rows that have an outcome of this run. Add those that are done, at which `look` need not look."""
        self.reason: str | None = None
        """Why the guard has shut; ``None`` while it has not."""

    @property
    def has_limit(self) -> bool:
        """Whether the failures of the whole job matter."""
        return self._limit is not None

    def count(self, failed: int) -> None:
        """Learn how many rows have failed, in any process.

        Args:
            failed: The rows that have failed, and count.
        """
        self.reason = self.reason or self._too_many(failed)

    def look(self, row: RowOutcome) -> None:
        """Learn why a row is not done.

        Args:
            row: Its outcome.
        """
        self.ended += 1
        if row.state is RowState.FAILED and self._limit is not None:
            problem = self._too_many(self.failed + 1)
            self.reason = self.reason or (problem and f"{problem}; the last: {row.message}")
        elif row.state in {RowState.FAILED, RowState.UNKNOWN}:
            self.reason = self.reason or self._too_alike(row)

    def _too_many(self, failed: int) -> str | None:
        if self._limit is None or failed <= max(self.failed, self._limit):
            self.failed = max(self.failed, failed)
            return None
        self.failed = failed
        return f"{self.failed} rows failed, which is more than max_failures={self._most}"

    def _too_alike(self, row: RowOutcome) -> str | None:
        reason = f"{row.error} {row.status or ''}".strip()
        count = self._remember(reason)
        if count <= LAST // 2:
            return None
        became = "failed" if row.state is RowState.FAILED else "are unknown"
        last = min(self.ended, LAST)
        return f"of the last {last} rows {count} {became} for one reason, {reason}: {row.message}"

    def _remember(self, reason: str) -> int:
        """Note why a row failed or is unknown, and return how many of the last ones did for the same reason."""
        while self._last and self._last[0][0] <= self.ended - LAST:
            self._reasons[self._last.popleft()[1]] -= 1
        self._last.append((self.ended, reason))
        self._reasons[reason] += 1
        return self._reasons[reason]


def guard_error(guard: str, reason: str) -> GuardShutError:
    """Return the error of a guard that has shut.

    Args:
        guard: The name of the guard.
        reason: Why it has shut.
    """
    message = f"the guard {guard} has shut: {reason}; resume(..., override={guard!r}) continues in spite of it"
    return GuardShutError(message, ErrorDetails(reason=guard))
