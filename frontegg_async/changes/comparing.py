"""The comparison of two snapshots, row by row and in constant memory."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import Final, cast

from frontegg_async._formats.json_text import sorted_json
from frontegg_async._values.json_values import JsonValue, parse_json
from frontegg_async._values.unset import UNSET, Unset
from frontegg_async.changes.account_difference import AccountDifference, FieldDifference
from frontegg_async.errors import InvalidArgumentError
from frontegg_async.snapshots.files import csv_cell, is_csv, read_sorted
from frontegg_async.snapshots.rows import JSON_FIELDS, PARENT, Row, SortedRow
from frontegg_async.snapshots.sorted_spool import SortedSpool

_RUN: Final = 32 * 2**20
"""The number of bytes of each file that are sorted in memory at a time."""

_NOT_COMPARED: Final = frozenset({"format", "tenant_id", "internal_id", "id", "vendor_id", "created_at", "updated_at"})
"""Fields that the service sets, and that differ between environments or change with each write."""


def compare_files(a: Path, b: Path, only: Collection[str] | None = None) -> Iterator[AccountDifference]:
    """Yield the differences between two snapshot files, whose rows may be in any order.

    Args:
        a: The first file.
        b: The second file.
        only: The ids of the accounts to compare; all by default.

    Raises:
        InvalidArgumentError: A file is not an export, or has an account twice.
        OSError: A file cannot be read.
    """
    with SortedSpool(run=_RUN) as first, SortedSpool(run=_RUN) as second:
        has_cells = is_csv(a) != is_csv(b)
        yield from compare(read_sorted(a, first, only), read_sorted(b, second, only), has_cells=has_cells)


def compare(
    first: Iterable[SortedRow], second: Iterable[SortedRow], *, has_cells: bool = False
) -> Iterator[AccountDifference]:
    """Yield the differences between two streams of rows, matched by account id.

    A stream may come from a file, a listing of the service, or a database. Each stream is iterated once. At most one
    row of each stream is in memory. A field is compared only if both rows have the field.

    Args:
        first: The rows of the first snapshot, sorted by id in code point order.
        second: The rows of the second snapshot, in the same order.
        has_cells: Whether the rows of one stream come from a CSV file, in which null and empty text are the same.

    Raises:
        InvalidArgumentError: A stream is not sorted, or has an id twice.
    """
    for before, after in _pairs(_checked(first, "first"), _checked(second, "second")):
        if before != after:
            yield from _compare(_row(before), _row(after), has_cells=has_cells)


def _checked(rows: Iterable[SortedRow], argument: str) -> Iterator[SortedRow]:
    """Yield the rows. Raise an error if the rows are not sorted by id, since the comparison would be wrong."""
    last = ""
    for row in rows:
        if row[0] <= last:
            raise InvalidArgumentError(
                f"{argument} must be sorted by tenant_id, without a repeated tenant_id: {row[0]!r} comes after {last!r}"
            )
        last = row[0]
        yield row


def _pairs(
    first: Iterator[SortedRow], second: Iterator[SortedRow]
) -> Iterator[tuple[SortedRow | None, SortedRow | None]]:
    """Yield the two rows of each account; ``None`` for an export that lacks the account."""
    before, after = next(first, None), next(second, None)
    while before is not None or after is not None:
        a = before is not None and (after is None or before[0] <= after[0])
        b = after is not None and (before is None or after[0] <= before[0])
        yield before if a else None, after if b else None
        before = next(first, None) if a else before
        after = next(second, None) if b else after


def _row(entry: SortedRow | None) -> Row | None:
    return None if entry is None else cast("Row", parse_json(entry[1]))


def _compare(before: Row | None, after: Row | None, *, has_cells: bool) -> Iterator[AccountDifference]:
    row = after or before or {}
    tenant_id, given = cast("str", row["tenant_id"]), row.get("name")
    name = None if given is None else str(given)  # a file that somebody edited may have a number
    if before is None or after is None:
        known = {key: value for key, value in row.items() if key not in _NOT_COMPARED and value not in (None, {})}
        fields = [
            FieldDifference((key,), *((UNSET, value) if before is None else (value, UNSET)))
            for key, value in known.items()
        ]
        yield AccountDifference("created" if before is None else "deleted", tenant_id, name, tuple(fields))
        return
    found = [*compare_rows(before, after, has_cells=has_cells)]
    moves = tuple(each for each in found if each.path == (PARENT,))
    changes = tuple(each for each in found if each.path != (PARENT,))
    if moves:
        yield AccountDifference("moved", tenant_id, name, moves)
    if changes:
        yield AccountDifference("changed", tenant_id, name, changes)


def compare_rows(before: Row, after: Row, *, has_cells: bool = False) -> Iterator[FieldDifference]:
    """Yield the fields that differ between two rows of one account, sorted by name.

    A field is compared if both rows have the field, unless the service sets the field. If both values are objects, each
    key that differs is a separate difference. The value of a missing key is `UNSET`.

    Args:
        before: The row in the first snapshot.
        after: The row in the second snapshot.
        has_cells: Whether one row comes from a CSV file, in which null and empty text are the same.
    """
    names = sorted((before.keys() & after.keys()) - _NOT_COMPARED, reverse=True)
    pending: list[tuple[tuple[str, ...], JsonValue | Unset, JsonValue | Unset]]
    pending = [((name,), before[name], after[name]) for name in names]
    while pending:
        path, x, y = pending.pop()
        if x is not UNSET and y is not UNSET and _are_same(path[0], x, y, has_cells=has_cells):
            continue
        if isinstance(x, dict) and isinstance(y, dict):
            keys = sorted(x.keys() | y.keys(), reverse=True)
            pending += [((*path, key), x.get(key, UNSET), y.get(key, UNSET)) for key in keys]
        else:
            yield FieldDifference(path, x, y)


def _are_same(name: str, x: JsonValue | Unset, y: JsonValue | Unset, *, has_cells: bool) -> bool:
    if has_cells and name not in JSON_FIELDS:
        return csv_cell(name, cast("JsonValue", x)) == csv_cell(name, cast("JsonValue", y))
    return sorted_json(x) == sorted_json(y)  # compare texts, since 1 equals True in Python
