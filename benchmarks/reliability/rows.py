"""All rows in order."""

from __future__ import annotations

from typing import Final

from benchmarks.reliability import (
    bodies,
    chaos,
    clocks,
    hidden,
    isolation,
    limits,
    loops,
    matrix,
    model,
    outage,
    poison,
    quality,
    stalls,
    tokens,
    verification,
    writes,
)
from benchmarks.reliability.row import Row

ROWS: Final[tuple[Row, ...]] = tuple(
    sorted(
        (
            *bodies.ROWS,
            *chaos.ROWS,
            *clocks.ROWS,
            *hidden.ROWS,
            *isolation.ROWS,
            *limits.ROWS,
            *loops.ROWS,
            *matrix.ROWS,
            *model.ROWS,
            *outage.ROWS,
            *poison.ROWS,
            *quality.ROWS,
            *stalls.ROWS,
            *tokens.ROWS,
            *verification.ROWS,
            *writes.ROWS,
        ),
        key=lambda row: row.number,
    )
)
