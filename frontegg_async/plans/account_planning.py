"""Compare accounts files with the environment, check the changes, and return them."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Final, cast

import attrs

from frontegg_async._core.call.caller import Caller
from frontegg_async._core.runtime.worker_threads import run_in_thread
from frontegg_async.errors import InvalidArgumentError
from frontegg_async.plans.accounts.candidates import Pairing
from frontegg_async.plans.accounts.changes import AccountChanges
from frontegg_async.plans.accounts.checking import Checks, FaultOf
from frontegg_async.plans.accounts.counting import FEW, count_accounts
from frontegg_async.plans.accounts.deletions import Deletion, read_deletions
from frontegg_async.plans.accounts.hierarchy import FinalTree
from frontegg_async.plans.accounts.reading import Reading
from frontegg_async.plans.assigning import ASSIGNING
from frontegg_async.plans.files.accounts_files import AccountsFiles
from frontegg_async.plans.files.faults import MAX_FAULTS, files_error
from frontegg_async.plans.files.fields import ABSENT, SETTINGS_FIELDS
from frontegg_async.plans.ordering import AssignedIds
from frontegg_async.plans.plan_file import PlanNote
from frontegg_async.plans.pruning import Prune, pruned_accounts
from frontegg_async.plans.selectors import Selector, selected
from frontegg_async.snapshots.assigned import Assigned
from frontegg_async.snapshots.rows import ASSIGNED, PARENT

_NO_OPERATION: Final = "differs, but no operation changes it"
_FIXED: Final = "differs, but only a creation sets it"
_SETTING: Final = "differs, but only the field of this name in settings changes it"


@attrs.frozen(eq=False)
class PlannedAccounts:
    """The changes of accounts by a plan, and facts about all accounts."""

    accounts: Mapping[str, AccountChanges]
    tree: FinalTree
    deletions: Mapping[str, Deletion]
    assigned: AssignedIds
    """The ids of applications and feature plans by their names in files, for each field."""
    total: int
    """The number of accounts in the environment."""
    populations: Mapping[str, int]
    """The number of users or SSO configurations to which each guard applies, by the name of the guard."""
    notes: Sequence[PlanNote]


async def plan_accounts(
    caller: Caller,
    environment_id: str | None,
    files: AccountsFiles,
    original: AccountsFiles | None,
    *,
    selectors: Sequence[Selector],
    prune: Prune,
    created_roles: frozenset[str],
    removed_roles: frozenset[str],
    created: Mapping[str, frozenset[str]],
    on_progress: Callable[[int, int], object] | None,
) -> PlannedAccounts:
    """Return the changes of accounts.

    Args:
        caller: Sends the requests, which only read.
        environment_id: The id of the environment; ``None`` if the service does not show the id.
        files: The files.
        original: The original export, from which the files were edited; ``None`` without such an export.
        selectors: The selectors of accounts; empty for all accounts.
        prune: The accounts that may be deleted.
        created_roles: The keys of the roles that environment files create.
        removed_roles: The keys of the roles that the plan deletes or renames.
        created: The names of applications and feature plans that environment files create, by field.
        on_progress: Called with the number of accounts that were read, and the total number.

    Raises:
        FilesError: Changes are impossible; the error contains all faults.
        InvalidArgumentError: A selector names an account that does not exist, or a row of the original export belongs
            to another environment.
        PaginationError: The listing of accounts is incomplete.
        FronteggError: A request failed.
    """
    is_whole = bool(selectors or prune.accounts)
    few = None if is_whole else await run_in_thread(_few_ids, files)
    total = None if few is None else await count_accounts(caller)
    few = None if total is None else few
    reading = Reading(caller, original is not None, few, total or 0, created_roles, removed_roles)
    await reading.run(await run_in_thread(Pairing, files, original, environment_id), files.parts, on_progress)
    if few is not None and any(each.shown is None for each in reading.accounts.values()):
        # A new id is invalid if another id has the same letters in another case. This check needs the ids of all
        # accounts.
        reading = Reading(caller, original is not None, created_roles=created_roles, removed_roles=removed_roles)
        await reading.run(await run_in_thread(Pairing, files, original, environment_id), files.parts, on_progress)
    if is_whole or any(each.is_placed for each in reading.accounts.values()):
        await run_in_thread(_fill, reading, files)
    _check_selectors(selectors, reading)
    tree = FinalTree.of(reading.facts, reading.accounts.values())
    pruned = await pruned_accounts(caller, prune, files, original, tree)
    accounts = selected({**reading.accounts, **pruned}, selectors, tree.above)
    tree = FinalTree.of(reading.facts, accounts.values())
    unknown = [*_unknown_names(reading, accounts, created)]
    await run_in_thread(_check, files, reading, accounts, tree, unknown)
    deletions = await read_deletions(caller, accounts, reading.facts.children())  # may set `reason_to_stay`
    return PlannedAccounts(
        accounts=accounts,
        tree=tree,
        deletions=deletions,
        assigned={field: each.ids for field, each in reading.assigned.items()},
        total=reading.total,
        populations=reading.parts.populations,
        notes=[*reading.notes, *reading.parts.notes, *_notes(accounts)],
    )


def _check_selectors(selectors: Sequence[Selector], reading: Reading) -> None:
    """Refuse selectors of accounts that do not exist.

    Raises:
        InvalidArgumentError: The account exists neither in the environment nor in the files.
    """
    for name in (each for selector in selectors for each in selector.named):
        if name not in reading.facts.parents and not (name in reading.accounts and reading.accounts[name].is_created):
            raise InvalidArgumentError(f"only contains under:{name}, but there is no account {name!r}")


def _few_ids(files: AccountsFiles) -> frozenset[str] | None:
    """Return the ids of the rows if only these accounts must be read; ``None`` if all accounts are needed."""
    if files.count > FEW or files.parts & {PARENT, ABSENT}:
        return None
    return frozenset(row.tenant_id for row in files.sorted())


def _fill(reading: Reading, files: AccountsFiles) -> None:
    """Add the accounts that were skipped because they are equal to their rows in the files."""
    reading.facts.fill((row.tenant_id, row.line) for row in files.sorted())


def _check(
    files: AccountsFiles,
    reading: Reading,
    accounts: Mapping[str, AccountChanges],
    tree: FinalTree,
    unknown: Sequence[FaultOf],
) -> None:
    """Refuse impossible changes.

    Raises:
        FilesError: A change is impossible; the error contains all faults.
    """
    found = [*Checks(accounts, tree).faults(), *unknown]
    found += reading.parts.shared.faults(accounts.keys() & reading.rows.keys())
    # Look up only the places of the first faults, since each lookup reads the file.
    first = [files.fault_at(reading.rows[each], path, message) for each, path, message in found[:MAX_FAULTS]]
    if first:
        raise files_error(first, len(found))


def _unknown_names(
    reading: Reading, accounts: Mapping[str, AccountChanges], created: Mapping[str, Collection[str]]
) -> Iterator[FaultOf]:
    """Yield the faults of rows that name applications or feature plans that do not exist."""
    known = {field: each.ids for field, each in reading.assigned.items()}
    for changes in accounts.values():
        for field, name in (each.path for each in changes.fields if each.path[0] in ASSIGNED):
            if name not in known[field]:
                place = cast("list[str]", changes.wanted[field]).index(name)
                yield changes.tenant_id, (field, place), _unknown(field, name, reading.assigned[field], created)


def _unknown(field: str, name: str, known: Assigned, created: Mapping[str, Collection[str]]) -> str:
    noun = ASSIGNING[field].noun
    if ids := known.repeated.get(name):
        return f"several {noun}s have the name {name!r}: give one of the ids {', '.join(ids)}"
    if name in created.get(field, ()):
        return f"the {noun} {name!r} does not exist yet: apply the environment file first, and then this one"
    near = difflib.get_close_matches(name, known.by_name, 1)
    hint = f"; did you mean {near[0]!r}?" if near else ""
    return f"there is no {noun} {name!r}{hint}"


def _notes(accounts: Mapping[str, AccountChanges]) -> Iterator[PlanNote]:
    for changes in accounts.values():
        if changes.reason_to_stay:
            yield PlanNote(changes.tenant_id, "", changes.reason_to_stay)
        for each in changes.objects:
            path = f"{each.kind.part}.{each.key}"
            yield from (PlanNote(changes.tenant_id, f"{path}.{name}", _FIXED) for name in each.fixed)
            if each.reason_to_stay:
                yield PlanNote(changes.tenant_id, path, each.reason_to_stay)
        for name in changes.unwritable:
            yield PlanNote(changes.tenant_id, name, _SETTING if name in SETTINGS_FIELDS else _NO_OPERATION)
        for name in changes.unreadable:
            yield PlanNote(changes.tenant_id, name, "the service shows a value of another type")
