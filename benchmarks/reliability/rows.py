"""All rows in order."""

from __future__ import annotations

from typing import Final

from benchmarks.reliability import (
    bodies,
    clocks,
    isolation,
    limits,
    loops,
    model,
    poison,
    tokens,
    verification,
    writes,
)
from benchmarks.reliability.row import Row

ROWS: Final[tuple[Row, ...]] = tuple(
    sorted(
        (
            *bodies.ROWS,
            *clocks.ROWS,
            *isolation.ROWS,
            *limits.ROWS,
            *loops.ROWS,
            *model.ROWS,
            *poison.ROWS,
            *tokens.ROWS,
            *verification.ROWS,
            *writes.ROWS,
        ),
        key=lambda row: row.number,
    )
)
