"""Make a plan that restores the values that a bulk job has replaced."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import aclosing
from pathlib import PurePath
from typing import cast

import attrs

from frontegg_async._core.call.caller import Caller
from frontegg_async._core.runtime.gathering import gather
from frontegg_async._core.runtime.worker_threads import run_in_thread
from frontegg_async._values.json_values import JsonValue, parse_json
from frontegg_async._values.unset import UNSET, Unset
from frontegg_async.bulk import stores
from frontegg_async.bulk.operations.account_digest import count_users
from frontegg_async.bulk.report import BulkReport
from frontegg_async.changes.account_difference import FieldDifference
from frontegg_async.errors import APIError, UnusableLedgerError
from frontegg_async.options import Options
from frontegg_async.plans.accounts.changes import AccountChanges
from frontegg_async.plans.accounts.checking import removal_problem
from frontegg_async.plans.accounts.counting import FEW, count_accounts
from frontegg_async.plans.accounts.dangers import dangers_of
from frontegg_async.plans.accounts.deletions import read_deletions
from frontegg_async.plans.accounts.fields import LOCK, OF_UPDATE, Path, are_same, value_at
from frontegg_async.plans.accounts.hierarchy import FinalTree, HierarchyFacts
from frontegg_async.plans.environment import read_environment
from frontegg_async.plans.files.fields import ABSENT, METADATA, SETTINGS
from frontegg_async.plans.guards import check_allowed
from frontegg_async.plans.objects.changes import ObjectChange
from frontegg_async.plans.objects.readable import UNREADABLE, unreadable
from frontegg_async.plans.ordering import writes_of
from frontegg_async.plans.plan import Plan, make_plan
from frontegg_async.plans.plan_file import PlanNote
from frontegg_async.plans.rendering import shown
from frontegg_async.plans.undo.written_values import WrittenValues, read_written
from frontegg_async.snapshots.assignments import READ_ASSIGNED
from frontegg_async.snapshots.included import read_included
from frontegg_async.snapshots.reader import SnapshotReader
from frontegg_async.snapshots.rows import ASSIGNED, PARENT, Row


async def undo_job(
    caller: Caller,
    environment: str,
    ledger: str | os.PathLike[str],
    *,
    allow: Mapping[str, int] | None,
    on_progress: Callable[[int, int], object] | None,
    options: Options | None,
) -> Plan:
    """Make a plan that undoes a job, as documented in `AsyncFrontegg.undo`."""
    allowed = check_allowed(allow)
    calls = caller if options is None else caller.with_options(options)
    report = await run_in_thread(stores.read_report, ledger)
    name = PurePath(stores.name_of(ledger)).name
    _check(report, environment, name)
    written = await run_in_thread(read_written, report, name)
    here = await read_environment(calls, None)
    undoing = _Undoing(calls, written, name)
    await undoing.read(on_progress)
    objects = await written.objects.changes(calls, name, undoing.notes)
    accounts = undoing.changes(objects)
    populations = await _add_dangers(calls, accounts, undoing.notes)
    tree = FinalTree.of(undoing.facts, accounts.values())
    deletions = await read_deletions(calls, accounts, undoing.facts.children())
    paths = [path for paths in written.replaced.values() for path in paths]
    assigned = {field: {path[1]: path[1] for path in paths if path[0] == field} for field in ASSIGNED}
    writes = writes_of([*accounts.values()], tree, deletions, assigned, objects.get("", ()), is_undone=True)
    return make_plan(
        [*written.of_users, *writes],
        environment={"id": here.id, "type": here.type},
        inputs=[{"name": name, "job": report.job_id}],
        accounts=undoing.total,
        notes=[*written.notes, *undoing.notes],
        allowed=allowed,
        populations=populations,
    )


async def _add_dangers(
    caller: Caller, accounts: Mapping[str, AccountChanges], notes: list[PlanNote]
) -> Mapping[str, int]:
    """Find the changes that the guards ``last-owner`` and ``sso-lockout`` count.

    Return the number of present objects of which each guard limits a share, by guard.

    Changes that cannot be judged are left out.
    """
    populations = Counter[str]()
    for changes in accounts.values():
        if changes.objects and not changes.is_deleted:
            dangers = await dangers_of(caller.for_tenant(changes.tenant_id), changes.objects)
            changes.dangers = dangers.names
            populations += dangers.populations
            for change, reason in dangers.unknown:
                changes.objects.remove(change)
                notes.append(PlanNote(changes.tenant_id, f"{change.kind.part}.{change.key}", reason))
    return populations


def _check(report: BulkReport, environment: str, name: str) -> None:
    """Refuse a job that cannot be undone now.

    Raises:
        UnusableLedgerError: The job belongs to another environment, or may still change something.
    """
    if report.environment != environment:
        raise UnusableLedgerError(
            f"the ledger {name} belongs to another environment, {report.environment}; this client uses {environment}"
        )
    if report.in_flight or report.unknown:
        raise UnusableLedgerError(
            f"the ledger {name} has rows with an unknown outcome ({report.in_flight + report.unknown:,}):"
            " resume the job first"
        )


@attrs.define(eq=False)
class _Undoing:
    """Compares the values that a job has written with the present accounts."""

    caller: Caller
    written: WrittenValues
    name: str
    facts: HierarchyFacts = attrs.Factory(HierarchyFacts)
    total: int = 0
    """The number of accounts in the environment; 0 if the job has not written accounts."""
    notes: list[PlanNote] = attrs.Factory(list[PlanNote])
    _shown: dict[str, Row] = attrs.Factory(dict[str, Row])
    _users: dict[str, int] = attrs.Factory(dict[str, int])
    """The number of users of each account that the job has created."""

    @property
    def _ids(self) -> set[str]:
        return self.written.replaced.keys() | self.written.created.keys() | self.written.objects.accounts

    async def read(self, on_progress: Callable[[int, int], object] | None) -> None:
        """Read the accounts that the job has written, and the hierarchy.

        Raises:
            PaginationError: The listing of accounts is incomplete.
            FronteggError: A request failed.
        """
        ids = self._ids
        moves = self.written.created or self.written.accounts_with(PARENT)
        if not ids:
            return
        only = None if moves or len(ids) > FEW else frozenset(ids)
        total = None if only is None else await count_accounts(self.caller)
        if total is None:
            only = None
        reader = SnapshotReader(self.caller, (), None, on_progress, only=only, with_parents=only is None)
        async with aclosing(reader.portions()) as portions:
            async for portion in portions:
                self.facts.add(portion.lines)
                self._shown |= {each: cast("Row", parse_json(line)) for each, line in portion.rows() if each in ids}
                del portion  # free the memory before the next portion is made
        self.total = self.facts.count if total is None else total
        for tenant_id in sorted(self.written.accounts_with(SETTINGS) & self._shown.keys()):
            try:
                self._shown[tenant_id] |= await read_included(self.caller.for_tenant(tenant_id), ("settings",), None)
            except UNREADABLE as error:
                self._leave_out([tenant_id], SETTINGS, error)
        await gather(self._count_users, sorted(self.written.created.keys() & self._shown.keys()))
        for field in READ_ASSIGNED:
            await self._read_assigned(field)

    async def _read_assigned(self, field: str) -> None:
        accounts = self.written.accounts_with(field) & self._shown.keys()
        if not accounts:
            return
        try:
            assigned = await READ_ASSIGNED[field](self.caller, None)
        except UNREADABLE as error:
            self._leave_out(accounts, field, error)
            return
        for tenant_id in accounts:
            self._shown[tenant_id][field] = [*assigned.ids_of(tenant_id)]

    def _leave_out(self, accounts: Iterable[str], part: str, error: APIError) -> None:
        """Leave out a part of accounts that cannot be read, and add notes."""
        for tenant_id in accounts:
            self.notes.append(PlanNote(tenant_id, part, unreadable(error)))
            paths = self.written.replaced[tenant_id]
            for path in [each for each in paths if each[0] == part]:
                del paths[path]

    async def _count_users(self, tenant_id: str) -> None:
        self._users[tenant_id] = await count_users(self.caller, tenant_id)

    def changes(self, objects: Mapping[str, list[ObjectChange]]) -> dict[str, AccountChanges]:
        """Return the changes that restore the values, by account id.

        Args:
            objects: The changes of users and other objects, by account id.
        """
        found: dict[str, AccountChanges] = {}
        for tenant_id in sorted(self._ids):
            row = self._shown.get(tenant_id)
            if row is None:
                self.notes.append(PlanNote(tenant_id, "", "the account no longer exists"))
            else:
                fields = [*self._fields(tenant_id, row)]
                own = objects.get(tenant_id, [])
                found[tenant_id] = AccountChanges(tenant_id, {}, row, self.name, fields=fields, objects=own)
        self._leave_out_circles(found)
        leaving = {tenant_id for tenant_id, changes in found.items() if changes.parent is not None}
        for tenant_id in sorted(self._removed(leaving, objects)):
            # Remove the users first. When the service deletes an account, it may delete users who are also in other
            # accounts.
            people = [each for each in objects.get(tenant_id, ()) if each.is_deleted]
            row = self._shown[tenant_id]
            found[tenant_id] = AccountChanges(tenant_id, {ABSENT: True}, row, self.name, objects=people)
        return {tenant_id: changes for tenant_id, changes in found.items() if not changes.is_empty}

    def _leave_out_circles(self, accounts: Mapping[str, AccountChanges]) -> None:
        """Leave out moves that would put an account under itself. Such moves occur if other moves are not undone."""
        while True:
            tree = FinalTree.of(self.facts, accounts.values())
            moved = [each for each in accounts.values() if each.parent is not None]
            circular = [each for each in moved if each.tenant_id in tree.above(each.tenant_id)]
            if not circular:
                return
            for each in circular:
                each.fields = [field for field in each.fields if field.path != (PARENT,)]
                reason = f"was under {tree.parent(each.tenant_id)}, which is now below this account, so it stays"
                self.notes.append(PlanNote(each.tenant_id, PARENT, reason))

    def _removed(self, leaving: set[str], objects: Mapping[str, list[ObjectChange]]) -> set[str]:
        """Return the accounts that the job has created and that are unchanged since then.

        Args:
            leaving: The ids of accounts that the plan moves to other parents.
            objects: The changes of users and other objects, by account id.
        """
        reasons = {
            each: self._reason_to_stay(each, sum(change.is_deleted for change in objects.get(each, ())))
            for each in self.written.created
            if each in self._shown
        }
        removed = {each for each, reason in reasons.items() if reason is None}
        below = self.facts.children()
        while staying := {each for each in removed if not removed.issuperset({*below.get(each, ())} - leaving)}:
            reasons |= dict.fromkeys(staying, ("", "has accounts below it that stay"))
            removed -= staying
        for tenant_id, reason in reasons.items():
            if reason is not None:
                self.notes.append(PlanNote(tenant_id, reason[0], f"{reason[1]}, so the account stays"))
        return removed

    def _reason_to_stay(self, tenant_id: str, invited: int) -> tuple[str, str] | None:
        """Return the field and the reason why a created account stays; ``None`` if the account is deleted.

        Users whom the job has invited are not a reason. ``invited`` is the number of these users.
        """
        row, made = self._shown[tenant_id], self.written.created[tenant_id]
        sets = self.written.sets[tenant_id]
        for path in sorted({*made, *OF_UPDATE, METADATA, PARENT, LOCK}):
            # Settings are also fields of the account.
            written = sets.get((SETTINGS, path), sets.get((path,), made.get(path)))
            present = row.get(path)
            if not are_same((path,), written, present) and (written is not None or present != {}):
                return path, f"is {shown(present)} now"
        users = self._users[tenant_id] - invited
        return ("", f"has {users:,} user{'' if users == 1 else 's'} now") if users else None

    def _fields(self, tenant_id: str, row: Row) -> Iterator[FieldDifference]:
        if tenant_id in self.written.created:
            return
        for path, before in self.written.replaced[tenant_id].items():
            after, present = self.written.sets[tenant_id][path], value_at(row, path)
            if _are_same(path, before, after) or _are_same(path, before, present):
                continue
            difference = FieldDifference(path, present, before)
            problem = removal_problem(difference)
            if path == (PARENT,) and before is not None and before not in self.facts.parents:
                problem = f"was under {before}, which no longer exists"
            if problem:
                self.notes.append(PlanNote(tenant_id, ".".join(path), problem))
            elif _are_same(path, after, present):
                yield difference
            else:
                self.notes.append(PlanNote(tenant_id, ".".join(path), f"is {shown(present)} now, so the value stays"))


def _are_same(path: Path, a: JsonValue | Unset, b: JsonValue | Unset) -> bool:
    """Return whether two values are equal. A metadata key with null differs from a missing key."""
    is_key = path[0] == METADATA and len(path) > 1
    return are_same(path, a, b) and not (is_key and (a is UNSET) is not (b is UNSET))
