"""All rows in order."""

from __future__ import annotations

from typing import Final

from benchmarks.reliability import tokens, writes
from benchmarks.reliability.row import Row

ROWS: Final[tuple[Row, ...]] = tuple(sorted((*tokens.ROWS, *writes.ROWS), key=lambda row: row.number))
