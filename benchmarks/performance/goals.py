"""All goals in order.

Modules of goals import peers inside functions: the list is read where the peers are not installed, too.
"""

from __future__ import annotations

from typing import Final

from benchmarks.performance import pages, single
from benchmarks.performance.goal import Goal

GOALS: Final[tuple[Goal, ...]] = tuple(sorted((*single.GOALS, *pages.GOALS), key=lambda goal: int(goal.name[1:])))
