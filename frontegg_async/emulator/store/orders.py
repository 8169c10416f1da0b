"""`Orders`: sorted lists of the tenants' ids, and the results of the latest searches."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from operator import attrgetter
from typing import Final, TypeAlias

import attrs

from frontegg_async.emulator.store.tenant_rows import TenantRow
from frontegg_async.emulator.store.tenant_table import TenantLabel, TenantTable
from frontegg_async.models.tenants import TenantSort

OrderKey: TypeAlias = tuple[str, str]

MAX_FOUND: Final = 4
"""The maximum number of cached search results. Each result may contain all tenants."""
_KEYS: Final[Mapping[TenantSort, Callable[[object], OrderKey]]] = {
    TenantSort.CREATED_AT: attrgetter("created_at", "tenant_id"),
    TenantSort.NAME: attrgetter("name", "tenant_id"),
    TenantSort.TENANT_ID: attrgetter("tenant_id", "tenant_id"),
}


def order_key(sort: TenantSort, row: TenantRow | TenantLabel) -> OrderKey:
    """Return the key by which a tenant is sorted. Tenants with equal values are ordered by id."""
    return _KEYS[sort](row)


def sort_labels(labels: Iterable[TenantLabel], sort: TenantSort, *, descending: bool) -> list[TenantLabel]:
    """Sort tenants in an order that a list of tenants can have."""
    return sorted(labels, key=_KEYS[sort], reverse=descending)


@attrs.define
class Orders:
    """Sorted lists of all tenants, and cached results of searches.

    Each list is built at its first use and then updated. So the cost of a page depends only on the size of the page.

    Clients request the pages of a search one after the other, so the result is cached until a tenant changes. To save
    memory, lists and results contain only the ids of tenants.
    """

    _ids: dict[TenantSort, list[str]] = attrs.field(factory=dict[TenantSort, list[str]])
    _found: dict[Hashable, list[str]] = attrs.field(factory=dict[Hashable, list[str]])

    def ids(self, sort: TenantSort, tenants: TenantTable) -> Sequence[str]:
        """Return the ids of all tenants, sorted in an order."""
        ids = self._ids.get(sort)
        if ids is None:
            # No step here calls a Python function for each tenant. With a million tenants, the calls would block other
            # requests.
            stored = list(tenants)
            keys = list(map(_KEYS[sort], tenants.labels(stored)))
            ids = self._ids[sort] = [stored[place] for place in sorted(range(len(keys)), key=keys.__getitem__)]
        return ids

    def found(self, search: Hashable, find: Callable[[], list[str]]) -> Sequence[str]:
        """Return the result of a search. ``find`` is called only if the result is not cached.

        Args:
            search: A key with everything on which the result depends, except the tenants.
            find: The function that runs the search.
        """
        ids = self._found.pop(search, None)
        if ids is None:
            ids = find()
            if len(self._found) == MAX_FOUND:
                del self._found[next(iter(self._found))]
        self._found[search] = ids
        return ids

    def move(self, before: TenantRow | None, after: TenantRow | None, tenants: TenantTable) -> None:
        """Update the lists for a new, changed or removed tenant. Call this before the table of tenants is changed.

        Args:
            before: The present version of the tenant in the table, or ``None`` for a new tenant.
            after: The new version of the tenant, or ``None`` for a removed tenant.
            tenants: The table of tenants.
        """
        for sort, ids in self._ids.items():
            old = None if before is None else order_key(sort, before)
            new = None if after is None else order_key(sort, after)
            if old == new:
                continue
            key = _key_by_id(sort, tenants)
            if old is not None:
                del ids[bisect_left(ids, old, key=key)]
            if new is not None:
                ids.insert(bisect_left(ids, new, key=key), new[1])
        self.forget_found()

    def __bool__(self) -> bool:
        """Return whether there is any list or search result that changes must update."""
        return bool(self._ids or self._found)

    def forget_found(self) -> None:
        """Delete the cached results, because the data has changed."""
        self._found.clear()

    def clear(self) -> None:
        """Delete all lists and search results. The lists are built again when they are needed."""
        self._ids.clear()
        self.forget_found()

    def containers(self) -> Sequence[list[str]]:
        """Return the large containers, so that they can be freed in small steps."""
        return [*self._ids.values(), *self._found.values()]


def _key_by_id(sort: TenantSort, tenants: TenantTable) -> Callable[[str], OrderKey]:
    return lambda tenant_id: order_key(sort, tenants.label(tenant_id))
