"""`Budget`: the limits on the calls and rows of an assistant."""

from __future__ import annotations

from collections.abc import Callable
from math import ceil
from typing import Final

from frontegg_async.mcp.refusals import RefusedError

_MINUTE: Final = 60.0


class Budget:
    """Counts the calls and rows of one session, and enforces their limits.

    Args:
        calls: The largest number of calls per minute.
        rows: The largest number of rows in the session.
        clock: The monotonic clock.
    """

    def __init__(self, calls: int, rows: int, clock: Callable[[], float]) -> None:
        self._calls = calls
        self._clock = clock
        self._minute = clock()
        self._made = 0
        self.rows: int = rows
        """The number of rows that remain for the session."""
        self.used_at: float = self._minute
        """The time of the last use."""

    def take_call(self) -> None:
        """Count a call.

        Raises:
            RefusedError: The session has reached the limit of calls in this minute.
        """
        self.used_at = now = self._clock()
        if now >= self._minute + _MINUTE:
            self._minute, self._made = now, 0
        if self._made >= self._calls:
            seconds = ceil(self._minute + _MINUTE - now)
            raise RefusedError(f"at most {self._calls} calls per minute are allowed: call again in {seconds} s")
        self._made += 1

    def take_rows(self, most: int) -> int:
        """Take rows from the budget, and return their number. `give_back` returns unused rows.

        Args:
            most: The largest number of rows that the call needs.

        Raises:
            RefusedError: No rows are left.
        """
        taken = min(most, self.rows)
        if not taken:
            raise RefusedError("the limit of rows in this session is reached, including rows of calls in progress")
        self.rows -= taken
        return taken

    def give_back(self, rows: int) -> None:
        """Return unused rows to the budget."""
        self.rows += rows
