"""`AccountDifference` and `FieldDifference`: the differences between two exports."""

from __future__ import annotations

from typing import cast

import attrs

from frontegg_async._values.json_values import JsonValue
from frontegg_async._values.unset import UNSET, Unset
from frontegg_async._values.value import Value
from frontegg_async.models.exports import DifferenceKindLiteral


@attrs.frozen(eq=False, repr=False)
class FieldDifference(Value):
    """A field that differs between the two exports."""

    path: tuple[str, ...]
    """The name of the field. If its value is an object, the keys within follow, such as ``("metadata", "plan")``."""
    before: JsonValue | Unset = attrs.field(hash=False)
    """The value in the first export; `UNSET` if the object lacks the key, or if the account is new."""
    after: JsonValue | Unset = attrs.field(hash=False)
    """The value in the second export; `UNSET` if the object lacks the key, or if the account was deleted."""

    @property
    def field(self) -> str:
        """The path as one text, joined by dots: ``metadata.plan``."""
        return ".".join(self.path)


@attrs.frozen(eq=False, repr=False)
class AccountDifference(Value):
    """An account that differs between the two exports. An account that moved and changed has two differences."""

    kind: DifferenceKindLiteral
    """The kind of difference: created, deleted, moved or changed."""
    tenant_id: str
    """The id of the account."""
    name: str | None
    """The name in the second export, or in the first if the account was deleted; ``None`` if the export has no name."""
    fields: tuple[FieldDifference, ...]
    """The fields that differ. For a created or deleted account, these are all fields with a value."""

    def to_dict(self) -> dict[str, JsonValue]:
        """Return the difference as plain JSON.

        Without ``before``, the first export lacks the field. Without ``after``, the second export lacks the field.
        """
        fields = [
            {"field": each.field, "before": each.before, "after": each.after}  # for people: one text with dots
            for each in self.fields
        ]
        shown = [{name: value for name, value in each.items() if value is not UNSET} for each in fields]
        return {
            "kind": self.kind,
            "tenant_id": self.tenant_id,
            "name": self.name,
            "fields": cast("list[JsonValue]", shown),
        }
