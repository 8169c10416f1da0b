"""`RecentWrites`: the versions of tenants before recent writes. Some switches let reads return these old versions."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from typing import TypeAlias

import attrs

LONGEST_LAG = 30.0
"""The maximum lag in seconds. After this time every read returns the data of a write."""

_Former: TypeAlias = "deque[tuple[float, Mapping[str, bytes | None]]]"


@attrs.define
class RecentWrites:
    """The JSON texts of tenants before recent writes, oldest first."""

    _former: _Former = attrs.field(factory=deque[tuple[float, Mapping[str, bytes | None]]])

    def note(self, now: float, former: Mapping[str, bytes | None]) -> None:
        """Record a write.

        Args:
            now: The time of the write, in seconds.
            former: The texts of the tenants before the write, by the tenants' ids. The text of a new tenant is
                ``None``.
        """
        while self._former and self._former[0][0] <= now - LONGEST_LAG:
            self._former.popleft()
        if former:
            self._former.append((now, former))

    def since(self, moment: float) -> dict[str, bytes | None]:
        """Return the texts that tenants had at a time, for all tenants that were written later.

        The text is ``None`` if the tenant did not exist at that time.
        """
        found: dict[str, bytes | None] = {}
        for written, former in reversed(self._former):
            if written <= moment:
                break
            found.update(former)
        return found

    def clear(self) -> None:
        """Delete all texts, because all data was replaced."""
        self._former.clear()
