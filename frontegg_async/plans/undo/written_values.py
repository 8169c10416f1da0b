"""`WrittenValues`: the values that a job of bulk work has written, and the values from before."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Final, cast

import attrs

from frontegg_async._values.json_values import JsonValue
from frontegg_async._values.unset import UNSET, Unset
from frontegg_async.bulk.ledger import LedgerRow, RowState
from frontegg_async.bulk.operations import OPERATIONS
from frontegg_async.bulk.operations.plans import ASSIGN_PLAN, EXPIRES_AT, USER_ID
from frontegg_async.bulk.report import BulkReport
from frontegg_async.plans.accounts.fields import LOCK, Path, value_at
from frontegg_async.plans.assigning import BY_OPERATION
from frontegg_async.plans.files.fields import METADATA, SETTINGS
from frontegg_async.plans.plan_file import PlanNote
from frontegg_async.plans.undo.objects import WrittenObjects
from frontegg_async.plans.undo.users import OF_USER_ROWS, undo_of_user
from frontegg_async.plans.write import Write
from frontegg_async.snapshots.rows import ASSIGNED, PARENT, Row

_OF_SEVERAL_REQUESTS: Final = frozenset({"move", "update_object"})
"""The operations of which a row that has failed may have changed something."""


@attrs.define(eq=False)
class WrittenValues:
    """The values of a job: the values before its first write of each path, and those after its last."""

    replaced: dict[str, dict[Path, JsonValue | Unset]] = attrs.Factory(lambda: defaultdict(dict))
    """The values before the first write of each path, by the ids of the accounts."""
    sets: dict[str, dict[Path, JsonValue | Unset]] = attrs.Factory(lambda: defaultdict(dict))
    """The values after the last write."""
    created: dict[str, Row] = attrs.Factory(dict[str, Row])
    """The values of accounts that the job has created."""
    objects: WrittenObjects = attrs.Factory(WrittenObjects)
    """The values that the job has written of people and of other objects."""
    of_users: list[Write] = attrs.Factory(list[Write])
    """The writes that undo rows about users, each in one tenant and once."""
    notes: list[PlanNote] = attrs.Factory(list[PlanNote])
    """The writes that cannot be undone, and the reason."""

    def add(self, row: LedgerRow) -> None:
        """Add a row that is done, or one of several requests that has failed.

        Args:
            row: The row.
        """
        key = row.tenant_id or ""
        if not row.attempts:
            return  # the service had the values before the job sent anything
        if row.operation.endswith("_object"):
            self.objects.add(row)
            return
        if row.operation == "delete":
            self.notes.append(PlanNote(key, "", "a deletion cannot be undone"))
        elif row.operation == "create":
            self.created[key] = dict(OPERATIONS[row.operation].after(row.input) or {})
        elif row.operation == ASSIGN_PLAN.name and row.input.keys() & {USER_ID, EXPIRES_AT}:
            self.notes.append(PlanNote(key, "", "an assignment of a plan to a user, or with an end, is not taken back"))
        elif row.before is None:
            self.notes.append(PlanNote(key, "", f"the job has kept no values from before its {row.operation}"))
        else:
            # A move that has failed may have taken the account from its parent.
            after = None if row.state is RowState.FAILED else OPERATIONS[row.operation].after(row.input)
            for path in _paths(row):
                self.replaced[key].setdefault(path, _value(row, row.before, path))
                self.sets[key][path] = _value(row, after, path)

    def add_user(self, row: LedgerRow, ledger: str) -> None:
        """Add a row about a user that is done.

        Args:
            row: The row.
            ledger: The name of the ledger.
        """
        undone = undo_of_user(row, ledger) if row.attempts else None
        if isinstance(undone, PlanNote):
            self.notes.append(undone)
        elif undone is not None:
            self.of_users.append(undone)

    def accounts_with(self, part: str) -> set[str]:
        """Return the ids of the accounts of which the job has written a part.

        Args:
            part: The field.
        """
        return {key for key, paths in self.replaced.items() if any(path[0] == part for path in paths)}


def read_written(report: BulkReport, name: str) -> WrittenValues:
    """Return what a job has written. It blocks.

    Args:
        report: The report of the job.
        name: The name of the ledger.

    Raises:
        LedgerError: The ledger cannot be read.
    """
    written = WrittenValues()
    for row in report.rows():
        if row.operation in OF_USER_ROWS:
            if row.state is RowState.DONE:
                written.add_user(row, name)
        elif row.state is RowState.DONE or (row.state is RowState.FAILED and row.operation in _OF_SEVERAL_REQUESTS):
            written.add(row)
    return written


def _paths(row: LedgerRow) -> Iterator[Path]:
    """Yield the paths that a row has written."""
    values = row.input
    if row.operation in ("lock", "unlock"):
        yield (LOCK,)
    elif row.operation in ("assign", "move"):
        yield (PARENT,)
    elif (assigning := BY_OPERATION.get(row.operation)) is not None:
        yield assigning.field, str(values[assigning.id_column])
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
    if path[0] in ASSIGNED:
        return values.get("is_assigned") or UNSET
    return value_at(values, path[1:] if path[0] == SETTINGS else path)
