"""Markdown tables. In their cells, no character acts as Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from frontegg_async._values.printable import printable


def table_head(names: Sequence[str]) -> Iterator[str]:
    """Yield the header of a table, and the line below the header."""
    yield table_row(names)
    yield f"|{' --- |' * len(names)}"


def table_row(cells: Sequence[str]) -> str:
    """Return the line of a row. Cells with data must come from `code`."""
    return f"| {' | '.join(cells)} |"


def code(text: str) -> str:
    """Return a code span for a table cell. In a code span only a vertical bar has a meaning, so bars are escaped."""
    if not text:
        return ""
    fence = "`" * (1 + max((len(run) for run in re.findall("`+", text)), default=0))
    space = " " if text[0] == "`" or text[-1] == "`" else ""
    return f"{fence}{space}{printable(text)}{space}{fence}".replace("|", r"\|")
