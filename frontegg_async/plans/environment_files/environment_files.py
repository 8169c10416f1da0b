"""`read_environment_files`: reads environment files completely, and returns their objects as `EnvironmentFiles`."""

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
"""The name under which a plan stores the digest of the variables."""


@attrs.frozen(eq=False)
class WantedObject:
    """An object in environment files."""

    part: str
    """The part of the file that contains the object, such as ``roles``."""
    key: str
    """The natural key."""
    values: Mapping[str, JsonValue]
    """The values by field name, in the order of the kind's fields. Values from a fixed set have the spelling of the
    service. Lists of members are sorted. A secret is a reference, such as ``{"secret": "env:NAME"}``.
    """
    renamed_from: str | None
    """The key of the object before a rename; ``None`` without a rename."""
    why: str
    """The files and lines that contain the object, such as ``environment.yml:12``, without directories."""


class EnvironmentFiles:
    """The merged objects of environment files that have no faults.

    Args:
        sources: The files.
        layers: The objects of each file by part (such as ``roles``) and key, first file first.
        used: The values of the variables that the files use.

    Attributes:
        objects: The objects by part and key. Only parts that a file contains are included.
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
        """The name of each source as the caller gave it, and ``variables`` if a source uses variables."""
        return [*(source.name for source in self._sources), *([_VARIABLES] if self._used else [])]

    @property
    def digests(self) -> Sequence[str]:
        """The SHA-256 of the bytes of each source.

        For a mapping and for the variables, it is the SHA-256 of their JSON with sorted keys.
        """
        used = [hashlib.sha256(sorted_json(self._used)).hexdigest()] if self._used else []
        return [*(source.digest for source in self._sources), *used]

    def fault_at(self, part: str, key: str, path: Path, message: str) -> Fault:
        """Return a fault of an object, with the place in the last file that contains the value.

        Args:
            part: The part of the object.
            key: The key of the object.
            path: The path of the value in `WantedObject.values`. The path step for a member of a list is its position
                or its text. An empty path means the key of the object in the first file.
            message: The description of the fault.
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
    """Read and check environment files. The call blocks.

    Args:
        sources: Paths of files, and mappings with the content of a file. Later sources override earlier sources.
        variables: The values of variables by name. Any other variable ``NAME`` gets the value of the environment
            variable ``FRONTEGG_VAR_NAME``.

    Returns:
        The objects.

    Raises:
        FilesError: A file cannot be read or has faults; the error contains all faults.
        InvalidArgumentError: A source or a variable is invalid.
        MissingExtraError: A file is YAML, but PyYAML is not installed.
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
