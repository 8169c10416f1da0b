"""`Write` and `Change`: one write of a plan, and the values that it changes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, Literal, TypeAlias, cast

import attrs
import msgspec

from frontegg_async._formats.json_text import json_line
from frontegg_async._values.json_values import JsonValue
from frontegg_async._values.unset import UNSET, Unset
from frontegg_async._values.value import Value

ChangeKind: TypeAlias = Literal["created", "changed", "moved", "locked", "unlocked", "deleted"]
"""The kind of a change."""

KINDS: Final[tuple[ChangeKind, ...]] = ("created", "changed", "moved", "locked", "unlocked", "deleted")

_KIND_OF: Final[Mapping[str, ChangeKind]] = {
    "create": "created",
    "move": "moved",
    "lock": "locked",
    "unlock": "unlocked",
    "delete": "deleted",
}


class Write(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename={"sets": "set"}):
    """One write of a plan: a line of its file."""

    operation: str
    """The name of the operation of bulk work."""
    key: str
    """The natural key of what is written: the id of an account."""
    id: str
    """The id of what is written."""
    generation: int
    """Writes of a generation are sent when those of all lower ones have an outcome."""
    sets: dict[str, object]
    """The values to set, by the names of the operation's columns."""
    before: object
    """The values that the write expects to find; ``None`` if there must be no such account."""
    why: str
    """The file and the line, or the ledger, that asked for the write."""
    depends_on: str | None = None
    """The account that an earlier write of the plan creates, and that must exist."""
    created_at: float | None = None
    """When an account that is deleted was created, in seconds of the epoch."""
    application: str | None = None
    """The name of the application that is assigned."""
    note: str | None = None
    """A note for readers, as that the write moves other accounts too."""

    @property
    def kind(self) -> ChangeKind:
        """The effect on the account."""
        return _KIND_OF.get(self.operation, "changed")

    def values(self) -> dict[str, JsonValue]:
        """Return the values of the write as a row of bulk work has them."""
        values = {**cast("Mapping[str, JsonValue]", self.sets), "tenant_id": self.key}
        metadata = values.get("metadata")
        if isinstance(metadata, str):
            values["metadata"] = json_line(metadata)  # text among the values of a row is JSON text
        return values

    def changes(self) -> Iterator[Change]:
        """Yield the values that the write changes."""
        for path, before, after in self._values():
            yield Change(self.kind, self.key, path, before, after, self.why, self.note)

    def _values(self) -> Iterator[tuple[str, JsonValue | Unset, JsonValue | Unset]]:
        before = cast("Mapping[str, JsonValue]", self.before or {})
        sets = cast("Mapping[str, JsonValue]", self.sets)
        if self.operation == "create":
            yield "", UNSET, sets
        elif self.operation == "delete":
            yield "", before, UNSET
        elif self.operation in ("lock", "unlock"):
            yield "is_locked", before.get("is_locked", UNSET), self.operation == "lock"
        elif self.operation in ("assign_application", "unassign_application"):
            is_added = self.operation == "assign_application"
            yield f"applications.{self.application}", UNSET if is_added else True, True if is_added else UNSET
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


def _key_of(metadata: JsonValue, key: str) -> JsonValue | Unset:
    return metadata.get(key, UNSET) if isinstance(metadata, Mapping) else UNSET


@attrs.frozen(eq=False, repr=False)
class Change(Value):
    """A value that a plan changes."""

    kind: ChangeKind
    """The effect on the account: ``created``, ``changed``, ``moved``, ``locked``, ``unlocked`` or ``deleted``."""
    key: str
    """The id of the account."""
    path: str
    """The field, with a dot before a key: ``metadata.plan``; empty for an account that is created or deleted."""
    before: JsonValue | Unset = attrs.field(hash=False)
    """The value that the plan expects to find; `UNSET` where there must be none."""
    after: JsonValue | Unset = attrs.field(hash=False)
    """The value that the plan sets; `UNSET` where it removes one. Of an account that is created: all its values."""
    why: str
    """The file and the line, or the ledger that is undone, that asked for the change."""
    note: str | None = None
    """A note for readers, as ``moves 14 accounts below it``; ``None`` if there is none."""

    def to_dict(self) -> dict[str, JsonValue]:
        """Return the change as plain JSON, without values that are `UNSET`."""
        shown: dict[str, JsonValue] = {"kind": self.kind, "key": self.key, "path": self.path}
        if self.before is not UNSET:
            shown["before"] = self.before
        if self.after is not UNSET:
            shown["after"] = self.after
        return {**shown, "why": self.why, "note": self.note}
