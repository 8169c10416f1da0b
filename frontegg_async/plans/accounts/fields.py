"""The fields of accounts files that a plan compares, and functions that compare the values of these fields."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, cast

from frontegg_async._values.json_values import JsonValue
from frontegg_async._values.unset import UNSET, Unset
from frontegg_async.bulk.expectations import same_values
from frontegg_async.plans.files.fields import MANAGED, METADATA, READ_ONLY, SETTINGS, TEXTS
from frontegg_async.resources.support.read_back import agrees
from frontegg_async.snapshots.rows import ASSIGNED, NOT_MANAGED, Row

Path = tuple[str, ...]
"""The name of a field, and optionally the name of a key in its value, such as ``("metadata", "plan")``."""

LOCK: Final = "is_locked"
RESELLER: Final = "is_reseller"

OF_UPDATE: Final = TEXTS | {RESELLER}
"""The fields that an update of an account writes."""

_OF_SERVICE: Final = frozenset(
    {"internal_id", "vendor_id", "created_at", "updated_at", "deleted_at", "extra", "api_tokens", NOT_MANAGED}
)

NOT_PLANNED: Final = READ_ONLY - _OF_SERVICE
"""The fields that plans cannot change. A plan only reports differences in these fields."""

NOT_CLEARED: Final = frozenset({"name", RESELLER, LOCK})
"""The fields that cannot be null. A flag that the service does not show is false."""


def named_values(row: Row) -> Iterator[tuple[Path, JsonValue]]:
    """Yield the values in a row of a file, ordered by path. A member of a list has the value ``True``."""
    for name in sorted(row.keys() & (MANAGED | NOT_PLANNED)):
        value = row[name]
        if name in (METADATA, SETTINGS) and isinstance(value, Mapping):
            for key in sorted(value):
                yield (name, key), value[key]
        elif name in ASSIGNED:
            for member in sorted(cast("list[str]", value)):
                yield (name, member), True
        else:
            yield (name,), value


def value_at(row: Row | None, path: Path) -> JsonValue | Unset:
    """Return the value at a path in a row; `UNSET` if the row does not contain the value."""
    name, *keys = path
    value = UNSET if row is None else row.get(name, UNSET)
    for key in keys:
        if name in ASSIGNED:
            return key in cast("list[str]", value or ()) or UNSET
        value = value.get(key, UNSET) if isinstance(value, Mapping) else UNSET
    return value


def are_same(path: Path, wanted: JsonValue | Unset, shown: JsonValue | Unset) -> bool:
    """Return whether the service shows the same value as a file.

    A value that the service does not show is null. A flag that the service does not show is false.

    Args:
        path: The path of the value.
        wanted: The value in the file.
        shown: The value that the service shows.
    """
    wanted, shown = (None if value is UNSET else value for value in (wanted, shown))
    if path[0] in (RESELLER, LOCK):
        return bool(wanted) is bool(shown)
    if path[0] == METADATA:
        return same_values(wanted, shown)
    return agrees(wanted, shown) or (wanted == "" and shown is None)
