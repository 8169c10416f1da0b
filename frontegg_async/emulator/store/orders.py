"""The orders in which tenants are listed, and what was found in them lately."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from typing import Final, TypeAlias

import attrs

from frontegg_async.emulator.store.rows.tenants import TenantRow
from frontegg_async.models.tenants import TenantSort

OrderKey: TypeAlias = tuple[str, str]

MAX_FOUND: Final = 4
"""How many searches are remembered: each holds as much as it found."""


def order_key(sort: TenantSort, row: TenantRow) -> OrderKey:
    """Return what a tenant is sorted by; its id comes last."""
    match sort:
        case TenantSort.CREATED_AT:
            return (row.created_at, row.tenant_id)
        case TenantSort.NAME:
            return (row.name, row.tenant_id)
        case TenantSort.TENANT_ID:
            return (row.tenant_id, row.tenant_id)


def sort_rows(rows: Iterable[TenantRow], sort: TenantSort, *, descending: bool) -> list[TenantRow]:
    """Sort some tenants as a listing does."""
    return sorted(rows, key=lambda row: order_key(sort, row), reverse=descending)


@attrs.define
class Orders:
    """The orders that were asked for, each made once and kept up to date, so that a page costs what it has in it.

    The pages of a search are asked for one after the other: what it found is remembered until a tenant changes.
    """

    _keys: dict[TenantSort, list[OrderKey]] = attrs.field(factory=dict[TenantSort, list[OrderKey]])
    _found: dict[Hashable, list[TenantRow]] = attrs.field(factory=dict[Hashable, list[TenantRow]])

    def keys(self, sort: TenantSort, tenants: Mapping[str, TenantRow]) -> Sequence[OrderKey]:
        """Return what all tenants are sorted by, in order."""
        keys = self._keys.get(sort)
        if keys is None:
            keys = self._keys[sort] = sorted(order_key(sort, row) for row in tenants.values())
        return keys

    def found(self, search: Hashable, find: Callable[[], list[TenantRow]]) -> Sequence[TenantRow]:
        """Return what a search finds; ``find`` is called only if nobody remembers.

        Args:
            search: All that the search goes by, beside the tenants.
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
        """Put a tenant in its places: a new one, one that is changed, or one that is no more."""
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
        """Forget what searches found, because something has changed."""
        self._found.clear()

    def clear(self) -> None:
        """Forget all; the orders are made anew when they are needed."""
        self._keys.clear()
        self.forget_found()

    def containers(self) -> Sequence[list[OrderKey] | list[TenantRow]]:
        """Return what takes long to free."""
        return [*self._keys.values(), *self._found.values()]
