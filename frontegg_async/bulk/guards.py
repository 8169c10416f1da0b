"""Guards: what stops a job before it does more harm."""

from __future__ import annotations

from collections import Counter, deque
from typing import Final, TypeAlias

from frontegg_async._values.kinds import shown
from frontegg_async.bulk.ledger import Finished, RowState
from frontegg_async.errors import InvalidArgumentError

MaxFailures: TypeAlias = int | float | None
"""The most rows that may fail: a number, or a share of all rows below 1."""

GUARDS: Final = ("max_failures", "confirm")
"""The names of the guards."""

LAST: Final = 100
"""The rows that the default guard looks at."""


def check_max_failures(value: MaxFailures) -> MaxFailures:
    """Return a number or share of failures.

    Raises:
        InvalidArgumentError: It is neither.
    """
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if value is not None and not (is_number and value >= 0 and (isinstance(value, int) or value < 1)):
        raise InvalidArgumentError(
            f"max_failures must be a whole number from 0, or a share of the rows below 1, as 0.05, not {shown(value)}"
        )
    return value


class FailureGuard:
    """Looks at what becomes of rows.

    Args:
        most: The most rows that may fail; ``None`` to stop when of the last 100 more than half failed for one reason.
            Whatever it is, the job stops when more than half are unknown for one reason: the service is not there.
        total: The rows of the job.
        failed: The rows that have failed already, and count.
    """

    def __init__(self, most: MaxFailures, *, total: int, failed: int) -> None:
        self._most = most
        self._limit = most * total if isinstance(most, float) else most
        self._failed = failed
        self._ended = 0
        self._last: deque[tuple[int, str]] = deque()
        """Which of the last rows failed or are unknown, and why."""
        self._reasons: Counter[str] = Counter()

    @property
    def has_limit(self) -> bool:
        """Whether the failures of the whole job matter."""
        return self._limit is not None

    def count(self, failed: int) -> str | None:
        """Learn how many rows have failed, by any process; return why the job must stop, or ``None``."""
        if self._limit is None or failed <= max(self._failed, self._limit):
            self._failed = max(self._failed, failed)
            return None
        self._failed = failed
        return f"{self._failed} rows failed, which is more than max_failures={self._most}"

    def look(self, row: Finished) -> str | None:
        """Return why the job must stop after a row, or ``None`` if it need not."""
        self._ended += 1
        if row.state is RowState.DONE:
            return None
        is_failed = row.state is RowState.FAILED
        if self._limit is not None and is_failed:
            problem = self.count(self._failed + 1)
            return problem and f"{problem}; the last: {row.message}"
        if not is_failed and row.state is not RowState.UNKNOWN:
            return None
        reason = f"{row.error} {row.status or ''}".strip()
        count = self._remember(reason)
        if count <= LAST // 2:
            return None
        became = "failed" if is_failed else "are unknown"
        last = min(self._ended, LAST)
        return f"of the last {last} rows {count} {became} for one reason, {reason}: {row.message}"

    def _remember(self, reason: str) -> int:
        """Note why a row failed or is unknown, and return how many of the last ones did for the same reason."""
        while self._last and self._last[0][0] <= self._ended - LAST:
            self._reasons[self._last.popleft()[1]] -= 1
        self._last.append((self._ended, reason))
        self._reasons[reason] += 1
        return self._reasons[reason]
