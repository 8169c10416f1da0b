"""`WrittenValues`: the values that a bulk job has written, and the values that it replaced."""

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
"""The operations that may need several requests for a row. So a failed row may have changed something."""


@attrs.define(eq=False)
class WrittenValues:
    """The values before a job's first write to each path, and the values after its last write."""

    replaced: dict[str, dict[Path, JsonValue | Unset]] = attrs.Factory(lambda: defaultdict(dict))
    """The values before the first write to each path, by account id."""
    sets: dict[str, dict[Path, JsonValue | Unset]] = attrs.Factory(lambda: defaultdict(dict))
    """The values after the last write to each path, by account id."""
    created: dict[str, Row] = attrs.Factory(dict[str, Row])
    """The values of accounts that the job has created, by account id."""
    objects: WrittenObjects = attrs.Factory(WrittenObjects)
    """The values that the job has written to users and other objects."""
    of_users: list[Write] = attrs.Factory(list[Write])
    """The writes that undo rows about users in tenants."""
    notes: list[PlanNote] = attrs.Factory(list[PlanNote])
    """Notes about rows that cannot be undone."""

    def add(self, row: LedgerRow) -> None:
        """Add a row that is done, or a failed row of an operation with several requests.

        Args:
            row: The row.
        """
        key = row.tenant_id or ""
        if not row.attempts:
            return  # the service already had the values before the job
        if row.operation.endswith("_object"):
            self.objects.add(row)
            return
        if row.operation == "delete":
            self.notes.append(PlanNote(key, "", "a deletion cannot be undone"))
        elif row.operation == "create":
            self.created[key] = dict(OPERATIONS[row.operation].after(row.input) or {})
        elif row.operation == ASSIGN_PLAN.name and row.input.keys() & {USER_ID, EXPIRES_AT}:
            self.notes.append(PlanNote(key, "", "an assignment of a plan to a user, or with an end, is not undone"))
        elif row.before is None:
            self.notes.append(PlanNote(key, "", f"the job did not store the values before its {row.operation}"))
        else:
            # A failed move may have left the account without a parent.
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
        """Return the ids of the accounts in which the job has written a field.

        Args:
            part: The field.
        """
        return {key for key, paths in self.replaced.items() if any(path[0] == part for path in paths)}


def read_written(report: BulkReport, name: str) -> WrittenValues:
    """Return the values that a job has written. The call blocks.

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
    """Return the value at a path.

    The values have the form in which the operation reads values before or after a write.
    """
    values = cast("Row", shape or {})
    if path[0] == PARENT:
        return values.get("parent_id") if row.operation == "assign" else values.get(PARENT)
    if path[0] in ASSIGNED:
        return values.get("is_assigned") or UNSET
    return value_at(values, path[1:] if path[0] == SETTINGS else path)
