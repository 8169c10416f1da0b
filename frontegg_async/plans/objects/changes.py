"""The changes of one object of the environment or of an account."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, cast

import attrs

from frontegg_async._values.json_values import JsonValue
from frontegg_async.bulk.expectations import same_values
from frontegg_async.managed.fields import Field, Shape
from frontegg_async.managed.kinds import ManagedObject, ObjectKind
from frontegg_async.managed.secrets import source_of
from frontegg_async.managed.values import flattened, shown_at
from frontegg_async.resources.support.read_back import agrees

Values = Mapping[str, JsonValue]

_ROTATE: Final = "rotate"


@attrs.define(eq=False)
class ObjectChange:
    """The changes of one object by a file."""

    kind: ObjectKind
    key: str
    """The natural key after the change."""
    why: str
    """The file and the line that caused the change."""
    shown: ManagedObject | None
    """The object in the environment; ``None`` if it does not exist."""
    is_created: bool = False
    is_deleted: bool = False
    is_taken: bool = False
    """Whether another program created the object after the original export. If so, the plan's creation of the object
    will not be sent.
    """
    creation: dict[str, JsonValue] = attrs.Factory(dict[str, JsonValue])
    """The values of the creation, by flat name. A flat name contains the field and, for a map or list, the key or
    member.
    """
    sets: dict[str, JsonValue] = attrs.Factory(dict[str, JsonValue])
    """The values to set, by flat name. For a new object, these values are set after the creation."""
    before: dict[str, JsonValue] = attrs.Factory(dict[str, JsonValue])
    """The values that the service must still show when the change is sent, by flat name, without secrets."""
    fixed: list[str] = attrs.Factory(list[str])
    """The fields that differ but that only a creation can set."""
    reason_to_stay: str | None = None
    """Why the plan does not change the object although the file differs."""
    faults: list[tuple[tuple[str | int, ...], str]] = attrs.Factory(list[tuple[tuple[str | int, ...], str]])
    """The faults of the object. Each fault has a path in the row or in the file, and a message."""
    dangers: list[str] = attrs.Factory(list[str])
    """The names of additional guards that count the change. A name occurs once for each counted value."""
    note: str | None = None
    """A note for the reader of the plan, for example that roles lose a permission."""

    @property
    def is_empty(self) -> bool:
        """Whether the change has no write, no note and no fault."""
        return not (self.is_written or self.fixed or self.reason_to_stay or self.faults)

    @property
    def is_written(self) -> bool:
        """Whether the change needs a write."""
        return self.is_created or self.is_deleted or bool(self.sets)

    @property
    def is_renamed(self) -> bool:
        """Whether the object gets another natural key."""
        return self.is_written and not self.is_deleted and self.present_key != self.key

    @property
    def object_id(self) -> str:
        """The id of the object; empty for an object that does not exist yet."""
        return "" if self.shown is None else self.shown.id

    @property
    def fields(self) -> Mapping[str, Field]:
        """The fields of the object."""
        return self.kind.fields_of(self.key)

    @property
    def present_key(self) -> str:
        """The natural key that the object has now, before a rename."""
        return self.key if self.shown is None else self.shown.key


@attrs.frozen(eq=False)
class Wanted:
    """An object in a file. For a user with ``absent: true``, it is the removal of the user."""

    key: str
    values: Values
    """The values by field name."""
    why: str
    is_absent: bool = False
    renamed_from: str | None = None


def object_change(
    kind: ObjectKind, wanted: Wanted, shown: ManagedObject | None, original: Values | None, *, has_original: bool
) -> ObjectChange:
    """Compare an object of a file with the object in the environment.

    Args:
        kind: The kind of the object.
        wanted: The object in the file.
        shown: The object in the environment with this key, or with the key before a rename; ``None`` if no such object
            exists.
        original: The values of the object in the original export; ``None`` if the export lacks the object.
        has_original: Whether the caller gave an original export, from which the files were edited.
    """
    if shown is None and not kind.can_create:
        shown = ManagedObject(wanted.key, "", {})
    change = ObjectChange(kind, wanted.key, wanted.why, shown)
    if wanted.is_absent:
        if shown is not None:
            change = removal(kind, shown, wanted.why, original, has_original=has_original)
    elif shown is None and not (has_original and original is not None):
        change.is_created = True
        _create(change, wanted)
    elif has_original and original is None and (differing := _taken(kind, wanted, shown)):
        change.is_created = change.is_taken = not all(each.is_later for each in differing)
        if change.is_taken:
            _create(change, wanted)
        else:  # the creation would look done, and the later values would change another program's object
            change.reason_to_stay = "another program created it since the original export, with other values"
    else:
        _update(change, wanted, original)
    if shown is not None and shown.reason_to_stay and change.is_written:
        change = ObjectChange(kind, wanted.key, wanted.why, shown, reason_to_stay=shown.reason_to_stay)
    return change


def removal(
    kind: ObjectKind, shown: ManagedObject, why: str, original: Values | None = None, *, has_original: bool = False
) -> ObjectChange:
    """Return the deletion of an object. The object stays if it differs from an original export.

    Args:
        kind: The kind of the object.
        shown: The object.
        why: The reason of the deletion.
        original: The values of the object in the original export; ``None`` if the export lacks the object.
        has_original: Whether the caller gave an original export, from which the files were edited.
    """
    reason = _reason_to_stay(kind, shown, original) if has_original else None
    if reason is not None:
        return ObjectChange(kind, shown.key, why, shown, reason_to_stay=f"{reason}: not deleted")
    return ObjectChange(kind, shown.key, why, shown, is_deleted=True, before=dict(shown.values))


def _reason_to_stay(kind: ObjectKind, shown: ManagedObject, original: Values | None) -> str | None:
    """Return why an object must not be deleted; ``None`` if it is unchanged since the original export."""
    if original is None:
        return "it is not in the original export"
    compared = [name for name, field in kind.fields_of(shown.key).items() if field.shape is not Shape.SECRET]
    changed = [each for each in compared if each in original and not are_same(original[each], shown.values.get(each))]
    return f"{changed[0]} has changed since the original export" if changed else None


def _taken(kind: ObjectKind, wanted: Wanted, shown: ManagedObject | None) -> list[Field]:
    """Return the fields in which the object that another program created differs from the file.

    Secrets are never compared.
    """
    fields = kind.fields_of(wanted.key)
    found = [_field(fields, name) for name, _, _ in _differences(kind, wanted, shown, None)] if kind.can_create else []
    return [field for field in found if field.shape is not Shape.SECRET]


def _create(change: ObjectChange, wanted: Wanted) -> None:
    fields = change.fields
    for name, value in flattened(fields, wanted.values).items():
        if value is None:
            continue
        if _field(fields, name).is_later:
            change.sets[name] = value
            change.before[name] = shown_at(fields, {}, name)
        else:
            change.creation[name] = _plain_secret(_field(fields, name), value)


def _update(change: ObjectChange, wanted: Wanted, original: Values | None) -> None:
    fields = change.fields
    for name, value, expected in _differences(change.kind, wanted, change.shown, original):
        field = _field(fields, name)
        if field.is_fixed:
            change.fixed.append(name)
            continue
        change.sets[name] = _plain_secret(field, value)
        if field.shape is not Shape.SECRET:
            change.before[name] = expected


def _differences(
    kind: ObjectKind, wanted: Wanted, shown: ManagedObject | None, original: Values | None
) -> Iterator[tuple[str, JsonValue, JsonValue]]:
    """Yield the flat name, the wanted value and the expected value of each difference."""
    present: Values = {} if shown is None else shown.values
    if shown is not None and wanted.renamed_from is not None and shown.key != wanted.key:
        yield kind.key_field, wanted.key, shown.key
    fields = kind.fields_of(wanted.key)
    for name, value in flattened(fields, wanted.values).items():
        field = _field(fields, name)
        if field.shape is Shape.SECRET:
            if value is not None and (_rotates(value) or (shown is not None and name not in shown.secrets)):
                yield name, value, None
            continue
        now = expected = shown_at(fields, present, name)
        if original is not None and _is_named(field, original, name):
            expected = shown_at(fields, original, name)
            if are_same(value, expected):
                continue
        if not are_same(value, now):
            yield name, value, expected


def _is_named(field: Field, original: Values, name: str) -> bool:
    """Return whether the original export contains a value. If it contains a list or a map, it contains all members."""
    return field.name in original and (field.has_members or name in original)


def _field(fields: Mapping[str, Field], name: str) -> Field:
    return fields[name.partition(".")[0]]


def _rotates(value: JsonValue) -> bool:
    return isinstance(value, Mapping) and cast("Mapping[str, object]", value).get(_ROTATE) is True


def _plain_secret(field: Field, value: JsonValue) -> JsonValue:
    """Return a value in the form that a plan stores. The reference to a secret replaces the secret."""
    return {"secret": source_of(value)} if field.shape is Shape.SECRET else value


def are_same(wanted: JsonValue, shown: JsonValue) -> bool:
    """Return whether the service shows the same value as a file, possibly in another notation.

    Args:
        wanted: The value in the file.
        shown: The value that the service shows.
    """
    return same_values(wanted, shown) or agrees(wanted, shown) or (wanted == "" and shown is None)
