"""Convert the values of an object for a file."""

from __future__ import annotations

from frontegg_async._values.json_values import JsonValue
from frontegg_async.managed.kinds import ManagedObject, ObjectKind


def exported_values(kind: ObjectKind, found: ManagedObject) -> dict[str, JsonValue]:
    """Return the values of an object for a file, without values that a file must not contain, such as a null name.

    Args:
        kind: The kind of the object.
        found: The object.
    """
    fields = kind.fields_of(found.key)
    allowed = {name: value for name, value in found.values.items() if not any(fields[name].problems(value))}
    return {**allowed, **found.read_only}
