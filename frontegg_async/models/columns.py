"""Which columns records have: those that are named, or all that have a value in some row."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import cast

from frontegg_async._values.base_errors import InvalidArgumentError
from frontegg_async._values.json_values import NotJsonError
from frontegg_async._values.records import Record, records_of


def check_columns(columns: object, known: Sequence[str]) -> tuple[str, ...]:
    """Return the names of columns.

    Args:
        columns: The names, in the order in which records shall have them.
        known: The names of all columns that there are.

    Raises:
        InvalidArgumentError: It is no sequence of names, it is empty, or there is no such column.
    """
    if isinstance(columns, str) or not isinstance(columns, Iterable):
        raise InvalidArgumentError(f"columns must be a sequence of names, not {type(columns).__name__}")
    names = tuple(cast("Iterable[object]", columns))
    for name in names:
        if name not in known:
            raise InvalidArgumentError(f"columns must be among {', '.join(known)}; {name!r} is not")
    if not names:
        raise InvalidArgumentError("columns must have at least one name, or be None for all columns with a value")
    return cast("tuple[str, ...]", names)


def checked_records(items: Sequence[object], columns: Sequence[str] | None, *, json_as_text: bool) -> list[Record]:
    """Return a dict for each model.

    Args:
        items: The models.
        columns: The keys, in order; all fields but ``extra`` by default.
        json_as_text: Whether what has parts becomes JSON text.

    Raises:
        InvalidArgumentError: A JSON value is nested deeper than JSON text can be, or has something that JSON cannot
            hold.
    """
    try:
        return records_of(items, columns, json_as_text=json_as_text)
    except NotJsonError as error:
        problem = f"a JSON value of an item{error}"
    raise InvalidArgumentError(problem)


def without_empty(records: list[Record], *, kept: Sequence[str] = ()) -> list[Record]:
    """Return the records without the columns that have no value in any of them: only ``None`` or empty text.

    Args:
        records: Records with the same keys.
        kept: The columns that stay, even if they are empty.
    """
    empty = [name for name in (records[0] if records else ()) if name not in kept]
    for record in records:
        empty = [name for name in empty if record[name] is None or record[name] == ""]
        if not empty:
            return records
    names = [name for name in (records[0] if records else ()) if name not in empty]
    return [{name: record[name] for name in names} for record in records]
