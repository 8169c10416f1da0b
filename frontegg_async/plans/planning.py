"""Make a plan: read files and the environment, compare them, check the changes, and order the writes."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import PurePath
from typing import Final, cast

from frontegg_async._core.call.caller import Caller
from frontegg_async._core.runtime.worker_threads import run_in_thread
from frontegg_async.errors import InvalidArgumentError, PaginationError
from frontegg_async.options import Options
from frontegg_async.plans.account_changes import AccountChanges
from frontegg_async.plans.candidates import Pairing
from frontegg_async.plans.checking import Checks, FaultOf
from frontegg_async.plans.deletions import read_deletions
from frontegg_async.plans.environment import read_environment
from frontegg_async.plans.files.accounts_files import AccountsFiles, read_accounts
from frontegg_async.plans.files.faults import MAX_FAULTS, files_error
from frontegg_async.plans.files.fields import ABSENT, APPLICATIONS, SETTINGS_FIELDS
from frontegg_async.plans.files.opening import AccountsSource
from frontegg_async.plans.guards import check_allowed, guards_of
from frontegg_async.plans.hierarchy_facts import FinalTree
from frontegg_async.plans.ordering import writes_of
from frontegg_async.plans.plan import Plan, make_plan
from frontegg_async.plans.plan_file import PlanNote
from frontegg_async.plans.reading import Reading
from frontegg_async.plans.selectors import Selector, parse_selectors, selected
from frontegg_async.resources.tenants import AsyncTenants
from frontegg_async.snapshots.rows import PARENT

_FEW: Final = 1_000
"""The rows up to which accounts are read by their ids."""
_NO_OPERATION: Final = "differs, and no operation changes it"
_SETTING: Final = "differs, and is changed by the field of this name in settings"


async def plan_accounts(
    caller: Caller,
    sources: AccountsSource | Sequence[AccountsSource],
    *,
    base: AccountsSource | None,
    only: Sequence[str] | None,
    allow: Mapping[str, int] | None,
    on_progress: Callable[[int, int], object] | None,
    options: Options | None,
) -> Plan:
    """Make a plan of accounts files, see `AsyncFrontegg.plan`."""
    selectors, allowed = parse_selectors(only), check_allowed(allow)
    with ExitStack() as stack:
        files = stack.enter_context(await run_in_thread(read_accounts, _listed(sources)))
        original = None if base is None else stack.enter_context(await run_in_thread(read_accounts, [base]))
        calls = caller if options is None else caller.with_options(options)
        environment = await read_environment(calls, None)
        few = None if selectors else await run_in_thread(_few_ids, files)
        total = None if few is None else await _count(calls)
        few = None if total is None else few
        reading = Reading(calls, original is not None, few, total or 0)
        await reading.run(await run_in_thread(Pairing, files, original, environment.id), files.parts, on_progress)
        if few is not None and any(each.shown is None for each in reading.accounts.values()):
            # Whether an id differs from others in case only, is known of all accounts.
            reading = Reading(calls, original is not None)
            await reading.run(await run_in_thread(Pairing, files, original, environment.id), files.parts, on_progress)
        if selectors or any(each.is_placed for each in reading.accounts.values()):
            await run_in_thread(_fill, reading, files)
        _check_selectors(selectors, reading)
        tree = FinalTree.of(reading.facts, reading.accounts.values())
        accounts = selected(reading.accounts, selectors, tree.above)
        tree = FinalTree.of(reading.facts, accounts.values())
        await run_in_thread(_check, files, reading, accounts, tree)
        deletions = await read_deletions(calls, accounts, reading.facts.children())
        writes = writes_of([*accounts.values()], tree, deletions, _keys(reading))
        guards = guards_of(writes, reading.total, allowed)
        inputs = _inputs(files) + ([] if original is None else _inputs(original))
        return make_plan(
            writes,
            environment={"id": environment.id, "type": environment.type},
            inputs=inputs,
            accounts=reading.total,
            guards=guards,
            notes=[*reading.notes, *_notes(accounts)],
        )


async def _count(caller: Caller) -> int | None:
    """Return the number of accounts; ``None`` if the service does not give it without all accounts.

    Raises:
        FronteggError: The request failed.
    """
    try:
        return await AsyncTenants(caller).list(page_size=1).count()
    except PaginationError:
        return None


def _check_selectors(selectors: Sequence[Selector], reading: Reading) -> None:
    """Refuse selectors of accounts that do not exist.

    Raises:
        InvalidArgumentError: There is no such account, neither in the environment nor in the files.
    """
    for name in (each for selector in selectors for each in selector.named):
        if name not in reading.facts.parents and not (name in reading.accounts and reading.accounts[name].is_created):
            raise InvalidArgumentError(f"only has under:{name}, and there is no account {name!r}")


def _few_ids(files: AccountsFiles) -> frozenset[str] | None:
    """Return the ids of the rows if only these accounts must be read; ``None`` if all must, with the hierarchy."""
    if files.count > _FEW or files.parts & {PARENT, ABSENT}:
        return None
    return frozenset(row.tenant_id for row in files.sorted())


def _fill(reading: Reading, files: AccountsFiles) -> None:
    """Add the accounts that were skipped, of which the files have equal rows."""
    reading.facts.fill((row.tenant_id, row.line) for row in files.sorted())


def _listed(sources: AccountsSource | Sequence[AccountsSource]) -> Sequence[AccountsSource]:
    return cast("Sequence[AccountsSource]", sources if isinstance(sources, list | tuple) else [sources])


def _inputs(files: AccountsFiles) -> list[dict[str, str]]:
    return [
        {"name": PurePath(name).name, "sha256": digest} for name, digest in zip(files.names, files.digests, strict=True)
    ]


def _check(files: AccountsFiles, reading: Reading, accounts: Mapping[str, AccountChanges], tree: FinalTree) -> None:
    """Refuse changes that cannot be made.

    Raises:
        FilesError: There are some; the error has all faults.
    """
    found = [*Checks(accounts, tree).faults(), *_unknown_applications(reading, accounts)]
    # Each place is looked up in the file.
    first = [files.fault_at(reading.rows[each], path, message) for each, path, message in found[:MAX_FAULTS]]
    if first:
        raise files_error(first, len(found))


def _keys(reading: Reading) -> Mapping[str, str]:
    """Return the ids of applications by what files call them: the name, or the id where several have the name."""
    if reading.applications is None:
        return {}
    ids = {each: each for ids in reading.applications.repeated.values() for each in ids}
    return {**ids, **reading.applications.by_name}


def _unknown_applications(reading: Reading, accounts: Mapping[str, AccountChanges]) -> Iterator[FaultOf]:
    keys = _keys(reading)
    for changes in accounts.values():
        names = [each.path[1] for each in changes.fields if each.path[0] == APPLICATIONS]
        for name in names:
            if name not in keys:
                place = cast("list[str]", changes.wanted[APPLICATIONS]).index(name)
                yield changes.tenant_id, (APPLICATIONS, place), _unknown(name, reading)


def _unknown(name: str, reading: Reading) -> str:
    if reading.applications is None:
        raise InvalidArgumentError("applications were not read")
    ids = reading.applications.repeated.get(name)
    if ids:
        return f"several applications have the name {name!r}: give one of the ids {', '.join(ids)}"
    near = difflib.get_close_matches(name, reading.applications.by_name, 1)
    hint = f"; did you mean {near[0]!r}?" if near else ""
    return f"there is no application {name!r}{hint}"


def _notes(accounts: Mapping[str, AccountChanges]) -> Iterator[PlanNote]:
    for changes in accounts.values():
        if changes.reason_to_stay:
            yield PlanNote(changes.tenant_id, "", changes.reason_to_stay)
        for name in changes.unwritable:
            yield PlanNote(changes.tenant_id, name, _SETTING if name in SETTINGS_FIELDS else _NO_OPERATION)
        for name in changes.unreadable:
            yield PlanNote(changes.tenant_id, name, "the service shows a value of another type")
