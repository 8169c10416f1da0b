"""`Orders`: sorted indexes of the tenants, and the results of the latest searches."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from typing import Final, TypeAlias

import attrs

from frontegg_async.emulator.store.rows.tenants import TenantRow
from frontegg_async.models.tenants import TenantSort

OrderKey: TypeAlias = tuple[str, str]

MAX_FOUND: Final = 4
"""How many results of searches are cached: each may have all tenants."""


def order_key(sort: TenantSort, row: TenantRow) -> OrderKey:
    """Return the sort key of a tenant; equal values are ordered by id."""
    match sort:
        case TenantSort.CREATED_AT:
            return (row.created_at, row.tenant_id)
        case TenantSort.NAME:
            return (row.name, row.tenant_id)
        case TenantSort.TENANT_ID:
            return (row.tenant_id, row.tenant_id)


def sort_rows(rows: Iterable[TenantRow], sort: TenantSort, *, descending: bool) -> list[TenantRow]:
    """Sort some tenants in the order of a listing."""
    return sorted(rows, key=lambda row: order_key(sort, row), reverse=descending)


@attrs.define
class Orders:
    """Sorted indexes, each built at its first use and then updated, so that a page costs only what its size costs.

    Clients ask for the pages of a search one after the other: its result is cached until a tenant changes.
    """

    _keys: dict[TenantSort, list[OrderKey]] = attrs.field(factory=dict[TenantSort, list[OrderKey]])
    _found: dict[Hashable, list[TenantRow]] = attrs.field(factory=dict[Hashable, list[TenantRow]])

    def keys(self, sort: TenantSort, tenants: Mapping[str, TenantRow]) -> Sequence[OrderKey]:
        """Return the sort keys of all tenants, in order."""
        keys = self._keys.get(sort)
        if keys is None:
            keys = self._keys[sort] = sorted(order_key(sort, row) for row in tenants.values())
        return keys

    def found(self, search: Hashable, find: Callable[[], list[TenantRow]]) -> Sequence[TenantRow]:
        """Return the result of a search; ``find`` is called only if it is not cached.

        Args:
            search: Everything that the result depends on, beside the tenants.
            find: Searches.
        """
        rows = self._found.pop(search, None)
        if rows is None:
            rows = find()
            if len(self._found) == MAX_FOUND:
                del self._found[next(iter(self._found))]
        self._found[search] = rows
        return rows

    def move(self, before: TenantRow | None, after: TenantRow | None) -> None:
        """Update the indexes for a tenant that is new, changed or removed."""
        for sort, keys in self._keys.items():
            old = None if before is None else order_key(sort, before)
            new = None if after is None else order_key(sort, after)
            if old == new:
                continue
            if old is not None:
                del keys[bisect_left(keys, old)]
            if new is not None:
                insort(keys, new)
        self.forget_found()

    def forget_found(self) -> None:
        """Delete the cached results, because something has changed."""
        self._found.clear()

    def clear(self) -> None:
        """Delete all; indexes are built again when they are needed."""
        self._keys.clear()
        self.forget_found()

    def containers(self) -> Sequence[list[OrderKey] | list[TenantRow]]:
        """Return the containers that take long to free."""
        return [*self._keys.values(), *self._found.values()]
