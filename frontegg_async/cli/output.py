"""Write data to standard output: records as a table, JSON, JSON Lines, YAML, CSV or ids, one after the other."""

from __future__ import annotations

import csv
import json
from abc import ABCMeta, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Final, Literal, TextIO, TypeAlias, cast, get_args

from frontegg_async._values.csv_cells import guarded
from frontegg_async._values.printable import printable
from frontegg_async.cli.failures import CommandError, ExitCode
from frontegg_async.cli.talk import has_colour, is_terminal, width_of

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

Format: TypeAlias = Literal["table", "json", "jsonl", "yaml", "csv", "id"]
"""The formats of ``--output``."""

FORMATS: Final[tuple[Format, ...]] = get_args(Format)

Record: TypeAlias = Mapping[str, object]
"""Names and JSON values."""

IDS: Final = ("tenant_id", "id", "client_id", "migration_id", "email", "domain")
"""Names of ids; the first of them that a record has is its own."""
_BLOCK: Final = 500
"""The rows of a table that are laid out together: a listing of any length takes the memory of these."""
_PREFERRED: Final = (
    "tenant_id", "id", "client_id", "migration_id", "key", "name", "display_name", "tenant_name", "email", "domain",
    "group", "severity", "action", "resource", "type", "status", "is_reseller", "is_default", "is_active", "url",
    "level", "depth", "enabled", "validated", "description", "expires", "expires_at", "created_at",
)  # fmt: skip
"""The columns that a table has when none are named."""
_NAMES: Final = ("key", "name", *IDS)
"""The fields by which a table names the objects of a list."""
_FEW: Final = 8
"""Records with as many fields are shown whole."""
_LONGEST: Final = 60
"""The most characters of a value with parts in a table, where there is as much room."""
_GAP: Final = 2
"""The spaces between two columns of a table."""
_WITHOUT_LIMIT: Final = 100_000
_HEIGHT: Final = 24


def check_fields(fields: Sequence[str], known: Sequence[str]) -> None:
    """See whether fields can be there, before anything is sent.

    Args:
        fields: Names, with dots for what is inside of a value.
        known: The names of the record's fields; empty if they are not known.

    Raises:
        CommandError: A name is not among them.
    """
    for field in fields:
        if known and field.partition(".")[0] not in known:
            raise CommandError(f"--fields must be among {', '.join(known)}; {field!r} is not", ExitCode.USAGE)


def pick(record: Record, field: str) -> object:
    """Return the value of a field, or of what is inside of it; ``None`` where there is nothing.

    Args:
        record: The record.
        field: Names with dots between them, as ``metadata.plan``; a number counts in a list. A key that has dots itself
            is found as well.
    """
    found: object = record
    rest = field
    while rest:
        if isinstance(found, Mapping) and rest in found:
            return cast("Record", found)[rest]
        head, _, rest = rest.partition(".")
        if isinstance(found, Mapping):
            found = cast("Record", found).get(head)
        elif isinstance(found, list) and head.isdecimal() and int(head) < len(cast("list[object]", found)):
            found = cast("list[object]", found)[int(head)]
        else:
            return None
    return found


def text_of(value: object) -> str:
    """Return a value as the text of a cell: JSON for what is neither text nor missing."""
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def cell_of(value: object) -> str:
    """Return a value as the text of a cell for people, who need no more than three places of a number."""
    return text_of(round(value, 3) if isinstance(value, float) else value)


def brief(value: object) -> str:
    """Return a value as the text of a cell of a table: the names of what a list has, and no more than a line of it."""
    if not isinstance(value, list | dict):
        return cell_of(value)
    names = [_name_of(part) for part in cast("Sequence[object]", value)] if isinstance(value, list) else [""]
    text = ", ".join(names) if all(names) else text_of(cast("object", value))
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _name_of(part: object) -> str:
    """Return what a table shows of an object in a list: its texts if it has one or two, else its name."""
    if not isinstance(part, dict):
        return part if isinstance(part, str) else ""
    texts = {name: text for name, text in cast("Mapping[str, object]", part).items() if isinstance(text, str)}
    few = len(texts) <= 2  # noqa: PLR2004 - as a tenant and a status
    return " ".join(texts.values()) if few else next((texts[name] for name in _NAMES if name in texts), "")


