"""`TableWriter`, which writes records as tables for people, fitted to the width of the terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final, TextIO, cast

from frontegg_async._formats.records import IDS, Record, Writer, pick, text_of
from frontegg_async._formats.terminal import console_of
from frontegg_async._values.printable import printable

if TYPE_CHECKING:
    from rich.table import Table

_BLOCK: Final = 500
"""The number of rows that are formatted together. The number is limited, so that long listings take little memory."""
_PREFERRED: Final = (
    "tenant_id", "id", "client_id", "migration_id", "key", "name", "display_name", "tenant_name", "email", "domain",
    "group", "severity", "action", "resource", "type", "status", "is_locked", "is_reseller", "is_default", "is_active",
    "url", "level", "depth", "enabled", "validated", "description", "expires_at", "created_at",
)  # fmt: skip
"""The default columns of a table."""
_NAMES: Final = ("key", "name", *IDS)
"""The fields that a table shows for each object of a list."""
_FEW: Final = 8
"""A record with at most this number of fields is shown with all its fields."""
_LONGEST: Final = 60
"""The largest number of characters that a table shows of a list or an object."""
_GAP: Final = 2
"""The number of spaces between two columns of a table."""


class TableWriter(Writer):
    """A writer of tables for people. A single record is shown as a list of the fields that have a value.

    Lists and objects are shortened, unless the caller names their fields. Other formats show complete lists and
    objects.
    """

    def __init__(self, stream: TextIO, fields: Sequence[str] = (), *, one: bool = False) -> None:
        super().__init__(stream, fields, one=one)
        self._block: list[Record] = []
        self._cell = _shown_cell if fields else _brief

    def write(self, record: Record) -> None:
        """Add a record to the current block of rows."""
        self._block.append(record)
        if len(self._block) == _BLOCK:
            self._flush()

    def end(self) -> None:
        """Write the last block of rows."""
        if self._block:
            self._flush()

    def _flush(self) -> None:
        console, table = console_of(self._stream), _table()
        if self._one:
            self._lay_out_one(table)
        else:
            self._lay_out(table, console.width)
        with console.capture() as captured:
            console.print(table)
        # rich pads each cell to the length of the longest cell. Remove the spaces, so that a pipe does not get them.
        self._stream.write("".join(f"{line.rstrip()}\n" for line in captured.get().splitlines()))
        self._block.clear()

    def _lay_out_one(self, table: Table) -> None:
        from rich.text import Text  # noqa: PLC0415 - only tables need it

        (record,) = self._block
        table.show_header = False
        table.add_column(style="bold", no_wrap=True)
        table.add_column(overflow="fold")
        for name in self._fields or tuple(record):
            value = pick(record, name)
            if self._fields or value not in (None, "", {}, []):
                table.add_row(Text(printable(name)), Text(printable(self._cell(value))))

    def _lay_out(self, table: Table, width: int) -> None:
        from rich.text import Text  # noqa: PLC0415 - only tables need it

        if not self._fields:
            self._fields = _fitting(_columns(self._block), self._block, width)
        for name in self._fields:
            table.add_column(Text(printable(name)), overflow="fold")
        for record in self._block:
            table.add_row(*(Text(printable(self._cell(pick(record, name)))) for name in self._fields))


def _columns(block: Sequence[Record]) -> tuple[str, ...]:
    """Return the columns of a table: the default columns in which at least one row has a value."""
    filled = [name for name in block[0] if any(row.get(name) not in (None, "", {}, []) for row in block)]
    named = [name for name in filled if name != "extra"]
    if len(block[0]) <= _FEW:
        return tuple(named or block[0])
    return tuple(name for name in _PREFERRED if name in filled) or tuple(named or block[0])


def _fitting(columns: Sequence[str], block: Sequence[Record], width: int) -> tuple[str, ...]:
    """Return as many columns as fit into a width, but at least two, so that ids are not wrapped."""
    from rich.cells import cell_len  # noqa: PLC0415 - only tables need it

    used = -_GAP
    for count, name in enumerate(columns):
        used += _GAP + max(cell_len(printable(text)) for text in (name, *(_brief(row.get(name)) for row in block)))
        if used > width and count >= 2:  # noqa: PLR2004 - an id and a name
            return tuple(columns[:count])
    return tuple(columns)


def _table() -> Table:
    from rich.table import Table  # noqa: PLC0415 - only tables need it

    return Table(box=None, pad_edge=False, header_style="bold")


def _shown_cell(value: object) -> str:
    """Format a value as a cell for people."""
    return text_of(round(value, 3) if isinstance(value, float) else value)


def _brief(value: object) -> str:
    """Format a value as a short cell."""
    if not isinstance(value, list | dict):
        return _shown_cell(value)
    names = [_name_of(part) for part in cast("Sequence[object]", value)] if isinstance(value, list) else [""]
    text = ", ".join(names) if all(names) else text_of(cast("object", value))
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _name_of(part: object) -> str:
    """Return the text for an object in a list."""
    if not isinstance(part, dict):
        return part if isinstance(part, str) else ""
    texts = {name: text for name, text in cast("Mapping[str, object]", part).items() if isinstance(text, str)}
    few = len(texts) <= 2  # noqa: PLR2004 - for example a tenant and a status
    return " ".join(texts.values()) if few else next((texts[name] for name in _NAMES if name in texts), "")
