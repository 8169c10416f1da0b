"""`Assigned`, the assignments of applications or feature plans to accounts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final, TypeAlias

import attrs

IdsByAccount: TypeAlias = dict[str, tuple[str, ...]]
"""For each account with assignments, the ids of the assigned objects. Accounts with the same ids share a tuple."""

_NONE: Final[tuple[str, ...]] = ()
_NO_ENDS: Final[Mapping[tuple[str, str], str]] = MappingProxyType({})


@attrs.frozen
class Assigned:
    """The applications or the feature plans of an environment, with their assignments to accounts.

    The key of an object is its name. If several objects share a name, or an object has no name, its key is its id.
    """

    by_name: Mapping[str, str]
    """For each name, the id of the object. A name that several objects share is left out."""
    repeated: Mapping[str, tuple[str, ...]]
    """For each name that several objects share, the sorted ids of the objects."""
    _assigned: IdsByAccount = attrs.field(alias="assigned", repr=False)
    _keys: Mapping[str, str] = attrs.field(alias="keys", repr=False)
    """For each id, the key of the object."""
    _ends: Mapping[tuple[str, str], str] = attrs.field(alias="ends", factory=dict[tuple[str, str], str], repr=False)
    """For each pair of an account's id and an object's id, the latest end of an assignment with an end."""

    @property
    def ids(self) -> Mapping[str, str]:
        """For each key in files, the id. The key is the name, or the id if several objects share the name."""
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
        """Return the latest end of an assignment to an account; ``None`` if there is no assignment with an end.

        Args:
            tenant_id: The id of the account.
            key: The key of the assigned object.
        """
        return self._ends.get((tenant_id, self.ids.get(key, "")))


def assign(assigned: IdsByAccount, object_id: str, tenant_ids: Iterable[str]) -> None:
    """Add an object's id to accounts. Accounts with the same ids share one tuple.

    Args:
        assigned: For each account, the ids of assigned objects. The function changes this dict.
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
    """Create an `Assigned` from ids and names.

    Args:
        named: The id and the name of each object.
        assigned: For each account, the ids of the assigned objects.
        ends: For each pair of an account's id and an object's id, the latest end of an assignment with an end.
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