class Writer(metaclass=ABCMeta):
    """Writes records in one format.

    Args:
        stream: Where to.
        fields: The fields to write, in order; empty for all.
        one: Whether there is a single record, which is not written as a list.
    """

    def __init__(self, stream: TextIO, fields: Sequence[str] = (), *, one: bool = False) -> None:
        self._stream = stream
        self._is_terminal = is_terminal(stream)
        self._fields = tuple(fields)
        self._one = one
        self._rows = 0

    def put(self, text: str) -> None:
        """Write a text; on a terminal without what would act on it."""
        is_harmless = not self._is_terminal or text.replace("\n", "").isprintable()
        self._stream.write(text if is_harmless else "".join(map(self.shown, text)))

    @staticmethod
    def shown(character: str) -> str:
        """Return what a terminal shows of a character."""
        return character if character == "\n" else printable(character)

    def add(self, record: Record) -> None:
        """Write a record."""
        if self._fields and not isinstance(self, TableWriter | IdWriter):
            record = {field: pick(record, field) for field in self._fields}
        self.write(record)
        self._rows += 1

    def end(self) -> None:
        """Write what comes after the last record."""
        self._stream.flush()

    @abstractmethod
    def write(self, record: Record) -> None:
        """Write the fields of a record that are wanted."""


class JsonLinesWriter(Writer):
    """An object a line."""

    @staticmethod
    def shown(character: str) -> str:
        """Return a character of JSON, or its escape."""
        if character == "\n" or character.isprintable():
            return character
        units = character.encode("utf-16-be", "surrogatepass").hex()
        return "".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4))

    def write(self, record: Record) -> None:
        """Write a record."""
        self.put(json.dumps(record, ensure_ascii=False, separators=(",", ":")) + "\n")


class JsonWriter(JsonLinesWriter):
    """A list of objects, or an object."""

    def write(self, record: Record) -> None:
        """Write a record."""
        text = json.dumps(record, ensure_ascii=False, indent=2)
        if self._one:
            self.put(text + "\n")
            return
        self.put("[\n" if self._rows == 0 else ",\n")
        self.put("  " + text.replace("\n", "\n  "))

    def end(self) -> None:
        """Write the end of the list."""
        if not self._one:
            self._stream.write("\n]\n" if self._rows else "[]\n")


class YamlWriter(Writer):
    """A sequence of mappings, or a mapping."""

    def write(self, record: Record) -> None:
        """Write a record."""
        import yaml  # noqa: PLC0415 - of this format alone

        fast: type = getattr(yaml, "CSafeDumper", yaml.SafeDumper)  # with libyaml, if it is there
        data = dict(record) if self._one else [dict(record)]

        def text(dumper: type, *, is_ascii: bool = False) -> str:
            dumped: str = yaml.dump(
                data, Dumper=dumper, allow_unicode=not is_ascii, sort_keys=False, width=_WITHOUT_LIMIT
            )
            return dumped

        try:
            written = text(fast)
        except UnicodeEncodeError:  # half a character, which libyaml has no escape for
            written = text(yaml.SafeDumper)
        if self._is_terminal and not written.replace("\n", "").isprintable():
            written = text(yaml.SafeDumper, is_ascii=True)
        self._stream.write(written)

    def end(self) -> None:
        """Write an empty sequence if there was nothing."""
        if not self._one and not self._rows:
            self._stream.write("[]\n")


class CsvWriter(Writer):
    """A head and a row each. Text that a spreadsheet would take for a formula begins with an apostrophe."""

    def __init__(
        self, stream: TextIO, fields: Sequence[str] = (), *, one: bool = False, columns: Sequence[str] = ()
    ) -> None:
        super().__init__(stream, fields, one=one)
        self._columns = tuple(fields or columns)
        self._writer = csv.writer(Lines(self.put))  # which quotes what is part of its own end of line, \r\n

    def write(self, record: Record) -> None:
        """Write a record."""
        if self._rows == 0:
            self._columns = self._columns or tuple(record)
            self._head()
        self._writer.writerow([_cell(record.get(name)) for name in self._columns])

    def _head(self) -> None:
        self._writer.writerow([guarded(name) for name in self._columns])

    def end(self) -> None:
        """Write the head if there was no row, and the columns are known."""
        if self._rows == 0 and self._columns:
            self._head()


class Lines:
    """Takes rows of CSV, and ends them as lines."""

    def __init__(self, put: Callable[[str], None]) -> None:
        self._put = put

    def write(self, row: str) -> None:
        """Write a row."""
        self._put(row.removesuffix("\r\n") + "\n")


def _cell(value: object) -> str:
    text = text_of(value)
    return guarded(text) if isinstance(value, str) else text


class IdWriter(Writer):
    """The id of each record alone, or the one field that is named."""

    def __init__(self, stream: TextIO, fields: Sequence[str] = (), *, one: bool = False, id_field: str = "") -> None:
        super().__init__(stream, fields, one=one)
        self._field = fields[0] if fields else id_field

    def write(self, record: Record) -> None:
        """Write a record."""
        field = self._field or next((name for name in record if name in IDS), next(iter(record), ""))
        self.put(" ".join(text_of(pick(record, field)).splitlines()) + "\n")


