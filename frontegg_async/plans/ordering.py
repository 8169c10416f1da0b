"""Turn the changes of accounts into writes, in an order in which each can be sent."""

from __future__ import annotations

import enum
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import attrs

from frontegg_async._values.unset import UNSET
from frontegg_async.changes.account_difference import FieldDifference
from frontegg_async.plans.account_changes import AccountChanges
from frontegg_async.plans.account_fields import LOCK, OF_UPDATE, RESELLER
from frontegg_async.plans.files.fields import APPLICATIONS, METADATA
from frontegg_async.plans.hierarchy_facts import FinalTree
from frontegg_async.plans.write import Write
from frontegg_async.snapshots.rows import PARENT


class Step(enum.IntEnum):
    """The order of writes: an account may have others below it before they come, and is locked and deleted last."""

    FIELDS = 0
    CREATION = 1
    METADATA = 2
    SETTINGS = 3
    APPLICATIONS = 4
    MOVE = 5
    NO_RESELLER = 6
    LOCK = 7
    DELETION = 8


@attrs.frozen(eq=False)
class Deletion:
    """What a write that deletes an account expects to find."""

    digest: str
    """The digest of the account, its children and the number of its users."""
    created_at: float | None
    """When the account was created, in seconds of the epoch."""
    left: int
    """How many accounts directly below it stay, and come under its parent."""


@attrs.frozen(eq=False)
class _Draft:
    """A write whose generation is not known yet."""

    step: Step
    index: int
    operation: str
    key: str
    sets: dict[str, object]
    before: object
    why: str
    depends_on: str | None = None
    created_at: float | None = None
    application: str | None = None
    note: str | None = None

    def write(self, generation: int) -> Write:
        """Return the write."""
        return Write(
            operation=self.operation,
            key=self.key,
            id=self.key,
            generation=generation,
            sets=self.sets,
            before=self.before,
            why=self.why,
            depends_on=self.depends_on,
            created_at=self.created_at,
            application=self.application,
            note=self.note,
        )


def writes_of(
    accounts: Sequence[AccountChanges],
    tree: FinalTree,
    deletions: Mapping[str, Deletion],
    applications: Mapping[str, str],
) -> list[Write]:
    """Return the writes that make the changes, in the order in which they are sent.

    Args:
        accounts: The changes.
        tree: The hierarchy after the changes.
        deletions: What each write that deletes an account expects to find, by the id of the account.
        applications: The ids of applications, by name.
    """
    created = {each.tenant_id for each in accounts if each.is_created}
    deleted = {each.tenant_id for each in accounts if each.is_deleted}
    below = _Below(tree.facts.children()) if any(each.parent is not None for each in accounts) else None
    drafts: list[_Draft] = []
    for each in accounts:
        if each.is_deleted:
            if each.tenant_id in deletions:  # otherwise it is gone meanwhile
                drafts.append(_deletion(each, tree, deletions[each.tenant_id], deleted))
            continue
        if each.is_created:
            drafts.append(_creation(each, tree, created))
        drafts += _changes(each, tree, created, applications, below)
    ranks = {place: rank for rank, place in enumerate(sorted({(each.step, each.index) for each in drafts}))}
    writes = [each.write(ranks[each.step, each.index]) for each in drafts]
    return sorted(writes, key=lambda each: (each.generation, each.key, each.operation))


def _creation(changes: AccountChanges, tree: FinalTree, created: set[str]) -> _Draft:
    parent = tree.parent(changes.tenant_id)
    return _Draft(
        Step.CREATION,
        tree.depth(changes.tenant_id),
        "create",
        changes.tenant_id,
        dict(changes.creation),
        None,
        changes.place,
        depends_on=parent if parent in created else None,
        note=changes.note,
    )


def _deletion(changes: AccountChanges, tree: FinalTree, deletion: Deletion, deleted: set[str]) -> _Draft:
    # An account is deleted before each account above it.
    height = -sum(each in deleted for each in tree.above(changes.tenant_id))
    return _Draft(
        Step.DELETION,
        height,
        "delete",
        changes.tenant_id,
        {},
        {"digest": deletion.digest},
        changes.place,
        created_at=deletion.created_at,
        note=f"{_counted(deletion.left)} below it come under its parent" if deletion.left else None,
    )


