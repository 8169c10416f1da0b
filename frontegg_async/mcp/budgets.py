"""`Budget`: how often an assistant may call, and how many rows it may get."""

from __future__ import annotations

from collections.abc import Callable
from math import ceil
from typing import Final

from frontegg_async.mcp.refusals import RefusedError

_MINUTE: Final = 60.0


class Budget:
    """The calls and rows of one session.

    Args:
        calls: The most calls in a minute.
        rows: The most rows in all.
        clock: The monotonic clock.
    """

    def __init__(self, calls: int, rows: int, clock: Callable[[], float]) -> None:
        self._calls = calls
        self._clock = clock
        self._minute = clock()
        self._made = 0
        self.rows: int = rows
        """The rows that are left."""
        self.used_at: float = self._minute
        """When it was last asked for."""

    def take_call(self) -> None:
        """Count a call.

        Raises:
            RefusedError: There were as many in this minute as there may be.
        """
        self.used_at = now = self._clock()
        if now >= self._minute + _MINUTE:
            self._minute, self._made = now, 0
        if self._made >= self._calls:
            seconds = ceil(self._minute + _MINUTE - now)
            raise RefusedError(f"at most {self._calls} calls a minute: call again in {seconds} s")
        self._made += 1

    def take_rows(self, most: int) -> int:
        """Take rows that may be needed, and return how many there are. `give_back` returns unused rows.

        Args:
            most: The most that are needed.

        Raises:
            RefusedError: None are left.
        """
        taken = min(most, self.rows)
        if not taken:
            raise RefusedError("this session has had as many rows as it may have, with those of calls under way")
        self.rows -= taken
        return taken

    def give_back(self, rows: int) -> None:
        """Give back rows that were not used."""
        self.rows += rows
