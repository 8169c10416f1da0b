"""Merge the objects of several environment files, and find conflicts between objects."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias

import attrs

from frontegg_async._values.json_values import JsonValue
from frontegg_async.errors import Place
from frontegg_async.managed.fields import Field, Shape
from frontegg_async.managed.kinds import ObjectKind
from frontegg_async.managed.registry import ENVIRONMENT
from frontegg_async.plans.environment_files.file_object import RENAMED_FROM, FileObject
from frontegg_async.plans.files.places import Path
from frontegg_async.plans.files.relations import look

Layers: TypeAlias = dict[str, dict[str, list[FileObject]]]
"""For each object by part and key, the versions of the object in the files, first file first."""


@attrs.frozen(eq=False)
class Conflict:
    """A fault of an object that conflicts with another object."""

    found: FileObject
    """The object."""
    path: Path
    """The path of the fault in the file of the object."""
    message: str


def lay_over(layers: Layers, objects: Mapping[str, Mapping[str, FileObject]]) -> None:
    """Add the objects of a file to the objects of earlier files.

    Args:
        layers: The objects of the earlier files.
        objects: The objects of the file, by part and key.
    """
    for part, those in objects.items():
        below = layers.setdefault(part, {})
        for key, each in those.items():
            below.setdefault(key, []).append(each)


def merged(fields: Mapping[str, Field], layers: Sequence[FileObject]) -> dict[str, JsonValue]:
    """Merge the values of an object from several files.

    Maps are merged key by key. Any other value comes from the last file that contains the value.

    Args:
        fields: The fields of the object.
        layers: The object in each file.
    """
    values: dict[str, JsonValue] = {}
    for layer in layers:
        for name, value in layer.values.items():
            below = values.get(name)
            if fields[name].shape is Shape.MAP and isinstance(below, Mapping) and isinstance(value, Mapping):
                values[name] = {**below, **value}
            else:
                values[name] = value
    return {name: field.canonical(values[name]) for name, field in fields.items() if name in values}


def renamed_from(layers: Sequence[FileObject]) -> str | None:
    """Return the key of an object before a rename, from the last file that contains such a key."""
    return next((each.renamed_from for each in reversed(layers) if each.renamed_from is not None), None)


def conflicts(layers: Layers) -> Iterator[Conflict]:
    """Yield the conflicts between objects.

    Args:
        layers: The objects of all files.
    """
    for part, objects in layers.items():
        yield from _renames(ENVIRONMENT[part], objects)
        yield from _look_alikes(ENVIRONMENT[part], objects)
        yield from _exclusive_flags(ENVIRONMENT[part], objects)


def _renames(kind: ObjectKind, objects: Mapping[str, Sequence[FileObject]]) -> Iterator[Conflict]:
    """Yield the conflicts of ``renamed_from``: it is the key of another object, or two objects have the same value."""
    taken: dict[str, str] = {}
    for key, layers in objects.items():
        old = renamed_from(layers)
        if old is None:
            continue
        found = next(each for each in reversed(layers) if each.renamed_from is not None)
        path = (*found.path, found.names[RENAMED_FROM])
        if old in objects:
            place = objects[old][0].place
            yield Conflict(found, path, f"{RENAMED_FROM} must not be the key of another {kind.noun}, at {place}")
        elif old in taken:
            yield Conflict(found, path, f"the {kind.noun} {taken[old]!r} has the same {RENAMED_FROM}")
        taken.setdefault(old, key)


def _exclusive_flags(kind: ObjectKind, objects: Mapping[str, Sequence[FileObject]]) -> Iterator[Conflict]:
    """Yield the conflicts of flags that only one object can have."""
    flag = kind.exclusive_flag
    first: Place | None = None
    for layers in objects.values():
        found = next((each for each in reversed(layers) if flag in each.values), None)
        if found is None or found.values[flag] is not True:
            continue
        path = (*found.path, found.names[flag])
        if first is not None:
            yield Conflict(found, path, f"{flag} must be true for only one {kind.noun}, and it is also true at {first}")
        first = first or found.source.place(path)


def _look_alikes(kind: ObjectKind, objects: Mapping[str, Sequence[FileObject]]) -> Iterator[Conflict]:
    """Yield keys that look like a different key of an earlier file, unless the file itself contains both keys.

    An environment may contain both keys. Its export then contains both keys in one file.
    """
    alike: dict[str, list[str]] = {}
    for key in objects:
        alike.setdefault(look(key), []).append(key)
    for keys in alike.values():
        for key in keys:
            first = objects[key][0]
            earlier = [each for each in keys if objects[each][0].source.number < first.source.number]
            other = next((each for each in earlier if not _is_in(objects[each], first.source.number)), None)
            if other is not None:
                # Show the keys in ASCII, since they may look the same.
                names = f"the {kind.noun} {key!a} differs from {other!a}, at {objects[other][0].place},"
                yield Conflict(first, first.path, f"{names} only in upper or lower case or in Unicode form")


def _is_in(layers: Sequence[FileObject], number: int) -> bool:
    return any(each.source.number == number for each in layers)
