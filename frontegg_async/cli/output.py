"""The formats of ``--output``, and what writes records in them to standard output."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal, TextIO, TypeAlias, get_args

from frontegg_async._formats.csv_records import CsvWriter
from frontegg_async._formats.records import IdWriter, JsonLinesWriter, JsonWriter, Writer, YamlWriter
from frontegg_async._formats.tables import TableWriter
from frontegg_async.cli.failures import CommandError, ExitCode

Format: TypeAlias = Literal["table", "json", "jsonl", "yaml", "csv", "id"]
"""The formats of ``--output``."""

FORMATS: Final[tuple[Format, ...]] = get_args(Format)


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
