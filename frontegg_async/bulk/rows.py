"""Read the rows of bulk work from CSV and JSON Lines files, or from iterables of mappings and models."""

from __future__ import annotations

import asyncio
import os
import threading
from collections import Counter
from collections.abc import AsyncGenerator, AsyncIterable, Generator, Iterable, Mapping, Sequence
from itertools import count, islice
from pathlib import Path
from typing import Final, Literal, TypeAlias, cast

import attrs
import msgspec

from frontegg_async._core.runtime.worker_threads import run_in_thread
from frontegg_async._values.json_values import JsonValue
from frontegg_async._values.kinds import kind_of
from frontegg_async._values.printable import printable
from frontegg_async._values.wrong_statements import OnlyFor
from frontegg_async.bulk.chosen_columns import ChosenColumns, full_name
from frontegg_async.bulk.operation import Operation, RowProblem
from frontegg_async.bulk.row_files import SUFFIXES, NamedFile, is_csv, read_file
from frontegg_async.bulk.row_values import NOTHING, Reading, RowValues
from frontegg_async.errors import InvalidArgumentError, UnusableRowsError

BulkRow: TypeAlias = Mapping[str, object] | attrs.AttrsInstance
"""A row of a caller: a mapping from columns to values, or a model such as `Tenant`."""

BulkSource: TypeAlias = str | os.PathLike[str] | Iterable[BulkRow] | AsyncIterable[BulkRow]
"""The source of rows: the path of a file, or any synchronous or asynchronous iterable."""

OnBadRow: TypeAlias = Literal["raise", "report"]
"""The treatment of invalid rows: ``raise`` sends nothing if a row is invalid; ``report`` sends the other rows."""

_CHUNK: Final = 256
"""The number of rows that are read before other tasks may run."""


class Row(msgspec.Struct, frozen=True, gc=False):
    """A valid row."""

    number: int
    """The position of the row, from 1."""
    line: int | None
    """The first line of the row in the file, from 1; ``None`` without a file."""
    values: dict[str, JsonValue]
    """The parameters of the operation by name, with the tenant id if the row has one."""


