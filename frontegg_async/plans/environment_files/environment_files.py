"""`read_environment_files`: read environment files completely; and `EnvironmentFiles`: the objects that they name."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping, Sequence
from pathlib import PurePath
from typing import Final

import attrs

from frontegg_async._formats.json_text import sorted_json
from frontegg_async._values.json_values import JsonValue
from frontegg_async.errors import Fault, InvalidArgumentError
from frontegg_async.managed.registry import ENVIRONMENT
from frontegg_async.plans.environment_files.file_object import FileObject
from frontegg_async.plans.environment_files.file_reader import read_objects
from frontegg_async.plans.environment_files.overlays import Layers, conflicts, lay_over, merged, renamed_from
from frontegg_async.plans.environment_files.sources import (
    EnvironmentSource,
    GivenEnvironment,
    SourceFaults,
    open_source,
)
from frontegg_async.plans.environment_files.variables import Variables
from frontegg_async.plans.files.faults import FaultList
from frontegg_async.plans.files.places import Path

_VARIABLES: Final = "variables"
"""The name of the digest of variables."""


@attrs.frozen(eq=False)
class WantedObject:
    """An object that files name."""

    part: str
    """Its part, as ``roles``."""
    key: str
    """Its natural key."""
    values: Mapping[str, JsonValue]
    """The values by the names of fields, in the order of the kind: choices as the service spells them, and lists of
    members sorted. A secret is its reference, as ``{"secret": "env:NAME"}``."""
    renamed_from: str | None
    """The key that it had before."""
    why: str
    """The places of the object in the files, as ``environment.yml:12``, without directories."""


class EnvironmentFiles:
    """The objects of files that are laid over each other, without any fault.

    Args:
        sources: The files.
        layers: The objects of each, by their parts and keys, the first file first.
        used: The values of the variables in the files.

    Attributes:
        objects: The objects by their parts and keys. Parts that no file names are not in it.
    """

    def __init__(self, sources: Sequence[EnvironmentSource], layers: Layers, used: Mapping[str, str]) -> None:
        self._sources = sources
        self._layers = layers
        self._used = used
        self.objects: Mapping[str, Mapping[str, WantedObject]] = {
            part: {key: _wanted(part, key, layers[part][key]) for key in sorted(layers[part])}
            for part in ENVIRONMENT
            if part in layers
        }

    @property
    def names(self) -> Sequence[str]:
        """The name of each source, as it was given, and ``variables`` if a source has some."""
        return [*(source.name for source in self._sources), *([_VARIABLES] if self._used else [])]

    @property
    def digests(self) -> Sequence[str]:
        """The SHA-256 of the bytes of each source; of a mapping and of all variables, that of their sorted JSON."""
        used = [hashlib.sha256(sorted_json(self._used)).hexdigest()] if self._used else []
        return [*(source.digest for source in self._sources), *used]

    def fault_at(self, part: str, key: str, path: Path, message: str) -> Fault:
        """Return a fault of an object, at its place in the last file that names the value.

        Args:
            part: The part of the object.
            key: The key of the object.
            path: The path of the value in `WantedObject.values`; a member of a list by its position there or by its
                text. It is empty for the key of the object, where the first file has that.
            message: The fault.
        """
        layers = self._layers[part][key]
        if not path:
            return Fault(layers[0].source.place(layers[0].path, of_name=True), message)
        values = self.objects[part][key].values
        for layer in reversed(layers):
            found = layer.find(path, values)
            if found is not None:
                return Fault(layer.source.place(found), message)
        return Fault(layers[-1].source.place(layers[-1].path), message)


def read_environment_files(sources: Sequence[GivenEnvironment], variables: Mapping[str, str]) -> EnvironmentFiles:
    """Read environment files, and check them. It blocks.

    Args:
        sources: Paths, and mappings with what a file has. Later ones are laid over earlier ones.
        variables: The values of variables by their names. Another variable has the value of the environment variable
            ``FRONTEGG_VAR_NAME``.

    Returns:
        The objects.

    Raises:
        FilesError: A file cannot be read, or has faults; the error has all.
        InvalidArgumentError: A source is none, or a variable is not allowed.
        MissingExtraError: A file is YAML, and PyYAML is not installed.
    """
    if isinstance(sources, str | os.PathLike | Mapping):
        raise InvalidArgumentError("sources must be a list, also for one file or mapping")
    known, faults, seen = Variables(variables), FaultList(), set[str]()
    opened = [open_source(number, given, seen, faults) for number, given in enumerate(sources)]
    readable = [source for source in opened if source is not None]
    layers: Layers = {}
    for source in readable:
        lay_over(layers, read_objects(source, known, SourceFaults(source, faults)))
    for each in conflicts(layers):
        is_of_key = each.path == each.found.path
        SourceFaults(each.found.source, faults).add(each.path, each.message, of_name=is_of_key)
    faults.check()
    return EnvironmentFiles(readable, layers, known.used)


def _wanted(part: str, key: str, layers: Sequence[FileObject]) -> WantedObject:
    places = [each.place for each in layers]
    why = ", ".join(f"{PurePath(each.file).name}:{each.line}" if each.line else str(each) for each in places)
    return WantedObject(part, key, merged(ENVIRONMENT[part].fields_of(key), layers), renamed_from(layers), why)
