"""Read the input of bulk work, row by row."""

from __future__ import annotations

from collections.abc import AsyncIterable, AsyncIterator, Iterable, Mapping
from typing import TypeAlias, cast

import attrs

from frontegg_async._values.json_values import JsonValue
from frontegg_async._values.kinds import kind_of
from frontegg_async.bulk.operations import BulkOperation
from frontegg_async.errors import InvalidArgumentError

BulkSource: TypeAlias = Iterable[Mapping[str, JsonValue]] | AsyncIterable[Mapping[str, JsonValue]]
"""The rows: mappings by the names of columns."""


@attrs.frozen
class Row:
    """A row that can be used."""

    number: int
    """Its place in the input, from 1."""
    line: int | None
    """Its line in the file."""
    values: dict[str, JsonValue]
    """Its values, by names of columns."""


@attrs.frozen
class BadRow:
    """A row that cannot be used."""

    number: int
    """Its place in the input, from 1."""
    line: int | None
    """Its line in the file."""
    column: str | None
    """The column that is wrong, if it is one."""
    message: str
    """What is wrong."""


async def read_rows(source: BulkSource, operation: BulkOperation) -> AsyncIterator[Row | BadRow]:
    """Read the rows of a source.

    Args:
        source: The rows.
        operation: The operation that they are for.
    """
    number = 0
    async for given in _each(source):
        number += 1
        if not isinstance(given, Mapping):
            yield BadRow(number, None, None, f"a row must be a mapping, not {type(given).__name__}")
            continue
        values = {
            operation.aliases.get(name, name): value for name, value in cast("Mapping[str, JsonValue]", given).items()
        }
        problem = operation.problem(values)
        yield Row(number, None, values) if problem is None else BadRow(number, None, *problem)


async def _each(source: object) -> AsyncIterator[object]:
    given = source
    if isinstance(source, AsyncIterable):
        async for row in cast("AsyncIterable[object]", source):
            yield row
    elif isinstance(source, Iterable) and not isinstance(source, str | bytes | Mapping):
        for row in cast("Iterable[object]", source):
            yield row
    else:
        raise InvalidArgumentError(f"rows must be an iterable of mappings, not {kind_of(given)}")
