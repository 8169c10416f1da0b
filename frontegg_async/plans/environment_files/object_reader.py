"""`ObjectReader`: checks the fields of the objects in an environment file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import attrs

from frontegg_async._core.checks.arguments import check_text
from frontegg_async._values.json_values import JsonValue
from frontegg_async._values.kinds import kind_in_files
from frontegg_async.errors import InvalidArgumentError
from frontegg_async.managed.fields import Field, Shape
from frontegg_async.managed.kinds import ObjectKind
from frontegg_async.plans.environment_files.file_object import RENAMED_FROM, FileObject
from frontegg_async.plans.environment_files.sources import EnvironmentSource, SourceFaults
from frontegg_async.plans.environment_files.variables import Variables
from frontegg_async.plans.files.places import Path
from frontegg_async.plans.files.problems import unknown_field
from frontegg_async.plans.files.spellings import named

_ABSENT: Final = "absent"


@attrs.frozen(eq=False)
class ObjectReader:
    """Reads the objects of one part of a file, such as ``roles``."""

    source: EnvironmentSource
    """The file."""
    kind: ObjectKind
    """The kind of the objects."""
    variables: Variables
    """The values of variables."""
    faults: SourceFaults
    """Collects the faults."""

    def key_problem(self, key: str) -> str | None:
        """Return why a text cannot be a key; ``None`` for a valid key.

        Args:
            key: The key in the file.
        """
        try:
            check_text(key, f"the key of the {self.kind.noun}", allow_empty=True)
        except InvalidArgumentError as error:
            return error.message
        return self.kind.key_problem(key)

    def read(self, path: tuple[str, str], key: str, given: JsonValue) -> FileObject:
        """Return an object. Values with faults are left out.

        Args:
            path: The part and the key, in the spelling of the file.
            key: The key.
            given: The value of the key in the file.
        """
        if not isinstance(given, dict):
            hint = ": write {} to name no field" if given is None else ""
            self.faults.add(path, f"the {self.kind.noun} must be a mapping of fields, not {kind_in_files(given)}{hint}")
            return FileObject(self.source, path)
        fields = self.kind.fields_of(key)
        names = self._names(path, given, fields)
        values: dict[str, JsonValue] = {}
        for name, spelled in names.items():
            if name in fields:
                values |= self._value(fields[name], (*path, spelled), given[spelled])
        own_key = values.pop(self.kind.key_field, key)
        if not isinstance(own_key, str) or self.kind.normal_key(own_key) != key:
            message = f"{self.kind.key_field} must be the key {key!r}: to rename, write {RENAMED_FROM}: OLD"
            self.faults.add((*path, names[self.kind.key_field]), message)
        old = None
        if RENAMED_FROM in names:
            old = self._renamed_from((*path, names[RENAMED_FROM]), given[names[RENAMED_FROM]])
        return FileObject(self.source, path, values, names, old)

    def _names(self, path: Path, given: Mapping[str, JsonValue], fields: Mapping[str, Field]) -> dict[str, str]:
        """Return the spelling of each field in the file, by field name."""
        kind = self.kind
        known = [*fields, RENAMED_FROM, *sorted(kind.read_only)]
        names: dict[str, str] = {}
        for spelled in given:
            name = named(spelled, known)
            if name is None:
                is_absent = spelled == _ABSENT
                message = f"absent cannot be used in {kind.part}: only --prune part:{kind.part} deletes these objects"
                unknown = message if is_absent else unknown_field(spelled, [*fields, RENAMED_FROM])
                self.faults.add((*path, spelled), unknown, of_name=True)
            elif name in names:
                message = f"{names[name]!r} and {spelled!r} are the same field: leave one out"
                self.faults.add((*path, spelled), message, of_name=True)
            else:
                names[name] = spelled
        return names

    def _value(self, field: Field, path: Path, given: JsonValue) -> dict[str, JsonValue]:
        """Return a mapping from the field name to the value of the field.

        The mapping is empty if the value has a fault.
        """
        value, before = given, self.faults.count
        if field.shape is not Shape.SECRET:
            value = self.variables.replaced(given, path, self.faults.add)
        if self.faults.count == before:
            for inner, message in field.problems(value):
                self.faults.add((*path, *inner), message)
        return {field.name: value} if self.faults.count == before else {}

    def _renamed_from(self, path: Path, given: JsonValue) -> str | None:
        """Return the key before a rename; ``None`` if the key has a fault."""
        problem: str | None
        before = self.faults.count
        given = self.variables.replaced(given, path, self.faults.add)
        if self.faults.count != before:
            return None
        if not self.kind.key_field:
            problem = f"{self.kind.part} cannot be renamed: leave {RENAMED_FROM} out"
        elif not isinstance(given, str):
            problem = f"{RENAMED_FROM} must be the key before the rename, as text, not {kind_in_files(given)}"
        else:
            problem = self.key_problem(given)
            if problem is None:
                return self.kind.normal_key(given)
        self.faults.add(path, problem)
        return None
