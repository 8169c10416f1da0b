"""`Write` and `Change`: one write of a plan, and the values that it changes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, Literal, TypeAlias, cast

import attrs
import msgspec

from frontegg_async._formats.json_text import json_line
from frontegg_async._values.json_values import JsonValue
from frontegg_async._values.unset import UNSET, Unset
from frontegg_async._values.value import Value
from frontegg_async.managed.fields import Shape
from frontegg_async.managed.registry import KINDS as MANAGED
from frontegg_async.plans.assigning import BY_OPERATION

ChangeKind: TypeAlias = Literal["created", "changed", "moved", "locked", "unlocked", "deleted"]
"""The kind of a change."""

KINDS: Final[tuple[ChangeKind, ...]] = ("created", "changed", "moved", "locked", "unlocked", "deleted")

_KIND_OF: Final[Mapping[str, ChangeKind]] = {
    "create": "created",
    "move": "moved",
    "lock": "locked",
    "unlock": "unlocked",
    "delete": "deleted",
    "create_object": "created",
    "delete_object": "deleted",
}
OF_USERS: Final = frozenset({"add_to_tenant", "remove_from_tenant", "assign_roles", "unassign_roles"})
"""The operations about users in tenants. Only plans that undo jobs contain them."""
_OF_OBJECTS: Final = frozenset({"create_object", "update_object", "delete_object"})


class Write(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    rename={"sets": "set", "object_key": "object"},
):
    """One write of a plan, which is one line of the plan's file."""

    operation: str
    """The name of the bulk operation."""
    key: str
    """The target of the write: the id of an account. For an object of the environment, it is the part and the key, such
    as ``roles.editor``.
    """
    id: str
    """The id of the written account or object; empty for an object that does not exist yet."""
    generation: int
    """Writes of a generation are sent when all writes of lower generations have an outcome."""
    sets: dict[str, object]
    """The values to set, by the column names of the operation."""
    before: object
    """The values that the write expects; ``None`` if the account or the object must not exist."""
    why: str
    """The file and the line, or the ledger, that caused the write."""
    depends_on: str | None = None
    """The key of an account or an object that must exist. An earlier write of the plan creates it."""
    created_at: float | None = None
    """When the account to delete was created, in seconds since the epoch."""
    application: str | None = None
    """The name of the assigned or unassigned application."""
    feature_plan: str | None = None
    """The name of the assigned or unassigned feature plan."""
    note: str | None = None
    """A note for the reader of the plan, for example that the write also moves other accounts."""
    part: str | None = None
    """The part of the written object, such as ``roles`` or ``users``; ``None`` for an account."""
    object_key: str | None = None
    """The natural key of the object within its part."""
    send_email: bool | None = None
    """Whether the service may send an e-mail because of the write."""
    may_lock_out: bool | None = None
    """Whether the write may remove the last administrator or SSO of an account, or a feature plan that accounts have.

    If true, the caller has allowed this when the plan was made.
    """
    dangers: list[str] = msgspec.field(default_factory=list[str])
    """The names of additional guards that count the write. The operation and the values of the write do not show these
    guards.
    """

    @property
    def is_of_object(self) -> bool:
        """Whether the write changes an object of the environment or of an account."""
        return self.operation in _OF_OBJECTS

    @property
    def kind(self) -> ChangeKind:
        """The effect on the account or the object."""
        return _KIND_OF.get(self.operation, "changed")

    def values(self) -> dict[str, JsonValue]:
        """Return the values of the write in the form of a row of a bulk job."""
        if self.is_of_object:
            return self._object_values()
        values = {**cast("Mapping[str, JsonValue]", self.sets), "tenant_id": self.key}
        metadata = values.get("metadata")
        if isinstance(metadata, str):
            values["metadata"] = json_line(metadata)  # metadata in a row may be JSON text, so encode a text as JSON
        return values

    def _object_values(self) -> dict[str, JsonValue]:
        values: dict[str, JsonValue] = {"target": self.key, "part": self.part, "object": self.object_key}
        values |= {"values": cast("JsonValue", self.sets), "id": self.id or None, "send_email": self.send_email}
        values["may_lock_out"] = self.may_lock_out
        return {name: value for name, value in values.items() if value is not None}

    def changes(self) -> Iterator[Change]:
        """Yield the values that the write changes."""
        for path, before, after in self._of_user() if self.operation in OF_USERS else self._values():
            is_member = self.operation in BY_OPERATION or self.operation in OF_USERS or path in self._members()
            yield Change(self.kind, self.key, path, before, after, self.why, self.note, is_member=is_member)

    def _values(self) -> Iterator[tuple[str, JsonValue | Unset, JsonValue | Unset]]:
        before = cast("Mapping[str, JsonValue]", self.before or {})
        sets = cast("Mapping[str, JsonValue]", self.sets)
        if self.is_of_object:
            yield from self._of_object(before, sets)
        elif self.operation == "create":
            yield "", UNSET, sets
        elif self.operation == "delete":
            yield "", before, UNSET
        elif self.operation in ("lock", "unlock"):
            yield "is_locked", before.get("is_locked", UNSET), self.operation == "lock"
        elif (assigning := BY_OPERATION.get(self.operation)) is not None:
            is_added = self.operation == assigning.assign
            path = f"{assigning.field}.{getattr(self, assigning.name_field)}"
            yield path, UNSET if is_added else True, True if is_added else UNSET
        elif self.operation == "delete_metadata":
            key = cast("str", sets["key"])
            yield f"metadata.{key}", _key_of(before.get("metadata"), key), UNSET
        elif self.operation == "add_metadata":
            for key, value in cast("Mapping[str, JsonValue]", sets["metadata"]).items():
                yield f"metadata.{key}", _key_of(before.get("metadata"), key), value
        else:
            prefix = "settings." if self.operation == "update_account_settings" else ""
            for name, value in sets.items():
                yield f"{prefix}{name}", before.get(name, UNSET), value

    def _of_user(self) -> Iterator[tuple[str, JsonValue | Unset, JsonValue | Unset]]:
        """Yield the changed membership or roles of a user as members of lists."""
        user, roles = f"users.{self.sets['user_id']}", cast("Sequence[str] | None", self.sets.get("role_ids"))
        is_added = self.operation in {"add_to_tenant", "assign_roles"}
        for path in [user] if roles is None else [f"{user}.roles.{each}" for each in roles]:
            yield path, UNSET if is_added else True, True if is_added else UNSET

    def _path(self, name: str) -> str:
        """Return the path of a value.

        For objects of the environment, the key of the write already contains the part and the key of the object.
        """
        return name if self.key == f"{self.part}.{self.object_key}" else f"{self.part}.{self.object_key}.{name}"

    def _members(self) -> frozenset[str]:
        """Return the paths of list members that the write adds or removes."""
        kind = MANAGED.get(self.part or "")
        if kind is None or self.operation != "update_object":
            return frozenset()
        fields = kind.fields_of(self.object_key or "")
        of_lists = {name for name, field in fields.items() if field.shape is Shape.MEMBERS}
        return frozenset(self._path(name) for name in self.sets if name.partition(".")[0] in of_lists)

    def _of_object(
        self, before: Mapping[str, JsonValue], sets: Mapping[str, JsonValue]
    ) -> Iterator[tuple[str, JsonValue | Unset, JsonValue | Unset]]:
        """Yield the values of an object. A present list member has the value true."""
        whole = self._path("").removesuffix(".")
        if self.operation == "create_object":
            yield whole, UNSET, sets
        elif self.operation == "delete_object":
            yield whole, before, UNSET
        else:
            for name, value in sets.items():
                absent = _absent_member(self.part or "", self.object_key or "", name)
                was = before.get(name, UNSET)
                yield self._path(name), UNSET if was is absent else was, UNSET if value is absent else value


