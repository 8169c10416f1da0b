"""The columns that a caller chooses. A job sends only the values of these columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, cast

import attrs

from frontegg_async._values.json_values import JsonValue
from frontegg_async._values.kinds import kind_of, shown
from frontegg_async.bulk.operation import Operation
from frontegg_async.errors import InvalidArgumentError

_PATH: Final = 2
"""The maximum number of parts in a dotted name: the name of a column, and a key in the value of this column."""


@attrs.frozen(eq=False)
class ChosenColumns:
    """Chosen columns of an operation, and chosen keys in their values, such as ``metadata.plan``."""

    operation: Operation
    names: tuple[tuple[str, str | None], ...]
    """The name of each chosen column, and the chosen key in the value of the column. The key is ``None`` for the whole
    value.
    """

    def has(self, column: str, key: str | None = None) -> bool:
        """Return whether the job needs a column: the caller chose the column, or the column contains the tenant id.

        Args:
            column: The name of the column.
            key: A key in the value of the column; ``None`` for the whole value.
        """
        if column == self.operation.key:
            return True
        return any(column == name and (key is None or part in {None, key}) for name, part in self.names)

    def of(self, values: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
        """Return the tenant id and the chosen values of a row. The result is empty if the row has no chosen value.

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
    """Return the full name of a column, or of a key in its value, such as ``metadata.plan``.

    Args:
        name: An element of `ChosenColumns.names`.
    """
    return ".".join(filter(None, name))


def parse_columns(operation: Operation, columns: Sequence[str] | None) -> ChosenColumns | None:
    """Parse the names of columns; return ``None`` if ``columns`` is ``None``.

    Args:
        operation: The operation that has the columns.
        columns: The names.

    Raises:
        InvalidArgumentError: A name is not a column of the operation or occurs twice. Or the only name is the column
            with the tenant id.
    """
    if columns is None:
        return None
    if isinstance(columns, str) or not isinstance(columns, Sequence):
        raise InvalidArgumentError(f"columns must be a list of names, such as ['name'], not {kind_of(columns)}")
    names = tuple(_parsed(operation, name) for name in columns)
    whole = {column for column, part in names if part is None}
    for column, part in names:
        if names.count((column, part)) > 1 or (part is not None and column in whole):
            raise InvalidArgumentError(f"columns must not name {column} twice")
    if not {column for column, _ in names} - {operation.key}:
        raise InvalidArgumentError(f"columns must name at least one column besides {operation.key}")
    return ChosenColumns(operation, names)


def _parsed(operation: Operation, name: object) -> tuple[str, str | None]:
    begin, *path = name.split(".") if isinstance(name, str) else ("",)
    found = operation.aliases.get(begin)
    if found is None or not all(path) or (path and not operation.columns[found].is_json):
        raise InvalidArgumentError(
            f"columns must be names among {', '.join(operation.columns)}, or keys such as metadata.plan,"
            f" not {shown(name)}"
        )
    if len(path) >= _PATH:
        raise InvalidArgumentError(
            f"columns must not name {name}: a job writes the whole value of a key, so name {found}.{path[0]}"
        )
    return found, path[0] if path else None
