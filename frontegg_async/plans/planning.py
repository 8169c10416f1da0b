"""Make a plan: read files and the environment, compare them, check the changes, and order the writes."""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import ExitStack
from pathlib import PurePath
from typing import Final, Protocol, TypeAlias, TypeVar, cast

import attrs

from frontegg_async._core.call.caller import Caller
from frontegg_async._core.runtime.worker_threads import run_in_thread
from frontegg_async._values.flags import check_flag
from frontegg_async._values.kinds import kind_of
from frontegg_async.errors import FilesError, InvalidArgumentError
from frontegg_async.managed.registry import ENVIRONMENT
from frontegg_async.options import Options
from frontegg_async.plans.account_planning import PlannedAccounts, plan_accounts
from frontegg_async.plans.accounts.hierarchy import FinalTree, HierarchyFacts
from frontegg_async.plans.environment import read_environment
from frontegg_async.plans.environment_files.environment_files import EnvironmentFiles, read_environment_files
from frontegg_async.plans.environment_files.recognition import is_environment_source
from frontegg_async.plans.environment_files.sources import GivenEnvironment
from frontegg_async.plans.environment_files.variables import read_variables
from frontegg_async.plans.files.accounts_files import AccountsFiles, read_accounts
from frontegg_async.plans.files.faults import files_error
from frontegg_async.plans.files.opening import AccountsSource
from frontegg_async.plans.guards import check_allowed
from frontegg_async.plans.objects.environment import EnvironmentObjects
from frontegg_async.plans.ordering import writes_of
from frontegg_async.plans.plan import Plan, make_plan
from frontegg_async.plans.pruning import Prune, parse_prune
from frontegg_async.plans.selectors import Selector, parse_selectors
from frontegg_async.snapshots.rows import ASSIGNED

_T = TypeVar("_T")

Variables: TypeAlias = Mapping[str, str] | str | os.PathLike[str]
"""The values of variables by name, or the path of a file with the values."""

_ROLES: Final = "roles"


async def plan_files(
    caller: Caller,
    sources: AccountsSource | Sequence[AccountsSource],
    *,
    base: AccountsSource | None,
    only: Sequence[str] | None,
    prune: Sequence[str] | None,
    allow: Mapping[str, int] | None,
    variables: Variables | None,
    send_email: bool,
    on_progress: Callable[[int, int], object] | None,
    options: Options | None,
) -> Plan:
    """Make a plan from accounts files and environment files, as documented in `AsyncFrontegg.plan`."""
    selectors, allowed, pruned = parse_selectors(only), check_allowed(allow), parse_prune(prune)
    check_flag(send_email, "send_email", InvalidArgumentError)
    accounts_sources, environment_sources = await run_in_thread(_split, sources)
    accounts_base, environment_base = await run_in_thread(_split, [] if base is None else [base])
    with ExitStack() as stack:
        _check_base(base, accounts_base, accounts_sources, environment_sources)
        faults = _Faults()
        known = await run_in_thread(_variables, variables)
        environment_files, original = [
            await faults.collect(run_in_thread(read_environment_files, each, known)) if each else None
            for each in (environment_sources, environment_base)
        ]
        files, original_accounts = [
            await faults.collect(run_in_thread(_entered, stack, each)) if each else None
            for each in (accounts_sources, accounts_base)
        ]
        faults.check()
        _check_prune(pruned, environment_files, has_accounts=files is not None)
        parts = _chosen_parts(selectors)
        _check_pruned_parts(pruned, parts, only or ())
        if base is not None:
            _check_pruned_base(pruned, original, has_accounts=original_accounts is not None)
        calls = caller if options is None else caller.with_options(options)
        environment = await read_environment(calls, None)
        objects: EnvironmentObjects | None = None
        if environment_files is not None:
            objects = EnvironmentObjects(calls, environment_files, original, parts, pruned.parts)
            await faults.collect(objects.run())
        accounts: PlannedAccounts | None = None
        if files is not None:
            planned = plan_accounts(
                calls,
                environment.id,
                files,
                original_accounts,
                selectors=selectors,
                prune=pruned,
                created_roles=frozenset() if objects is None else objects.created(_ROLES),
                removed_roles=frozenset() if objects is None else objects.removed(_ROLES),
                created={} if objects is None else {part: objects.created(part) for part in ASSIGNED},
                on_progress=on_progress,
            )
            accounts = await faults.collect(planned)
        faults.check()
    writes = writes_of(
        [] if accounts is None else [*accounts.accounts.values()],
        FinalTree.of(HierarchyFacts(), ()) if accounts is None else accounts.tree,
        {} if accounts is None else accounts.deletions,
        {} if accounts is None else accounts.assigned,
        () if objects is None else objects.changes,
        send_email=send_email,
    )
    counts = {} if objects is None else objects.counts
    total = 0 if accounts is None else accounts.total
    return make_plan(
        writes,
        environment={"id": environment.id, "type": environment.type},
        inputs=[each for source in (files, environment_files, original_accounts, original) for each in _inputs(source)],
        accounts=total,
        notes=[*dict.fromkeys(note for each in (environment, objects, accounts) if each for note in each.notes)],
        allowed=allowed,
        populations=_populations(total, counts, {} if accounts is None else accounts.populations),
        objects=counts,
    )


