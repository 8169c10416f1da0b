"""The changes of one account by a file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, cast

import attrs

from frontegg_async._values.fields import wire_name
from frontegg_async._values.json_values import JsonValue
from frontegg_async._values.unset import UNSET, Unset
from frontegg_async.changes.account_difference import FieldDifference
from frontegg_async.changes.comparing import compare_rows
from frontegg_async.models.tenants import Tenant
from frontegg_async.plans.accounts.fields import (
    NOT_CLEARED,
    NOT_PLANNED,
    OF_UPDATE,
    Path,
    are_same,
    named_values,
    value_at,
)
from frontegg_async.plans.files.fields import ABSENT, METADATA
from frontegg_async.plans.objects.changes import ObjectChange
from frontegg_async.snapshots.rows import ASSIGNED, PARENT, Row

_WIRE_NAMES: Final = {field.name: wire_name(field) for field in attrs.fields(cast("type[attrs.AttrsInstance]", Tenant))}
"""The name of each field in the API. The model's ``extra`` contains values of unexpected types under these names."""


@attrs.define(eq=False)
class AccountChanges:
    """The changes of one account by a file."""

    tenant_id: str
    wanted: Row
    """The values of the row in the file."""
    shown: Row | None
    """The account as the service shows it; ``None`` if it does not exist."""
    place: str
    """The place of the row, such as ``accounts.yml:12``."""
    note: str | None = None
    """A note about the creation for the reader of the plan."""
    is_gone: bool = False
    """Whether the account is in the original export but no longer exists. A plan does not create such an account again.
    """
    is_taken: bool = False
    """Whether the account is not in the original export but now exists with other values."""
    creation: dict[str, JsonValue] = attrs.Factory(dict[str, JsonValue])
    """The values of the creation, if the account is created."""
    fields: list[FieldDifference] = attrs.Factory(list[FieldDifference])
    """The values that differ. ``before`` is the value that the change expects."""
    member_notes: dict[Path, str] = attrs.Factory(dict[Path, str])
    """Notes about assignments for the reader of the plan, by the path of the assignment."""
    unwritable: list[str] = attrs.Factory(list[str])
    """The fields that differ but that plans cannot change."""
    unreadable: list[str] = attrs.Factory(list[str])
    """The fields for which the service shows a value of an unexpected type."""
    objects: list[ObjectChange] = attrs.Factory(list[ObjectChange])
    """The changes of the account's users, policies and SSO configurations."""
    dangers: list[str] = attrs.Factory(list[str])
    """The guards ``last-owner`` and ``sso-lockout``, if a change of the account's objects counts toward their limits.
    """
    reason_to_stay: str | None = None
    """Why the plan does not change the account although the row differs."""

    @property
    def is_deleted(self) -> bool:
        """Whether the plan deletes the account."""
        return self.wanted.get(ABSENT) is True and self.reason_to_stay is None

    @property
    def is_created(self) -> bool:
        """Whether the plan creates the account."""
        is_wanted = self.wanted.get(ABSENT) is not True and self.reason_to_stay is None
        return is_wanted and not self.is_gone and (self.shown is None or self.is_taken)

    @property
    def is_empty(self) -> bool:
        """Whether the plan has no change and no note for the account."""
        if self.is_deleted:
            return self.shown is None
        has_notes = self.unwritable or self.unreadable or self.reason_to_stay
        return not (self.is_created or self.fields or self.objects or has_notes)

    @property
    def is_placed(self) -> bool:
        """Whether the changes depend on the hierarchy or change the hierarchy."""
        return self.is_created or self.is_deleted or self.parent is not None

    @property
    def parent(self) -> FieldDifference | None:
        """The change of the parent of an existing account; ``None`` without such a change."""
        return next((each for each in self.fields if each.path == (PARENT,)), None)


