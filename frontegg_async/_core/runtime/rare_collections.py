"""`RareCollections`: make garbage collections of new objects rarer while a long list grows."""

from __future__ import annotations

import gc
from typing import Final

YOUNG: Final = 100_000
"""The number of new objects that starts a collection while a long list grows."""


class RareCollections:
    """Makes collections of new objects rare, from `begin` to `end`.

    All objects of a growing list survive each collection, so all collections are in vain. The thresholds hold for the
    whole process. So thresholds of the program stay if they are higher, if it has switched the collector off, or if it
    sets them meanwhile.
    """

    __slots__ = ("_before",)

    def __init__(self) -> None:
        self._before: tuple[int, int, int] | None = None

    def begin(self) -> None:
        """Collect rarely from now on. Call this for each part of the list, since the end of another list resets it."""
        before = gc.get_threshold()
        if 0 < before[0] < YOUNG:
            self._before = before
            gc.set_threshold(YOUNG, *before[1:])

    def end(self) -> None:
        """Collect as before."""
        if self._before is not None and gc.get_threshold() == (YOUNG, *self._before[1:]):
            gc.set_threshold(*self._before)
