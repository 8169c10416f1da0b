"""Guards: checks that stop a job before it does more harm."""

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
"""The number of most recent rows that the default guard examines."""


class FailureGuard:
    """A guard that stops a job when too many rows fail.

    Args:
        most: The maximum number or share of rows that may fail. With ``None``, the guard stops the job when more than
            half of the last 100 rows failed for one reason. With any value, the guard also stops the job when more than
            half of the last 100 rows have an unknown outcome for one reason, since the service is then probably
            unreachable.
        total: The number of rows of the job.
    """

    def __init__(self, most: MaxFailures, *, total: int) -> None:
        self._most = most
        self._limit = most * total if isinstance(most, float) else most
        self._last: deque[tuple[int, str]] = deque()
        """The most recent rows that failed or have an unknown outcome: the position of each row, and the reason."""
        self._reasons: Counter[str] = Counter()
        self.failed: int = 0
        """The number of failed rows that the guard counts."""
        self.ended: int = 0
        """The number of rows that got an outcome in this run. Callers add done rows here instead of calling `look`."""
        self.reason: str | None = None
        """Why the guard stopped the job; ``None`` if the job may continue."""

    @property
    def has_limit(self) -> bool:
        """Whether the number of failures in the whole job is limited."""
        return self._limit is not None

    def count(self, failed: int) -> None:
        """Compare the number of failed rows of all processes with the limit.

        Args:
            failed: The number of failed rows that the guard counts.
        """
        self.reason = self.reason or self._too_many(failed)

    def look(self, row: RowOutcome) -> None:
        """Examine the outcome of a row that is not done.

        Args:
            row: The outcome of the row.
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
        became = "failed" if row.state is RowState.FAILED else "have an unknown outcome"
        last = min(self.ended, LAST)
        return f"{count} of the last {last} rows {became} for one reason, {reason}: {row.message}"

    def _remember(self, reason: str) -> int:
        """Store why a row failed or is unknown, and return how many of the last 100 rows have the same reason."""
        while self._last and self._last[0][0] <= self.ended - LAST:
            self._reasons[self._last.popleft()[1]] -= 1
        self._last.append((self.ended, reason))
        self._reasons[reason] += 1
        return self._reasons[reason]


def guard_error(guard: str, reason: str) -> GuardShutError:
    """Return the error of a guard that stopped the job.

    Args:
        guard: The name of the guard.
        reason: Why the guard stopped the job.
    """
    message = f"the guard {guard} stopped the job: {reason}; resume(..., override={guard!r}) continues anyway"
    return GuardShutError(message, ErrorDetails(reason=guard))
