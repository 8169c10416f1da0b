"""Find the faults of objects in files that only a comparison with the environment shows."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import TypeAlias

from frontegg_async._values.json_values import JsonValue
from frontegg_async.managed.fields import Field
from frontegg_async.managed.kinds import Objects
from frontegg_async.managed.values import flattened
from frontegg_async.plans.objects.changes import ObjectChange, Wanted
from frontegg_async.plans.objects.references import Path, references

ObjectFault: TypeAlias = tuple[Path, str]
"""The path of a value in an object, and the message of the fault."""


def object_faults(change: ObjectChange, wanted: Wanted, objects: Objects) -> Iterator[ObjectFault]:
    """Yield the faults of an object in a file.

    Args:
        change: The change of the object.
        wanted: The object in the file.
        objects: The objects of the part in the environment.
    """
    kind = change.kind
    for key in (wanted.key, wanted.renamed_from or wanted.key):
        if ids := objects.repeated.get(key):
            yield (), f"several {kind.noun}s have the key {key!r}, so no plan can write these: {', '.join(ids)}"
            return
    old = wanted.renamed_from
    if old is not None and old in objects.found and wanted.key in objects.found:
        yield ("renamed_from",), f"the rename is impossible: both {kind.noun}s exist, {old!r} and {wanted.key!r}"
    is_new = (change.is_created and not change.is_taken) or (
        not kind.can_create and change.is_written and _has_no_values(change)
    )
    missing = _missing(change.fields, wanted.values) if is_new else []
    if missing:
        yield (), f"there is no {kind.noun} {wanted.key!r}: to create it, the file must have {', '.join(missing)}"
    present: Mapping[str, JsonValue] = {} if change.shown is None else change.shown.values
    problem = kind.problem_of_values(wanted.key, wanted.values, present) if change.is_written else None
    if problem is not None and not (change.is_taken or wanted.is_absent):
        yield (), problem


def _has_no_values(change: ObjectChange) -> bool:
    """Return whether the change is about settings that nobody has set yet."""
    return change.shown is None or all(value in (None, {}, []) for value in change.shown.values.values())


def _missing(fields: Mapping[str, Field], values: Mapping[str, JsonValue]) -> list[str]:
    return [name for name, field in fields.items() if field.is_required and values.get(name) in (None, [], {})]


def references_of(change: ObjectChange) -> Iterator[tuple[str, str, Path]]:
    """Yield each new reference of a change to another object: the other object's part and key, and the path.

    Args:
        change: The change.
    """
    shown = {} if change.shown is None else flattened(change.fields, change.shown.values)
    present = {(part, key) for part, key, _ in references(change.fields, shown)}
    for part, key, path in references(change.fields, {**change.creation, **change.sets}):
        if (part, key) not in present:
            yield part, key, path


def repeated_reference(part: str, key: str, ids: Collection[str]) -> str:
    """Return the message for a reference to a key that several objects have.

    Args:
        part: The part of the objects.
        key: The key of the objects.
        ids: The ids of the objects.
    """
    return f"several objects in {part} have the key {key!r}, so the reference is ambiguous: {', '.join(ids)}"


def unknown_reference(part: str, key: str, known: Collection[str], *, is_left_out: bool = False) -> str:
    """Return the message for a reference to an object that does not exist.

    Args:
        part: The part of the object.
        key: The key of the object.
        known: The existing keys.
        is_left_out: Whether the files contain the object in a part that is not planned.
    """
    import difflib  # noqa: PLC0415 - needed for errors only

    if is_left_out:
        return f"the environment has no {key!r} in {part}, and only= leaves out {part} of the files: add part:{part}"
    near = difflib.get_close_matches(key, sorted(known), 1)
    hint = f"; did you mean {near[0]!r}?" if near else ""
    return f"there is no {key!r} in {part} of the environment or of the files{hint}"
