"""The files of snapshots: functions that write and read them. The suffix of a file determines the format."""

from __future__ import annotations

import codecs
import csv
import errno
import os
import stat
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final, TypeAlias, cast

from frontegg_async._formats.csv_cells import guarded, unguarded
from frontegg_async._formats.csv_text import csv_text, read_csv
from frontegg_async._formats.json_text import sorted_json
from frontegg_async._formats.yaml_text import check_yaml, load_yaml, yaml_text
from frontegg_async._values.json_values import JsonValue, parse_json_lines, parse_unique
from frontegg_async.errors import InvalidArgumentError
from frontegg_async.models.exports import IncludeLiteral
from frontegg_async.snapshots.rows import FIELDS, FORMAT, INCLUDES, JSON_FIELDS, Row, SortedRow, field_of
from frontegg_async.snapshots.sorted_spool import SortedSpool

Encode: TypeAlias = Callable[[bytes], bytes]
"""A function that converts rows from JSON Lines to the format of a file."""

_LINES: Final = 10_000
"""The minimum number of lines of YAML that are parsed at a time."""

_CELL: Final = 2**27
"""The maximum number of characters of a cell."""


def csv_cell(name: str, value: JsonValue) -> str:
    """Convert the value of a field to a cell of a CSV file."""
    if value is None:
        return ""
    return guarded(value) if isinstance(value, str) and name not in JSON_FIELDS else sorted_json(value).decode()


def is_csv(path: Path) -> bool:
    """Return whether a file is a CSV file, in which an empty text and null are the same."""
    return path.suffix.lower() == ".csv"


def check_path(path: str | os.PathLike[str], argument: str = "path") -> Path:
    """Check that the suffix of a path is the suffix of a known format, and return the path.

    Raises:
        InvalidArgumentError: The value is not a path, or its suffix is unknown.
        MissingExtraError: The file is YAML, but PyYAML is not installed.
    """
    if not isinstance(path, str | os.PathLike):
        raise InvalidArgumentError(f"{argument} must be a path, not {type(path).__name__}")
    checked = Path(path)
    suffix = checked.suffix.lower()
    if suffix not in _READERS:
        raise InvalidArgumentError(f"{argument} must end in {', '.join(_READERS)}, but is {str(checked)!r}")
    if _READERS[suffix] is _read_yaml:
        check_yaml()
    return checked


def check_readable(path: Path) -> None:
    """Raise an error for a file that cannot be read twice or has no end, such as a pipe or a device.

    Raises:
        OSError: The file is a pipe or a device, does not exist, or cannot be opened; the error names ``path``.
    """
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))  # do not wait for a writer of a pipe
    mode = os.fstat(descriptor).st_mode
    os.close(descriptor)
    if stat.S_ISDIR(mode):
        raise OSError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    if not stat.S_ISREG(mode):
        raise OSError(errno.EINVAL, "not a regular file", str(path))


def encoder(path: Path, columns: Sequence[str]) -> tuple[bytes, Encode]:
    """Return the first bytes of a file, and the function that converts rows to bytes.

    Args:
        path: The path of the file.
        columns: The fields of each row.
    """
    if is_csv(path):
        empty = dict.fromkeys(columns, "")
        return csv_text([columns]).encode(), lambda lines: csv_text(
            (empty | {name: csv_cell(name, value) for name, value in row.items() if value is not None}).values()
            for row in _parse_lines(lines)
        ).encode()
    if _READERS[path.suffix.lower()] is _read_yaml:
        return b"", _yaml_text
    return b"", bytes


def _parse_lines(lines: bytes) -> list[Row]:
    return cast("list[Row]", parse_json_lines(lines))


def _yaml_text(lines: bytes) -> bytes:
    return yaml_text(_parse_lines(lines), is_sorted=True).encode()


def read_rows(path: Path) -> Iterator[Row]:
    """Read the rows of an export one at a time.

    Args:
        path: The path of the file. Its suffix determines the format.

    Raises:
        InvalidArgumentError: The file is not an export. The message names the file and the line or row.
        OSError: The file cannot be read.
    """
    check_readable(path)
    try:
        for place, row in _READERS[path.suffix.lower()](path):
            _check(row, f"{path}, {place}:")
            yield row
    except UnicodeDecodeError:
        raise InvalidArgumentError(f"{path} must be UTF-8") from None


