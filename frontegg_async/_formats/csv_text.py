"""CSV text: a writer of rows, and a strict reader of rows."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from _csv import Reader, Writer


class TextFile(Protocol):
    """A writable text file."""

    def write(self, text: str, /) -> object:
        """Write text without changes."""
        ...


def csv_rows(file: TextFile) -> Writer:
    """Return a CSV writer for a file. The file must not convert line ends.

    Rows end with CR and LF, so that the writer quotes cells with CR or LF.
    """
    return csv.writer(file)


def csv_text(rows: Iterable[Iterable[str]]) -> str:
    """Format rows of cells as CSV."""
    text = io.StringIO()
    csv_rows(text).writerows(rows)
    return text.getvalue()


class LinesOfText:
    """A file for a CSV writer that ends each row with a line feed only.

    Args:
        put: The function that writes text.
    """

    def __init__(self, put: Callable[[str], object]) -> None:
        self._put = put

    def write(self, row: str) -> None:
        """Write a row."""
        self._put(row.removesuffix("\r\n") + "\n")


def read_csv(lines: Iterator[str], longest: int, delimiter: str = ",") -> Reader:
    """Return a strict CSV reader.

    Args:
        lines: The lines, each with its line end.
        longest: The largest number of characters of a cell. The default limit of the ``csv`` module is too small for a
            logo.
        delimiter: The character between cells.
    """
    csv.field_size_limit(max(csv.field_size_limit(), longest))
    return csv.reader(lines, delimiter=delimiter, strict=True)
