"""Convert the changes of a plan into writes, in a valid order of sending."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, TypeAlias

import attrs
import msgspec

from frontegg_async._values.unset import UNSET
from frontegg_async.changes.account_difference import FieldDifference
from frontegg_async.plans.accounts.changes import AccountChanges
from frontegg_async.plans.accounts.deletions import Deletion
from frontegg_async.plans.accounts.fields import LOCK, OF_UPDATE, RESELLER
from frontegg_async.plans.accounts.hierarchy import FinalTree
from frontegg_async.plans.accounts.shared_values import expect_shared_values
from frontegg_async.plans.assigning import ASSIGNING
from frontegg_async.plans.files.fields import METADATA
from frontegg_async.plans.object_writes import account_drafts, environment_drafts
from frontegg_async.plans.objects.changes import ObjectChange
from frontegg_async.plans.steps import Draft, Step
from frontegg_async.plans.write import Write
from frontegg_async.snapshots.rows import PARENT

AssignedIds: TypeAlias = Mapping[str, Mapping[str, str]]
"""The ids of objects that files assign to accounts. The outer keys are the fields of accounts, and the inner keys the
names of the objects.
"""


def writes_of(
    accounts: Sequence[AccountChanges],
    tree: FinalTree,
    deletions: Mapping[str, Deletion],
    assigned: AssignedIds,
    environment: Sequence[ObjectChange] = (),
    *,
    send_email: bool = False,
    is_undone: bool = False,
) -> list[Write]:
    """Return the writes for changes, in the order of sending.

    Args:
        accounts: The changes of accounts.
        tree: The hierarchy after the changes.
        deletions: The state that each account to delete must still have, by account id.
        assigned: The ids of assigned objects, such as applications, by the field of accounts and the name of the
            object.
        environment: The changes of objects of the environment.
        send_email: Whether invited users get an e-mail.
        is_undone: Whether the changes undo a job.
    """
    created = {each.tenant_id for each in accounts if each.is_created}
    deleted = {each.tenant_id for each in accounts if each.is_deleted}
    below = _Below(tree.facts.children()) if any(each.parent is not None for each in accounts) else None
    expect_shared_values(change for account in accounts for change in account.objects)
    drafts = [*environment_drafts(environment, is_undone=is_undone)]
    for each in accounts:
        if each.is_deleted:
            if each.tenant_id in deletions:  # otherwise the account no longer exists
                drafts.append(_deletion(each, tree, deletions[each.tenant_id], deleted))
                drafts += account_drafts(each, send_email=False)
            continue
        if each.is_created:
            drafts.append(_creation(each, tree, created))
        drafts += _changes(each, tree, created, assigned, below)
        drafts += account_drafts(each, send_email=send_email)
    ranks = {place: rank for rank, place in enumerate(sorted({(each.step, each.index) for each in drafts}))}
    writes = [msgspec.structs.replace(each.write, generation=ranks[each.step, each.index]) for each in drafts]
    return sorted(writes, key=_place)


def _place(write: Write) -> tuple[int, str, str, str, str]:
    return write.generation, write.key, write.part or "", write.object_key or "", write.operation


def _write(changes: AccountChanges, operation: str, sets: dict[str, object], before: object) -> Write:
    """Return a write of an account. Its generation, the position in the order of sending, is set later."""
    key = changes.tenant_id
    return Write(operation=operation, key=key, id=key, generation=0, sets=sets, before=before, why=changes.place)


def _creation(changes: AccountChanges, tree: FinalTree, created: set[str]) -> Draft:
    parent = tree.parent(changes.tenant_id)
    write = _write(changes, "create", dict(changes.creation), None)
    depends_on = parent if parent in created else None
    complete = msgspec.structs.replace(write, depends_on=depends_on, note=changes.note)
    return Draft(Step.CREATION, tree.depth(changes.tenant_id), complete)


def _deletion(changes: AccountChanges, tree: FinalTree, deletion: Deletion, deleted: set[str]) -> Draft:
    # Delete an account before the accounts above it.
    height = -sum(each in deleted for each in tree.above(changes.tenant_id))
    note = f"{_counted(deletion.left)} below it will be under its parent" if deletion.left else None
    write = _write(changes, "delete", {}, {"digest": deletion.digest})
    return Draft(Step.DELETION, height, msgspec.structs.replace(write, created_at=deletion.created_at, note=note))


def _changes(
    changes: AccountChanges,
    tree: FinalTree,
    created: set[str],
    assigned: AssignedIds,
    below: _Below | None,
) -> Iterator[Draft]:
    own = changes.tenant_id if changes.is_created else None
    for draft in _drafts(changes, assigned):
        if draft.step is not Step.MOVE:
            yield attrs.evolve(draft, write=msgspec.structs.replace(draft.write, depends_on=own))
            continue
        parent = tree.parent(changes.tenant_id)
        count = 0 if below is None else below.count(changes.tenant_id)
        note = f"moves {_counted(count)} below it" if count else None
        write = msgspec.structs.replace(draft.write, depends_on=parent if parent in created else own, note=note)
        yield attrs.evolve(draft, index=tree.depth(changes.tenant_id), write=write)


@attrs.frozen(eq=False)
class _Below:
    """Counts the accounts below an account, from the direct children of each account."""

    children: Mapping[str, Sequence[str]]

    def count(self, tenant_id: str) -> int:
        """Return the number of accounts below an account, at all levels."""
        seen = {tenant_id}
        pending = [tenant_id]
        while pending:
            fresh = [each for each in self.children.get(pending.pop(), ()) if each not in seen]
            seen.update(fresh)
            pending += fresh
        return len(seen) - 1


def _counted(number: int) -> str:
    return f"{number:,} account{'' if number == 1 else 's'}"


def _drafts(changes: AccountChanges, assigned: AssignedIds) -> Iterator[Draft]:
    by_step: dict[Step, list[FieldDifference]] = {}
    for each in changes.fields:
        by_step.setdefault(_step_of(each), []).append(each)
    for step in (Step.FIELDS, Step.NO_RESELLER):
        if step in by_step:
            yield Draft(step, 0, _write(changes, "update", *_sets(by_step[step])))
    if Step.SETTINGS in by_step:
        yield Draft(Step.SETTINGS, 0, _write(changes, "update_account_settings", *_sets(by_step[Step.SETTINGS])))
    yield from _metadata(changes, by_step.get(Step.METADATA, []))
    for index, each in enumerate(by_step.get(Step.ASSIGNMENTS, [])):
        yield Draft(Step.ASSIGNMENTS, index, _assignment(changes, each, assigned))
    for each in by_step.get(Step.MOVE, []):
        yield Draft(Step.MOVE, 0, _write(changes, "move", {PARENT: each.after}, {PARENT: each.before or None}))
    for step, operation in ((Step.LOCK, "lock"), (Step.UNLOCK, "unlock")):
        for each in by_step.get(step, []):
            yield Draft(step, 0, _write(changes, operation, {}, {LOCK: _expected(each.before)}))


def _step_of(difference: FieldDifference) -> Step:
    name = difference.path[0]
    if name == RESELLER and not difference.after:
        return Step.NO_RESELLER
    if name == LOCK:
        # Unlock accounts early and lock accounts late, since no user can be invited to a locked account.
        return Step.LOCK if difference.after else Step.UNLOCK
    if name in OF_UPDATE or difference.path == (METADATA,):
        return Step.FIELDS
    return _STEPS.get(name, Step.SETTINGS)


_STEPS: Final = {METADATA: Step.METADATA, **dict.fromkeys(ASSIGNING, Step.ASSIGNMENTS), PARENT: Step.MOVE}


def _assignment(changes: AccountChanges, difference: FieldDifference, assigned: AssignedIds) -> Write:
    """Return the write that assigns or unassigns an application or a feature plan."""
    field, name = difference.path
    assigning, is_added = ASSIGNING[field], difference.after is True
    operation = assigning.assign if is_added else assigning.unassign
    sets: dict[str, object] = {assigning.id_column: assigned[field][name]}
    write = _write(changes, operation, sets, {"is_assigned": not is_added})
    note = changes.member_notes.get(difference.path)
    return msgspec.structs.replace(write, note=note, **{assigning.name_field: name})


def _sets(differences: Sequence[FieldDifference]) -> tuple[dict[str, object], dict[str, object]]:
    """Return the values to set, and the expected values. The names of settings have no prefix ``settings``."""
    sets: dict[str, object] = {each.path[-1]: each.after for each in differences}
    return sets, {each.path[-1]: _expected(each.before) for each in differences}


def _expected(value: object) -> object:
    return None if value is UNSET else value


def _metadata(changes: AccountChanges, differences: Sequence[FieldDifference]) -> Iterator[Draft]:
    """Yield the writes of metadata keys.

    One write sets all changed keys, and one more write removes each removed key.
    """
    merged = {each.path[1]: each.after for each in differences if each.after is not UNSET}
    if merged:
        before = {each.path[1]: each.before for each in differences if each.path[1] in merged}
        yield Draft(
            Step.METADATA,
            0,
            _write(changes, "add_metadata", {METADATA: merged}, {METADATA: _keys(before)}),
        )
    removed = [each for each in differences if each.path[1] not in merged]
    for index, each in enumerate(removed, 1):
        expected = {METADATA: _keys({each.path[1]: each.before})}
        yield Draft(Step.METADATA, index, _write(changes, "delete_metadata", {"key": each.path[1]}, expected))


def _keys(before: Mapping[str, object]) -> dict[str, object]:
    """Return the expected values of keys. Keys that the account does not have are left out."""
    return {key: value for key, value in before.items() if value is not UNSET}
