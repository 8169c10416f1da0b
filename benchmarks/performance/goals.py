"""All goals in order.

Modules of goals import peers inside functions: the list is read where the peers are not installed, too.
"""

from __future__ import annotations

from typing import Final

from benchmarks.performance import (
    blocking,
    blocking_pages,
    calls,
    emulated,
    growth,
    importing,
    listing,
    models,
    pages,
    single,
    tokens,
)
from benchmarks.performance.goal import Goal

_ALL: Final = (
    *single.GOALS,
    *pages.GOALS,
    *blocking.GOALS,
    *blocking_pages.GOALS,
    *tokens.GOALS,
    *importing.GOALS,
    *calls.GOALS,
    *models.GOALS,
    *listing.GOALS,
    *growth.GOALS,
    *emulated.GOALS,
)
GOALS: Final[tuple[Goal, ...]] = tuple(sorted(_ALL, key=lambda goal: int(goal.name[1:])))
