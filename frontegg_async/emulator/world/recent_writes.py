"""`RecentWrites`: what tenants were before recent writes, for reads that lag behind them."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from typing import TypeAlias

import attrs

LONGEST_LAG = 30.0
"""The seconds after which every read shows a write."""

_Former: TypeAlias = "deque[tuple[float, Mapping[str, bytes | None]]]"


@attrs.define
class RecentWrites:
    """The JSON texts of tenants from before writes, oldest first."""

    _former: _Former = attrs.field(factory=deque[tuple[float, Mapping[str, bytes | None]]])

    def note(self, now: float, former: Mapping[str, bytes | None]) -> None:
        """Note a write.

        Args:
            now: When it was, in seconds.
            former: The texts of the tenants before it, by their ids; ``None`` for a new one.
        """
        while self._former and self._former[0][0] <= now - LONGEST_LAG:
            self._former.popleft()
        if former:
            self._former.append((now, former))

    def since(self, moment: float) -> dict[str, bytes | None]:
        """Return what tenants that were written after a moment were at it; ``None`` for one that was not there."""
        found: dict[str, bytes | None] = {}
        for written, former in reversed(self._former):
            if written <= moment:
                break
            found.update(former)
        return found

    def clear(self) -> None:
        """Forget all, because all data was replaced."""
        self._former.clear()