def _changes(
    changes: AccountChanges,
    tree: FinalTree,
    created: set[str],
    applications: Mapping[str, str],
    below: _Below | None,
) -> Iterator[_Draft]:
    own = changes.tenant_id if changes.is_created else None
    for draft in _drafts(changes, applications):
        if draft.step is Step.MOVE:
            parent = tree.parent(changes.tenant_id)
            count = 0 if below is None else below.count(changes.tenant_id)
            yield attrs.evolve(
                draft,
                index=tree.depth(changes.tenant_id),
                depends_on=parent if parent in created else own,
                note=f"moves {_counted(count)} below it" if count else None,
            )
        else:
            yield attrs.evolve(draft, depends_on=own)


@attrs.frozen(eq=False)
class _Below:
    """The accounts directly below each account."""

    children: Mapping[str, Sequence[str]]

    def count(self, tenant_id: str) -> int:
        """Return how many accounts are below an account."""
        seen = {tenant_id}
        pending = [tenant_id]
        while pending:
            fresh = [each for each in self.children.get(pending.pop(), ()) if each not in seen]
            seen.update(fresh)
            pending += fresh
        return len(seen) - 1


def _counted(number: int) -> str:
    return f"{number:,} account{'' if number == 1 else 's'}"


def _drafts(changes: AccountChanges, applications: Mapping[str, str]) -> Iterator[_Draft]:
    def draft(step: Step, operation: str, sets: dict[str, Any], before: Any, **more: Any) -> _Draft:  # noqa: ANN401 - JSON
        return _Draft(step, more.pop("index", 0), operation, changes.tenant_id, sets, before, changes.place, **more)

    by_step: dict[Step, list[FieldDifference]] = {}
    for each in changes.fields:
        by_step.setdefault(_step_of(each), []).append(each)
    for step in (Step.FIELDS, Step.NO_RESELLER):
        if step in by_step:
            yield draft(step, "update", *_sets(by_step[step]))
    if Step.SETTINGS in by_step:
        yield draft(Step.SETTINGS, "update_account_settings", *_sets(by_step[Step.SETTINGS]))
    yield from _metadata(by_step.get(Step.METADATA, []), draft)
    for index, each in enumerate(by_step.get(Step.APPLICATIONS, [])):
        name = each.path[1]
        is_added = each.after is True
        operation = "assign_application" if is_added else "unassign_application"
        sets, before = {"app_id": applications[name]}, {"is_assigned": not is_added}
        yield draft(Step.APPLICATIONS, operation, sets, before, index=index, application=name)
    for each in by_step.get(Step.MOVE, []):
        yield draft(Step.MOVE, "move", {PARENT: each.after}, {PARENT: each.before or None})
    for each in by_step.get(Step.LOCK, []):
        yield draft(Step.LOCK, "lock" if each.after else "unlock", {}, {LOCK: _expected(each.before)})


def _step_of(difference: FieldDifference) -> Step:
    name = difference.path[0]
    if name == RESELLER and not difference.after:
        return Step.NO_RESELLER
    if name in OF_UPDATE or difference.path == (METADATA,):
        return Step.FIELDS
    return _STEPS.get(name, Step.SETTINGS)


_STEPS: Final = {METADATA: Step.METADATA, APPLICATIONS: Step.APPLICATIONS, PARENT: Step.MOVE, LOCK: Step.LOCK}


def _sets(differences: Sequence[FieldDifference]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the values to set, and those that are expected; settings by their own names."""
    sets = {each.path[-1]: each.after for each in differences}
    return sets, {each.path[-1]: _expected(each.before) for each in differences}


def _expected(value: object) -> object:
    return None if value is UNSET else value


def _metadata(differences: Sequence[FieldDifference], draft: Any) -> Iterator[_Draft]:  # noqa: ANN401 - local
    """Yield the writes of keys: one that merges those with a value, and one for each that is removed."""
    merged = {each.path[1]: each.after for each in differences if each.after is not UNSET}
    if merged:
        before = {each.path[1]: each.before for each in differences if each.path[1] in merged}
        yield draft(Step.METADATA, "add_metadata", {METADATA: merged}, {METADATA: _keys(before)})
    removed = [each for each in differences if each.path[1] not in merged]
    for index, each in enumerate(removed, 1):
        expected = {METADATA: _keys({each.path[1]: each.before})}
        yield draft(Step.METADATA, "delete_metadata", {"key": each.path[1]}, expected, index=index)


def _keys(before: Mapping[str, object]) -> dict[str, object]:
    """Return what the account is expected to have of some keys."""
    return {key: value for key, value in before.items() if value is not UNSET}
