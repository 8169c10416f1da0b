"""``--prune part:X``: delete objects that no file contains, and list members that the file's lists do not contain."""

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
    """Yield the deletions of objects that no file contains and that plans may write.

    Args:
        kind: The kind of the objects.
        objects: The objects of the environment.
        wanted: The objects of the files.
        originals: The values of objects in the original export, by key; ``None`` without an export. With an export,
            only its objects are deleted.
    """
    named = {each.key for each in wanted} | {each.renamed_from for each in wanted}
    for key, shown in objects.found.items():
        if key in named or shown.reason_to_stay or (originals is not None and key not in originals):
            continue
        original = None if originals is None else originals[key]
        yield removal(kind, shown, _WHY, original, has_original=originals is not None)


def prune_members(change: ObjectChange, wanted: Wanted, original: Values | None, *, has_original: bool) -> None:
    """Add the removal of members that the lists in the file do not contain.

    Args:
        change: The change of the object.
        wanted: The object in the file.
        original: The values of the object in the original export; ``None`` if the export lacks the object.
        has_original: Whether the caller gave an original export. If so, only list members in the export are removed.
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
    """A rule: objects of one part lose a reference when an object of another part is deleted."""

    of: str
    """The part of the deleted object."""
    part: str
    """The part of the objects that lose the reference."""
    field: str
    """The field with the reference."""
    guard: str = ""
    """The guard that counts each losing object; empty for no guard."""


LOSSES: Final = (
    Loss(of="permissions", part="roles", field="permissions", guard="role-removal"),
    Loss(of="features", part="plans", field="features"),
    Loss(of="features", part="feature_flags", field="feature"),
)
"""The rules for losses that plans report in notes."""


def note_losses(
    loss: Loss, deleted: Iterable[ObjectChange], objects: Objects | None, changes: Iterable[ObjectChange]
) -> None:
    """Add notes about objects that lose a reference because of a deletion.

    Args:
        loss: The rule.
        deleted: The deletions.
        objects: The objects that may lose the reference; ``None`` if they cannot be read.
        changes: All changes. Objects that these changes delete, or whose reference these changes remove, are left out.
    """
    noun = ENVIRONMENT[loss.part].noun
    of_part = {each.present_key: each for each in changes if each.kind.part == loss.part}
    for change in deleted:
        if objects is None:
            _add_note(change, f"removed from all {noun}s, which cannot be read")
            continue
        losers = [
            key
            for key, each in objects.found.items()
            if _refers(each.values.get(loss.field), change.key)
            and not (key in of_part and _takes(of_part[key], loss.field, change.key))
        ]
        if losers:
            _add_note(change, f"removed from the {noun}{'' if len(losers) == 1 else 's'} {', '.join(losers)}")
            change.dangers += [loss.guard] * len(losers) if loss.guard else []


def _refers(value: JsonValue, key: str) -> bool:
    return key in value if isinstance(value, list) else key == value


def _takes(change: ObjectChange, field: str, key: str) -> bool:
    return change.is_deleted or change.sets.get(member_name(field, key)) is False or change.sets.get(field, key) != key


def _add_note(change: ObjectChange, note: str) -> None:
    change.note = "; ".join(filter(None, (change.note, note)))


def note_holders(deleted: Iterable[ObjectChange], holders: Mapping[str, int]) -> None:
    """Add notes about the assignments of deleted feature plans. A guard counts each deleted plan with assignments.

    Args:
        deleted: The deletions.
        holders: The numbers of assignments, by plan id.
    """
    for change in deleted:
        if count := holders.get(change.object_id, 0):
            _add_note(change, f"{count:,} assignment{'' if count == 1 else 's'} to accounts and users will be removed")
            change.dangers.append(ASSIGNED_PLAN)


def _is_list(field: Field) -> bool:
    return field.shape is Shape.MEMBERS and not (field.keeps_members or field.is_fixed)
