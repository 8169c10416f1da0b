"""`EnvironmentSource`: the content of an environment file or a Python mapping, with the place of each value."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path as FilePath
from typing import Final, TypeAlias, cast

import attrs

from frontegg_async._core.checks.arguments import check_json
from frontegg_async._formats.json_text import sorted_json
from frontegg_async._values.json_values import JsonValue, NotJsonError, copy_json
from frontegg_async._values.kinds import kind_of
from frontegg_async.errors import Fault, InvalidArgumentError, Place
from frontegg_async.plans.files.faults import FaultList
from frontegg_async.plans.files.file_bytes import FileBytes, text_of
from frontegg_async.plans.files.json_scanner import scan_json
from frontegg_async.plans.files.places import MAX_ROW, BrokenTextError, Finder, Path, PlacedValue, Spot
from frontegg_async.plans.files.yaml_stream import YamlStream
from frontegg_async.plans.files.yaml_values import YamlValues

GivenEnvironment: TypeAlias = str | os.PathLike[str] | Mapping[str, object]
"""The path of an environment file, or a mapping with the content of a file."""

_IN_PYTHON: Final = "environment"
"""The name of a Python mapping in messages."""

_MOST_PARTS: Final = 1_000_000
"""The maximum number of values whose line and column are stored. Beyond this number, a fault gets the place of an outer
value.
"""


@attrs.frozen(eq=False)
class EnvironmentSource:
    """An environment file or a Python mapping."""

    number: int
    """The position of this source among all sources."""
    name: str
    """The name of the source as the caller gave it."""
    digest: str
    """The SHA-256 of the bytes. For a mapping, it is the SHA-256 of its JSON with sorted keys."""
    value: JsonValue = attrs.field(repr=False)
    """The parsed value of the file."""
    find: Finder | None = attrs.field(default=None, repr=False)
    """Finds the place of a value; ``None`` for a mapping."""
    faults: Sequence[tuple[Spot, str]] = ()
    """Faults of the text in spite of which the value could be read."""

    def place(self, path: Path, *, of_name: bool = False) -> Place:
        """Return the place (file, line and column) of a value, or of its name.

        Args:
            path: The path of the value, in the spelling of the source.
            of_name: Whether to return the place of the name instead of the value.
        """
        if self.find is None:
            return Place(".".join([self.name, *map(str, path)]))
        return Place(self.name, *self.find(path, of_name))


@attrs.frozen(eq=False)
class SourceFaults:
    """Collects the faults of one source."""

    source: EnvironmentSource
    """The source."""
    faults: FaultList
    """Collects the faults of all sources."""

    @property
    def count(self) -> int:
        """The number of faults of all sources so far."""
        return self.faults.count

    def add(self, path: Path, message: str, *, of_name: bool = False) -> None:
        """Add a fault.

        Args:
            path: The path of the wrong value, in the spelling of the source.
            message: The fault.
            of_name: Whether the fault is in the name of the value, not in the value itself.
        """
        self._add(self.source.place(path, of_name=of_name), message)

    def add_faults_of_text(self) -> None:
        """Add the faults of the source's text."""
        for spot, message in self.source.faults:
            self._add(Place(self.source.name, *spot), message)

    def _add(self, place: Place, message: str) -> None:
        self.faults.add((self.source.number, place.line, place.column), Fault(place, message))


def open_source(number: int, given: GivenEnvironment, seen: set[str], faults: FaultList) -> EnvironmentSource | None:
    """Read a source. The call blocks.

    Args:
        number: The position of the source among all sources.
        given: The source.
        seen: The paths of the files that were read. The function adds this file.
        faults: Collects the reason if the source cannot be read.

    Returns:
        The source; ``None`` if the source cannot be read.

    Raises:
        InvalidArgumentError: The source is neither a path nor a mapping.
        MissingExtraError: The source is a YAML file, but PyYAML is not installed.
    """
    name = _name_of(given)
    try:
        if isinstance(given, Mapping):
            value = _copied(cast("Mapping[object, object]", given))
            return EnvironmentSource(number, name, hashlib.sha256(sorted_json(value)).hexdigest(), value)
        return _opened(number, name, seen)
    except BrokenTextError as error:
        place = Place(name, *(error.spot or (0, 0)))
        faults.add((number, place.line, place.column), Fault(place, error.message))
        return None


def _opened(number: int, name: str, seen: set[str]) -> EnvironmentSource:
    """Read a file.

    Raises:
        BrokenTextError: The file cannot be read, or can only be read up to some place.
        MissingExtraError: The source is a YAML file, but PyYAML is not installed.
    """
    read = reader_of(name)
    if read is None:
        raise BrokenTextError(None, f"the name of the file must end in {', '.join(_READERS)}")
    file, resolved = FileBytes(FilePath(name)), os.path.realpath(name)  # `realpath` accepts a link to itself
    if resolved in seen:
        raise BrokenTextError(None, "the file is given twice")
    seen.add(resolved)
    try:
        text = file.whole()
    except OSError as error:
        raise BrokenTextError(None, f"the file cannot be read: {error.strerror or error}") from None
    if len(text) > MAX_ROW:
        raise BrokenTextError(None, f"the file has more than {MAX_ROW:,} bytes")
    placed = read(text)
    return EnvironmentSource(number, name, file.digest, cast("JsonValue", placed.value), placed.find, placed.faults)


def _name_of(given: object) -> str:
    """Return the name of a source.

    Raises:
        InvalidArgumentError: The source is neither a path nor a mapping.
    """
    if isinstance(given, Mapping):
        return _IN_PYTHON
    name: object = os.fspath(cast("os.PathLike[str]", given)) if isinstance(given, str | os.PathLike) else given
    if not isinstance(name, str):
        raise InvalidArgumentError(f"sources must contain only paths and mappings, not {kind_of(name)}")
    return name


def reader_of(name: str) -> Callable[[bytes], PlacedValue] | None:
    """Return the reader for the suffix of a file; ``None`` for an unknown suffix."""
    return None if "\0" in name else _READERS.get(FilePath(name).suffix.lower())


def _copied(given: Mapping[object, object]) -> JsonValue:
    """Return a mapping as plain JSON.

    Raises:
        BrokenTextError: The mapping contains a value that JSON cannot represent.
    """
    try:
        value = copy_json(given)
        check_json(value, _IN_PYTHON)
    except NotJsonError as error:
        problem = f"{_IN_PYTHON}{error}"
    except InvalidArgumentError as error:
        problem = error.message
    else:
        return value
    raise BrokenTextError(None, problem)


def _read_json(text: bytes) -> PlacedValue:
    return scan_json(text_of(text, 1), most=_MOST_PARTS)[0]


def _read_yaml(text: bytes) -> PlacedValue:
    with YamlValues(YamlStream(each for each in [(1, text)]), most=_MOST_PARTS) as values:
        values.event()  # the start of the stream
        event = values.event()
        if not values.is_a(event, "DocumentStart"):
            raise BrokenTextError(None, "the file is empty")
        value = values.value(values.event())
        values.event()  # the end of the document
        if not values.is_a(event := values.event(), "StreamEnd"):
            raise BrokenTextError(values.spot(event), "a file must contain only one document")
    return value


_READERS: Final[Mapping[str, Callable[[bytes], PlacedValue]]] = {
    ".json": _read_json,
    ".yml": _read_yaml,
    ".yaml": _read_yaml,
}
