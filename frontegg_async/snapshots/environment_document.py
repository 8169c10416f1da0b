"""`EnvironmentDocument`, which collects the objects of an environment for an environment file."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from typing import Final

from frontegg_async._values.json_values import JsonValue
from frontegg_async.managed.fields import SECRET, Shape
from frontegg_async.managed.kinds import ManagedObject, ObjectKind, Objects
from frontegg_async.snapshots.environment_format import FORMAT, NOT_MANAGED, escaped, variable

_OTHERS: Final = re.compile("[^A-Z0-9]+")
"""The pattern of the characters that become an underscore in the name of a variable."""
_DIGITS: Final = 8
"""The number of digits of the hash in the name of a variable."""


class EnvironmentDocument:
    """The content of an environment file. Equal objects give equal documents, even if the ids of the objects differ.

    Attributes:
        variables: For each variable in the document, the value.
        count: The number of objects in the document.
    """

    def __init__(self) -> None:
        self._parts: dict[str, JsonValue] = {}
        self._not_managed: dict[str, JsonValue] = {}
        self._names: set[str] = set()
        """The names of variables and of sources of secrets that are in use."""
        self.variables: dict[str, JsonValue] = {}
        self.count: int = 0

    def add(self, kind: ObjectKind, objects: Objects) -> None:
        """Add the objects of one kind. Objects that ``frontegg plan`` never writes are left out.

        Args:
            kind: The kind of the objects.
            objects: The objects.
        """
        kept: dict[str, JsonValue] = {}
        not_managed: dict[str, JsonValue] = {key: [*ids] for key, ids in objects.repeated.items()}
        for key, found in objects.found.items():
            if kind.key_problem(key):
                not_managed[key] = [found.id]
            elif found.reason_to_stay is None:
                kept[key] = dict(self._fields(kind, found))
        self._parts[kind.part] = kept
        self.count += len(kept)
        if not_managed:
            self._not_managed[kind.part] = dict(sorted(not_managed.items()))

    def value(self) -> Mapping[str, JsonValue]:
        """Return the document."""
        more: dict[str, JsonValue] = {NOT_MANAGED: self._not_managed} if self._not_managed else {}
        return {"format": FORMAT, **self._parts, **more}

    def _fields(self, kind: ObjectKind, found: ManagedObject) -> Iterator[tuple[str, JsonValue]]:
        """Yield the fields of an object for the file, without values that are invalid in files.

        For example, a choice that this version does not know is invalid in a file.
        """
        for name, field in kind.fields_of(found.key).items():
            if name in found.secrets:
                yield name, {SECRET: f"env:{self._name(kind, found.key, name)}"}
            elif name != kind.key_field and field.shape is not Shape.SECRET and name in found.values:
                value = found.values[name]
                if next(field.problems(value), None) is None:
                    is_address = field.has_address and isinstance(value, str)
                    yield name, self._variable(kind, found.key, name, value) if is_address else _escaped(value)

    def _variable(self, kind: ObjectKind, key: str, field: str, value: JsonValue) -> str:
        """Store a value as a variable, and return the text that stands for the variable."""
        name = self._name(kind, key, field)
        self.variables[name] = value
        return variable(name)

    def _name(self, kind: ObjectKind, key: str, field: str) -> str:
        """Return a unique name for a field. The same field gets the same name in other environments."""
        # The name for a key with non-ASCII letters contains a hash, so that no other key has the same name.
        digest = "" if key.isascii() else f" {hashlib.sha256(key.encode(errors='replace')).hexdigest()[:_DIGITS]}"
        name = _OTHERS.sub("_", f"{kind.noun} {key}{digest} {field}".upper())
        found, number = name, 1
        while found in self._names:
            number += 1
            found = f"{name}_{number}"
        self._names.add(found)
        return found


def _escaped(value: JsonValue) -> JsonValue:
    """Escape variables in the texts of a value.

    Sort the keys of the value, since the service may change their order.
    """
    if isinstance(value, str):
        return escaped(value)
    if isinstance(value, Mapping):
        return {key: _escaped(each) for key, each in sorted(value.items())}
    if isinstance(value, list | tuple):
        return [_escaped(each) for each in value]
    return value
