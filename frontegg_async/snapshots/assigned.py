"""`Assigned`: the assignments of applications or plans to accounts, by name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final, TypeAlias

import attrs

IdsByAccount: TypeAlias = dict[str, tuple[str, ...]]
"""The ids of assigned objects, for each account with assignments. Accounts with the same ids share a tuple."""

_NONE: Final[tuple[str, ...]] = ()
_NO_ENDS: Final[Mapping[tuple[str, str], str]] = MappingProxyType({})


@attrs.frozen
class Assigned:
    """The applications or the plans of an environment, with their assignments to accounts.

    The key of an object is its name. If several objects share a name, or an object has no name, its key is its id.
    """

    by_name: Mapping[str, str]
    """The ids by name, without names that several objects share."""
    repeated: Mapping[str, tuple[str, ...]]
    """The sorted ids of objects that share a name, by name."""
    _assigned: IdsByAccount = attrs.field(alias="assigned", repr=False)
    _keys: Mapping[str, str] = attrs.field(alias="keys", repr=False)
    """The keys by id."""
    _ends: Mapping[tuple[str, str], str] = attrs.field(alias="ends", factory=dict[tuple[str, str], str], repr=False)
    """When the last assignment with an end ends, by account id and object id."""

    @property
    def ids(self) -> Mapping[str, str]:
        """The ids by their keys in files: the name, or the id if several objects share the name."""
        return {**{each: each for ids in self.repeated.values() for each in ids}, **self.by_name}

    def of(self, tenant_id: str) -> list[str]:
        """Return the sorted keys of the objects that are assigned to an account.

        Args:
            tenant_id: The id of the account.
        """
        return sorted(map(self._keys.__getitem__, self.ids_of(tenant_id)))

    def ids_of(self, tenant_id: str) -> tuple[str, ...]:
        """Return the ids of the objects that are assigned to an account.

        Args:
            tenant_id: The id of the account.
        """
        return self._assigned.get(tenant_id, _NONE)

    def end_of(self, tenant_id: str, key: str) -> str | None:
        """Return when the last assignment with an end ends; ``None`` without such an assignment.

        Args:
            tenant_id: The id of the account.
            key: The key of the assigned object.
        """
        return self._ends.get((tenant_id, self.ids.get(key, "")))


def assign(assigned: IdsByAccount, object_id: str, tenant_ids: Iterable[str]) -> None:
    """Add an id to accounts. Accounts with the same ids share one tuple.

    Args:
        assigned: The ids for each account, which the function changes.
        object_id: The id to add.
        tenant_ids: The ids of the accounts.
    """
    extended: dict[tuple[str, ...], tuple[str, ...]] = {}
    for tenant_id in set(tenant_ids):
        before = assigned.get(tenant_id, _NONE)
        assigned[tenant_id] = extended.get(before) or extended.setdefault(before, (*before, object_id))


def by_names(
    named: Iterable[tuple[str, str]], assigned: IdsByAccount, ends: Mapping[tuple[str, str], str] = _NO_ENDS
) -> Assigned:
    """Make an `Assigned` from ids and names.

    Args:
        named: The id and the name of each object.
        assigned: The ids of each account.
        ends: When the last assignment with an end ends, by account id and object id.
    """
    ids = defaultdict[str, list[str]](list)
    for object_id, name in named:
        ids[name].append(object_id)
    by_name = {name: only for name, (only, *others) in ids.items() if name and not others}
    return Assigned(
        by_name=by_name,
        repeated={name: tuple(sorted(found)) for name, found in ids.items() if name and len(found) > 1},
        assigned=assigned,
        ends=ends,
        keys={each: name if name in by_name else each for name, found in ids.items() for each in found},
    )
