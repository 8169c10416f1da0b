"""`FileObject`: an object as one environment file has it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, cast

import attrs

from frontegg_async._values.json_values import JsonValue
from frontegg_async.errors import Place
from frontegg_async.plans.environment_files.sources import EnvironmentSource
from frontegg_async.plans.files.places import Path

RENAMED_FROM: Final = "renamed_from"
"""The field of an object with the key that it had before."""


@attrs.frozen(eq=False)
class FileObject:
    """An object as one file has it."""

    source: EnvironmentSource
    """The file."""
    path: tuple[str, str]
    """Its path in the file: the part and the key, as the file spells them."""
    values: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False)
    """The values that have no faults, by the names of fields. Variables are replaced; choices are as in the file."""
    names: Mapping[str, str] = attrs.field(factory=dict[str, str])
    """The names of the fields as the file spells them."""
    renamed_from: str | None = None
    """The key that it had before."""

    @property
    def place(self) -> Place:
        """The place of its key."""
        return self.source.place(self.path, of_name=True)

    def find(self, path: Path, values: Mapping[str, JsonValue]) -> Path | None:
        """Return the path of a value in the file; ``None`` if the file does not have the value.

        Args:
            path: The path in the values of the object that all files together give. A member of a list is named by its
                position or by its text.
            values: These values.
        """
        name, *inner = path
        if name not in self.names:
            return None
        place = (*self.path, self.names[cast("str", name)])
        own, value = self.values.get(cast("str", name)), values.get(cast("str", name))
        if not inner or not isinstance(value, list | dict):
            return place
        if isinstance(value, list) and isinstance(own, list):
            member = value[inner[0]] if isinstance(inner[0], int) else inner[0]
            return (*place, own.index(member) if member in own else inner[0], *inner[1:])
        return (*place, *inner) if isinstance(own, dict) and inner[0] in own else None
