"""Make the changes that undo what a job has written to objects."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import cast

import attrs

from frontegg_async._core.call.caller import Caller
from frontegg_async._values.json_values import JsonValue
from frontegg_async.bulk.ledger import LedgerRow, RowState
from frontegg_async.bulk.operations.objects import ID, OBJECT, PART, TARGET, VALUES
from frontegg_async.managed.fields import Field, Shape
from frontegg_async.managed.kinds import ManagedObject, ObjectKind, Objects
from frontegg_async.managed.registry import KINDS
from frontegg_async.managed.values import flattened, shown_at
from frontegg_async.plans.objects.changes import ObjectChange, are_same, removal
from frontegg_async.plans.objects.readable import UNREADABLE
from frontegg_async.plans.objects.references import references
from frontegg_async.plans.plan_file import PlanNote
from frontegg_async.plans.rendering import shown as shown_text


@attrs.define(eq=False)
class WrittenObject:
    """The values that a job has written to one object."""

    target: str
    """The id of the account of the object. For an object of the environment, it is the part and the key of the object.
    """
    kind: ObjectKind
    key: str
    object_id: str | None = None
    is_created: bool = False
    is_deleted: bool = False
    before: dict[str, JsonValue] = attrs.Factory(dict[str, JsonValue])
    """The values before the job's first write, by flat name."""
    after: dict[str, JsonValue] = attrs.Factory(dict[str, JsonValue])
    """The values after the job's last write, by flat name."""
    secrets: list[str] = attrs.Factory(list[str])
    """The names of the secrets that the job has replaced."""

    @property
    def account(self) -> str:
        """The id of the account of the object; empty for an object of the environment."""
        return self.target if self.kind.of_account else ""

    @property
    def new_key(self) -> str:
        """The natural key after the job."""
        return str(self.after.get(self.kind.key_field, self.key)) if self.kind.key_field else self.key

    @property
    def path(self) -> str:
        """The name of the object in notes."""
        return f"{self.kind.part}.{self.key}" if self.kind.of_account else ""

    def add(self, row: LedgerRow) -> None:
        """Add a row of the ledger that is done, or the row of a failed update.

        Args:
            row: The row.
        """
        values = cast("Mapping[str, JsonValue]", row.input.get(VALUES) or {})
        fields = self.kind.fields_of(self.key)
        secrets = [name for name in values if name in fields and fields[name].shape is Shape.SECRET]
        compared = {name: each for name, each in values.items() if name not in secrets}
        if row.state is RowState.FAILED and self.is_created:
            return  # treat changes of the failed row as changes by another program
        self.after |= compared
        if row.operation == "create_object":
            self.is_created = True
        elif row.operation == "delete_object":
            self.is_deleted = True
        else:
            self.object_id = self.object_id or cast("str | None", row.input.get(ID))
            self.secrets += () if self.is_created else secrets
            for name in compared:
                self.before.setdefault(name, (row.before or {}).get(name, shown_at(fields, {}, name)))


class WrittenObjects:
    """The values that a job has written to objects."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, str, str], WrittenObject] = {}

    def add(self, row: LedgerRow) -> None:
        """Add a row of the ledger that is done, or the row of a failed update.

        Some requests of a failed update may have had an effect.

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
        """The ids of the accounts to whose objects the job has written."""
        return frozenset(each.target for each in self._found.values() if each.kind.of_account)

    async def changes(self, caller: Caller, why: str, notes: list[PlanNote]) -> Mapping[str, list[ObjectChange]]:
        """Return the changes that undo the writes, by account id. The id is empty for objects of the environment.

        Args:
            caller: Sends the requests, which only read.
            why: The name of the ledger.
            notes: Collects the writes that cannot be undone.

        Raises:
            FronteggError: A request failed.
        """
        found: dict[str, list[ObjectChange]] = {}
        reader = _Reader(caller)
        for written in self._found.values():
            reader.keys.setdefault((written.account, written.kind.part), []).append(written.new_key)
            if written.new_key != written.key:
                reader.renamed.add((written.kind.part, written.key))
            if written.is_created:
                reader.created.setdefault((written.account, written.kind.part), set()).add(written.new_key)
        for written in self._found.values():
            change = await _Undo(written, why, notes, reader).change()
            if change is not None and change.is_written:
                found.setdefault(written.account, []).append(change)
        return found


@attrs.frozen(eq=False)
class _Reader:
    """Reads the objects of each part once."""

    caller: Caller
    keys: dict[tuple[str, str], list[str]] = attrs.Factory(dict[tuple[str, str], list[str]])
    """The needed keys, by account and part."""
    created: dict[tuple[str, str], set[str]] = attrs.Factory(dict[tuple[str, str], "set[str]"])
    """The keys of the objects that the job has created, by account and part."""
    renamed: set[tuple[str, str]] = attrs.Factory(set[tuple[str, str]])
    """The part and the earlier key of each object that the job has renamed."""
    _found: dict[tuple[str, str], Objects | int] = attrs.Factory(dict[tuple[str, str], "Objects | int"])
    _holders: dict[str, Mapping[str, int] | int] = attrs.Factory(dict[str, "Mapping[str, int] | int"])

    async def read(self, account: str, part: str) -> Objects | int:
        """Return the objects of a part; the HTTP status of the response if the objects cannot be read."""
        place = account, part
        if place not in self._found:
            caller = self.caller.for_tenant(account) if account else self.caller
            try:
                self._found[place] = await KINDS[part].read(caller, self.keys[place] if account else None)
            except UNREADABLE as error:
                self._found[place] = error.status
        return self._found[place]

    async def count_holders(self, kind: ObjectKind) -> Mapping[str, int] | int:
        """Return the number of assignments by object id; the HTTP status if the assignments cannot be read."""
        if kind.part not in self._holders:
            try:
                self._holders[kind.part] = await kind.count_holders(self.caller)
            except UNREADABLE as error:
                self._holders[kind.part] = error.status
        return self._holders[kind.part]

    async def has_created_all(self, account: str, part: str) -> bool:
        """Return whether the job has created all objects that a part of an account now has."""
        present = await KINDS[part].read(self.caller.for_tenant(account))
        return present.found.keys() <= self.created[account, part]


