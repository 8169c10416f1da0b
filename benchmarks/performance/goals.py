"""All goals in order.

Modules of goals import peers inside functions: the list is also read where the peers are not installed.
"""

from __future__ import annotations

from typing import Final

from benchmarks.performance import (
    emulator_speed,
    growth,
    holding,
    importing,
    listing,
    listing_blocking,
    one_page,
    one_tenant_async,
    one_tenant_blocking,
    other_sdks,
    python_calls,
    token_cost,
)
from benchmarks.performance.measures import Goal

_ALL: Final = (
    *one_tenant_async.GOALS,
    *one_page.GOALS,
    *one_tenant_blocking.GOALS,
    *listing_blocking.GOALS,
    *token_cost.GOALS,
    *importing.GOALS,
    *python_calls.GOALS,
    *other_sdks.GOALS,
    *listing.GOALS,
    *growth.GOALS,
    *holding.GOALS,
    *emulator_speed.GOALS,
)
GOALS: Final[tuple[Goal, ...]] = tuple(sorted(_ALL, key=lambda goal: int(goal.name[1:])))
