"""The data of one environment, with the indexes that make every answer independent of how much there is."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterable, Iterator, Mapping
from typing import Final, Literal, TypeAlias

import attrs

from frontegg_async.emulator.rows import RefreshToken, StoredTenant, TenantRow, UserRow
from frontegg_async.models.tenants import TenantSort

Kind: TypeAlias = Literal["tenant", "deleted", "user", "refresh"]
Change: TypeAlias = tuple[Kind, str]
"""A record that was written or removed: its kind and id."""

OrderKey: TypeAlias = tuple[str, str]


def _order_key(sort: TenantSort, row: TenantRow) -> OrderKey:
    match sort:
        case TenantSort.CREATED_AT:
            return (row.created_at, row.tenant_id)
        case TenantSort.NAME:
            return (row.name, row.tenant_id)
        case TenantSort.TENANT_ID:
            return (row.tenant_id, row.tenant_id)


@attrs.define
class State:
    """Tenants, their hierarchy, deleted tenants and users.

    Read the mappings as you like; change them by the methods only, which keep indexes and the record of changes.
    """

    tenants: dict[str, TenantRow] = attrs.field(factory=dict[str, TenantRow])
    deleted: dict[str, TenantRow] = attrs.field(factory=dict[str, TenantRow])
    users: dict[str, UserRow] = attrs.field(factory=dict[str, UserRow])
    refresh_tokens: dict[str, RefreshToken] = attrs.field(factory=dict[str, RefreshToken])
    parents: dict[str, str] = attrs.field(factory=dict[str, str])
    aliases: dict[str, str] = attrs.field(factory=dict[str, str])
    changes: dict[Change, None] = attrs.field(factory=dict[Change, None], repr=False, eq=False)
    _children: dict[str, dict[str, None]] = attrs.field(factory=dict[str, dict[str, None]], repr=False, eq=False)
    _members: dict[str, dict[str, None]] = attrs.field(factory=dict[str, dict[str, None]], repr=False, eq=False)
    _orders: dict[TenantSort, list[OrderKey]] = attrs.field(
        factory=dict[TenantSort, list[OrderKey]], repr=False, eq=False
    )

    def put_tenant(self, row: TenantRow) -> None:
        """Store a tenant, new or changed."""
        before = self.tenants.get(row.tenant_id)
        self.tenants[row.tenant_id] = row
        if before is None or before.alias != row.alias:
            self._change_alias(before, row)
        for sort, order in self._orders.items():
            self._move(order, None if before is None else _order_key(sort, before), _order_key(sort, row))
        self.changes["tenant", row.tenant_id] = None

    def put_tenants(self, rows: Iterable[TenantRow]) -> None:
        """Store many tenants; the orders are made anew when they are needed."""
        self._orders.clear()
        for row in rows:
            self.put_tenant(row)

    def remove_tenant(self, tenant_id: str) -> TenantRow:
        """Take a tenant out, with its place in the hierarchy; its children become roots."""
        row = self.tenants.pop(tenant_id)
        for child in self.children(tenant_id):
            self.put_parent(child, None)
        self.put_parent(tenant_id, None)
        self._change_alias(row, None)
        for sort, order in self._orders.items():
            self._move(order, _order_key(sort, row), None)
        self.changes["tenant", tenant_id] = None
        return row

    def put_deleted(self, row: TenantRow) -> None:
        """Remember a tenant that was deleted."""
        self.deleted[row.tenant_id] = row
        self.changes["deleted", row.tenant_id] = None

    def forget_deleted(self, tenant_id: str) -> None:
        """Forget a deleted tenant, because it lives again."""
        if self.deleted.pop(tenant_id, None):
            self.changes["deleted", tenant_id] = None

    def put_parent(self, child_id: str, parent_id: str | None) -> None:
        """Put a tenant below another, or make it a root."""
        before = self.parents.pop(child_id, None)
        if before is not None:
            self._children[before].pop(child_id)
        if parent_id is not None:
            self.parents[child_id] = parent_id
            self._children.setdefault(parent_id, {})[child_id] = None
        if before != parent_id:
            self.changes["tenant", child_id] = None

    def take_apart(self) -> None:
        """Forget everything, piece by piece, so that other threads have their turns; it is of no use afterwards."""
        for mapping in (self.tenants, self.deleted, self.users, self.refresh_tokens, self.parents, self.aliases):
            while mapping:
                mapping.popitem()
        for index in (self.changes, self._children, self._members):
            while index:
                index.popitem()
        for order in self._orders.values():
            while order:
                order.pop()

    def children(self, tenant_id: str) -> tuple[str, ...]:
        """Return the direct sub-accounts of a tenant."""
        return tuple(self._children.get(tenant_id, ()))

    def ancestors(self, tenant_id: str) -> Iterator[str]:
        """Yield the parent of a tenant, its parent, and so on."""
        parent = self.parents.get(tenant_id)
        while parent is not None:
            yield parent
            parent = self.parents.get(parent)

    def put_user(self, row: UserRow) -> None:
        """Store a user, new or changed."""
        self._leave(row.id)
        self.users[row.id] = row
        for tenant_id in row.tenant_ids:
            self._members.setdefault(tenant_id, {})[row.id] = None
        self.changes["user", row.id] = None

    def remove_user(self, user_id: str) -> None:
        """Take a user out."""
        self._leave(user_id)
        del self.users[user_id]
        self.changes["user", user_id] = None

    def members(self, tenant_id: str) -> tuple[UserRow, ...]:
        """Return the users of a tenant."""
        return tuple(self.users[user_id] for user_id in self._members.get(tenant_id, ()))

    def put_refresh_token(self, row: RefreshToken) -> None:
        """Remember a refresh token that was handed out."""
        self.refresh_tokens[row.token] = row
        self.changes["refresh", row.token] = None

    def page(self, sort: TenantSort, *, descending: bool, start: int, stop: int) -> list[TenantRow]:
        """Return the tenants from position ``start`` to before ``stop`` of an order."""
        order = self._order(sort)
        if descending:
            size = len(order)
            keys = order[max(size - stop, 0) : max(size - start, 0)]
            keys.reverse()
        else:
            keys = order[start:stop]
        tenants = self.tenants
        return [tenants[tenant_id] for _, tenant_id in keys]

    def in_order(self, sort: TenantSort, *, descending: bool) -> Iterator[TenantRow]:
        """Yield all tenants in an order."""
        order = self._order(sort)
        tenants = self.tenants
        for _, tenant_id in reversed(order) if descending else order:
            yield tenants[tenant_id]

    def _order(self, sort: TenantSort) -> list[OrderKey]:
        order = self._orders.get(sort)
        if order is None:
            order = self._orders[sort] = sorted(_order_key(sort, row) for row in self.tenants.values())
        return order

    @staticmethod
    def _move(order: list[OrderKey], before: OrderKey | None, after: OrderKey | None) -> None:
        if before == after:
            return
        if before is not None:
            del order[bisect_left(order, before)]
        if after is not None:
            insort(order, after)

    def _change_alias(self, before: TenantRow | None, after: TenantRow | None) -> None:
        if before is not None and isinstance(before.alias, str):
            self.aliases.pop(before.alias, None)
        if after is not None and isinstance(after.alias, str):
            self.aliases[after.alias] = after.tenant_id

    def _leave(self, user_id: str) -> None:
        user = self.users.get(user_id)
        for tenant_id in user.tenant_ids if user else ():
            self._members[tenant_id].pop(user_id)


def sort_rows(rows: Iterable[TenantRow], sort: TenantSort, *, descending: bool) -> list[TenantRow]:
    """Sort some tenants as a listing does."""
    return sorted(rows, key=lambda row: _order_key(sort, row), reverse=descending)


Record: TypeAlias = StoredTenant | TenantRow | UserRow | RefreshToken
RECORD_TYPES: Final[Mapping[Kind, type[Record]]] = {
    "tenant": StoredTenant,
    "deleted": TenantRow,
    "user": UserRow,
    "refresh": RefreshToken,
}


def record_of(state: State, change: Change) -> Record | None:
    """Return what is to be kept of a change; ``None`` when the record is gone."""
    kind, key = change
    match kind:
        case "tenant":
            row = state.tenants.get(key)
            return row and StoredTenant.of(row, state.parents.get(key))
        case "deleted":
            return state.deleted.get(key)
        case "user":
            return state.users.get(key)
        case "refresh":
            return state.refresh_tokens.get(key)


def all_records(state: State) -> Iterator[tuple[Change, Record]]:
    """Yield everything that is to be kept."""
    keys: dict[Kind, Iterable[str]] = {
        "tenant": state.tenants,
        "deleted": state.deleted,
        "user": state.users,
        "refresh": state.refresh_tokens,
    }
    for kind, names in keys.items():
        for key in names:
            record = record_of(state, (kind, key))
            if record is not None:
                yield (kind, key), record


def state_of(records: Iterable[Record]) -> State:
    """Build a state from what was kept.

    Raises:
        ValueError: A parent does not exist, or the hierarchy has a cycle.
    """
    state = State()
    parents: list[tuple[str, str]] = []
    for record in records:
        match record:
            case StoredTenant(tenant_id=tenant_id, parent_tenant_id=parent_id):
                state.put_tenant(record.row())
                if parent_id is not None:
                    parents.append((tenant_id, parent_id))
            case TenantRow():
                state.put_deleted(record)
            case UserRow():
                state.put_user(record)
            case RefreshToken():
                state.put_refresh_token(record)
    for child_id, parent_id in parents:
        if parent_id not in state.tenants:
            raise ValueError(f"the parent of {child_id!r} does not exist")
        if child_id == parent_id or child_id in state.ancestors(parent_id):
            raise ValueError(f"{child_id!r} is its own ancestor")
        state.put_parent(child_id, parent_id)
    state.changes.clear()
    return state
