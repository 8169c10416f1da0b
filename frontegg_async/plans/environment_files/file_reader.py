"""Read the objects of one environment file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from frontegg_async._values.json_values import JsonValue
from frontegg_async._values.kinds import kind_in_files
from frontegg_async.managed.registry import ENVIRONMENT
from frontegg_async.plans.environment_files.file_object import FileObject
from frontegg_async.plans.environment_files.object_reader import ObjectReader
from frontegg_async.plans.environment_files.sources import EnvironmentSource, SourceFaults
from frontegg_async.plans.environment_files.variables import Variables
from frontegg_async.plans.files.problems import unknown_field
from frontegg_async.plans.files.spellings import named
from frontegg_async.snapshots.environment_format import FORMAT, NOT_MANAGED

_FORMAT: Final = "format"
_FORMAT_LINE: Final = f"{_FORMAT}: {FORMAT}"
_LONGEST: Final = 60
"""The maximum number of characters of a text in a message."""


def read_objects(
    source: EnvironmentSource, variables: Variables, faults: SourceFaults
) -> dict[str, dict[str, FileObject]]:
    """Return the objects of a file by part (such as ``roles``) and key. Values with faults are left out.

    Args:
        source: The file.
        variables: The values of variables.
        faults: Collects the faults.
    """
    faults.add_faults_of_text()
    given = source.value
    if not isinstance(given, dict):
        faults.add((), f"the file must be a mapping with {_FORMAT_LINE}, not {kind_in_files(given)}")
        return {}
    _check_format(given, faults)
    found: dict[str, dict[str, FileObject]] = {}
    for spelled, objects in given.items():
        part = named(spelled, ENVIRONMENT)
        if part is not None and part in found:
            faults.add((spelled,), f"{spelled!r} is the part {part!r}, which occurs already", of_name=True)
        elif part is not None:
            found[part] = _part(ObjectReader(source, ENVIRONMENT[part], variables, faults), spelled, objects)
        elif spelled not in (_FORMAT, NOT_MANAGED):
            faults.add((spelled,), unknown_field(spelled, ENVIRONMENT, "part"), of_name=True)
    return found


def _check_format(given: Mapping[str, JsonValue], faults: SourceFaults) -> None:
    version = given.get(_FORMAT)
    if _FORMAT not in given:
        faults.add((), f"{_FORMAT} is missing: write {_FORMAT_LINE}")
    elif version != FORMAT:
        shown = repr(version[:_LONGEST]) if isinstance(version, str) else kind_in_files(version)
        faults.add((_FORMAT,), f"{_FORMAT} must be {FORMAT!r}, not {shown}")


def _part(reader: ObjectReader, part: str, given: JsonValue) -> dict[str, FileObject]:
    kind, faults = reader.kind, reader.faults
    if not isinstance(given, dict):
        hint = ": write {} for no objects" if given is None else ""
        message = f"{kind.part} must be a mapping from keys to objects, not {kind_in_files(given)}{hint}"
        faults.add((part,), message)
        return {}
    found: dict[str, FileObject] = {}
    for spelled, value in given.items():
        key, path = kind.normal_key(spelled), (part, spelled)
        if problem := reader.key_problem(spelled):
            faults.add(path, problem, of_name=True)
        elif key in found:
            faults.add(path, f"the {kind.noun} {key!r} occurs twice, first at {found[key].place}", of_name=True)
        else:
            found[key] = reader.read(path, key, value)
    return found