@attrs.frozen
class BadRow:
    """An invalid row."""

    number: int
    """The position of the row, from 1."""
    line: int | None
    """The first line of the row in the file, from 1; ``None`` without a file."""
    column: str | None
    """The column, by its name in the input; ``None`` if the whole row is wrong."""
    message: str
    """A description of the problem and of the allowed values."""
    values: dict[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """The values for a report. Values may be missing, and an invalid value is unchanged."""
    file: str | None = None
    """The path of the file; ``None`` without a file."""

    def __str__(self) -> str:
        place = f"row {self.number}" if self.line is None else f"{self.file}, line {self.line}"
        column = "" if self.column is None else f", column {self.column!r}"
        return printable(f"{place}{column}: {self.message}")


async def read_chunks(
    source: BulkSource,
    operation: Operation,
    chosen: ChosenColumns | None = None,
    left_out: Counter[str] | None = None,
) -> AsyncGenerator[Sequence[Row | BadRow]]:
    """Yield the rows of a source in order, in chunks, with constant memory.

    Files and synchronous iterables are read in a thread, since they may block.

    Args:
        source: The path of a ``.csv``, ``.jsonl`` or ``.ndjson`` file in UTF-8, or an iterable of mappings or models.
            Columns are the parameters of the operation or the field names of the API. A key of metadata may have its
            own column, such as ``metadata.plan``. The column ``format`` and columns that begin with ``_`` are ignored.
        operation: The operation of the rows.
        chosen: The columns to send; ``None`` for all. Rows without a value in the chosen columns are left out and not
            counted.
        left_out: Counts the fields of exported rows that the operation does not take, by name.

    Raises:
        UnusableRowsError: The whole file is unusable, or all rows are left out. The message names the file, line and
            column.
        InvalidArgumentError: The source is neither a path nor an iterable of rows.
    """
    values = RowValues(operation, chosen, left_out)
    if isinstance(source, AsyncIterable) and not isinstance(source, OnlyFor):
        number = sent = 0
        async for item in source:
            number += 1
            if (reading := values.of_item(item)) is not NOTHING:
                sent += 1
                yield [_row(sent, None, None, reading, place=number)]
            if number % _CHUNK == 0:
                await asyncio.sleep(0)  # let other tasks run although the source never waits
        _check_any(number, sent, chosen)
        return
    rows = _Chunks(_rows_of(source, values))
    try:
        while not rows.is_finished:
            if chunk := await run_in_thread(rows.take):
                yield chunk
    finally:
        if not rows.is_finished:
            await run_in_thread(rows.close)
    _check_any(rows.number, rows.sent, chosen)


class _Chunks:
    """Rows that a thread reads. `close` may be called while the thread still takes rows for a cancelled reader."""

    def __init__(self, rows: Generator[Row | BadRow | None]) -> None:
        self._rows = rows
        self._lock = threading.Lock()
        self.number: int = 0
        """The number of rows so far."""
        self.sent: int = 0
        """The number of rows so far that are not left out."""
        self.is_finished: bool = False
        """Whether all rows were taken, so that the source is closed."""

    def take(self) -> list[Row | BadRow]:
        """Return the next rows. The list is empty at the end, or if all rows of the chunk are left out."""
        with self._lock:
            taken = list(islice(self._rows, _CHUNK))
            self.is_finished = len(taken) < _CHUNK
            chunk = [row for row in taken if row is not None]
            self.number += len(taken)
            self.sent += len(chunk)
            return chunk

    def close(self) -> None:
        """Close the file or the generator."""
        with self._lock:
            self._rows.close()


def _check_any(number: int, sent: int, chosen: ChosenColumns | None) -> None:
    """Refuse input of which no row is sent, for example since a column name is misspelled.

    Raises:
        UnusableRowsError: No row has a value in the chosen columns.
    """
    if chosen is not None and number and not sent:
        names = ", ".join(map(full_name, chosen.names))
        raise UnusableRowsError(f"nothing was sent: no row has a value in the columns to send, which are {names}")


def _rows_of(source: object, values: RowValues) -> Generator[Row | BadRow | None]:
    """Return the rows of a synchronous source, with ``None`` for each row that is left out."""
    if isinstance(source, str | os.PathLike):
        path = _checked_path(cast("str | os.PathLike[str]", source))
        return _rows_of_file(path, source if isinstance(source, NamedFile) else path, values)
    given: object = source
    is_table = type(source).__name__ == "DataFrame"
    if is_table or isinstance(source, Mapping | bytes | bytearray) or not isinstance(source, Iterable):
        hint = (
            ": give a list of its rows, with to_dict('records') of pandas or to_dicts() of polars" if is_table else ""
        )
        raise InvalidArgumentError(
            "rows must be the path of a file, or an iterable of mappings or models, such as a list or an async"
            f" generator, not {kind_of(given)}{hint}"
        )
    return _rows_of_items(cast("Iterable[object]", source), values)


def _rows_of_items(items: Iterable[object], values: RowValues) -> Generator[Row | BadRow | None]:
    source = iter(items)
    numbers, places = count(1), count(1)
    while chunk := list(islice(source, _CHUNK)):
        for reading in values.of_items(chunk):
            place = next(places)
            yield None if reading is NOTHING else _row(next(numbers), None, None, reading, place=place)


def _checked_path(source: str | os.PathLike[str]) -> Path:
    path = Path(source)
    if path.suffix.lower() not in SUFFIXES:
        raise UnusableRowsError(f"{path} must be a file whose name ends in {', '.join(SUFFIXES)}")
    return path


def _rows_of_file(path: Path, file: Path | NamedFile, values: RowValues) -> Generator[Row | BadRow | None]:
    numbers = count(1)
    for raw in read_file(file, values.header_problem):
        reading: Reading
        if raw.problem is not None:
            reading = {}, RowProblem(None, raw.problem)
        elif is_csv(path):
            reading = values.of_cells(cast("Mapping[str, str]", raw.cells))
        else:
            reading = values.of_item(raw.cells, is_json=True)
        yield None if reading is NOTHING else _row(next(numbers), raw.line, str(path), reading)


def _row(
    number: int, line: int | None, file: str | None, reading: Reading, *, place: int | None = None
) -> Row | BadRow:
    """Return a row.

    Args:
        number: The number of the row among the rows to send.
        line: The line of the row in its file.
        file: The file.
        reading: The values and the problem of the row.
        place: The number of the row among all rows of an iterable.
    """
    values, problem = reading
    if problem is None:
        return Row(number, line, values)
    hint = " (is the file UTF-8?)" if file is not None and "surrogate" in problem.text else ""
    where = "" if place in {None, number} else f" (row {place} of the input)"
    return BadRow(number, line, problem.column, f"{problem.text}{hint}{where}", values, file)
