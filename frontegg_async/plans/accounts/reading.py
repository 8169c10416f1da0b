"""Read the environment, compare it with the files, and collect the differences."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import aclosing
from typing import cast

import attrs

from frontegg_async._core.call.caller import Caller
from frontegg_async._core.runtime.gathering import gather
from frontegg_async._core.runtime.worker_threads import run_in_thread
from frontegg_async._values.json_values import JsonValue
from frontegg_async.managed.registry import ACCOUNT
from frontegg_async.plans.accounts.candidates import Candidate, Pairing
from frontegg_async.plans.accounts.changes import AccountChanges, changes_of
from frontegg_async.plans.accounts.fields import Path
from frontegg_async.plans.accounts.hierarchy import HierarchyFacts
from frontegg_async.plans.accounts.parts import AccountParts
from frontegg_async.plans.files.fields import SETTINGS
from frontegg_async.plans.files.sources import FileRow
from frontegg_async.plans.objects.readable import UNREADABLE, unreadable
from frontegg_async.plans.plan_file import PlanNote
from frontegg_async.snapshots.assigned import Assigned
from frontegg_async.snapshots.assignments import READ_ASSIGNED
from frontegg_async.snapshots.included import read_included
from frontegg_async.snapshots.reader import SnapshotReader
from frontegg_async.snapshots.rows import ASSIGNED, Row


@attrs.define(eq=False)
class Reading:
    """Reads the environment. Collects the accounts that differ from the files, and facts about all accounts.

    Args:
        caller: Makes the requests.
        has_base: Whether the caller gave an original export, from which the files were edited.
        only: The ids of the accounts to read, if the plan does not need the hierarchy; ``None`` for all accounts and
            the hierarchy.
        total: The number of accounts in the environment, if only some accounts are read.
        created_roles: The keys of roles that environment files create.
        removed_roles: The keys of roles that the plan deletes or renames.
    """

    caller: Caller
    has_base: bool
    only: frozenset[str] | None = None
    total: int = 0
    created_roles: frozenset[str] = frozenset()
    removed_roles: frozenset[str] = frozenset()
    accounts: dict[str, AccountChanges] = attrs.field(factory=dict[str, AccountChanges], init=False)
    """The changes of the accounts that differ, by id."""
    rows: dict[str, FileRow] = attrs.field(factory=dict[str, FileRow], init=False)
    """The row of each of these accounts in the files, by id."""
    facts: HierarchyFacts = attrs.field(factory=HierarchyFacts, init=False)
    """The hierarchy of all accounts."""
    notes: list[PlanNote] = attrs.field(factory=list[PlanNote], init=False)
    """Notes about values of accounts that cannot be read."""
    parts: AccountParts = attrs.field(init=False)
    """Compares users, policies and SSO configurations."""
    assigned: dict[str, Assigned] = attrs.field(factory=dict[str, Assigned], init=False)
    """The applications and feature plans of the environment, by field. A field is missing if the files do not contain
    it, or if its objects cannot be read.
    """

    def __attrs_post_init__(self) -> None:
        self.parts = AccountParts(self.caller, self.has_base, self.created_roles, self.removed_roles)

    async def run(
        self, pairing: Pairing, parts: Iterable[str], on_progress: Callable[[int, int], object] | None
    ) -> None:
        """Read all accounts, and compare them with the files.

        Args:
            pairing: The files.
            parts: The fields of accounts that the files contain.
            on_progress: Called with the number of accounts that were read, and the total number.

        Raises:
            FilesError: A file was changed while it was read.
            PaginationError: The accounts could not be read completely.
            FronteggError: A request failed.
        """
        for field in [each for each in READ_ASSIGNED if each in parts]:
            await self._read_assigned(field)
        is_whole = self.only is None
        reader = SnapshotReader(self.caller, (), None, on_progress, only=self.only, with_parents=is_whole)
        async with aclosing(reader.portions()) as portions:
            async for portion in portions:
                candidates = await run_in_thread(pairing.take, portion)
                if candidates is None:
                    self.facts.skip(portion.ids)
                else:
                    self.facts.add(portion.lines)
                    await self._compare(candidates)
                del portion  # free the memory before the next portion is made
        await self._compare(await run_in_thread(pairing.rest))
        if is_whole:
            self.total = self.facts.count

    async def _read_assigned(self, field: str) -> None:
        try:
            self.assigned[field] = await READ_ASSIGNED[field](self.caller, None)
        except UNREADABLE as error:
            self.notes.append(PlanNote("", field, unreadable(error)))

    async def _compare(self, candidates: list[Candidate]) -> None:
        await gather(self._complete, [each for each in candidates if each.shown and SETTINGS in each.wanted])
        await gather(self.parts.compare, [each for each in candidates if ACCOUNT.keys() & each.wanted.keys()])
        for each in candidates:
            self._add_assigned(each)
            changes = changes_of(
                each.source.tenant_id,
                each.wanted,
                each.shown,
                each.why,
                each.original,
                has_original=self.has_base,
            )
            if not (changes.is_deleted or changes.is_gone or changes.reason_to_stay):
                changes.objects, changes.dangers = each.objects, each.dangers
            changes.member_notes = self._member_notes(changes)
            if not changes.is_empty:
                self.accounts[changes.tenant_id] = changes
                self.rows[changes.tenant_id] = each.source

    def _member_notes(self, changes: AccountChanges) -> dict[Path, str]:
        """Return notes about new assignments of objects that the account already has with an end."""
        paths = [each.path for each in changes.fields if each.path[0] in ASSIGNED and each.after is True]
        ends = {path: self.assigned[path[0]].end_of(changes.tenant_id, path[1]) for path in paths}
        return {path: f"in addition to an assignment that ends {end}" for path, end in ends.items() if end is not None}

    async def _complete(self, candidate: Candidate) -> None:
        """Read the settings of an account for the comparison. Settings that cannot be read are not compared."""
        shown: Row = candidate.shown or {}
        try:
            caller = self.caller.for_tenant(candidate.source.tenant_id)
            shown |= await read_included(caller, ("settings",), None)
        except UNREADABLE as error:
            del candidate.wanted[SETTINGS]
            self.notes.append(PlanNote(candidate.source.tenant_id, SETTINGS, unreadable(error)))

    def _add_assigned(self, candidate: Candidate) -> None:
        """Add the assignments of an account for the comparison. Assignments that cannot be read are not compared."""
        for field in ASSIGNED & candidate.wanted.keys():
            if field not in self.assigned:
                del candidate.wanted[field]
            elif candidate.shown is not None:
                candidate.shown[field] = cast("JsonValue", self.assigned[field].of(candidate.source.tenant_id))
