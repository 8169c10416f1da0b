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
"""A row as it is given: a mapping of columns to values, or a model, as `Tenant`."""

BulkSource: TypeAlias = str | os.PathLike[str] | Iterable[BulkRow] | AsyncIterable[BulkRow]
"""Where rows come from: the path of a file, or any iterable, awaited or not."""

OnBadRow: TypeAlias = Literal["raise", "report"]
"""What is done about rows that cannot be used: nothing is sent, or the others are."""

_CHUNK: Final = 256
"""How many rows are read before other tasks have their turn."""


class Row(msgspec.Struct, frozen=True, gc=False):
    """A row that can be used."""

    number: int
    """The place among the rows, from 1."""
    line: int | None
    """The line of the file that it begins in, from 1; ``None`` without a file."""
    values: dict[str, JsonValue]
    """The parameters of the operation by name, with the id of the tenant if it is given."""


@attrs.frozen
class BadRow:
    """A row that cannot be used."""

    number: int
    """The place among the rows, from 1."""
    line: int | None
    """The line of the file that it begins in, from 1; ``None`` without a file."""
    column: str | None
    """The column, as it is called where the row is from; ``None`` if the whole row is wrong."""
    message: str
    """What is wrong, and what is allowed."""
    values: dict[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """What was given, as far as it could be read, so that a report can have it; what was refused is as it was given."""
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

    Files, and iterables that are not awaited, are read in a thread: they may block, and make blocking calls.

    Args:
        source: The path of a ``.csv``, ``.jsonl`` or ``.ndjson`` file in UTF-8, or an iterable of mappings or models.
            Columns are the parameters of the operation or their names on the wire; a key of metadata may have a column
            of its own, as ``metadata.plan``. Columns that begin with ``_``, and ``format``, are ignored.
        operation: What the rows are for.
        chosen: The columns that are sent, if not all are.
        left_out: Counts by name what rows of an export have and the operation does not take.

    Raises:
        UnusableRowsError: The file as a whole cannot be used; the message names the file, line and column.
        InvalidArgumentError: The source is none.
    """
    values = RowValues(operation, chosen, left_out)
    if isinstance(source, AsyncIterable) and not isinstance(source, OnlyFor):
        number = 0
        async for item in source:
            number += 1
            yield [_row(number, None, None, values.of_item(item))]
            if number % _CHUNK == 0:
                await asyncio.sleep(0)  # a source that never waits leaves others their turn
        return
    rows = _Chunks(_rows_of(source, values))
    try:
        while chunk := await run_in_thread(rows.take):
            yield chunk
    finally:
        await run_in_thread(rows.close)


class _Chunks:
    """Rows that a thread reads; a cancelled reader may still be at work when they are closed."""

    def __init__(self, rows: Generator[Row | BadRow]) -> None:
        self._rows = rows
        self._lock = threading.Lock()

    def take(self) -> list[Row | BadRow]:
        """Return the next rows; none at the end."""
        with self._lock:
            return list(islice(self._rows, _CHUNK))

    def close(self) -> None:
        """Close the file, or the generator."""
        with self._lock:
            self._rows.close()


def _rows_of(source: object, values: RowValues) -> Generator[Row | BadRow]:
    """Return the rows of a source that is not awaited."""
    if isinstance(source, str | os.PathLike):
        return _rows_of_file(_checked_path(cast("str | os.PathLike[str]", source)), values)
    kind = kind_of(source)
    is_table = type(source).__name__ == "DataFrame"
    if is_table or isinstance(source, Mapping | bytes | bytearray) or not isinstance(source, Iterable):
        hint = (
            ": give the list of its rows, as to_dict('records') of pandas and to_dicts() of polars" if is_table else ""
        )
        raise InvalidArgumentError(
            "rows must be the path of a file, or an iterable of mappings or models, as a list or an async generator, "
            f"not {kind}{hint}"
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
