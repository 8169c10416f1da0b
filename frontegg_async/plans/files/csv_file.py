"""Read accounts from CSV files.

An empty cell is a missing value. Cells of structured fields contain JSON text, or the field has dotted columns.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from typing import Final, cast

import attrs

from frontegg_async._formats.csv_cells import unguarded, value_of_key
from frontegg_async._formats.csv_text import read_csv
from frontegg_async._formats.json_text import load_json
from frontegg_async._values.json_values import JsonValue
from frontegg_async.plans.files import fields
from frontegg_async.plans.files.fields import ABSENT, METADATA, SETTINGS, SETTINGS_SPELLINGS, SPELLINGS, TENANT_ID
from frontegg_async.plans.files.file_bytes import LONG_ROW, FileBytes, text_of
from frontegg_async.plans.files.places import MAX_ROW, BrokenTextError, Part, Path, PlacedValue, Spot
from frontegg_async.plans.files.problems import unknown_field
from frontegg_async.plans.files.sources import PlacedRow, ReadItem, Source
from frontegg_async.snapshots.rows import APPLICATIONS, JSON_FIELDS, PLANS, Row

_FLAGS: Final = fields.FLAGS | {ABSENT}
_FLAG_VALUES: Final = {"true": True, "false": False}
_EXAMPLE: Final = '{"plan": "pro"}'
_EXAMPLES: Final = {
    APPLICATIONS: '["Desk"]',
    PLANS: '["Pro"]',
    SETTINGS: '{"timezone": "Europe/Berlin"}',
    "users": '{"ann@acme.example": {"roles": ["Admin"]}}',
}
_OTHER_MARKS: Final = ";\t|"


@attrs.frozen
class _Column:
    """A column of a CSV file.

    Args:
        name: The name in the file.
        field: The field that the column sets.
        key: The key within the field, for a dotted column such as ``metadata.plan``; otherwise ``None``.
    """

    name: str
    field: str
    key: str | None = None

    @property
    def is_known(self) -> bool:
        """Whether the field and the key exist."""
        if self.key is None:
            return self.field in fields.KNOWN
        return "." not in self.key and (
            self.key != "" if self.field == METADATA else self.key in fields.SETTINGS_FIELDS
        )

    def value(self, cell: str) -> JsonValue:
        """Return the value of a cell that is not empty.

        Raises:
            ValueError: The cell is not JSON.
        """
        if self.key is not None:
            return _given(value_of_key(unguarded(cell))) if self.field == METADATA else unguarded(cell)
        if self.field in JSON_FIELDS:
            return _given(cast("JsonValue", load_json(cell)))
        return _FLAG_VALUES.get(cell.lower(), cell) if self.field in _FLAGS else unguarded(cell)


def _given(value: JsonValue) -> JsonValue:
    """Return the value of a cell unless it is null."""
    if value is None:
        raise ValueError("null would clear the field, which a CSV file cannot do")
    return value


def _column(name: str) -> _Column:
    head, dot, key = name.partition(".")
    field = SPELLINGS.get(head, head)
    if dot and field == SETTINGS:
        return _Column(name, field, SETTINGS_SPELLINGS.get(key, key))
    return _Column(name, field, key) if dot and field == METADATA else _Column(name, SPELLINGS.get(name, name))


class CsvFile(Source):
    """A CSV file. Its first line contains the names of fields.

    Args:
        number: The position of this source among all sources.
        name: The name of the file as the caller gave it.
        file: The bytes of the file.
    """

    def __init__(self, number: int, name: str, file: FileBytes) -> None:
        super().__init__(number, name)
        self._file = file
        self._columns: list[_Column | None] = []
        """The columns; ``None`` for a column with a fault."""

    def read(self) -> Iterator[ReadItem]:
        """Yield all rows."""
        lines = _Lines(self._texts())
        reader = read_csv(lines, MAX_ROW)
        is_first = True
        while True:
            lines.begin()
            try:
                cells = next(reader)
            except StopIteration:
                break
            except csv.Error as error:
                if is_first:
                    raise BrokenTextError((lines.first, 1), _reason(error)) from None
                yield BrokenTextError((lines.first, 1), _reason(error))
                continue
            if is_first and cells:
                is_first = False
                yield from self._header_faults(cells, lines)
            elif any(cells):
                yield self._row(cells, lines.first, lines.text)
        if is_first:
            yield BrokenTextError(None, "the first line must contain the column names, including tenant_id")
        self.digest: str = self._file.digest

    def _texts(self) -> Iterator[tuple[int, str]]:
        for number, block in self._file.blocks():
            yield from enumerate(io.StringIO(text_of(block, number), newline="\n"), number)

    def _header_faults(self, cells: Sequence[str], lines: _Lines) -> Iterator[BrokenTextError]:
        marks = [mark for mark in _OTHER_MARKS if len(cells) == 1 and mark in cells[0]]
        if marks:
            raise BrokenTextError((lines.first, 1), f"columns must be separated by commas, not by {marks[0]!r}")
        columns = [_column(unguarded(cell.strip())) for cell in cells]
        problems = [_column_problem(column, columns[:position]) for position, column in enumerate(columns)]
        for problem, spot in zip(problems, _cell_spots(lines.text, lines.first), strict=True):
            if problem:
                yield BrokenTextError(spot, problem)
        self._columns = [None if problem else column for problem, column in zip(problems, columns, strict=True)]
        if TENANT_ID not in {column.field for column in columns}:
            raise BrokenTextError((lines.first, 1), "there is no column tenant_id")

    def _row(self, cells: Sequence[str], number: int, text: str) -> PlacedRow | BrokenTextError:
        spot = number, 1
        if len(cells) != len(self._columns):
            message = f"the first line has {len(self._columns):,} cells, and this row has {len(cells):,}"
            return BrokenTextError(spot, message)
        row: dict[str, JsonValue] = {}
        faults: list[tuple[Spot, str]] = []
        for position, (column, cell) in enumerate(zip(self._columns, cells, strict=True)):
            if column is None or cell == "":
                continue
            try:
                value = column.value(cell)
            except ValueError as error:
                example = _EXAMPLES.get(column.field, _EXAMPLE)
                message = f"{column.name} must be JSON text, such as {example}: {error}"
                faults.append((_cell_spots(text, number)[position], message))
                continue
            if column.key is None:
                row[column.field] = value
            else:
                cast("Row", row.setdefault(column.field, {}))[column.key] = value
        return PlacedRow(spot, PlacedValue(row, lambda path, of_name: self._cell(text, number, path, of_name), faults))

    def _cell(self, text: str, number: int, path: Path, of_name: bool) -> Spot:
        parts: dict[str | int, Part[Spot]] = {}
        keys: dict[str, dict[str | int, Part[Spot]]] = {}
        for column, spot in zip(self._columns, _cell_spots(text, number), strict=False):
            if column is not None:
                inner = keys.setdefault(column.field, {})
                parts.setdefault(column.field, Part(spot, spot, inner))
                inner |= {} if column.key is None else {column.key: Part(spot, spot)}
        return Part((number, 1), (number, 1), parts).find(path, of_name)

    def _find(self, spot: Spot, path: Path) -> Spot:
        number = spot[0]
        lines = _Lines((at, text_of(line, at)) for at, line in enumerate(self._file.lines_from(number), number))
        try:
            next(read_csv(lines, MAX_ROW))
        except csv.Error as error:
            raise BrokenTextError(spot, _reason(error)) from None
        return self._cell(lines.text, number, path, False)


class _Lines:
    """Iterates over the lines of a file for a CSV reader, and stores the text of the current row.

    Args:
        lines: The lines with their numbers.
    """

    def __init__(self, lines: Iterator[tuple[int, str]]) -> None:
        self._lines = lines
        self._number = 0
        self._size = 0
        self._taken: list[str] = []
        self.first = 1
        """The number of the first line of the row."""

    def begin(self) -> None:
        """Begin a row."""
        self.first = self._number + 1
        self._size = 0
        self._taken = []

    @property
    def text(self) -> str:
        """The text of the row."""
        return "".join(self._taken)

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        self._number, line = next(self._lines)
        self._taken.append(line)
        self._size += len(line)
        if "\0" in line:
            raise BrokenTextError((self._number, line.index("\0") + 1), "a text must not contain a NUL character")
        if self._size > MAX_ROW:
            raise BrokenTextError((self.first, 1), LONG_ROW)
        return line


def _column_problem(column: _Column, before: Sequence[_Column]) -> str | None:
    """Return the problem of a column, or ``None``.

    ``before`` contains the previous columns.
    """
    if not column.name:
        return "a column has no name"
    if not column.is_known:
        if column.key is None:
            return unknown_field(column.name, fields.KNOWN)
        if column.field == SETTINGS:
            return unknown_field(column.key, fields.SETTINGS_FIELDS)
        return f"{column.name!r} must name a single key of metadata, such as metadata.plan"
    same = [
        each.name
        for each in before
        if each.field == column.field and (each.key == column.key or None in (each.key, column.key))
    ]
    return f"{column.name!r} and {same[0]!r} are the same column: leave one out" if same else None


def _cell_spots(text: str, number: int) -> list[Spot]:
    """Return the place where each cell of a row begins.

    Args:
        text: The text of the row.
        number: The number of the row's first line.
    """
    spots = [(number, 1)]
    line, begins, is_quoted, may_open = number, 0, False, True
    for position, character in enumerate(text):
        if character == '"' and (is_quoted or may_open):
            # A second quote reopens the cell, since two quotes stand for one quote.
            is_quoted, may_open = not is_quoted, True
            continue
        may_open = character == "," and not is_quoted
        if may_open:
            spots.append((line, position - begins + 2))
        elif character == "\n":
            line, begins = line + 1, position + 1
    return spots


def _reason(error: csv.Error) -> str:
    text = str(error)
    if "new-line character" in text:
        return "a line ends with CR alone: end lines with LF or CRLF"
    if "unexpected end" in text:
        return "a quote is opened in this row and never closed"
    return f"the row is not CSV: {text}"
