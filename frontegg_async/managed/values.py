"""Convert values of objects to flat names: a list or map member has a name such as ``permissions.reports.read``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import cast

import attrs

from frontegg_async._values.json_values import JsonValue
from frontegg_async._values.records import record_of
from frontegg_async.managed.fields import Field, Shape


def member_name(field: str, member: str) -> str:
    """Return the flat name of a member of a list or a map.

    Args:
        field: The name of the field, without a dot.
        member: The member of a list, or the key of a map.
    """
    return f"{field}.{member}"


def flattened(fields: Mapping[str, Field], values: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    """Convert values to flat names: a member of a list becomes true, and a key of a map keeps its value.

    Args:
        fields: The fields of the object.
        values: The values, by field name.
    """
    found: dict[str, JsonValue] = {}
    for name, value in values.items():
        shape = fields[name].shape
        if shape is Shape.MEMBERS:
            found |= {member_name(name, each): True for each in cast("list[str]", value or [])}
        elif shape is Shape.MAP:
            found |= {
                member_name(name, key): each for key, each in cast("Mapping[str, JsonValue]", value or {}).items()
            }
        else:
            found[name] = value
    return found


def shown_at(fields: Mapping[str, Field], values: Mapping[str, JsonValue], name: str) -> JsonValue:
    """Return the value of a flat name: a boolean for a member of a list, and null for a missing key of a map.

    Args:
        fields: The fields of the object.
        values: The values of the object, by field name.
        name: The flat name.
    """
    field, _, member = name.partition(".")
    value = values.get(field)
    shape = fields[field].shape
    if shape is Shape.MEMBERS:
        return member in cast("list[str]", value or [])
    if shape is Shape.MAP:
        return cast("Mapping[str, JsonValue]", value or {}).get(member)
    return value


def values_of(model: object, fields: Mapping[str, Field]) -> dict[str, JsonValue]:
    """Return the values of a model as plain JSON, without secrets and without fields that the model lacks.

    Members and keys are sorted. For a field that null clears, an empty text becomes null.

    Args:
        model: The model.
        fields: The fields of the object.
    """
    names = [name for name, field in fields.items() if field.shape is not Shape.SECRET and hasattr(model, name)]
    return {name: _normal(fields[name], value) for name, value in record_of(model, names).items()}


def null_as_empty(values: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    """Replace null by an empty text, for endpoints that clear a field with an empty text.

    Args:
        values: The values.
    """
    return {name: "" if value is None else value for name, value in values.items()}


def _normal(field: Field, value: object) -> JsonValue:
    plain = cast("JsonValue", value)
    if field.shape is Shape.MEMBERS:
        return cast("JsonValue", sorted(set(cast("list[str]", plain))))
    if isinstance(plain, Mapping) and field.shape is Shape.MAP:
        return dict(sorted(plain.items()))
    return field.null_if_empty(plain)


@attrs.frozen(eq=False)
class ObjectChanges:
    """The values that a write sets, by flat names.

    True adds a member of a list, false removes it, and null removes a key.

    Args:
        fields: The fields of the object.
        values: The values, with secrets as text.
    """

    fields: Mapping[str, Field] = attrs.field(repr=False)
    values: Mapping[str, JsonValue] = attrs.field(repr=False)

    def plain(self, *, without: Iterable[str] = ()) -> dict[str, JsonValue]:
        """Return the values of fields without members, by field name.

        Args:
            without: The names of fields to leave out.
        """
        left_out = {*without}
        return {
            name: value
            for name, value in self.values.items()
            if name in self.fields and not self.fields[name].has_members and name not in left_out
        }

    def members(self, field: str) -> dict[str, JsonValue]:
        """Return the changed members of a field, with their values.

        Args:
            field: The name of the field.
        """
        prefix = f"{field}."
        return {name.removeprefix(prefix): value for name, value in self.values.items() if name.startswith(prefix)}

    def added(self, field: str) -> list[str]:
        """Return the added members of a list, sorted.

        Args:
            field: The name of the field.
        """
        return sorted(member for member, is_there in self.members(field).items() if is_there)

    def removed(self, field: str) -> list[str]:
        """Return the removed members of a list, sorted.

        Args:
            field: The name of the field.
        """
        return sorted(member for member, is_there in self.members(field).items() if not is_there)

    def whole(self, field: str, present: JsonValue) -> JsonValue:
        """Return the whole list or map after the change.

        Args:
            field: The name of the field.
            present: The list or map before the change.
        """
        changes = self.members(field)
        if self.fields[field].shape is Shape.MEMBERS:
            kept = {*cast("list[str]", present or [])} - {*self.removed(field)}
            return cast("JsonValue", sorted(kept | {*self.added(field)}))
        merged = {**cast("Mapping[str, JsonValue]", present or {}), **changes}
        return {key: value for key, value in merged.items() if value is not None or key not in changes}
