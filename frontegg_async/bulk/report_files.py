"""Write the rows of a report to files that another job can take as input."""

from __future__ import annotations

import contextlib
from collections.abc import Generator, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from frontegg_async._core.runtime.replaced_file import ReplacedFile
from frontegg_async._formats.csv_cells import cell_of, guarded, key_cell
from frontegg_async._formats.csv_text import TextFile, csv_rows
from frontegg_async._formats.json_text import json_line, json_list
from frontegg_async._values.json_values import JsonValue, parse_json_text
from frontegg_async._values.records import Record, record_of
from frontegg_async.bulk.ledger import LedgerRow
from frontegg_async.bulk.operation import Column
from frontegg_async.bulk.operations import OPERATIONS
from frontegg_async.errors import InvalidArgumentError, UnusableRowsError

FIELDS: Final = ("row", "line", "tenant_id", "state", "error", "status", "trace_id", "message", "attempts", "input")
"""The fields of the record of a row."""

_REPORTED: Final = ("row", "line", "state", "error", "status", "trace_id", "message")
"""The fields of an outcome that a file contains in addition to the input. In the file, their names begin with ``_``, so
that a job ignores them.
"""


def csv_columns(rows: Iterator[LedgerRow], operation: str) -> list[str]:
    """Return the CSV columns for the input of rows. `write_csv` adds the columns of the outcome.

    Args:
        rows: The rows.
        operation: The name of the operation.

    Raises:
        InvalidArgumentError: A row has a value that CSV cannot express.
    """
    known = OPERATIONS.get(operation)
    columns: Mapping[str, Column] = {} if known is None else known.columns
    names = set(() if known is None else known.required)
    for row in rows:
        given = _input(row)
        names |= given.keys()
        for name, value in given.items():
            if value is None or value == "":
                _cell(row, name, value, columns.get(name))
        if known is not None and known.merged in names and any(map(known.is_merged, names)):
            raise InvalidArgumentError(
                f"some rows have {known.merged} and others single keys, which one CSV file cannot express: write JSON "
                "Lines with to_json() and a path that ends in .jsonl"
            )
    return [*(name for name in columns if name in names), *sorted(names - columns.keys())]


def write_csv(file: TextFile, rows: Iterator[LedgerRow], operation: str, head: Sequence[str]) -> None:
    """Write rows as CSV. Cells that a spreadsheet would treat as a formula get a leading ``'``.

    Args:
        file: The file. It must not translate line ends.
        rows: The rows.
        operation: The name of the operation.
        head: The columns that `csv_columns` returned for the rows.
    """
    known = OPERATIONS.get(operation)
    columns: Mapping[str, Column] = {} if known is None else known.columns
    names = set(head)
    writer = csv_rows(file)
    writer.writerow([*map(guarded, head), *(f"_{name}" for name in _REPORTED)])
    for row in rows:
        given = _input(row)
        # While a job runs, new rows may appear. Leave out new rows with other columns; the next report contains them.
        if given.keys() <= names:
            cells = [_cell(row, name, given[name], columns.get(name)) if name in given else "" for name in head]
            writer.writerow([*cells, *_reported_cells(row)])


class _ReplacedText:
    """A text file that `ReplacedFile` moves to its final path at the end."""

    def __init__(self, file: ReplacedFile) -> None:
        self._file = file

    def write(self, text: str, /) -> None:
        self._file.write(text.encode())


@contextlib.contextmanager
def replacing(path: Path) -> Generator[TextFile]:
    """Yield a writer of a file. An existing file is replaced at the end. After an error, it stays unchanged.

    Args:
        path: The file. Only the owner may read a new file. A device or a pipe is written directly.

    Raises:
        InvalidArgumentError: The file is a ledger or another SQLite database.
        OSError: The file cannot be written.
    """
    if path.exists() and not path.is_file():
        try:
            with path.open("w", encoding="utf-8", newline="") as device:
                yield device
        except OSError as error:
            raise OSError(error.errno, error.strerror, str(path)) from None
        return
    file = ReplacedFile(path)
    try:
        file.open()
        yield _ReplacedText(file)
        file.commit()
    finally:
        file.discard()


def json_lines(rows: Iterator[LedgerRow]) -> Iterator[str]:
    """Yield a line of JSON for each row, with its input and its outcome."""
    for row in rows:
        yield f"{json_line(_texts_parsed(row, _input(row)) | _reported(row))}\n"


def json_array(rows: Iterator[LedgerRow]) -> Iterator[str]:
    """Yield the lines of a JSON array with the record of each row."""
    return (f"{line}\n" for line in json_list(json_line(record_of(row, FIELDS)) for row in rows))


def _input(row: LedgerRow) -> dict[str, JsonValue]:
    """Return the input of a row with the tenant id that the job chose.

    With this id, another job does not create the tenant twice.
    """
    if row.tenant_id is None or "child_id" in row.input:
        return dict(row.input)
    return {"tenant_id": row.tenant_id, **row.input}


def _texts_parsed(row: LedgerRow, given: dict[str, JsonValue]) -> dict[str, JsonValue]:
    """Return the input of a row, with values that are JSON text parsed.

    In JSON Lines, a job would not parse the text.
    """
    known = OPERATIONS.get(row.operation)
    columns: Mapping[str, Column] = {} if known is None else known.columns
    for name, column in columns.items():
        if column.is_json and isinstance(text := given.get(name), str):
            given[name] = parse_json_text(text)
    return given


def _reported(row: LedgerRow) -> Record:
    return {f"_{name}": value for name, value in record_of(row, _REPORTED).items()}


def _reported_cells(row: LedgerRow) -> Iterator[str]:
    return map(cell_of, _reported(row).values())


def _cell(row: LedgerRow, name: str, value: JsonValue, column: Column | None) -> str:
    """Return the text of a cell. A job that reads the cell gets the same value."""
    if column is None and "." in name:
        return key_cell(value)
    if column is not None and column.is_json:
        return "null" if value is None else cell_of(value)  # a text of such a column is JSON text
    if (value is not None and value != "") or row.error == UnusableRowsError.__name__:
        return cell_of(value)
    place = f"row {row.number}" if row.line is None else f"line {row.line}"
    raise InvalidArgumentError(
        f"{place} has {'null' if value is None else 'an empty text'} as {name}, which a CSV cell cannot express: "
        "write JSON Lines with to_json() and a path that ends in .jsonl"
    )
