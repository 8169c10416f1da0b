"""`RareCollections`: let the garbage collector look less often at what is new, while a long list grows."""

from __future__ import annotations

import gc
from typing import Final

YOUNG: Final = 100_000
"""The new objects after which the collector looks at them, while a long list grows."""


class RareCollections:
    """Has new objects collected rarely, from `begin` to `end`.

    All objects of a growing list survive each collection, so that all collections are in vain. The thresholds are those
    of the process. So a program's own are left alone if they are higher or if it has switched the collector off, and
    what it sets meanwhile stays.
    """

    __slots__ = ("_before",)

    def __init__(self) -> None:
        self._before: tuple[int, int, int] | None = None

    def begin(self) -> None:
        """Collect rarely from now on. Call it for each part of the list: the end of another list ends it too."""
        before = gc.get_threshold()
        if 0 < before[0] < YOUNG:
            self._before = before
            gc.set_threshold(YOUNG, *before[1:])

    def end(self) -> None:
        """Collect as before."""
        if self._before is not None and gc.get_threshold() == (YOUNG, *self._before[1:]):
            gc.set_threshold(*self._before)