def _absent_member(part: str, key: str, name: str) -> JsonValue | Unset:
    """Return the value of a missing member of a list or a map; `UNSET` if the name is not the name of a member."""
    field = MANAGED[part].fields_of(key).get(name.partition(".")[0]) if part in MANAGED else None
    if field is None or not field.has_members:
        return UNSET
    return False if field.shape is Shape.MEMBERS else None


def _key_of(metadata: JsonValue, key: str) -> JsonValue | Unset:
    return metadata.get(key, UNSET) if isinstance(metadata, Mapping) else UNSET


@attrs.frozen(eq=False, repr=False)
class Change(Value):
    """A value that a plan changes."""

    kind: ChangeKind
    """The kind of the change: ``created``, ``changed``, ``moved``, ``locked``, ``unlocked`` or ``deleted``."""
    key: str
    """The id of the account. For an object of the environment, it is the part and the key, such as ``roles.editor``."""
    path: str
    """The path of the value, such as ``metadata.plan`` or ``users.ann@acme.example.roles.Admin``.

    The path is empty if the account or the object is created or deleted.
    """
    before: JsonValue | Unset = attrs.field(hash=False)
    """The value that the plan expects; `UNSET` if the value must not exist."""
    after: JsonValue | Unset = attrs.field(hash=False)
    """The value that the plan sets; `UNSET` for a removed value. For a creation, it is a mapping with all values."""
    why: str
    """The file and the line that caused the change, or the ledger of the undone job."""
    note: str | None = None
    """A note for the reader of the plan, such as ``moves 14 accounts below it``; ``None`` without a note."""
    is_member: bool = attrs.field(default=False, kw_only=True)
    """Whether a list member is added, with ``after`` true, or removed, with ``before`` true."""

    def to_dict(self) -> dict[str, JsonValue]:
        """Return the change as plain JSON, without values that are `UNSET`."""
        shown: dict[str, JsonValue] = {"kind": self.kind, "key": self.key, "path": self.path}
        if self.before is not UNSET:
            shown["before"] = self.before
        if self.after is not UNSET:
            shown["after"] = self.after
        return {**shown, "why": self.why, "note": self.note}