@attrs.define(eq=False)
class _Faults:
    """Collects the faults of all sources, to raise them together."""

    errors: list[FilesError] = attrs.Factory(list[FilesError])

    async def collect(self, result: Awaitable[_T]) -> _T | None:
        """Await a result, and return the result. If the call raises faults, collect the faults and return ``None``."""
        try:
            return await result
        except FilesError as error:
            self.errors.append(error)
            return None

    def check(self) -> None:
        """Raise an error if there are faults."""
        if len(self.errors) == 1:
            raise self.errors[0].fresh()  # the original error also counts faults that it does not store
        if self.errors:
            raise files_error([fault for error in self.errors for fault in error.faults])


def _entered(stack: ExitStack, sources: Sequence[AccountsSource]) -> AccountsFiles:
    return stack.enter_context(read_accounts(sources))


def _split(
    sources: AccountsSource | Sequence[AccountsSource],
) -> tuple[list[AccountsSource], list[GivenEnvironment]]:
    """Split sources into sources of accounts and sources of the environment."""
    listed = cast("Sequence[AccountsSource]", sources if isinstance(sources, list | tuple) else [sources])
    is_environment = [is_environment_source(each) for each in listed]
    return (
        [each for each, is_so in zip(listed, is_environment, strict=True) if not is_so],
        [cast("GivenEnvironment", each) for each, is_so in zip(listed, is_environment, strict=True) if is_so],
    )


def _variables(variables: Variables | None) -> Mapping[str, str]:
    if variables is None:
        return {}
    if isinstance(variables, Mapping):
        return variables
    if not isinstance(variables, str | os.PathLike):
        raise InvalidArgumentError(f"vars must be a mapping or the path of a file, not {kind_of(variables)}")
    return read_variables(variables)


def _check_base(
    base: object,
    accounts_base: Sequence[object],
    accounts: Sequence[object],
    environments: Sequence[object],
) -> None:
    """Refuse an original export of accounts without files of accounts, or of an environment without such files."""
    if base is not None and not (accounts if accounts_base else environments):
        kind = "accounts" if accounts_base else "an environment"
        raise InvalidArgumentError(f"base is a file of {kind}, but none of the sources is a file of {kind}")


def _check_prune(prune: Prune, environment: EnvironmentFiles | None, *, has_accounts: bool) -> None:
    """Refuse to prune accounts or parts that no file contains, since a missing file would otherwise cause deletions."""
    if prune.accounts and not has_accounts:
        raise InvalidArgumentError("prune selects accounts, but none of the sources has accounts")
    for part in sorted(prune.parts):
        if environment is None or not environment.objects.get(part):
            raise InvalidArgumentError(f"prune has part:{part}, but the files do not contain {part}")


def _check_pruned_parts(prune: Prune, chosen: frozenset[str] | None, only: Sequence[str]) -> None:
    """Refuse to prune a part, such as ``roles``, that the argument ``only`` leaves out."""
    for part in () if chosen is None else sorted(prune.parts - chosen):
        raise InvalidArgumentError(
            f"prune has part:{part}, but only={', '.join(only)} leaves {part} out: add part:{part} to only"
        )


def _check_pruned_base(prune: Prune, original: EnvironmentFiles | None, *, has_accounts: bool) -> None:
    """Refuse to prune accounts or parts that are missing in the original export. Only its objects can be deleted."""
    if prune.accounts and not has_accounts:
        raise InvalidArgumentError("prune selects accounts, but base has no accounts")
    for part in sorted(prune.parts):
        if original is None or part not in original.objects:
            raise InvalidArgumentError(f"prune has part:{part}, but base does not contain {part}")


def _chosen_parts(selectors: Sequence[Selector]) -> frozenset[str] | None:
    """Return the parts of the environment, such as ``roles``, that selectors choose; ``None`` for all parts."""
    if not selectors:
        return None
    return frozenset(part for each in selectors if not each.terms for part in each.parts & ENVIRONMENT.keys())


class _Named(Protocol):
    @property
    def names(self) -> Sequence[str]: ...

    @property
    def digests(self) -> Sequence[str]: ...


def _inputs(files: _Named | None) -> list[dict[str, str]]:
    if files is None:
        return []
    return [
        {"name": PurePath(name).name, "sha256": digest} for name, digest in zip(files.names, files.digests, strict=True)
    ]


def _populations(accounts: int, objects: Mapping[str, int], of_accounts: Mapping[str, int]) -> dict[str, int]:
    """Return the number of present objects of which each guard limits a share, by guard."""
    return {
        "delete": accounts + sum(count for part, count in objects.items() if part != _ROLES),
        "lock": accounts,
        "move": accounts,
        "role-removal": objects.get(_ROLES, 0) + of_accounts.get("role-removal", 0),
        "person-removal": of_accounts.get("person-removal", 0),
        "sso-change": of_accounts.get("sso-change", 0) + objects.get("sso_settings", 0),
    }
