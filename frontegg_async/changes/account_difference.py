"""`AccountDifference` and `FieldDifference`: what differs between two exports."""

from __future__ import annotations

from typing import cast

import attrs

from frontegg_async._values.json_values import JsonValue
from frontegg_async._values.unset import UNSET, Unset
from frontegg_async._values.value import Value
from frontegg_async.models.exports import DifferenceKindLiteral


@attrs.frozen(eq=False, repr=False)
class FieldDifference(Value):
    """A field that differs."""

    path: tuple[str, ...]
    """The name of the field, and the keys below it where the value is an object: ``("metadata", "plan")``."""
    before: JsonValue | Unset = attrs.field(hash=False)
    """The value in the first export; `UNSET` where an object does not have the key, or the account is new."""
    after: JsonValue | Unset = attrs.field(hash=False)
    """The value in the second export; `UNSET` where an object does not have the key, or the account is gone."""

    @property
    def field(self) -> str:
        """The path as one text, with dots: ``metadata.plan``."""
        return ".".join(self.path)


@attrs.frozen(eq=False, repr=False)
class AccountDifference(Value):
    """An account that differs. One that was moved and changed too has two of these."""

    kind: DifferenceKindLiteral
    """What became of it."""
    tenant_id: str
    """The id of the account."""
    name: str | None
    """Its name in the second export, or in the first if it was deleted; ``None`` where the export has none."""
    fields: tuple[FieldDifference, ...]
    """The fields that differ; all that have a value, of an account that was created or deleted."""

    def to_dict(self) -> dict[str, JsonValue]:
        """Return the difference as plain JSON; a field without ``before`` or ``after`` did not exist there."""
        fields = [
            {"field": each.field, "before": each.before, "after": each.after}  # as people read it
            for each in self.fields
        ]
        shown = [{name: value for name, value in each.items() if value is not UNSET} for each in fields]
        return {
            "kind": self.kind,
            "tenant_id": self.tenant_id,
            "name": self.name,
            "fields": cast("list[JsonValue]", shown),
        }
