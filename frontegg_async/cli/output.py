"""The formats of ``--output``, and the writers of records to standard output."""

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
    """Check the names of fields before the first request is sent.

    Args:
        fields: Names, with dots for inner values.
        known: The names of the record's fields; empty if unknown.

    Raises:
        CommandError: A name is unknown.
    """
    for field in fields:
        if known and field.partition(".")[0] not in known:
            raise CommandError(f"--fields must be among {', '.join(known)}, not {field!r}", ExitCode.USAGE)


def writer_of(
    format: Format,
    stream: TextIO,
    fields: Sequence[str] = (),
    *,
    one: bool = False,
    columns: Sequence[str] = (),
    id_field: str = "",
) -> Writer:
    """Return a function that writes records in a format.

    Args:
        format: The format.
        stream: The stream to write to.
        fields: The fields to write; empty for all.
        one: Whether the output is a single record instead of a list.
        columns: The columns of CSV, if known before the first record.
        id_field: The field that the format ``id`` writes. The default is the first id field, such as ``tenant_id``.
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
