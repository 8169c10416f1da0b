"""Writers that write one record at a time, as JSON, JSON Lines, YAML or only the id."""

from __future__ import annotations

import json
from abc import ABCMeta, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Final, TextIO, TypeAlias, cast

from frontegg_async._formats.json_text import json_line
from frontegg_async._formats.terminal import is_terminal
from frontegg_async._formats.yaml_text import yaml_text
from frontegg_async._values.printable import printable
from frontegg_async._values.unset import UNSET

Record: TypeAlias = Mapping[str, object]
"""A mapping of names to JSON values."""

IDS: Final = ("tenant_id", "id", "client_id", "migration_id", "email", "domain")
"""Names of id fields. The first of these fields that a record has identifies the record."""


def pick(record: Record, field: str, absent: object = None) -> object:
    """Return the value of a field, or a part of the value.

    Args:
        record: The record.
        field: The name of the field, or names joined by dots, such as ``metadata.plan``. A number is an index of a
            list. A key that itself contains dots is also found.
        absent: The result if the record has no such value.
    """
    found: object = record
    rest = field
    while rest:
        if isinstance(found, Mapping) and rest in found:
            return cast("Record", found)[rest]
        head, _, rest = rest.partition(".")
        if isinstance(found, Mapping):
            found = cast("Record", found).get(head, absent)
        elif isinstance(found, list) and head.isdecimal() and int(head) < len(cast("list[object]", found)):
            found = cast("list[object]", found)[int(head)]
        else:
            return absent
    return found


def text_of(value: object) -> str:
    """Format a value as text for people.

    Text stays unchanged, a missing value becomes empty text, and others become JSON.
    """
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


class Writer(metaclass=ABCMeta):
    """A writer of records in one format.

    Args:
        stream: The stream to write to.
        fields: The names of the fields to write, in order; empty for all fields.
        one: Whether the output is a single record, which is not written as a list.
    """

    def __init__(self, stream: TextIO, fields: Sequence[str] = (), *, one: bool = False) -> None:
        self._stream = stream
        self._is_terminal = is_terminal(stream)
        self._fields = tuple(fields)
        self._one = one
        self._rows = 0

    def put(self, text: str) -> None:
        """Write a text. If the stream is a terminal, replace control characters, on which the terminal would act."""
        is_harmless = not self._is_terminal or text.replace("\n", "").isprintable()
        self._stream.write(text if is_harmless else "".join(map(self.shown, text)))

    @staticmethod
    def shown(character: str) -> str:
        """Return the text that replaces a character on a terminal."""
        return character if character == "\n" else printable(character)

    def add(self, record: Record) -> None:
        """Write a record."""
        self.write(record)
        self._rows += 1

    def picked(self, record: Record) -> Record:
        """Return the requested fields. A missing part of a value, such as ``metadata.plan``, is left out."""
        if not self._fields:
            return record
        found = {field: pick(record, field, None if "." not in field else UNSET) for field in self._fields}
        return {field: value for field, value in found.items() if value is not UNSET}

    def end(self) -> None:
        """Write the end of the output, after the last record."""
        self._stream.flush()

    @abstractmethod
    def write(self, record: Record) -> None:
        """Write the requested fields of a record."""


class JsonLinesWriter(Writer):
    """A writer of JSON Lines: one object per line."""

    @staticmethod
    def shown(character: str) -> str:
        """Return a character of JSON text. An unprintable character is escaped."""
        if character == "\n" or character.isprintable():
            return character
        units = character.encode("utf-16-be", "surrogatepass").hex()
        return "".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4))

    def write(self, record: Record) -> None:
        """Write a record."""
        self.put(f"{json_line(self.picked(record))}\n")


class JsonWriter(JsonLinesWriter):
    """A writer of JSON: a list of objects, or a single object."""

    def write(self, record: Record) -> None:
        """Write a record."""
        text = json.dumps(self.picked(record), ensure_ascii=False, indent=2)
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
    """A writer of YAML: a sequence of mappings, or a single mapping."""

    def write(self, record: Record) -> None:
        """Write a record."""
        fields = dict(self.picked(record))
        data = fields if self._one else [fields]
        written = yaml_text(data)
        if self._is_terminal and not written.replace("\n", "").isprintable():
            written = yaml_text(data, is_ascii=True)
        self._stream.write(written)

    def end(self) -> None:
        """Write an empty sequence if there was no record."""
        if not self._one and not self._rows:
            self._stream.write("[]\n")


class IdWriter(Writer):
    """A writer that writes only the id of each record, or only one named field."""

    def __init__(self, stream: TextIO, fields: Sequence[str] = (), *, one: bool = False, id_field: str = "") -> None:
        super().__init__(stream, fields, one=one)
        self._field = fields[0] if fields else id_field

    def write(self, record: Record) -> None:
        """Write a record."""
        field = self._field or next((name for name in record if name in IDS), next(iter(record), ""))
        self.put(" ".join(text_of(pick(record, field)).splitlines()) + "\n")
