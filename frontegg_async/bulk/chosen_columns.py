"""The columns that a caller names: only their values are sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, cast

import attrs

from frontegg_async._values.json_values import JsonValue
from frontegg_async._values.kinds import kind_of, shown
from frontegg_async.bulk.operation import Operation
from frontegg_async.errors import InvalidArgumentError

_PATH: Final = 2
"""The most parts of a name: a column, and a key of its value."""


@attrs.frozen(eq=False)
class ChosenColumns:
    """Columns of an operation by name, and keys of them, as ``metadata.plan``."""

    operation: Operation
    names: tuple[tuple[str, str | None], ...]
    """Each column, and the key of its value; ``None`` for the whole value."""

    def has(self, column: str, key: str | None = None) -> bool:
        """Return whether a column is read: it is named, as a whole or for a key, or has the id of the tenant.

        Args:
            column: Its name.
            key: The key of its value that it has; ``None`` for the whole value.
        """
        if column == self.operation.key:
            return True
        return any(column == name and (key is None or part in {None, key}) for name, part in self.names)

    def of(self, values: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
        """Return the values of a row that are sent; nothing if only the id of the tenant would be.

        Args:
            values: All values of the row.
        """
        key = self.operation.key
        chosen: dict[str, JsonValue] = {key: values[key]} if key in values else {}
        for column, part in self.names:
            if part is None:
                chosen |= {name: values[name] for name in values if name.partition(".")[0] == column}
                continue
            dotted, whole = f"{column}.{part}", values.get(column)
            if dotted in values:
                chosen[dotted] = values[dotted]
            elif isinstance(whole, Mapping) and part in whole:
                if self.operation.is_merged(dotted):
                    chosen[dotted] = whole[part]
                else:
                    cast("dict[str, JsonValue]", chosen.setdefault(column, {}))[part] = whole[part]
        return chosen if chosen.keys() - {key} else {}


def full_name(name: tuple[str, str | None]) -> str:
    """Return the name of a column or of a key of its value, as ``metadata.plan``.

    Args:
        name: One of `ChosenColumns.names`.
    """
    return ".".join(filter(None, name))


def parse_columns(operation: Operation, columns: Sequence[str] | None) -> ChosenColumns | None:
    """Return the named columns; ``None`` without names.

    Args:
        operation: The operation that has the columns.
        columns: The names.

    Raises:
        InvalidArgumentError: A name is no column of the operation, or is there twice; or only the key is named.
    """
    if columns is None:
        return None
    if isinstance(columns, str) or not isinstance(columns, Sequence):
        raise InvalidArgumentError(f"columns must be a list of names, as ['name'], not {kind_of(columns)}")
    names = tuple(_parsed(operation, name) for name in columns)
    whole = {column for column, part in names if part is None}
    for column, part in names:
        if names.count((column, part)) > 1 or (part is not None and column in whole):
            raise InvalidArgumentError(f"columns names {column} twice")
    if not {column for column, _ in names} - {operation.key}:
        raise InvalidArgumentError(f"columns must name what to send beside {operation.key}")
    return ChosenColumns(operation, names)


def _parsed(operation: Operation, name: object) -> tuple[str, str | None]:
    begin, *path = name.split(".") if isinstance(name, str) else ("",)
    found = operation.aliases.get(begin)
    if found is None or not all(path) or (path and not operation.columns[found].is_json):
        raise InvalidArgumentError(
            f"columns must be names among {', '.join(operation.columns)}, or as metadata.plan, not {shown(name)}"
        )
    if len(path) >= _PATH:
        raise InvalidArgumentError(
            f"columns must not name {name}: a key of {found} is written as a whole: name {found}.{path[0]}"
        )
    return found, path[0] if path else None
