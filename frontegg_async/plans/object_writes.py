"""Convert the changes of objects into writes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

import msgspec

from frontegg_async.managed.feature_plans import ASSIGNED_PLAN
from frontegg_async.managed.fields import Shape
from frontegg_async.managed.registry import ACCOUNT, ENVIRONMENT
from frontegg_async.plans.accounts.changes import AccountChanges
from frontegg_async.plans.objects.changes import ObjectChange
from frontegg_async.plans.objects.dangers import note_of, taken_rights
from frontegg_async.plans.objects.exclusive_flags import expect_lost_flags
from frontegg_async.plans.steps import Draft, Step
from frontegg_async.plans.write import Write

_ORDER: Final = {part: index for index, part in enumerate((*ENVIRONMENT, *ACCOUNT))}
# If an object loses a flag to another object, a separate write removes the flag first. An undo needs this write. A
# rename comes before the creation of another object with the old key. An invitation with a name comes before an
# invitation of the same user without a name, so that the user gets the name.
_LOST, _CHANGED, _CREATED, _ADDED, _COMPLETED, _REMOVED = range(6)
_PLACES: Final = 6
_LAST_OWNER: Final = "last-owner"
_PART_OF: Final = {_LAST_OWNER: "users", "sso-lockout": "sso"}
"""The field of accounts, such as ``users``, whose changes each guard counts."""


def environment_drafts(changes: Iterable[ObjectChange], *, is_undone: bool = False) -> Iterator[Draft]:
    """Yield the writes of objects of the environment.

    Objects come after the objects to which they refer. Deletions come in reverse order.

    Args:
        changes: The changes.
        is_undone: Whether the changes undo a job. If so, the order is reversed: if an object refers to another object
            by id, the referring object is restored first.
    """
    listed = [*changes]
    expect_lost_flags(listed)
    for change in listed:
        key = f"{change.kind.part}.{change.present_key}"
        index = _PLACES * _ORDER[change.kind.part]
        dangers = [*change.dangers, *(_LAST_OWNER for _ in taken_rights(change))]
        note = note_of(change) or change.note
        for place, each in _writes(change, key):
            is_taken = True if change.is_deleted and ASSIGNED_PLAN in change.dangers else None
            write = msgspec.structs.replace(each, dangers=dangers, note=note, may_lock_out=is_taken)
            dangers = []  # count the dangers once for each change
            is_reversed = is_undone and not change.kind.is_referred_by_key
            if is_reversed or place == _REMOVED:
                yield Draft(Step.ENVIRONMENT_DELETION, place - index, write)
            else:
                yield Draft(Step.ENVIRONMENT, index + place, write)


def account_drafts(account: AccountChanges, *, send_email: bool) -> Iterator[Draft]:
    """Yield the writes of users, policies and SSO configurations of an account, with additions before removals.

    Args:
        account: The changes of the account.
        send_email: Whether invited users get an e-mail.
    """
    own = account.tenant_id if account.is_created else None
    counted = set[str]()
    for change in account.objects:
        dangers = [name for name in account.dangers if _PART_OF[name] == change.kind.part]
        index = _PLACES * _ORDER[change.kind.part]
        for place, write in _writes(change, account.tenant_id):
            is_email = send_email and write.operation == "create_object" and change.kind.sends_emails
            complete = msgspec.structs.replace(
                write,
                depends_on=own,
                dangers=[name for name in dangers if name not in counted],
                send_email=True if is_email else None,
                may_lock_out=True if dangers or account.is_deleted else None,
            )
            counted.update(dangers)  # count the dangers once for each account
            yield Draft(Step.OBJECTS, index + place, complete)


def _writes(change: ObjectChange, key: str) -> Iterator[tuple[int, Write]]:
    """Yield the writes of an object. Each write has a rank: writes with lower ranks are sent first."""
    object_id = "" if change.shown is None else change.shown.id
    write = Write(
        operation="update_object",
        key=key,
        id=object_id,
        generation=0,
        sets={},
        before={},
        why=change.why,
        part=change.kind.part,
        object_key=change.present_key,
    )
    replace = msgspec.structs.replace
    if change.is_deleted:
        yield _REMOVED, replace(write, operation="delete_object", before=change.before)
        return
    if change.is_created:
        shared = change.kind.shared_fields
        place = _ADDED if shared and shared.isdisjoint(change.creation) else _CREATED
        yield place, replace(write, operation="create_object", id="", sets={**change.creation}, before=None)
    secrets, others = _split(change)
    for sets in (others, secrets):
        before = {name: change.before[name] for name in sets if name in change.before}
        update = replace(write, sets=sets, before=before)
        if sets and change.is_created:
            yield _COMPLETED, replace(update, id="", depends_on=key)
        elif sets:
            is_lost = sets.get(change.kind.exclusive_flag) is False
            yield _COMPLETED if sets is secrets and others else _LOST if is_lost else _CHANGED, update


def _split(change: ObjectChange) -> tuple[dict[str, object], dict[str, object]]:
    """Split the values of a change into secrets and other values.

    Secrets need a separate write, since the service never shows a secret. In a common write, equal other values would
    make the write look done.
    """
    secrets: dict[str, object] = {}
    others: dict[str, object] = {}
    for name, value in change.sets.items():
        field = change.fields[name.partition(".")[0]]
        (secrets if field.shape is Shape.SECRET else others)[name] = value
    return secrets, others
