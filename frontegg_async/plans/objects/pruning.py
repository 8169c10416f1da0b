"""``--prune part:X``: delete the objects of a part that files do not have, and the members that their lists lack."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Final, cast

import attrs

from frontegg_async._values.json_values import JsonValue
from frontegg_async.managed.feature_plans import ASSIGNED_PLAN
from frontegg_async.managed.fields import Field, Shape
from frontegg_async.managed.kinds import ObjectKind, Objects
from frontegg_async.managed.registry import ENVIRONMENT
from frontegg_async.managed.values import member_name
from frontegg_async.plans.environment_files.environment_files import WantedObject
from frontegg_async.plans.objects.changes import ObjectChange, Values, Wanted, removal

_WHY: Final = "--prune"


def removals(
    kind: ObjectKind, objects: Objects, wanted: Collection[WantedObject], originals: Mapping[str, Values] | None
) -> Iterator[ObjectChange]:
    """Yield the deletions of objects that no file has, and that no plan must leave alone.

    Args:
        kind: The kind of the objects.
        objects: The objects of the environment.
        wanted: The objects of the files.
        originals: The values of objects in the original export, by key: no others are deleted; ``None`` without one.
    """
    named = {each.key for each in wanted} | {each.renamed_from for each in wanted}
    for key, shown in objects.found.items():
        if key in named or shown.reason_to_stay or (originals is not None and key not in originals):
            continue
        original = None if originals is None else originals[key]
        yield removal(kind, shown, _WHY, original, has_original=originals is not None)


def prune_members(change: ObjectChange, wanted: Wanted, original: Values | None, *, has_original: bool) -> None:
    """Add the removal of the members that an object has, and that the lists of its file do not have.

    Args:
        change: The changes of the object by the file.
        wanted: The object of the file.
        original: The values in the original export, if there is one that has the object.
        has_original: Whether there is an original export: no other members than those that it has are removed.
    """
    shown = change.shown
    if shown is None or shown.reason_to_stay or change.is_created:
        return
    considered = shown.values if not has_original else original or {}
    for name, field in change.fields.items():
        if _is_list(field) and isinstance(wanted.values.get(name), list):
            named, present, those = (
                {*cast("list[str]", values.get(name) or ())} for values in (wanted.values, shown.values, considered)
            )
            for member in sorted((present & those) - named):
                flat = member_name(name, member)
                change.sets[flat], change.before[flat] = False, True


@attrs.frozen
class Loss:
    """The objects that lose what they refer to because it is deleted."""

    of: str
    """The part of the object that is deleted."""
    part: str
    """The part of the objects that lose it."""
    field: str
    """The field that refers to it."""
    guard: str = ""
    """The guard that each of them counts for; empty for none."""


LOSSES: Final = (
    Loss(of="permissions", part="roles", field="permissions", guard="role-removal"),
    Loss(of="features", part="plans", field="features"),
    Loss(of="features", part="feature_flags", field="feature"),
)
"""The losses that plans note."""


def note_losses(
    loss: Loss, deleted: Iterable[ObjectChange], objects: Objects | None, changes: Iterable[ObjectChange]
) -> None:
    """Note which objects lose what they refer to because it is deleted.

    Args:
        loss: The kind of the loss.
        deleted: The deletions.
        objects: The objects that may lose it; ``None`` if they cannot be read.
        changes: All changes. Objects that they delete, or from which they take the reference, are not among the losers.
    """
    noun = ENVIRONMENT[loss.part].noun
    of_part = {each.present_key: each for each in changes if each.kind.part == loss.part}
    for change in deleted:
        if objects is None:
            _add_note(change, f"taken from all {noun}s, which cannot be read")
            continue
        losers = [
            key
            for key, each in objects.found.items()
            if _refers(each.values.get(loss.field), change.key)
            and not (key in of_part and _takes(of_part[key], loss.field, change.key))
        ]
        if losers:
            _add_note(change, f"taken from the {noun}{'' if len(losers) == 1 else 's'} {', '.join(losers)}")
            change.dangers += [loss.guard] * len(losers) if loss.guard else []


def _refers(value: JsonValue, key: str) -> bool:
    return key in value if isinstance(value, list) else key == value


def _takes(change: ObjectChange, field: str, key: str) -> bool:
    return change.is_deleted or change.sets.get(member_name(field, key)) is False or change.sets.get(field, key) != key


def _add_note(change: ObjectChange, note: str) -> None:
    change.note = "; ".join(filter(None, (change.note, note)))


def note_holders(deleted: Iterable[ObjectChange], holders: Mapping[str, int]) -> None:
    """Note how many assignments go with feature plans that are deleted; each such plan counts for a guard.

    Args:
        deleted: The deletions.
        holders: The numbers of assignments, by the ids of the plans.
    """
    for change in deleted:
        if count := holders.get(change.object_id, 0):
            _add_note(change, f"{count:,} assignment{'' if count == 1 else 's'} to accounts and users will be gone")
            change.dangers.append(ASSIGNED_PLAN)


def _is_list(field: Field) -> bool:
    return field.shape is Shape.MEMBERS and not (field.keeps_members or field.is_fixed)