class TableWriter(Writer):
    """Columns for people. A single record is a list of its fields that have a value.

    Values with parts are shortened, unless their fields are named: the other formats have them whole.
    """

    def __init__(self, stream: TextIO, fields: Sequence[str] = (), *, one: bool = False) -> None:
        super().__init__(stream, fields, one=one)
        self._block: list[Record] = []
        self._cell = cell_of if fields else brief

    def write(self, record: Record) -> None:
        """Write a record."""
        self._block.append(record)
        if len(self._block) == _BLOCK:
            self._flush()

    def end(self) -> None:
        """Write the last rows."""
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
        # Cells are padded to the longest one, which would fill the screens of a pipe.
        self._stream.write("".join(f"{line.rstrip()}\n" for line in captured.get().splitlines()))
        self._block.clear()

    def _lay_out_one(self, table: Table) -> None:
        from rich.text import Text  # noqa: PLC0415 - of this format alone

        (record,) = self._block
        table.show_header = False
        table.add_column(style="bold", no_wrap=True)
        table.add_column(overflow="fold")
        for name in self._fields or tuple(record):
            value = pick(record, name)
            if self._fields or value not in (None, "", {}, []):
                table.add_row(Text(printable(name)), Text(printable(self._cell(value))))

    def _lay_out(self, table: Table, width: int) -> None:
        from rich.text import Text  # noqa: PLC0415 - of this format alone

        if not self._fields:
            self._fields = _fitting(_columns(self._block), self._block, width)
        for name in self._fields:
            table.add_column(Text(printable(name)), overflow="fold")
        for record in self._block:
            table.add_row(*(Text(printable(self._cell(pick(record, name)))) for name in self._fields))


def _columns(block: Sequence[Record]) -> tuple[str, ...]:
    """Return the columns of a table: those that people look for, if a row has a value for them."""
    filled = [name for name in block[0] if any(row.get(name) not in (None, "", {}, []) for row in block)]
    named = [name for name in filled if name != "extra"]
    if len(block[0]) <= _FEW:
        return tuple(named or block[0])
    # The internal id of what has an id of its own is for nobody.
    chosen = [name for name in _PREFERRED if name in filled and (name != "id" or next(iter(block[0])) == "id")]
    return tuple(chosen or named or block[0])


def _fitting(columns: Sequence[str], block: Sequence[Record], width: int) -> tuple[str, ...]:
    """Return as many columns as a terminal has room for, at least two: ids that are folded cannot be copied."""
    from rich.cells import cell_len  # noqa: PLC0415 - of this format alone

    used = -_GAP
    for count, name in enumerate(columns):
        used += _GAP + max(cell_len(printable(text)) for text in (name, *(brief(row.get(name)) for row in block)))
        if used > width and count >= 2:  # noqa: PLR2004 - an id and a name
            return tuple(columns[:count])
    return tuple(columns)


def _table() -> Table:
    from rich.table import Table  # noqa: PLC0415 - of this format alone

    return Table(box=None, pad_edge=False, header_style="bold")


def console_of(stream: TextIO) -> Console:
    """Return a console of rich for a stream: as wide as its terminal, or without a limit where there is none.

    Args:
        stream: The stream.
    """
    from rich.console import Console  # noqa: PLC0415 - of people's formats alone

    terminal, colour = is_terminal(stream), has_colour(stream)
    return Console(
        file=stream,
        width=width_of(stream) or _WITHOUT_LIMIT,
        height=_HEIGHT,  # without one, rich takes 80 columns for the width of a dumb terminal
        force_terminal=terminal,
        no_color=not colour,
        color_system="auto" if colour else None,
        highlight=False,
        markup=False,
        emoji=False,
    )


def writer_of(
    format: Format,
    stream: TextIO,
    fields: Sequence[str] = (),
    *,
    one: bool = False,
    columns: Sequence[str] = (),
    id_field: str = "",
) -> Writer:
    """Return what writes records in a format.

    Args:
        format: The format.
        stream: Where to.
        fields: The fields to write; empty for all.
        one: Whether there is a single record.
        columns: The columns of CSV, if they are known before the first record.
        id_field: The field that ``id`` writes; by default one that is called so.
    """
    match format:
        case "json":
            return JsonWriter(stream, fields, one=one)
        case "jsonl":
            return JsonLinesWriter(stream, fields, one=one)
        case "yaml":
            return YamlWriter(stream, fields, one=one)
        case "csv":
            return CsvWriter(stream, fields, one=one, columns=columns)
        case "id":
            return IdWriter(stream, fields, one=one, id_field=id_field)
        case _:
            return TableWriter(stream, fields, one=one)
