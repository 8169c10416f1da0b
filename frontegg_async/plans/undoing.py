"""Make a plan that restores what a job of bulk work has replaced."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import aclosing
from pathlib import PurePath
from typing import Final, cast

import attrs

from frontegg_async._core.call.caller import Caller
from frontegg_async._core.runtime.worker_threads import run_in_thread
from frontegg_async._values.json_values import JsonValue, parse_json
from frontegg_async._values.unset import UNSET, Unset
from frontegg_async.bulk import stores
from frontegg_async.bulk.ledger import LedgerRow
from frontegg_async.bulk.operations import OPERATIONS
from frontegg_async.bulk.report import BulkReport
from frontegg_async.changes.account_difference import FieldDifference
from frontegg_async.errors import NotFoundError, PermissionDeniedError, UnusableLedgerError
from frontegg_async.options import Options
from frontegg_async.plans.account_changes import AccountChanges
from frontegg_async.plans.account_fields import LOCK, Path, are_same, value_at
from frontegg_async.plans.deletions import read_deletions
from frontegg_async.plans.environment import read_environment
from frontegg_async.plans.files.fields import ABSENT, APPLICATIONS, METADATA, SETTINGS
from frontegg_async.plans.guards import check_allowed, guards_of
from frontegg_async.plans.hierarchy_facts import FinalTree, HierarchyFacts
from frontegg_async.plans.ordering import writes_of
from frontegg_async.plans.plan import Plan, make_plan
from frontegg_async.plans.plan_file import Note
from frontegg_async.plans.rendering import shown
from frontegg_async.snapshots.applications import read_applications
from frontegg_async.snapshots.included import read_included
from frontegg_async.snapshots.reader import SnapshotReader
from frontegg_async.snapshots.rows import PARENT, Row

_UNREADABLE: Final = (PermissionDeniedError, NotFoundError)


async def undo_job(
    caller: Caller,
    environment: str,
    ledger: str | os.PathLike[str],
    *,
    allow: Mapping[str, int] | None,
    on_progress: Callable[[int, int], object] | None,
    options: Options | None,
) -> Plan:
    """Make a plan that undoes a job, see `AsyncFrontegg.undo`."""
    allowed = check_allowed(allow)
    calls = caller if options is None else caller.with_options(options)
    report = await run_in_thread(stores.read_report, ledger)
    name = PurePath(stores.name_of(ledger)).name
    _check(report, environment, name)
    written = await run_in_thread(_written, report)
    here = await read_environment(calls, None)
    undoing = _Undoing(calls, written, name)
    await undoing.read(on_progress)
    accounts = undoing.changes()
    tree = FinalTree.of(undoing.facts, accounts.values())
    deletions = await read_deletions(calls, accounts, undoing.facts.children())
    applications = {
        path[1]: path[1] for paths in written.replaced.values() for path in paths if path[0] == APPLICATIONS
    }
    writes = writes_of([*accounts.values()], tree, deletions, applications)
    return make_plan(
        writes,
        environment={"id": here.id, "type": here.type},
        inputs=[{"name": name, "job": report.job_id}],
        accounts=len(undoing.facts.parents),
        guards=guards_of(writes, len(undoing.facts.parents), allowed),
        notes=[*written.notes, *undoing.notes],
    )


def _check(report: BulkReport, environment: str, name: str) -> None:
    """Refuse a job that cannot be undone now.

    Raises:
        UnusableLedgerError: It is of another environment, or may still change something.
    """
    if report.environment != environment:
        raise UnusableLedgerError(
            f"the ledger {name} is of another environment, {report.environment}; this client is of {environment}"
        )
    if report.in_flight or report.unknown:
        raise UnusableLedgerError(
            f"the ledger {name} has rows whose outcome is not known, {report.in_flight + report.unknown:,} in number:"
            " resume the job first"
        )


@attrs.define(eq=False)
class _Written:
    """What a job has written: the values before its first write of each path, and those after its last."""

    replaced: dict[str, dict[Path, JsonValue | Unset]] = attrs.Factory(lambda: defaultdict(dict))
    sets: dict[str, dict[Path, JsonValue | Unset]] = attrs.Factory(lambda: defaultdict(dict))
    created: dict[str, Row] = attrs.Factory(dict[str, Row])
    """The values of accounts that the job has created."""
    notes: list[Note] = attrs.Factory(list[Note])

    def add(self, row: LedgerRow) -> None:
        """Add a row that is done."""
        key = row.tenant_id or ""
        if not row.attempts:
            return  # the service had the values before the job sent anything
        if row.operation == "delete":
            self.notes.append(Note(key, "", "a deletion cannot be undone"))
        elif row.operation == "create":
            self.created[key] = dict(row.input)
        elif row.before is None:
            self.notes.append(Note(key, "", f"the job has kept no values from before its {row.operation}"))
        else:
            after = OPERATIONS[row.operation].after(row.input)
            for path in _paths(row):
                self.replaced[key].setdefault(path, _value(row, row.before, path))
                self.sets[key][path] = _value(row, after, path)

    def accounts_with(self, part: str) -> set[str]:
        """Return the ids of the accounts of which the job has written a part."""
        return {key for key, paths in self.replaced.items() if any(path[0] == part for path in paths)}


def _written(report: BulkReport) -> _Written:
    written = _Written()
    for row in report.rows(only="done"):
        written.add(row)
    return written


def _paths(row: LedgerRow) -> Iterator[Path]:
    """Yield the paths that a row has written."""
    values = row.input
    if row.operation in ("lock", "unlock"):
        yield (LOCK,)
    elif row.operation in ("assign", "move"):
        yield (PARENT,)
    elif row.operation in ("assign_application", "unassign_application"):
        yield APPLICATIONS, str(values["app_id"])
    elif row.operation == "delete_metadata":
        yield METADATA, str(values["key"])
    elif row.operation == "add_metadata":
        for key in cast("Row", values[METADATA]):
            yield METADATA, key
    else:
        for name in values.keys() - {"tenant_id"}:
            field, dot, key = name.partition(".")
            is_setting = row.operation == "update_account_settings"
            yield (field, key) if dot else (SETTINGS, name) if is_setting else (name,)


def _value(row: LedgerRow, shape: object, path: Path) -> JsonValue | Unset:
    """Return the value of a path in what an operation reads before and after itself."""
    values = cast("Row", shape or {})
    if path[0] == PARENT:
        return values.get("parent_id") if row.operation == "assign" else values.get(PARENT)
    if path[0] == APPLICATIONS:
        return values.get("is_assigned") or UNSET
    return value_at(values, path[1:] if path[0] == SETTINGS else path)


@attrs.define(eq=False)
class _Undoing:
    """Compares what a job has written with the accounts as they are."""

    caller: Caller
    written: _Written
    name: str
    facts: HierarchyFacts = attrs.Factory(HierarchyFacts)
    notes: list[Note] = attrs.Factory(list[Note])
    _shown: dict[str, Row] = attrs.Factory(dict[str, Row])

    @property
    def _ids(self) -> set[str]:
        return self.written.replaced.keys() | self.written.created.keys()

    async def read(self, on_progress: Callable[[int, int], object] | None) -> None:
        """Read the accounts that the job has written, and the hierarchy.

        Raises:
            PaginationError: The accounts could not be read completely.
            FronteggError: A request failed.
        """
        ids = self._ids
        reader = SnapshotReader(self.caller, (), None, on_progress)
        async with aclosing(reader.portions()) as portions:
            async for portion in portions:
                self.facts.add(portion.lines)
                self._shown |= {each: cast("Row", parse_json(line)) for each, line in portion.rows() if each in ids}
                del portion  # before the next is made
        for tenant_id in sorted(self.written.accounts_with(SETTINGS) & self._shown.keys()):
            try:
                self._shown[tenant_id] |= await read_included(self.caller.for_tenant(tenant_id), ("settings",), None)
            except _UNREADABLE as error:
                self.notes.append(Note(tenant_id, SETTINGS, f"not readable ({error.status})"))
        assigned = self.written.accounts_with(APPLICATIONS) & self._shown.keys()
        if assigned:
            applications = await read_applications(self.caller, None)
            for tenant_id in assigned:
                self._shown[tenant_id][APPLICATIONS] = [*applications.ids_of(tenant_id)]

    def changes(self) -> dict[str, AccountChanges]:
        """Return the changes that restore the values, by the ids of the accounts."""
        found: dict[str, AccountChanges] = {}
        for tenant_id in sorted(self._ids):
            row = self._shown.get(tenant_id)
            if row is None:
                self.notes.append(Note(tenant_id, "", "the account is gone"))
                continue
            changes = self._removal(tenant_id, row) if tenant_id in self.written.created else None
            changes = changes or AccountChanges(tenant_id, {}, row, self.name, fields=[*self._fields(tenant_id, row)])
            if changes.fields or changes.is_deleted:
                found[tenant_id] = changes
        return found

    def _removal(self, tenant_id: str, row: Row) -> AccountChanges | None:
        """Return the deletion of an account that the job has created, if it still has the values of then."""
        for name, value in self.written.created[tenant_id].items():
            written = self.written.sets[tenant_id].get((name,), value)
            if not are_same((name,), written, row.get(name, UNSET)):
                self.notes.append(Note(tenant_id, name, f"is {shown(row.get(name))} now, so the account stays"))
                return AccountChanges(tenant_id, {}, row, self.name)
        return AccountChanges(tenant_id, {ABSENT: True}, row, self.name)

    def _fields(self, tenant_id: str, row: Row) -> Iterator[FieldDifference]:
        if tenant_id in self.written.created:
            return
        for path, before in self.written.replaced[tenant_id].items():
            after, present = self.written.sets[tenant_id][path], value_at(row, path)
            if _are_same(path, before, after) or _are_same(path, before, present):
                continue
            if _are_same(path, after, present):
                yield FieldDifference(path, present, before)
            else:
                self.notes.append(Note(tenant_id, ".".join(path), f"is {shown(present)} now, so it stays"))


def _are_same(path: Path, a: JsonValue | Unset, b: JsonValue | Unset) -> bool:
    """Return whether two values are the same; a key of the metadata may be there with null."""
    is_key = path[0] == METADATA and len(path) > 1
    return are_same(path, a, b) and not (is_key and (a is UNSET) is not (b is UNSET))
