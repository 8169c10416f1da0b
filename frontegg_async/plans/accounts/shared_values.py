"""Fields of objects with one value for all accounts, such as the name of a user."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import TypeAlias

import attrs

from frontegg_async._values.json_values import JsonValue
from frontegg_async.managed.kinds import ObjectKind
from frontegg_async.plans.accounts.checking import FaultOf
from frontegg_async.plans.objects.changes import ObjectChange, Wanted, are_same

_Place: TypeAlias = tuple[str, str, str]
"""The part and the key of an object, and the name of a field."""


@attrs.define(eq=False)
class SharedValues:
    """Finds contradictions in files: different values for a field that has one value in all accounts."""

    _values: dict[_Place, tuple[str, JsonValue]] = attrs.field(factory=dict[_Place, tuple[str, JsonValue]], init=False)
    """The id of the first account whose row contains the field, and the value in this row."""
    _contrary: dict[_Place, tuple[str, JsonValue]] = attrs.field(
        factory=dict[_Place, tuple[str, JsonValue]], init=False
    )
    """The id of another account with a different value, and this value."""

    def add(self, tenant_id: str, kind: ObjectKind, wanted: Wanted, original: Mapping[str, JsonValue] | None) -> None:
        """Add an object of a file.

        Args:
            tenant_id: The account.
            kind: The kind of the object.
            wanted: The object.
            original: The values of the object in the original export; ``None`` without such values. Values that are
                equal in the export are ignored, since the file does not change these values.
        """
        for name in kind.shared_fields & wanted.values.keys():
            value = wanted.values[name]
            if original is not None and name in original and are_same(value, original[name]):
                continue
            place = kind.part, wanted.key, name
            _, first = self._values.setdefault(place, (tenant_id, value))
            if not are_same(value, first):
                self._contrary[place] = tenant_id, value

    def faults(self, accounts: Collection[str]) -> Iterator[FaultOf]:
        """Yield the contradictions as faults.

        Args:
            accounts: The ids of the accounts that differ from the files. At least one of two contradictory values
                belongs to such an account.
        """
        for place, (tenant_id, value) in sorted(self._contrary.items()):
            part, key, name = place
            other_id, other = self._values[place]
            if tenant_id not in accounts:
                tenant_id, other_id, other = other_id, tenant_id, value  # noqa: PLW2901 - swap the two accounts
            if tenant_id in accounts:
                message = f"{key} must have one {name} in all accounts, but in the account {other_id} it is {other!r}"
                yield tenant_id, (part, key, name), message


def expect_shared_values(changes: Iterable[ObjectChange]) -> None:
    """Make deletions expect the values that other changes of the same plan set earlier.

    Args:
        changes: The changes of all accounts.
    """
    changed = [*changes]
    new = {
        (each.kind.part, each.shown.id, name): each.sets[name]
        for each in changed
        if each.shown is not None
        for name in each.kind.shared_fields & each.sets.keys()
    }
    for each in changed:
        if new and each.is_deleted and each.shown is not None:
            places = {name: (each.kind.part, each.shown.id, name) for name in each.kind.shared_fields}
            each.before |= {name: new[place] for name, place in places.items() if place in new}
