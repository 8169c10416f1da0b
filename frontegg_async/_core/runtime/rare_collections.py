"""`RareCollections`: run the garbage collector less often while a long list grows."""

from __future__ import annotations

import gc
from typing import Final

YOUNG: Final = 100_000
"""The number of new objects that starts a garbage collection while a long list grows."""


class RareCollections:
    """Makes garbage collections of new objects rare between `begin` and `end`.

    All objects of a growing list survive each collection, so the collections free nothing. The thresholds apply to the
    whole process. So the thresholds of the program stay unchanged if they are higher, if the program has disabled the
    collector, or if the program sets new thresholds between `begin` and `end`.
    """

    __slots__ = ("_before",)

    def __init__(self) -> None:
        self._before: tuple[int, int, int] | None = None

    def begin(self) -> None:
        """Make garbage collections rare.

        Call this method for each part of the list, because the end of another list restores the thresholds.
        """
        before = gc.get_threshold()
        if 0 < before[0] < YOUNG:
            self._before = before
            gc.set_threshold(YOUNG, *before[1:])

    def end(self) -> None:
        """Restore the thresholds of the program."""
        if self._before is not None and gc.get_threshold() == (YOUNG, *self._before[1:]):
            gc.set_threshold(*self._before)
