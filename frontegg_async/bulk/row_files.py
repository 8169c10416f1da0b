"""Read the rows of CSV and JSON Lines files, in bounded memory for any content."""

from __future__ import annotations

import csv
import os
import re
import stat
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from io import BufferedReader
from pathlib import Path
from typing import Final, cast

import attrs

from frontegg_async._formats.csv_text import read_csv
from frontegg_async._formats.json_text import load_json
from frontegg_async.errors import UnusableRowsError

MAX_ROW: Final = 2**20
"""The maximum size of a row in bytes."""
MAX_COLUMNS: Final = 1_000
"""The maximum number of columns of a row."""

SUFFIXES: Final = (".csv", ".jsonl", ".ndjson")

_BOM: Final = b"\xef\xbb\xbf"
_OTHER_BOMS: Final = (b"\xff\xfe", b"\xfe\xff")
_SEPARATOR: Final = re.compile(rb'"?sep=([ -~\t])"?\r?\n')
"""The first line of a file in which spreadsheets name the separator of cells, such as ``sep=;``."""


@attrs.frozen
class NamedFile(os.PathLike[str]):
    """A file of rows whose column names differ from the columns of the operation."""

    path: Path
    """The file."""
    columns: Mapping[str, str]
    """The column of the operation for each name in the file. If this column begins with ``_``, the column of the file
    is ignored.
    """
    delimiter: str | None = None
    """The separator of CSV cells; ``None`` for the separator that the first line names, or a comma."""

    def __fspath__(self) -> str:
        return str(self.path)


@attrs.frozen
class RawRow:
    """A row of a file, before its values are checked.

    Args:
        line: The first line of the row, from 1.
        cells: The cells by column name; empty if the row has a problem.
        problem: The problem of the whole row; ``None`` if the row has no problem.
    """

    line: int
    cells: Mapping[str, object]
    problem: str | None = None


def is_csv(path: Path) -> bool:
    """Return whether the suffix of a file means CSV and not JSON Lines."""
    return path.suffix.lower() == ".csv"


class _RowTooLongError(Exception):
    """A row has more than `MAX_ROW` bytes."""


class _Lines:
    """Iterates over the lines of a file as text, with a limit for the size of a row.

    Bytes that are not UTF-8 become lone surrogates. So the error can name the cell that contains such bytes.
    """

    def __init__(self, file: BufferedReader, place: str) -> None:
        self._file = file
        self._left = MAX_ROW
        self._quotes = 0
        self.number = 0
        self.first = 0
        begin = file.peek(len(_BOM))  # without a seek, since the file may be a pipe
        if begin.startswith(_OTHER_BOMS):
            raise UnusableRowsError(f"{place} is UTF-16: save it as UTF-8")
        if begin.startswith(_BOM):
            file.read(len(_BOM))
        named = _SEPARATOR.match(file.peek(16))
        self.separator = ","
        """The separator of cells: a comma, or the separator that the first line names."""
        if named is not None:
            self.separator = named[1].decode()
            self.number = file.read(named.end()).count(b"\n")

    def begin_row(self) -> None:
        """Begin a row, and restart the counts of bytes and quotes."""
        self.first = self.number + 1
        self._left = MAX_ROW
        self._quotes = 0

    @property
    def is_in_quotes(self) -> bool:
        """Whether the row so far contains a quote that is not closed."""
        return self._quotes % 2 == 1

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._file.readline(self._left + 1)
        if not line:
            raise StopIteration
        self.number += 1
        self._quotes += line.count(b'"')
        if len(line) > self._left:
            if not line.endswith(b"\n"):
                self._skip_line()
            raise _RowTooLongError
        self._left -= len(line)
        return line.decode(errors="surrogateescape")

    def skip_quoted(self) -> None:
        """If the row has an open quote, skip to the end of the line that closes the quote."""
        while self.is_in_quotes and self._skip_line():
            self.number += 1

    def _skip_line(self) -> bool:
        """Skip the remaining bytes of the line; return whether the file had more bytes."""
        part = b""
        found = False
        while not part.endswith(b"\n") and (part := self._file.readline(MAX_ROW)):
            self._quotes += part.count(b'"')
            found = True
        return found


def read_file(path: Path | NamedFile, header_problem: Callable[[Sequence[str]], str | None]) -> Iterator[RawRow]:
    """Yield the rows of a file. The file stays open until the end, or until the generator is closed.

    Args:
        path: The file. Its suffix determines the format.
        header_problem: Returns the problem of a CSV header, from its column names, or ``None``.

    Raises:
        UnusableRowsError: The file cannot be read, has invalid columns, or has a quote that is never closed.
    """
    place = os.fspath(path)
    given = path if isinstance(path, NamedFile) else NamedFile(path, {})
    try:
        with given.path.open("rb") as file:
            if stat.S_ISCHR(os.fstat(file.fileno()).st_mode):
                raise UnusableRowsError(f"{place} is a device")  # a device may have no end
            lines = _Lines(file, place)
            if is_csv(given.path):
                yield from _read_csv(lines, given, header_problem)
            else:
                yield from map(partial(_renamed, given.columns), _read_json_lines(lines, place))
    except OSError as error:
        is_directory = isinstance(error, IsADirectoryError)
        reason = "is a directory" if is_directory else f"cannot be read: {error.strerror or error}"
    else:
        return
    raise UnusableRowsError(f"{place} {reason}")


