"""Make the writes that undo the rows of a bulk job about memberships and roles of users."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, cast

from frontegg_async.bulk.ledger import LedgerRow
from frontegg_async.bulk.operations.users import (
    ADD_TO_TENANT,
    ASSIGN_ROLES,
    INVITE,
    REMOVE_FROM_TENANT,
    ROLE_IDS,
    UNASSIGN_ROLES,
    USER_ID,
)
from frontegg_async.plans.plan_file import PlanNote
from frontegg_async.plans.write import OF_USERS, Write

OF_USER_ROWS: Final = OF_USERS | {INVITE.name}
"""The names of the operations that `undo_of_user` handles."""


def undo_of_user(row: LedgerRow, ledger: str) -> Write | PlanNote | None:
    """Return the write that undoes a row about a user, or a note why the row cannot be undone.

    Args:
        row: A row that is done.
        ledger: The name of the ledger.
    """
    key, before = row.tenant_id or "", row.before
    user = f"users.{row.input.get(USER_ID, row.input.get('email'))}"
    if row.operation == INVITE.name:
        return PlanNote(key, user, "an undo does not remove invited users: remove_from_tenant does")
    if before is None:
        return PlanNote(key, user, f"the job did not store the values before its {row.operation}")
    if row.operation in {ASSIGN_ROLES.name, UNASSIGN_ROLES.name}:
        return _of_roles(row, cast("Sequence[str]", before[ROLE_IDS]), key, ledger)
    was_member = before["is_member"] is True
    if was_member is (row.operation == ADD_TO_TENANT.name):
        return None
    if before["is_elsewhere"] is not True:
        gone = "the user was deleted with the last membership, and cannot be restored"
        only = "the membership is the user's only membership, and without a membership the user would be deleted"
        return PlanNote(key, user, gone if was_member else only)
    undoing = ADD_TO_TENANT if was_member else REMOVE_FROM_TENANT
    return _write(
        undoing.name,
        key,
        {USER_ID: row.input[USER_ID]},
        {"is_member": not was_member, "is_elsewhere": True},
        ledger,
        note="the user gets the roles of new members" if was_member else None,
        dangers=[] if was_member else ["person-removal"],
    )


def _of_roles(row: LedgerRow, had: Sequence[str], key: str, ledger: str) -> Write | None:
    is_taken = row.operation == UNASSIGN_ROLES.name
    role_ids = [*had] if is_taken else [each for each in cast("Sequence[str]", row.input[ROLE_IDS]) if each not in had]
    if not role_ids:
        return None
    return _write(
        ASSIGN_ROLES.name if is_taken else UNASSIGN_ROLES.name,
        key,
        {USER_ID: row.input[USER_ID], ROLE_IDS: role_ids},
        {ROLE_IDS: [] if is_taken else role_ids},
        ledger,
        dangers=[] if is_taken else ["role-removal"] * len(role_ids),
    )


def _write(
    operation: str,
    key: str,
    sets: Mapping[str, object],
    before: Mapping[str, object],
    ledger: str,
    *,
    note: str | None = None,
    dangers: list[str],
) -> Write:
    return Write(
        operation=operation,
        key=key,
        id=key,
        generation=0,
        sets={**sets},
        before={**before},
        why=ledger,
        note=note,
        dangers=dangers,
    )
