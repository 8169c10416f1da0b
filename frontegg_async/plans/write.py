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
"""The operations about users in tenants, which only plans that undo jobs have."""
_OF_OBJECTS: Final = frozenset({"create_object", "update_object", "delete_object"})


class Write(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    rename={"sets": "set", "object_key": "object"},
):
    """One write of a plan: a line of its file."""

    operation: str
    """The name of the operation of bulk work."""
    key: str
    """The target of the write: the id of an account, or the part and the key of an object of the environment."""
    id: str
    """The id of what is written; empty for an object that has none yet."""
    generation: int
    """Writes of a generation are sent when those of all lower ones have an outcome."""
    sets: dict[str, object]
    """The values to set, by the names of the operation's columns."""
    before: object
    """The values that the write expects to find; ``None`` if there must be no such account."""
    why: str
    """The file and the line, or the ledger, that asked for the write."""
    depends_on: str | None = None
    """The key that an earlier write of the plan creates, and that must exist."""
    created_at: float | None = None
    """When an account that is deleted was created, in seconds of the epoch."""
    application: str | None = None
    """The name of the application that is assigned."""
    feature_plan: str | None = None
    """The name of the feature plan that is assigned."""
    note: str | None = None
    """A note for readers, as that the write moves other accounts too."""
    part: str | None = None
    """The part of the object that is written, as ``roles`` or ``users``; ``None`` if the account itself is."""
    object_key: str | None = None
    """The natural key of the object in its part."""
    send_email: bool | None = None
    """Whether the service may send an e-mail because of the write."""
    may_lock_out: bool | None = None
    """Whether the write may take the last administrator or SSO from the account, or a feature plan from accounts.

    A guard was opened for that.
    """
    dangers: list[str] = msgspec.field(default_factory=list[str])
    """The guards that the write counts for beside those that its operation and its values show."""

    @property
    def is_of_object(self) -> bool:
        """Whether an object of the environment or of an account is written."""
        return self.operation in _OF_OBJECTS

    @property
    def kind(self) -> ChangeKind:
        """The effect on the account, or on the object."""
        return _KIND_OF.get(self.operation, "changed")

    def values(self) -> dict[str, JsonValue]:
        """Return the values of the write as a row of bulk work has them."""
        if self.is_of_object:
            return self._object_values()
        values = {**cast("Mapping[str, JsonValue]", self.sets), "tenant_id": self.key}
        metadata = values.get("metadata")
        if isinstance(metadata, str):
            values["metadata"] = json_line(metadata)  # text among the values of a row is JSON text
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
        """Yield the membership, or the roles, of a user: members of lists."""
        user, roles = f"users.{self.sets['user_id']}", cast("Sequence[str] | None", self.sets.get("role_ids"))
        is_added = self.operation in {"add_to_tenant", "assign_roles"}
        for path in [user] if roles is None else [f"{user}.roles.{each}" for each in roles]:
            yield path, UNSET if is_added else True, True if is_added else UNSET

    def _path(self, name: str) -> str:
        """Return the path of a flat name: the key of the write has those of objects of the environment already."""
        return name if self.key == f"{self.part}.{self.object_key}" else f"{self.part}.{self.object_key}.{name}"

    def _members(self) -> frozenset[str]:
        """Return the paths of members of lists that the write adds or removes."""
        kind = MANAGED.get(self.part or "")
        if kind is None or self.operation != "update_object":
            return frozenset()
        fields = kind.fields_of(self.object_key or "")
        of_lists = {name for name, field in fields.items() if field.shape is Shape.MEMBERS}
        return frozenset(self._path(name) for name in self.sets if name.partition(".")[0] in of_lists)

    def _of_object(
        self, before: Mapping[str, JsonValue], sets: Mapping[str, JsonValue]
    ) -> Iterator[tuple[str, JsonValue | Unset, JsonValue | Unset]]:
        """Yield the values of an object; a member of a list is true where it is there."""
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
    """Return the value that a flat name has where a list or a map lacks the member; `UNSET` if it is no member."""
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
    """The effect: ``created``, ``changed``, ``moved``, ``locked``, ``unlocked`` or ``deleted``."""
    key: str
    """The id of the account, or the part and the key of an object of the environment, as ``roles.editor``."""
    path: str
    """The field, with a dot before a key, as ``metadata.plan`` or ``users.ann@acme.example.roles.Admin``.

    It is empty if the account or the object is created or deleted.
    """
    before: JsonValue | Unset = attrs.field(hash=False)
    """The value that the plan expects to find; `UNSET` where there must be none."""
    after: JsonValue | Unset = attrs.field(hash=False)
    """The value that the plan sets; `UNSET` where it removes one. Of something that is created: all its values."""
    why: str
    """The file and the line, or the ledger that is undone, that asked for the change."""
    note: str | None = None
    """A note for readers, as ``moves 14 accounts below it``; ``None`` if there is none."""
    is_member: bool = attrs.field(default=False, kw_only=True)
    """Whether a member of a list is added, so that ``after`` is true, or removed, so that ``before`` is."""

    def to_dict(self) -> dict[str, JsonValue]:
        """Return the change as plain JSON, without values that are `UNSET`."""
        shown: dict[str, JsonValue] = {"kind": self.kind, "key": self.key, "path": self.path}
        if self.before is not UNSET:
            shown["before"] = self.before
        if self.after is not UNSET:
            shown["after"] = self.after
        return {**shown, "why": self.why, "note": self.note}
