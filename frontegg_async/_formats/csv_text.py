"""Rows of cells as CSV text, and a strict reader of them."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from _csv import Reader, Writer


class TextFile(Protocol):
    """A file that takes text."""

    def write(self, text: str, /) -> object:
        """Write text as it is."""
        ...


def csv_rows(file: TextFile) -> Writer:
    """Return what writes rows of cells to a file, which must not translate line ends.

    A row ends with CR and LF, so each cell with one of them is quoted.
    """
    return csv.writer(file)


def csv_text(rows: Iterable[Iterable[str]]) -> str:
    """Return rows of cells as CSV."""
    text = io.StringIO()
    csv_rows(text).writerows(rows)
    return text.getvalue()


class LinesOfText:
    """Takes rows of CSV, and ends each as a line of text.

    Args:
        put: Writes a text.
    """

    def __init__(self, put: Callable[[str], object]) -> None:
        self._put = put

    def write(self, row: str) -> None:
        """Write a row."""
        self._put(row.removesuffix("\r\n") + "\n")


def read_csv(lines: Iterator[str], longest: int, delimiter: str = ",") -> Reader:
    """Return a reader of rows of cells.

    Args:
        lines: The lines, with their ends.
        longest: The most characters of a cell; the module's own limit is below the size of a logo.
        delimiter: The character between cells.
    """
    csv.field_size_limit(max(csv.field_size_limit(), longest))
    return csv.reader(lines, delimiter=delimiter, strict=True)
