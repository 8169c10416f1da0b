"""``--prune part:X``: delete the objects of a part that files do not have, and the members that their lists lack."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Final, cast

from frontegg_async.managed.fields import Field, Shape
from frontegg_async.managed.kinds import ObjectKind, Objects
from frontegg_async.managed.values import member_name
from frontegg_async.plans.environment_files.environment_files import WantedObject
from frontegg_async.plans.objects.changes import ObjectChange, Values, Wanted, removal

_WHY: Final = "--prune"
_ROLES: Final = "roles"
_PERMISSIONS: Final = "permissions"


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


def note_losses(deleted: Iterable[ObjectChange], roles: Objects | None, changes: Iterable[ObjectChange]) -> None:
    """Note which roles lose a permission because it is deleted; each counts for the guard of roles.

    Args:
        deleted: The deletions of permissions.
        roles: The roles; ``None`` if they cannot be read.
        changes: All changes. Roles that they delete, or from which they take the permission, are not among the losers.
    """
    of_roles = {each.present_key: each for each in changes if each.kind.part == _ROLES}
    for change in deleted:
        if roles is None:
            change.note = "taken from all roles, which cannot be read"
            continue
        losers = [
            key
            for key, role in roles.found.items()
            if change.key in cast("list[str]", role.values[_PERMISSIONS])
            and not (key in of_roles and _takes(of_roles[key], change.key))
        ]
        if losers:
            change.note = f"taken from the role{'' if len(losers) == 1 else 's'} {', '.join(losers)}"
            change.dangers += ["role-removal"] * len(losers)


def _takes(change: ObjectChange, permission: str) -> bool:
    return change.is_deleted or change.sets.get(member_name(_PERMISSIONS, permission)) is False


def _is_list(field: Field) -> bool:
    return field.shape is Shape.MEMBERS and not (field.keeps_members or field.is_fixed)
