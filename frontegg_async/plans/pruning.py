"""``--prune``: delete accounts that files do not contain, if selectors allow the deletion."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import aclosing
from typing import Final, cast

import attrs

from frontegg_async._core.call.caller import Caller
from frontegg_async._core.runtime.worker_threads import run_in_thread
from frontegg_async._values.json_values import parse_json
from frontegg_async._values.kinds import shown as shown_value
from frontegg_async.errors import InvalidArgumentError
from frontegg_async.managed.registry import ENVIRONMENT
from frontegg_async.plans.accounts.changes import AccountChanges, changes_of
from frontegg_async.plans.accounts.hierarchy import FinalTree, HierarchyFacts
from frontegg_async.plans.files.accounts_files import AccountsFiles
from frontegg_async.plans.files.fields import ABSENT, TENANT_ID
from frontegg_async.plans.selectors import Term, parse_term
from frontegg_async.snapshots.reader import SnapshotReader
from frontegg_async.snapshots.rows import Row

WHY: Final = "--prune"
_FORMS: Final = "id:acme*, under:north or part:roles"


@attrs.frozen(eq=False)
class Prune:
    """The conditions under which a plan may delete accounts and objects that files do not contain."""

    accounts: Sequence[Sequence[Term]]
    """Lists of conditions. An account may be deleted if it meets all conditions of one list."""
    parts: frozenset[str]
    """The parts of the environment, such as ``roles``, in which a plan may delete objects and members of lists."""


def parse_prune(prune: Sequence[str] | str | None) -> Prune:
    """Parse the selectors of accounts and objects that a plan may delete.

    Args:
        prune: The texts of the selectors.

    Raises:
        InvalidArgumentError: A text is not a selector, or names a part that is never pruned.
    """
    if prune is None:
        return Prune((), frozenset())
    if isinstance(prune, str) or not isinstance(prune, Sequence):
        raise InvalidArgumentError(f"prune must be a list of selectors, such as {_FORMS}")
    accounts: list[Sequence[Term]] = []
    parts: set[str] = set()
    for text in cast("Sequence[object]", prune):
        if not isinstance(text, str):
            raise InvalidArgumentError(f"prune must have selectors such as {_FORMS}, not {shown_value(text)}")
        terms = [parse_term(condition, "prune", _FORMS) for condition in text.split(",")]
        if [term.kind for term in terms] == ["part"]:
            parts.add(_part(terms[0].value))
        elif all(term.kind in ("id", "under") for term in terms):
            accounts.append(terms)
        else:
            raise InvalidArgumentError(f"prune must have selectors such as {_FORMS}, not {text!r}")
    return Prune(tuple(accounts), frozenset(parts))


def _part(name: str) -> str:
    prunable = [part for part, kind in ENVIRONMENT.items() if kind.can_delete]
    if name not in prunable:
        raise InvalidArgumentError(
            f"prune takes only these parts: {', '.join(prunable)}; {name!r} is never pruned, and users are removed"
            " only by absent: true"
        )
    return name


async def pruned_accounts(
    caller: Caller,
    prune: Prune,
    files: AccountsFiles,
    base: AccountsFiles | None,
    tree: FinalTree,
) -> Mapping[str, AccountChanges]:
    """Return the deletions of accounts that meet a selector and are missing in the files, by id.

    With an original export, only accounts that are unchanged since the export are deleted.

    Args:
        caller: Sends the requests, which only read.
        prune: The conditions under which a plan may delete accounts and objects that files do not contain.
        files: The files.
        base: The original export, from which the files were edited; ``None`` without such an export.
        tree: The hierarchy of all accounts.

    Raises:
        InvalidArgumentError: The files contain no accounts, or a selector names an account that does not exist.
        PaginationError: The listing of accounts is incomplete.
        FronteggError: A request failed.
    """
    if not prune.accounts:
        return {}
    facts, above = tree.facts, tree.above
    if not files.count:
        raise InvalidArgumentError("prune needs files with accounts: files without accounts would delete all accounts")
    for term in (term for terms in prune.accounts for term in terms if term.kind == "under"):
        if term.value not in facts.parents:
            raise InvalidArgumentError(f"prune has under:{term.value}, but there is no account {term.value!r}")
    named = await run_in_thread(_ids, files)
    chosen = [
        each
        for each in facts.parents
        if each not in named and any(all(term.is_met(each, above) for term in terms) for terms in prune.accounts)
    ]
    originals = {} if base is None else await run_in_thread(_rows, base, frozenset(chosen))
    found: dict[str, AccountChanges] = {}
    reader = SnapshotReader(caller, (), None, None, only=frozenset(chosen), with_parents=True)
    async with aclosing(reader.portions()) as portions:
        async for portion in portions:
            for tenant_id, line in portion.rows():
                wanted: Row = {TENANT_ID: tenant_id, ABSENT: True}
                shown = cast("Row", parse_json(line))
                original = originals.get(tenant_id)
                found[tenant_id] = changes_of(tenant_id, wanted, shown, WHY, original, has_original=base is not None)
            del portion  # free the memory before the next portion is made
    _keep_parents(found, facts)
    return found


def _keep_parents(found: Mapping[str, AccountChanges], facts: HierarchyFacts) -> None:
    """Keep accounts whose children are not all deleted.

    A deletion would move the remaining children to another account.
    """
    children = facts.children()
    deleted = {each for each, changes in found.items() if changes.is_deleted}
    while staying := {each for each in deleted if not deleted.issuperset(children.get(each, ()))}:
        for each in staying:
            found[each].reason_to_stay = "has accounts below it that stay: not deleted"
        deleted -= staying


def _ids(files: AccountsFiles) -> frozenset[str]:
    return frozenset(row.tenant_id for row in files.sorted())


def _rows(files: AccountsFiles, ids: frozenset[str]) -> dict[str, Row]:
    return {row.tenant_id: cast("Row", parse_json(row.line)) for row in files.sorted() if row.tenant_id in ids}
