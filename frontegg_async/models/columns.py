"""The columns of records: the columns that the caller names, or all columns with a value in at least one row."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import cast

from frontegg_async._values.base_errors import InvalidArgumentError
from frontegg_async._values.json_values import NotJsonError
from frontegg_async._values.records import Record, records_of


def check_columns(columns: object, known: Sequence[str]) -> tuple[str, ...]:
    """Return the column names as a tuple, or raise an error if a name is unknown.

    Args:
        columns: The names, in the order of the columns.
        known: The names of all columns.

    Raises:
        InvalidArgumentError: ``columns`` is no sequence of names, is empty, or has an unknown name.
    """
    if isinstance(columns, str) or not isinstance(columns, Iterable):
        raise InvalidArgumentError(f"columns must be a sequence of names, not {type(columns).__name__}")
    names = tuple(cast("Iterable[object]", columns))
    for name in names:
        if name not in known:
            raise InvalidArgumentError(f"columns must be among {', '.join(known)}; {name!r} is not a column")
    if not names:
        raise InvalidArgumentError("columns must have at least one name, or be None for all columns with a value")
    return cast("tuple[str, ...]", names)


def checked_records(items: Sequence[object], columns: Sequence[str] | None, *, json_as_text: bool) -> list[Record]:
    """Return a dict for each model.

    Args:
        items: The models.
        columns: The keys, in order; by default all fields except ``extra``.
        json_as_text: Whether lists, dicts and models become JSON text.

    Raises:
        InvalidArgumentError: A JSON value is nested too deeply, or contains an object that JSON cannot represent.
    """
    try:
        return records_of(items, columns, json_as_text=json_as_text)
    except NotJsonError as error:
        problem = f"a JSON value of an item{error}"
    raise InvalidArgumentError(problem)


def without_empty(records: list[Record], *, kept: Sequence[str] = ()) -> list[Record]:
    """Return the records without the columns that are ``None`` or empty text in every record."""
    empty = [name for name in (records[0] if records else ()) if name not in kept]
    for record in records:
        empty = [name for name in empty if record[name] is None or record[name] == ""]
        if not empty:
            return records
    names = [name for name in (records[0] if records else ()) if name not in empty]
    return [{name: record[name] for name in names} for record in records]