def changes_of(
    tenant_id: str, wanted: Row, shown: Row | None, place: str, original: Row | None, *, has_original: bool
) -> AccountChanges:
    """Compare a row of a file with the account.

    Args:
        tenant_id: The id of the account.
        wanted: The row of the file.
        shown: The account in the environment, with the settings, applications and plans that the row names.
        place: The place of the row.
        original: The row of the original export; ``None`` if the export lacks the account.
        has_original: Whether there is an original export.
    """
    changes = AccountChanges(tenant_id, wanted, shown, place)
    if shown is not None and _of_another_type(shown, "deleted_at"):
        changes.reason_to_stay = "the service shows a deletedAt that cannot be read"
        return changes
    if changes.is_deleted:
        if has_original and shown is not None:
            changes.reason_to_stay = _reason_to_stay(original, shown)
        return changes
    if has_original:
        changes.is_gone = shown is None and original is not None
        changes.is_taken = shown is not None and original is None and any(_differences(wanted, shown, None))
        if shown is not None and original is None and not changes.is_taken:
            return changes
    if changes.is_created:
        changes.creation = _creation(wanted)
        changes.fields = [*_differences(wanted, changes.creation, None)]
    else:
        changes.fields = [*_differences(wanted, shown or {}, original)]
    changes.unwritable = [each.path[0] for each in changes.fields if each.path[0] in NOT_PLANNED]
    named = {each.path[0] for each in changes.fields} - NOT_PLANNED
    changes.unreadable = sorted(each for each in named if shown is not None and _of_another_type(shown, each))
    left_out = {*changes.unwritable, *changes.unreadable}
    changes.fields = [each for each in changes.fields if each.path[0] not in left_out]
    return changes


def _of_another_type(shown: Row, name: str) -> bool:
    """Return whether the service shows a value of an unexpected type for a field."""
    return (cast("Row", shown.get("extra") or {})).get(_WIRE_NAMES.get(name, name)) is not None


def _reason_to_stay(original: Row | None, shown: Row) -> str | None:
    """Return why an account must not be deleted: the original export has no such account or other values."""
    if original is None:
        return "it is not in the original export: not deleted"
    if original.get("created_at", shown.get("created_at")) != shown.get("created_at"):
        return "it was deleted and created again since the original export: not deleted"
    changed = [each.field for each in compare_rows(original, shown)]
    return f"{changed[0]} has changed since the original export: not deleted" if changed else None


def _creation(wanted: Row) -> dict[str, JsonValue]:
    """Return the values of the creation of an account. All other values are changed afterwards."""
    names = OF_UPDATE | {METADATA, PARENT}
    return {name: value for name, value in wanted.items() if name in names and value is not None}


def _differences(wanted: Row, shown: Row, original: Row | None) -> Iterator[FieldDifference]:
    for path, value in _comparable(wanted, shown):
        present: JsonValue | Unset = value_at(shown, path)
        expected = present
        if original is not None and _is_named(original, path):
            expected = value_at(original, path)
            if are_same(path, value, expected):
                continue
        if not are_same(path, value, present):
            is_removed = path[0] == METADATA and len(path) > 1 and value is None
            yield FieldDifference(path, expected, UNSET if is_removed else value)


def _comparable(wanted: Row, shown: Row) -> Iterator[tuple[Path, JsonValue]]:
    """Yield the values of a row.

    If the metadata of the account is not an object, yield the whole metadata instead of its keys.
    """
    metadata = shown.get(METADATA)
    is_whole = metadata is not None and not isinstance(metadata, dict)
    for path, value in named_values(wanted):
        if path[0] != METADATA or len(path) == 1 or not is_whole:
            yield path, value
    if is_whole and isinstance(wanted.get(METADATA), dict) and wanted[METADATA]:
        yield (METADATA,), wanted[METADATA]


def _is_named(row: Row, path: Path) -> bool:
    """Return whether a row of an export contains a value.

    For metadata and lists of assignments, the export contains all keys and members.
    """
    name, *keys = path
    if name not in row:
        return False
    return not keys or name in {METADATA, *ASSIGNED} or value_at(row, path) is not UNSET


def uncleared(changes: AccountChanges) -> Iterator[str]:
    """Yield the fields that a row clears although they cannot be null."""
    return (each.path[0] for each in changes.fields if each.path[0] in NOT_CLEARED and each.after in (None, ""))
