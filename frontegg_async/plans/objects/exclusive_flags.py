"""Plan how an object loses a flag that only one object can have, such as the flag of the default application."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from frontegg_async.managed.kinds import ManagedObject, ObjectKind, Objects
from frontegg_async.plans.objects.changes import ObjectChange


def lost_flags(kind: ObjectKind, objects: Objects, changes: Iterable[ObjectChange]) -> Iterator[ObjectChange]:
    """If a change gives the flag to an object, yield the change with which the present object loses the flag.

    Nothing is yielded if the changes already contain this loss.

    Args:
        kind: The kind of the objects.
        objects: The objects of the environment.
        changes: The changes of the environment.
    """
    own = [each for each in changes if each.kind is kind]
    getting = next((each for each in own if _gets_flag(each)), None)
    if getting is None:
        return
    changed = {each.present_key: each for each in own}
    for key, shown in objects.found.items():
        change = changed.get(key)
        is_planned = change is not None and (change.is_deleted or kind.exclusive_flag in change.sets)
        if key != getting.present_key and shown.values.get(kind.exclusive_flag) is True and not is_planned:
            yield _loss(kind, shown, getting)


def _loss(kind: ObjectKind, shown: ManagedObject, cause: ObjectChange) -> ObjectChange:
    if shown.reason_to_stay:
        reason = f"loses {kind.exclusive_flag} to {cause.key}, and no undo restores it: {shown.reason_to_stay}"
        return ObjectChange(kind, shown.key, cause.why, shown, reason_to_stay=reason)
    flag = kind.exclusive_flag
    return ObjectChange(kind, shown.key, cause.why, shown, sets={flag: False}, before={flag: True})


def expect_lost_flags(changes: Iterable[ObjectChange]) -> None:
    """Adapt deletions of objects with the flag: when the deletion is sent, another object already has the flag.

    Args:
        changes: The changes of the environment.
    """
    kept = [each for each in changes if each.kind.exclusive_flag]
    for kind in {each.kind for each in kept if _gets_flag(each)}:
        for change in kept:
            if change.kind is kind and change.is_deleted and change.before.get(kind.exclusive_flag) is True:
                change.before[kind.exclusive_flag] = False


def _gets_flag(change: ObjectChange) -> bool:
    flag = change.kind.exclusive_flag
    return bool(flag) and not change.is_taken and {**change.creation, **change.sets}.get(flag) is True
