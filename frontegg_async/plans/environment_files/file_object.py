"""`FileObject`: an object in one environment file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, cast

import attrs

from frontegg_async._values.json_values import JsonValue
from frontegg_async.errors import Place
from frontegg_async.plans.environment_files.sources import EnvironmentSource
from frontegg_async.plans.files.places import Path

RENAMED_FROM: Final = "renamed_from"
"""The field with the earlier key of an object."""


@attrs.frozen(eq=False)
class FileObject:
    """An object in one file."""

    source: EnvironmentSource
    """The file."""
    path: tuple[str, str]
    """The path in the file: the part and the key, in the spelling of the file."""
    values: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False)
    """The values by field name. Values with faults are left out. Variables are replaced. All values have the spelling
    of the file.
    """
    names: Mapping[str, str] = attrs.field(factory=dict[str, str])
    """The spelling of each field name in the file."""
    renamed_from: str | None = None
    """The key of the object before a rename; ``None`` without a rename."""

    @property
    def place(self) -> Place:
        """The file, the line and the column of the object's key."""
        return self.source.place(self.path, of_name=True)

    def find(self, path: Path, values: Mapping[str, JsonValue]) -> Path | None:
        """Return the path of a value in this file; ``None`` if this file does not contain the value.

        Args:
            path: The path in the merged values of the object. The path step for a member of a list is its position or
                its text.
            values: The merged values of the object.
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
