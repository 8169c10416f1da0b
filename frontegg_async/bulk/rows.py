"""The rows of bulk work: from CSV and JSON Lines files, and from mappings and models in any iterable."""

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
from frontegg_async.bulk.chosen_columns import ChosenColumns
from frontegg_async.bulk.operation import Operation
from frontegg_async.bulk.row_files import SUFFIXES, is_csv, read_file
from frontegg_async.bulk.row_values import Reading, RowProblem, RowValues
from frontegg_async.errors import InvalidArgumentError, UnusableRowsError

BulkRow: TypeAlias = Mapping[str, object] | attrs.AttrsInstance
"""A row of a caller: a mapping of columns to values, or a model, as `Tenant`."""

BulkSource: TypeAlias = str | os.PathLike[str] | Iterable[BulkRow] | AsyncIterable[BulkRow]
"""The source of rows: the path of a file, or any iterable, asynchronous or not."""

OnBadRow: TypeAlias = Literal["raise", "report"]
"""With ``raise``, an invalid row keeps the job from sending anything; ``report`` sends the other rows."""

_CHUNK: Final = 256
"""The rows that are read before other tasks may run."""


class Row(msgspec.Struct, frozen=True, gc=False):
    """A valid row."""

    number: int
    """The place among the rows, from 1."""
    line: int | None
    """The line of the file that it begins in, from 1; ``None`` without a file."""
    values: dict[str, JsonValue]
    """The parameters of the operation by name, with the id of the tenant if the row has it."""


@attrs.frozen
class BadRow:
    """An invalid row."""

    number: int
    """The place among the rows, from 1."""
    line: int | None
    """The line of the file that it begins in, from 1; ``None`` without a file."""
    column: str | None
    """The column, by its name in the input; ``None`` if the whole row is wrong."""
    message: str
    """The problem, and the allowed values."""
    values: dict[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """The values for a report, as far as they could be read; a refused value is as the caller gave it."""
    file: str | None = None
    """The file; ``None`` without one."""

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
    """Yield the rows of a source in order, some at a time, in flat memory.

    Files and plain iterables are read in a thread, since they may block or make blocking calls.

    Args:
        source: The path of a ``.csv``, ``.jsonl`` or ``.ndjson`` file in UTF-8, or an iterable of mappings or models.
            Columns are the parameters of the operation or their names on the wire; a key of metadata may have a column
            of its own, as ``metadata.plan``. Columns that begin with ``_``, and ``format``, are ignored.
        operation: The operation of the rows.
        chosen: The columns to send; ``None`` for all.
        left_out: Counts, by name, the fields in rows of an export that the operation does not take.

    Raises:
        UnusableRowsError: The file as a whole cannot be used; the message names the file, line and column.
        InvalidArgumentError: The source is neither a path nor an iterable of rows.
    """
    values = RowValues(operation, chosen, left_out)
    if isinstance(source, AsyncIterable) and not isinstance(source, OnlyFor):
        number = 0
        async for item in source:
            number += 1
            yield [_row(number, None, None, values.of_item(item))]
            if number % _CHUNK == 0:
                await asyncio.sleep(0)  # let other tasks run beside a source that never waits
        return
    rows = _Chunks(_rows_of(source, values))
    try:
        while not rows.is_finished and (chunk := await run_in_thread(rows.take)):
            yield chunk
    finally:
        if not rows.is_finished:
            await run_in_thread(rows.close)


class _Chunks:
    """Rows that a thread reads. `close` may come while a cancelled reader still takes rows."""

    def __init__(self, rows: Generator[Row | BadRow]) -> None:
        self._rows = rows
        self._lock = threading.Lock()
        self.is_finished: bool = False
        """Whether all rows were taken, so that the source is closed."""

    def take(self) -> list[Row | BadRow]:
        """Return the next rows; an empty list at the end."""
        with self._lock:
            chunk = list(islice(self._rows, _CHUNK))
            self.is_finished = len(chunk) < _CHUNK
            return chunk

    def close(self) -> None:
        """Close the file, or the generator."""
        with self._lock:
            self._rows.close()


def _rows_of(source: object, values: RowValues) -> Generator[Row | BadRow]:
    """Return the rows of a source that is not asynchronous."""
    if isinstance(source, str | os.PathLike):
        return _rows_of_file(_checked_path(cast("str | os.PathLike[str]", source)), values)
    given: object = source
    is_table = type(source).__name__ == "DataFrame"
    if is_table or isinstance(source, Mapping | bytes | bytearray) or not isinstance(source, Iterable):
        hint = (
            ": give the list of its rows, as to_dict('records') of pandas and to_dicts() of polars" if is_table else ""
        )
        raise InvalidArgumentError(
            "rows must be the path of a file, or an iterable of mappings or models, as a list or an async generator, "
            f"not {kind_of(given)}{hint}"
        )
    return _rows_of_items(cast("Iterable[object]", source), values)


def _rows_of_items(items: Iterable[object], values: RowValues) -> Generator[Row | BadRow]:
    source = iter(items)
    numbers = count(1)
    while chunk := list(islice(source, _CHUNK)):
        for reading in values.of_items(chunk):
            yield _row(next(numbers), None, None, reading)


def _checked_path(source: str | os.PathLike[str]) -> Path:
    path = Path(source)
    if path.suffix.lower() not in SUFFIXES:
        raise UnusableRowsError(f"{path} must be a file of {', '.join(SUFFIXES)}, by its name")
    return path


def _rows_of_file(path: Path, values: RowValues) -> Generator[Row | BadRow]:
    for number, raw in enumerate(read_file(path, values.header_problem), 1):
        reading: Reading
        if raw.problem is not None:
            reading = {}, RowProblem(None, raw.problem)
        elif is_csv(path):
            reading = values.of_cells(cast("Mapping[str, str]", raw.cells))
        else:
            reading = values.of_item(raw.cells)
        yield _row(number, raw.line, str(path), reading)


def _row(number: int, line: int | None, file: str | None, reading: Reading) -> Row | BadRow:
    values, problem = reading
    if problem is None:
        return Row(number, line, values)
    hint = " (is the file UTF-8?)" if file is not None and "surrogate" in problem.text else ""
    return BadRow(number, line, problem.column, f"{problem.text}{hint}", values, file)