def read_sorted(path: Path, spool: SortedSpool, only: Collection[str] | None = None) -> Iterator[SortedRow]:
    """Read the rows of an export, ordered by id.

    Args:
        path: The path of the file. Its suffix determines the format.
        spool: An empty spool, which sorts the rows.
        only: The ids of the accounts to return; all by default.

    Raises:
        InvalidArgumentError: The file is not an export, or contains an account twice.
        OSError: The file cannot be read.
    """
    for row in read_rows(path):
        if only is not None and row["tenant_id"] not in only:
            continue
        spool.add([cast("str", row["tenant_id"])], [sorted_json(row)])
        if spool.is_full:
            spool.spill()
    for part in spool.sorted():
        if spool.repeated is not None:
            raise InvalidArgumentError(f"{path} has the account {spool.repeated!r} twice")
        yield from zip(*part, strict=True)


def included_in(path: Path) -> tuple[IncludeLiteral, ...]:
    """Return the parts that an export includes beside the accounts. The first row of the export shows the parts.

    Raises:
        InvalidArgumentError: The file is not an export.
        OSError: The file cannot be read.
    """
    first = next(read_rows(path), Row())
    return tuple(name for name in INCLUDES if field_of(name) in first)


def _check(row: object, place: str) -> None:
    if not isinstance(row, dict):
        raise InvalidArgumentError(f"{place} a row must be an object with the fields of an account")
    fields = cast("Row", row)
    version, tenant_id = fields.get("format", FORMAT), fields.get("tenant_id")
    if version != FORMAT:
        raise InvalidArgumentError(f"{place} format must be {FORMAT!r}, not {version!r}")
    if not isinstance(tenant_id, str) or not tenant_id:
        raise InvalidArgumentError(f"{place} tenant_id must be text")


def _read_json(path: Path) -> Iterator[tuple[str, Row]]:
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            text = line.strip() if number > 1 else line.strip().removeprefix(codecs.BOM_UTF8)
            if text:
                try:
                    yield f"line {number}", cast("Row", parse_unique(text))
                except (ValueError, RecursionError) as error:
                    raise InvalidArgumentError(f"{path}, line {number}: not JSON: {error}") from None


def _read_csv(path: Path) -> Iterator[tuple[str, Row]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = read_csv(file, _CELL)
        try:
            columns = next(reader, list[str]())
            if "tenant_id" not in columns:
                raise InvalidArgumentError(
                    f"{path} is not a complete export: its first line must have the column names, also tenant_id"
                )
            for cells in reader:
                yield f"line {reader.line_num}", _of_cells(columns, cells)
        except csv.Error as error:
            raise InvalidArgumentError(f"{path}, line {reader.line_num}: {error}") from None


def _of_cells(columns: Sequence[str], cells: Sequence[str]) -> Row:
    """Convert the cells of a CSV line to a row.

    Raises:
        csv.Error: The number of cells differs from the first line, a column occurs twice, or a cell is not JSON text.
    """
    if len(cells) != len(columns):
        raise csv.Error(f"the first line has {len(columns)} cells, but this line has {len(cells)}")
    row: Row = {}
    for name, cell in zip(columns, cells, strict=True):
        try:
            # Spreadsheets replace true by TRUE.
            text = cell.lower() if name.startswith(("is_", "has_")) else cell
            row[name] = parse_unique(cell) if cell and name in JSON_FIELDS else unguarded(text) or None
        except (ValueError, RecursionError) as error:
            raise csv.Error(f"{name} must be JSON text: {error}") from None
    if len(row) < len(columns):
        raise csv.Error(f"the column {Counter(columns).most_common(1)[0][0]!r} occurs twice")
    return row


def _read_yaml(path: Path) -> Iterator[tuple[str, Row]]:
    number = 0
    with path.open(encoding="utf-8-sig") as file:
        for text in _items(file):
            try:
                rows = load_yaml(text)
            except ValueError as error:
                raise InvalidArgumentError(f"{path}, after row {number}: {error}") from None
            if not isinstance(rows, list | None):
                raise InvalidArgumentError(f"{path} must be a list of accounts")
            for row in cast("list[object]", rows or []):
                number += 1
                yield f"row {number}", cast("Row", row)


def _items(file: Iterable[str]) -> Iterator[str]:
    """Yield the text of a YAML list in portions of several items, since the whole list may not fit into memory."""
    lines: list[str] = []
    for line in file:
        if len(lines) >= _LINES and line.startswith("- "):
            yield "".join(lines)
            lines.clear()
        lines.append(line)
    yield "".join(lines)


_READERS: Final[dict[str, Callable[[Path], Iterator[tuple[str, Row]]]]] = {
    ".jsonl": _read_json,
    ".csv": _read_csv,
    ".yml": _read_yaml,
    ".yaml": _read_yaml,
}


def columns_with(fields: Sequence[str]) -> tuple[str, ...]:
    """Return the columns of an export with additional fields."""
    return tuple(sorted((*FIELDS, *fields)))