def _renamed(columns: Mapping[str, str], row: RawRow) -> RawRow:
    """Rename the columns of a row of JSON Lines to the operation's columns."""
    if not columns:
        return row
    cells = {columns.get(name, name): value for name, value in row.cells.items()}
    twice = next((columns[name] for name in row.cells if name in columns and columns[name] in row.cells), None)
    if twice is None and len(cells) == len(row.cells):
        return attrs.evolve(row, cells=cells)
    return RawRow(row.line, {}, f"two columns are called {twice or 'the same'} after --map")


def _read_csv(
    lines: _Lines, given: NamedFile, header_problem: Callable[[Sequence[str]], str | None]
) -> Iterator[RawRow]:
    place = str(given.path)
    reader = read_csv(lines, MAX_ROW, given.delimiter or lines.separator)
    full_header = [name.strip() for name in _header(lines, reader, place)]
    header = _without_empty_end(full_header)
    names = [given.columns.get(name, name) for name in header]
    unknown = [name for name in given.columns if name not in header]
    problem = None
    if unknown:
        problem = f"there is no column {', '.join(map(repr, unknown))}: the columns are {', '.join(map(repr, header))}"
    problem = problem or _header_problem(names, len(full_header)) or header_problem(names)
    if problem is not None:
        raise UnusableRowsError(f"{place}, line {lines.first}: {problem}")
    while True:
        lines.begin_row()
        try:
            cells, problem = _next_cells(lines, reader)
        except StopIteration:
            return
        if problem is not None and lines.is_in_quotes:
            raise UnusableRowsError(f"{place}, line {lines.first}: a quote is opened in this row and never closed")
        if len(cells) == len(full_header) and not any(cells[len(names) :]):
            cells = cells[: len(names)]
        if problem is None and cells:
            problem = _count_problem(cells, header)
        if problem is not None:
            yield RawRow(lines.first, {}, problem)
        elif cells:
            yield RawRow(lines.first, dict(zip(names, cells, strict=True)))


def _without_empty_end(header: list[str]) -> list[str]:
    """Return the column names without empty names at the end, which spreadsheets may write."""
    last = next((at for at in range(len(header), 0, -1) if header[at - 1]), len(header))
    return header[:last]


def _header(lines: _Lines, reader: Iterator[list[str]], place: str) -> list[str]:
    cells: list[str] = []
    problem: str | None = None
    try:
        while not cells and problem is None:
            lines.begin_row()
            cells, problem = _next_cells(lines, reader)
    except StopIteration:
        raise UnusableRowsError(f"{place} is empty: its first line must contain the column names") from None
    if problem is not None:
        raise UnusableRowsError(f"{place}, line {lines.first}: the names of the columns cannot be read: {problem}")
    return cells


def _next_cells(lines: _Lines, reader: Iterator[list[str]]) -> tuple[list[str], str | None]:
    """Return the cells of the next row and the problem of an invalid row. An empty line has no cells."""
    try:
        return next(reader), None
    except _RowTooLongError:
        lines.skip_quoted()
        return [], f"the row has more than {MAX_ROW:,} bytes; it ends in line {lines.number:,}"
    except csv.Error as error:
        text = str(error)
    if "new-line character" in text:
        return [], "a line ends with CR alone: end lines with LF or CRLF"
    return [], f"the row is not CSV: {text}"


def _header_problem(names: list[str], width: int) -> str | None:
    if width > MAX_COLUMNS:
        return f"there are {width:,} columns, and at most {MAX_COLUMNS:,} are allowed"
    seen: set[str] = set()
    for position, name in enumerate(names, 1):
        if not name:
            return f"column {position} has no name (if pandas wrote its index, write the file again with index=False)"
        if name in seen:
            return f"column {name!r} occurs twice"
        seen.add(name)
    if len(names) == 1:
        other = next((mark for mark in ";\t|" if mark in names[0]), None)
        if other is not None:
            return f"columns must be separated by commas, not by {other!r}, unless --delimiter {other!r} is given"
    return None


def _count_problem(cells: list[str], names: list[str]) -> str | None:
    if len(cells) != len(names):
        return f"the row has {len(cells):,} cells and the header has {len(names):,}"
    if [cell.strip() for cell in cells] == names:
        return "the row repeats the names of the columns"
    return None


def _read_json_lines(lines: _Lines, place: str) -> Iterator[RawRow]:
    is_empty = True
    while True:
        lines.begin_row()
        try:
            text = next(lines)
        except StopIteration:
            break
        except _RowTooLongError:
            is_empty = False
            yield RawRow(lines.first, {}, f"the row has more than {MAX_ROW:,} bytes")
            continue
        if not text.strip():
            continue
        is_empty = False
        try:
            value = load_json(text)
        except ValueError as error:
            cut = "" if text.endswith("\n") else "; this is the last line, so the file may be incomplete"
            yield RawRow(lines.first, {}, f"the row is not JSON: {error}{cut}")
        else:
            if isinstance(value, dict):
                yield RawRow(lines.first, cast("dict[str, object]", value))
            else:
                yield RawRow(lines.first, {}, "each line must be a JSON object, without an array around the objects")
    if is_empty:
        raise UnusableRowsError(f"{place} is empty: each line must have a JSON object")