@attrs.frozen(eq=False)
class _Undo:
    """Undoes the writes of a job to one object."""

    written: WrittenObject
    why: str
    notes: list[PlanNote]
    reader: _Reader

    def note(self, text: str, name: str = "") -> None:
        """Add a note about a write that is not undone."""
        path = ".".join(filter(None, (self.written.path, name)))
        self.notes.append(PlanNote(self.written.target, path, text))

    async def change(self) -> ObjectChange | None:
        """Return the change that undoes the writes; ``None`` if nothing can be undone."""
        written, kind = self.written, self.written.kind
        if written.is_deleted:
            self.note("a deletion cannot be undone")
            return None
        objects = await self.reader.read(written.account, kind.part)
        if isinstance(objects, int):
            self.note(f"not readable ({objects})")
            return None
        shown = objects.by_id(written.object_id) if written.object_id else objects.found.get(written.new_key)
        if shown is None:
            self.note(f"the {kind.noun} no longer exists")
        elif shown.reason_to_stay:
            self.note(shown.reason_to_stay)
        else:
            return await self._removal(shown) if written.is_created else await self._restored(shown)
        return None

    async def _removal(self, shown: ManagedObject) -> ObjectChange | None:
        kind = self.written.kind
        by_default = await self._roles_by_default() if self.written.account else frozenset[str]()
        changed = next((name for name in _changed(shown, self.written) if name not in by_default), None)
        if changed:
            self.note(f"{changed} has changed, so the {kind.noun} stays")
        elif not kind.can_delete:
            self.note(f"the {kind.noun} is never deleted, so it stays")
        elif reason := await self._holders(shown):
            self.note(f"{reason}, so the {kind.noun} stays")
        else:
            return removal(kind, shown, self.why)
        return None

    async def _holders(self, shown: ManagedObject) -> str | None:
        """If a created object is assigned, return why it stays; ``None`` without assignments."""
        holders = await self.reader.count_holders(self.written.kind)
        if isinstance(holders, int):
            return f"assignments not readable ({holders})"
        count = holders.get(shown.id, 0)
        return f"it has {count:,} assignment{'' if count == 1 else 's'} to accounts and users" if count else None

    async def _roles_by_default(self) -> frozenset[str]:
        """Return the flat names of roles that a user who is invited without roles gets by default."""
        if any(name.startswith("roles.") for name in self.written.after):
            return frozenset()
        roles = await self.reader.read("", "roles")
        if isinstance(roles, int):
            return frozenset()
        # The first user of an account gets other default roles.
        is_first = await self.reader.has_created_all(self.written.account, self.written.kind.part)
        flags = ("is_default", "first_user_role") if is_first else ("is_default",)
        return frozenset(
            f"roles.{key}" for key, each in roles.found.items() if any(each.values.get(flag) is True for flag in flags)
        )

    async def _restored(self, shown: ManagedObject) -> ObjectChange:
        written = self.written
        change = ObjectChange(written.kind, written.key, self.why, shown)
        fields = written.kind.fields_of(shown.key)
        for name in dict.fromkeys(written.secrets):
            self.note("a secret cannot be restored", name)
        for name, before in written.before.items():
            now = shown_at(fields, shown.values, name)
            field = fields[name.partition(".")[0]]
            if are_same(before, now):
                continue
            if not are_same(written.after[name], now):
                self.note(f"is {shown_text(now)} now, so the value stays", name)
            elif field.keeps_members and before is shown_at(fields, {}, name):
                self.note("did not exist before, and is never removed", name)
            elif before is None and not (field.is_nullable or field.has_members):
                self.note("had no value, and cannot be cleared", name)
            elif gone := await self._gone(fields, name, before):
                self.note(f"referred to {gone}, which was deleted, so it stays", name)
            else:
                change.sets[name], change.before[name] = before, now
        return change

    async def _gone(self, fields: Mapping[str, Field], name: str, before: JsonValue) -> str | None:
        """Return the object of the environment to which a value referred, if this object no longer exists."""
        if self.written.account:
            return None  # the role may belong to the account
        for part, key, _ in references(fields, {name: before}):
            objects = await self.reader.read("", part)
            is_restored = KINDS[part].is_referred_by_key and (part, key) in self.reader.renamed
            if not isinstance(objects, int) and key not in objects.found and not is_restored:
                return f"{part}.{key}"
        return None


def _changed(shown: ManagedObject, written: WrittenObject) -> Iterator[str]:
    """Yield the values of an object that have changed since the job created the object."""
    fields = written.kind.fields_of(shown.key)
    present = {
        name: value
        for name, value in flattened(fields, shown.values).items()
        if _is_empty_at_first(written, fields[name.partition(".")[0]]) and value not in (None, "")
    }
    for name in {**written.after, **present}:
        if not are_same(written.after.get(name), shown_at(fields, shown.values, name)):
            yield name


def _is_empty_at_first(written: WrittenObject, field: Field) -> bool:
    """Return whether a field of a new object is empty unless the creation sets it."""
    # A user of other accounts already has a name.
    return (field.is_nullable or field.has_members) and field.name not in written.kind.shared_fields
