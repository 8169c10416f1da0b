"""The output of the demo: progress bars during a step, and tables after the step."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from io import TextIOWrapper
from typing import Final

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

Advance = Callable[[int], None]

PLAIN_WIDTH: Final = 110
"""The width of the output, in columns, if standard output is not a terminal."""


class Screen:
    """The output on standard output, which may be a terminal."""

    def __init__(self) -> None:
        if isinstance(sys.stdout, TextIOWrapper):
            sys.stdout.reconfigure(errors="replace")  # the terminal may lack characters of the names
        self._console = Console(highlight=False, width=None if sys.stdout.isatty() else PLAIN_WIDTH)

    def heading(self, text: str) -> None:
        """Print the heading of a part."""
        self._console.print()
        self._console.rule(Text(text, style="bold"), align="left")

    def say(self, text: str) -> None:
        """Print a line."""
        self._console.print(Text(text), soft_wrap=True)

    @contextmanager
    def progress(self, what: str, total: int) -> Iterator[Advance]:
        """Show the progress of a step. Yield a function that takes the number of finished items."""
        columns = (TextColumn("{task.description:<34}"), BarColumn(24), MofNCompleteColumn(), TimeElapsedColumn())
        with Progress(*columns, console=self._console) as progress:
            task = progress.add_task(what, total=total)
            yield lambda count: progress.advance(task, count)

    def table(self, title: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
        """Print a table. Numbers are aligned to the right."""
        table = Table(title=Text(title), title_justify="left", title_style="italic")
        lines = [tuple(row) for row in rows]
        for index, column in enumerate(columns):
            numbers = bool(lines) and all(isinstance(line[index], int | float) for line in lines)
            table.add_column(column, justify="right" if numbers else "left")
        for line in lines:
            table.add_row(*(Text(_shown(cell)) for cell in line))
        self._console.print(table)


def _shown(cell: object) -> str:
    if isinstance(cell, bool):
        return "yes" if cell else ""
    if isinstance(cell, int):
        return f"{cell:,}"
    return "" if cell is None else " ".join(str(cell).split())
