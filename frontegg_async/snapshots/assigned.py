"""`Assigned`: what is assigned to accounts, as applications and plans, by names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final, TypeAlias

import attrs

IdsByAccount: TypeAlias = dict[str, tuple[str, ...]]
"""The ids of what is assigned to each account that has any. Accounts with the same ids share them."""

_NONE: Final[tuple[str, ...]] = ()
_NO_ENDS: Final[Mapping[tuple[str, str], str]] = MappingProxyType({})


@attrs.frozen
class Assigned:
    """The applications or the plans of an environment, and the accounts that they are assigned to.

    The key of one is its name. It is its id if several have the name, or it has none.
    """

    by_name: Mapping[str, str]
    """The ids by the names, without names that several have."""
    repeated: Mapping[str, tuple[str, ...]]
    """The sorted ids by the names that several have."""
    _assigned: IdsByAccount = attrs.field(alias="assigned", repr=False)
    _keys: Mapping[str, str] = attrs.field(alias="keys", repr=False)
    """The keys by the ids."""
    _ends: Mapping[tuple[str, str], str] = attrs.field(alias="ends", factory=dict[tuple[str, str], str], repr=False)
    """When the last of the other assignments ends, by the ids of the account and of what is assigned."""

    @property
    def ids(self) -> Mapping[str, str]:
        """The ids by what files call them: the name, or the id where several have the name."""
        return {**{each: each for ids in self.repeated.values() for each in ids}, **self.by_name}

    def of(self, tenant_id: str) -> list[str]:
        """Return the sorted keys of what is assigned to an account.

        Args:
            tenant_id: The id of the account.
        """
        return sorted(map(self._keys.__getitem__, self.ids_of(tenant_id)))

    def ids_of(self, tenant_id: str) -> tuple[str, ...]:
        """Return the ids of what is assigned to an account.

        Args:
            tenant_id: The id of the account.
        """
        return self._assigned.get(tenant_id, _NONE)

    def end_of(self, tenant_id: str, key: str) -> str | None:
        """Return when an assignment to an account ends that has an end; ``None`` if there is none.

        Args:
            tenant_id: The id of the account.
            key: The key of what is assigned.
        """
        return self._ends.get((tenant_id, self.ids.get(key, "")))


def assign(assigned: IdsByAccount, object_id: str, tenant_ids: Iterable[str]) -> None:
    """Add an id to accounts, with one tuple for all that had the same ids before.

    Args:
        assigned: The ids of each account, to which the id is added.
        object_id: The id.
        tenant_ids: The ids of the accounts.
    """
    extended: dict[tuple[str, ...], tuple[str, ...]] = {}
    for tenant_id in set(tenant_ids):
        before = assigned.get(tenant_id, _NONE)
        assigned[tenant_id] = extended.get(before) or extended.setdefault(before, (*before, object_id))


def by_names(
    named: Iterable[tuple[str, str]], assigned: IdsByAccount, ends: Mapping[tuple[str, str], str] = _NO_ENDS
) -> Assigned:
    """Return what is assigned to accounts by its names.

    Args:
        named: The ids and the names.
        assigned: The ids of each account.
        ends: When the last of the assignments that have an end ends, by the ids of the account and of what is assigned.
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
