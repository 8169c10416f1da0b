"""All rows in order."""

from __future__ import annotations

from typing import Final

from benchmarks.reliability import (
    bodies,
    callables,
    canaries,
    chaos,
    clocks,
    ended,
    failures,
    guards,
    hidden,
    isolation,
    limits,
    loops,
    matrix,
    model,
    mutations,
    origins,
    outage,
    paths,
    peers,
    poison,
    quality,
    soak,
    spoilt_writes,
    stalls,
    suite,
    tls,
    tokens,
    verification,
    writes,
)
from benchmarks.reliability.row import Row

ROWS: Final[tuple[Row, ...]] = tuple(
    sorted(
        (
            *bodies.ROWS,
            *callables.ROWS,
            *canaries.ROWS,
            *chaos.ROWS,
            *clocks.ROWS,
            *ended.ROWS,
            *failures.ROWS,
            *guards.ROWS,
            *hidden.ROWS,
            *isolation.ROWS,
            *limits.ROWS,
            *loops.ROWS,
            *matrix.ROWS,
            *model.ROWS,
            *mutations.ROWS,
            *origins.ROWS,
            *outage.ROWS,
            *paths.ROWS,
            *peers.ROWS,
            *poison.ROWS,
            *quality.ROWS,
            *soak.ROWS,
            *spoilt_writes.ROWS,
            *stalls.ROWS,
            *suite.ROWS,
            *tls.ROWS,
            *tokens.ROWS,
            *verification.ROWS,
            *writes.ROWS,
        ),
        key=lambda row: row.number,
    )
)
