"""Tables of Markdown, in whose cells nothing has a meaning."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from frontegg_async._values.printable import printable


def table_head(names: Sequence[str]) -> Iterator[str]:
    """Yield the lines above the rows."""
    yield table_row(names)
    yield f"|{' --- |' * len(names)}"


def table_row(cells: Sequence[str]) -> str:
    """Return the line of a row; cells that hold data must be of `code`."""
    return f"| {' | '.join(cells)} |"


def code(text: str) -> str:
    """Return a code span, in which nothing but a bar has a meaning in a table."""
    if not text:
        return ""
    fence = "`" * (1 + max((len(run) for run in re.findall("`+", text)), default=0))
    space = " " if text[0] == "`" or text[-1] == "`" else ""
    return f"{fence}{space}{printable(text)}{space}{fence}".replace("|", r"\|")
