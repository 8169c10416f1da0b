"""`State`: the data of one environment. Indexes make the cost of a request independent of the amount of data."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from itertools import repeat
from typing import Final, TypeAlias, TypeVar, cast

import attrs
import msgspec

from frontegg_async._values.ascii_case import folded
from frontegg_async.emulator.store.gradual_free import Container
from frontegg_async.emulator.store.orders import Orders
from frontegg_async.emulator.store.table_row import TableRow
from frontegg_async.emulator.store.tables import NAMES, TABLES
from frontegg_async.emulator.store.tenant_rows import TenantRow
from frontegg_async.emulator.store.tenant_table import TenantTable
from frontegg_async.emulator.store.user_rows import RefreshToken, UserRow
from frontegg_async.models.tenants import TenantSort

Kind: TypeAlias = str
"""The kind of a record: ``tenant``, ``deleted`` (a deleted tenant), ``user``, ``refresh`` or a name of `TABLES`."""

Change: TypeAlias = tuple[Kind, str]
"""The kind and the id of a record that was written or removed."""

R = TypeVar("R", bound=TableRow)
K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

_MANY: Final = 16
"""If more than one in 16 tenants is new, all tenants are sorted again, which is faster than inserting new ones."""


def _logins_of(user: UserRow) -> tuple[str, ...]:
    names = (user.email,) if user.username is None else (user.email, user.username)
    return tuple(folded(name) for name in names)


@attrs.define
class State:
    """Tenants, their hierarchy, deleted tenants, users, and the tables with rows of all other objects.

    Callers may read the mappings directly. Only the methods change them, since the methods also update the indexes and
    record the changes.
    """

    tenants: TenantTable = attrs.field(factory=TenantTable)
    deleted: dict[str, TenantRow] = attrs.field(factory=dict[str, TenantRow])
    users: dict[str, UserRow] = attrs.field(factory=dict[str, UserRow])
    refresh_tokens: dict[str, RefreshToken] = attrs.field(factory=dict[str, RefreshToken])
    parents: dict[str, str] = attrs.field(factory=dict[str, str])
    aliases: dict[str, str] = attrs.field(factory=dict[str, str])
    tables: dict[str, dict[str, TableRow]] = attrs.field(factory=lambda: {name: {} for name in TABLES})
    changes: dict[Change, None] = attrs.field(factory=dict[Change, None], repr=False, eq=False)
    _children: dict[str, dict[str, None]] = attrs.field(factory=dict[str, dict[str, None]], repr=False, eq=False)
    _members: dict[str, dict[str, None]] = attrs.field(factory=dict[str, dict[str, None]], repr=False, eq=False)
    _owned: dict[str, dict[Change, None]] = attrs.field(factory=dict[str, dict[Change, None]], repr=False, eq=False)
    _logins: dict[str, dict[str, None]] = attrs.field(factory=dict[str, dict[str, None]], repr=False, eq=False)
    _sessions: dict[str, dict[str, None]] = attrs.field(factory=dict[str, dict[str, None]], repr=False, eq=False)
    _live: dict[str, dict[str, None]] = attrs.field(factory=dict[str, dict[str, None]], repr=False, eq=False)
    _orders: Orders = attrs.field(factory=Orders, repr=False, eq=False)
    former: dict[str, bytes | None] | None = attrs.field(default=None, repr=False, eq=False)
    """The JSON texts of tenants before the writes of a request, by id, or ``None`` if the texts are not needed."""

    def put_tenant(self, row: TenantRow) -> None:
        """Store a new or changed tenant."""
        self._keep_former(row.tenant_id)
        before = self.tenants.get(row.tenant_id)
        self._orders.move(before, row, self.tenants)
        self.tenants.put(row)
        if before is None or before.alias != row.alias:
            self._change_alias(before, row)
        self.changes["tenant", row.tenant_id] = None

    def add_tenants(self, texts: Mapping[str, bytes], aliases: Mapping[str, str]) -> None:
        """Store new tenants. If they are many compared to the present tenants, sorted lists are built again when used.

        Args:
            texts: The JSON texts of the tenants by their ids.
            aliases: For each alias, the id of the tenant that has it.
        """
        if len(texts) > len(self.tenants) // _MANY:
            self._orders.clear()
        self.tenants.add(texts)
        if self._orders:
            for tenant_id in texts:
                self._orders.move(None, self.tenants[tenant_id], self.tenants)
        self.aliases.update(aliases)
        self.changes.update(dict.fromkeys(zip(repeat("tenant"), texts, strict=False)))
        for tenant_id in self.deleted.keys() & texts.keys():
            self.forget_deleted(tenant_id)

    def remove_tenant(self, tenant_id: str) -> TenantRow:
        """Remove a tenant, its rows in tables and its place in the hierarchy. Its sub-accounts become roots."""
        row = self.tenants[tenant_id]
        self._keep_former(tenant_id)
        for name, key in tuple(self._owned.get(tenant_id, ())):
            self.remove(TABLES[name], key)
        for child in self.children(tenant_id):
            self.put_parent(child, None)
        self.put_parent(tenant_id, None)
        self._change_alias(row, None)
        self._orders.move(row, None, self.tenants)
        self.tenants.remove(tenant_id)
        self.changes["tenant", tenant_id] = None
        return row

    def put_deleted(self, row: TenantRow) -> None:
        """Store a tenant that was deleted, so that it can be listed as deleted."""
        self.deleted[row.tenant_id] = row
        self.changes["deleted", row.tenant_id] = None

    def forget_deleted(self, tenant_id: str) -> None:
        """Remove a tenant from the deleted tenants, because it exists again."""
        if self.deleted.pop(tenant_id, None):
            self.changes["deleted", tenant_id] = None

    def put_parent(self, child_id: str, parent_id: str | None) -> None:
        """Set the parent of a tenant. The parent ``None`` makes the tenant a root."""
        before = self.parents.pop(child_id, None)
        if before is not None:
            self._children[before].pop(child_id)
        if parent_id is not None:
            self.parents[child_id] = parent_id
            self._children.setdefault(parent_id, {})[child_id] = None
        if before != parent_id:
            self._orders.forget_found()
            self.changes["tenant", child_id] = None

    def copy(self) -> State:
        """Return a copy of the state. The copy shares the rows, since rows are never changed in place."""

        def nested(index: Mapping[str, dict[K, V]]) -> dict[str, dict[K, V]]:
            return {name: dict(rows) for name, rows in index.items()}

        return State(
            self.tenants.copy(),
            dict(self.deleted),
            dict(self.users),
            dict(self.refresh_tokens),
            dict(self.parents),
            dict(self.aliases),
            nested(self.tables),
            {},
            nested(self._children),
            nested(self._members),
            nested(self._owned),
            nested(self._logins),
            nested(self._sessions),
            nested(self._live),
        )

    def count(self) -> int:
        """Return the number of all records."""
        others = sum(map(len, self.tables.values()))
        return len(self.tenants) + len(self.deleted) + len(self.users) + len(self.refresh_tokens) + others

    def containers(self) -> Iterator[Container]:
        """Yield all containers of the state, so that they can be freed in small steps."""
        yield from (self.tenants.container(), self.deleted, self.users, self.refresh_tokens, self.parents, self.aliases)
        yield from self.tables.values()
        yield from (self._children, self._members, self._owned, self._logins, self._sessions, self._live)
        yield self.changes
        yield from self._orders.containers()

    def children(self, tenant_id: str) -> tuple[str, ...]:
        """Return the ids of the direct sub-accounts of a tenant."""
        return tuple(self._children.get(tenant_id, ()))

    def descendants(self, tenant_id: str) -> Iterator[tuple[str, int]]:
        """Yield the id and the depth of each descendant of a tenant, parents first.

        A direct sub-account has depth 1.
        """
        open_levels = [iter(self._children.get(tenant_id, ()))]
        while open_levels:
            child = next(open_levels[-1], None)
            if child is None:
                open_levels.pop()
            else:
                yield child, len(open_levels)
                open_levels.append(iter(self._children.get(child, ())))

    def ancestors(self, tenant_id: str) -> Iterator[str]:
        """Yield the ids of a tenant's ancestors, beginning with its parent."""
        parent = self.parents.get(tenant_id)
        while parent is not None:
            yield parent
            parent = self.parents.get(parent)

    def put_user(self, row: UserRow) -> None:
        """Store a new or changed user."""
        self._leave(row.id)
        self.users[row.id] = row
        for tenant_id in row.tenant_ids:
            self._members.setdefault(tenant_id, {})[row.id] = None
        for name in _logins_of(row):
            self._logins.setdefault(name, {})[row.id] = None
        self.changes["user", row.id] = None

    def remove_user(self, user_id: str) -> None:
        """Remove a user, and end the user's sessions."""
        self._leave(user_id)
        for row in self.live_refresh_tokens(user_id):
            self.put_refresh_token(msgspec.structs.replace(row, revoked=True))
        del self.users[user_id]
        self.changes["user", user_id] = None

    def members(self, tenant_id: str) -> tuple[UserRow, ...]:
        """Return the users of a tenant."""
        return tuple(self.users[user_id] for user_id in self._members.get(tenant_id, ()))

    def users_named(self, login: str) -> tuple[UserRow, ...]:
        """Return the users that have an e-mail address or user name. Upper and lower case are not distinguished."""
        return tuple(self.users[user_id] for user_id in self._logins.get(folded(login), ()))

    def put_refresh_token(self, row: RefreshToken) -> None:
        """Store a new or changed refresh token."""
        self.refresh_tokens[row.token] = row
        self._sessions.setdefault(row.session or row.token, {})[row.token] = None
        live = self._live.setdefault(row.subject, {})
        if row.is_live:
            live[row.token] = None
        else:
            live.pop(row.token, None)
        self.changes["refresh", row.token] = None

    def remove_refresh_token(self, token: str) -> None:
        """Remove a refresh token."""
        row = self.refresh_tokens.pop(token)
        self._sessions[row.session or token].pop(token)
        self._live[row.subject].pop(token, None)
        self.changes["refresh", token] = None

    def session(self, row: RefreshToken) -> tuple[RefreshToken, ...]:
        """Return the refresh tokens of a session, oldest first."""
        return tuple(self.refresh_tokens[token] for token in self._sessions[row.session or row.token])

    def live_refresh_tokens(self, subject: str) -> tuple[RefreshToken, ...]:
        """Return the refresh tokens of a user or an API token that are neither used nor revoked."""
        return tuple(self.refresh_tokens[token] for token in self._live.get(subject, ()))

    def table(self, row_type: type[R]) -> Mapping[str, R]:
        """Return the rows of a table by their ids, oldest first."""
        return cast("Mapping[str, R]", self.tables[NAMES[row_type]])

    def owned(self, row_type: type[R], tenant_id: str) -> list[R]:
        """Return the rows of a table that belong to a tenant."""
        name, rows = NAMES[row_type], self.table(row_type)
        return [rows[key] for kind, key in self._owned.get(tenant_id, ()) if kind == name]

    def put(self, row: TableRow) -> None:
        """Store a new or changed row in its table. The tenant of an existing row must not change."""
        change = (NAMES[type(row)], row.id)
        self.tables[change[0]][row.id] = row
        if row.tenant_id:
            self._owned.setdefault(row.tenant_id, {})[change] = None
        self.changes[change] = None

    def remove(self, row_type: type[TableRow], key: str) -> None:
        """Remove a row from its table."""
        change = (NAMES[row_type], key)
        row = self.tables[change[0]].pop(key)
        if row.tenant_id:
            self._owned[row.tenant_id].pop(change)
        self.changes[change] = None

    def page(self, sort: TenantSort, *, descending: bool, start: int, stop: int) -> Sequence[str]:
        """Return the ids of the tenants from position ``start`` up to, but not including, ``stop`` in an order."""
        order = self._orders.ids(sort, self.tenants)
        if not descending:
            return order[start:stop]
        size = len(order)
        return order[max(size - stop, 0) : max(size - start, 0)][::-1]

    def in_order(self, sort: TenantSort, *, descending: bool) -> Iterator[str]:
        """Return the ids of all tenants in an order."""
        order = self._orders.ids(sort, self.tenants)
        return reversed(order) if descending else iter(order)

    def found(self, search: Hashable, find: Callable[[], list[str]]) -> Sequence[str]:
        """Return the ids that a search finds. ``find`` is called if the data has changed since the same search.

        Args:
            search: A key with everything on which the result depends, except the tenants and their hierarchy.
            find: The function that runs the search.
        """
        return self._orders.found(search, find)

    def _keep_former(self, tenant_id: str) -> None:
        if self.former is not None:
            self.former.setdefault(tenant_id, self.tenants.text(tenant_id))

    def _change_alias(self, before: TenantRow | None, after: TenantRow | None) -> None:
        if before is not None and isinstance(before.alias, str) and self.aliases.get(before.alias) == before.tenant_id:
            del self.aliases[before.alias]
        if after is not None and isinstance(after.alias, str):
            self.aliases[after.alias] = after.tenant_id

    def _leave(self, user_id: str) -> None:
        user = self.users.get(user_id)
        if user is None:
            return
        for tenant_id in user.tenant_ids:
            self._members[tenant_id].pop(user_id)
        for name in _logins_of(user):
            self._logins[name].pop(user_id, None)


def check_cycles(parents: Mapping[str, str]) -> None:
    """Check that no tenant is its own ancestor.

    Args:
        parents: The id of the parent of each tenant.

    Raises:
        ValueError: A tenant is its own ancestor.
    """
    settled: set[str] = set()
    for start in parents:
        trail: dict[str, None] = {}
        current: str | None = start
        while current is not None and current not in settled:
            if current in trail:
                raise ValueError(f"tenant {current!r} is its own ancestor")
            trail[current] = None
            current = parents.get(current)
        settled.update(trail)
