"""Find the references between objects, and replace the keys of renamed objects in these references."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TypeAlias, cast

import attrs

from frontegg_async._values.json_values import JsonValue
from frontegg_async.managed.fields import Field, Shape
from frontegg_async.managed.kinds import Objects

Path: TypeAlias = tuple[str | int, ...]
Renames: TypeAlias = Mapping[tuple[str, str], str]
"""The new keys of objects, by part and present key."""


def references(fields: Mapping[str, Field], values: Mapping[str, JsonValue]) -> Iterator[tuple[str, str, Path]]:
    """Yield the references in values: the part and the key of the other object, and the path of the reference.

    Args:
        fields: The fields of the object with the values.
        values: The values, by flat names.
    """
    for flat_name, value in values.items():
        name, _, member = flat_name.partition(".")
        field = fields[name]
        if value is None or value is False:
            continue
        if field.map_references is not None:
            yield from ((part, key, (name,)) for part, key in _found(field.map_references, value))
        elif field.refers_to and field.shape is Shape.MEMBERS:
            yield field.refers_to, member, (name, member)
        elif field.refers_to and field.shape is Shape.MAP:
            yield from ((field.refers_to, each, (name, member)) for each in cast("list[str]", value))
        elif field.refers_to:
            yield field.refers_to, cast("str", value), (name,)


def _found(
    map_references: Callable[[JsonValue, Callable[[str, str], str]], JsonValue], value: JsonValue
) -> list[tuple[str, str]]:
    """Return the part and the key of each object to which a JSON value refers."""
    found: dict[tuple[str, str], None] = {}

    def add(part: str, key: str) -> str:
        found[part, key] = None
        return key

    map_references(value, add)
    return [*found]


def renamed(fields: Mapping[str, Field], values: Mapping[str, JsonValue], renames: Renames) -> dict[str, JsonValue]:
    """Replace the keys of renamed objects in the references of values.

    Args:
        fields: The fields of the object with the values.
        values: The values, by field name.
        renames: The new keys.
    """

    def new_key(part: str, key: str) -> str:
        return renames.get((part, key), key)

    return {
        name: _renamed(fields[name], value, new_key) if name in fields and value is not None else value
        for name, value in values.items()
    }


def _renamed(field: Field, value: JsonValue, new_key: Callable[[str, str], str]) -> JsonValue:
    if field.map_references is not None:
        return field.canonical(field.map_references(value, new_key))
    if not field.refers_to or field.has_keys:
        return value

    def new_keys(keys: JsonValue) -> list[str]:
        return sorted(new_key(field.refers_to, each) for each in cast("list[str]", keys))

    if field.shape is Shape.MEMBERS:
        return cast("JsonValue", new_keys(value))
    if field.shape is Shape.MAP:
        return cast("JsonValue", {key: new_keys(each) for key, each in cast("Mapping[str, JsonValue]", value).items()})
    return new_key(field.refers_to, cast("str", value))


def renamed_objects(objects: Objects, fields_of: Callable[[str], Mapping[str, Field]], renames: Renames) -> Objects:
    """Replace the keys of renamed objects in the references of objects.

    Args:
        objects: The objects.
        fields_of: Returns the fields of the object with a key.
        renames: The new keys.
    """
    if not renames:
        return objects
    found = {
        key: attrs.evolve(each, values=renamed(fields_of(key), each.values, renames))
        for key, each in objects.found.items()
    }
    return attrs.evolve(objects, found=found)
