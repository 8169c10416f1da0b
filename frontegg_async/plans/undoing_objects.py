"""Return the changes that undo what a job has written of objects."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

import attrs

from frontegg_async._core.call.caller import Caller
from frontegg_async._values.json_values import JsonValue
from frontegg_async.bulk.ledger import LedgerRow
from frontegg_async.bulk.operations.objects import ID, OBJECT, PART, TARGET, VALUES
from frontegg_async.errors import NotFoundError, PermissionDeniedError
from frontegg_async.managed.fields import Shape
from frontegg_async.managed.kinds import ManagedObject, ObjectKind
from frontegg_async.managed.registry import KINDS
from frontegg_async.managed.values import shown_at
from frontegg_async.plans.object_changes import ObjectChange, are_same, removal
from frontegg_async.plans.plan_file import PlanNote
from frontegg_async.plans.rendering import shown as shown_text


@attrs.define(eq=False)
class WrittenObject:
    """What a job has written of one object."""

    target: str
    """The account, or the part and the key of an object of the environment."""
    kind: ObjectKind
    key: str
    object_id: str | None = None
    is_created: bool = False
    is_deleted: bool = False
    before: dict[str, JsonValue] = attrs.Factory(dict[str, JsonValue])
    """The values before the first write of each flat name."""
    after: dict[str, JsonValue] = attrs.Factory(dict[str, JsonValue])
    """The values after the last write."""

    @property
    def path(self) -> str:
        """The path of the object for readers."""
        return f"{self.kind.part}.{self.key}" if self.kind.of_account else ""

    def add(self, row: LedgerRow) -> None:
        """Add a row of the ledger that is done.

        Args:
            row: The row.
        """
        values = cast("Mapping[str, JsonValue]", row.input.get(VALUES) or {})
        fields = self.kind.fields_of(self.key)
        compared = {name: each for name, each in values.items() if not _is_secret(self.kind, self.key, name)}
        self.after |= compared
        if row.operation == "create_object":
            self.is_created = True
        elif row.operation == "delete_object":
            self.is_deleted = True
        else:
            self.object_id = self.object_id or cast("str | None", row.input.get(ID))
            for name in compared:
                self.before.setdefault(name, (row.before or {}).get(name, shown_at(fields, {}, name)))


def _is_secret(kind: ObjectKind, key: str, name: str) -> bool:
    field = kind.fields_of(key).get(name)
    return field is not None and field.shape is Shape.SECRET


class WrittenObjects:
    """What a job has written of objects, by their targets, parts and keys."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, str, str], WrittenObject] = {}

    def add(self, row: LedgerRow) -> None:
        """Add a row of the ledger that is done.

        Args:
            row: The row.
        """
        target, part, key = (str(row.input[name]) for name in (TARGET, PART, OBJECT))
        written = self._found.get((target, part, key))
        if written is None:
            written = self._found[target, part, key] = WrittenObject(target, KINDS[part], key)
        written.add(row)

    @property
    def accounts(self) -> frozenset[str]:
        """The ids of the accounts of which the job has written objects."""
        return frozenset(each.target for each in self._found.values() if each.kind.of_account)

    async def changes(self, caller: Caller, why: str, notes: list[PlanNote]) -> Mapping[str, list[ObjectChange]]:
        """Return the changes that undo the writes, by the ids of accounts; those of the environment have no id.

        Args:
            caller: Makes the requests, which only read.
            why: The name of the ledger.
            notes: Takes what cannot be undone.

        Raises:
            FronteggError: A request failed.
        """
        found: dict[str, list[ObjectChange]] = {}
        for written in self._found.values():
            account = written.target if written.kind.of_account else ""
            change = await _Undo(written, why, notes).change(caller.for_tenant(account) if account else caller)
            if change is not None and change.is_written:
                found.setdefault(account, []).append(change)
        return found


@attrs.frozen(eq=False)
class _Undo:
    """Undoes what a job has written of one object."""

    written: WrittenObject
    why: str
    notes: list[PlanNote]

    def note(self, text: str, name: str = "") -> None:
        """Note what is not undone."""
        path = ".".join(filter(None, (self.written.path, name)))
        self.notes.append(PlanNote(self.written.target, path, text))

    async def change(self, caller: Caller) -> ObjectChange | None:
        """Return the change; ``None`` if nothing can be undone."""
        written, kind = self.written, self.written.kind
        if written.is_deleted:
            self.note("a deletion cannot be undone")
            return None
        key = str(written.after.get(kind.key_field, written.key)) if kind.key_field else written.key
        try:
            shown = (await kind.read(caller, [key])).found.get(key)
        except (PermissionDeniedError, NotFoundError) as error:
            self.note(f"not readable ({error.status})")
            return None
        if shown is None or written.object_id not in (None, shown.id):
            self.note(f"the {kind.noun} is gone")
            return None
        return self._removal(shown) if written.is_created else self._restored(shown)

    def _removal(self, shown: ManagedObject) -> ObjectChange | None:
        kind = self.written.kind
        changed = _changed(shown, self.written)
        if changed:
            self.note(f"{changed[0]} has changed, so the {kind.noun} stays")
        elif not kind.can_delete:
            self.note(f"a {kind.noun} is never deleted, so it stays")
        else:
            return removal(kind, shown, self.why)
        return None

    def _restored(self, shown: ManagedObject) -> ObjectChange:
        written = self.written
        change = ObjectChange(written.kind, written.key, self.why, shown)
        fields = written.kind.fields_of(shown.key)
        for name, before in written.before.items():
            now = shown_at(fields, shown.values, name)
            field = fields[name.partition(".")[0]]
            if are_same(before, now):
                continue
            if not are_same(written.after[name], now):
                self.note(f"is {shown_text(now)} now, so it stays", name)
            elif before is None and not (field.is_nullable or field.has_members):
                self.note("had no value, and cannot be cleared", name)
            else:
                change.sets[name], change.before[name] = before, now
        return change


def _changed(shown: ManagedObject, written: WrittenObject) -> list[str]:
    fields = written.kind.fields_of(shown.key)
    return [name for name, value in written.after.items() if not are_same(value, shown_at(fields, shown.values, name))]
