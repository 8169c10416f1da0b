"""Accounts that come, go and move between any two requests, and what was true of them meanwhile."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Literal, TypeAlias
from urllib.parse import parse_qs, urlsplit

import attrs

from frontegg_async.models.page import Page
from tests.support.raw_server import Answer, RawRequest, http
from tests.support.tenants import tenant_row

Change: TypeAlias = Literal["create", "delete", "create_again", "move", "delete_many"]
Totals: TypeAlias = Literal["right", "missing", "too_small", "of_a_page"]

CHANGES: Final[tuple[Change, ...]] = ("create", "delete", "create_again", "move", "delete_many")
TOTALS: Final[tuple[Totals, ...]] = ("right", "missing", "too_small", "of_a_page")

_BEGIN: Final = datetime(2025, 1, 1, tzinfo=UTC)


@attrs.define
class Account:
    """An account of the service."""

    tenant_id: str
    created_at: datetime | None
    is_reseller: bool = False
    parent: str | None = None


@attrs.define
class ChangingAccounts:
    """A service whose accounts change before each answer, sorted by their creation; equal times keep their order.

    It is a listing for readers, and a script for `raw_server`.

    Args:
        rng: The source of all choices.
        count: How many accounts there are at the beginning.
        rate: How likely it is that something changes before an answer.
        most: The most changes then.
        kinds: What they are.
        totals: What pages say of the total.
        full_page: The most rows in a page, whatever is asked for.
    """

    rng: random.Random
    count: int
    rate: float = 1.0
    most: int = 3
    kinds: tuple[Change, ...] = CHANGES
    totals: Totals = "right"
    full_page: int = 5
    rows: list[Account] = attrs.field(factory=list[Account])
    alive: set[str] = attrs.field(factory=set[str])
    """The ids of those that are there since `begin`."""
    parents: dict[str, set[str | None]] = attrs.field(factory=lambda: defaultdict[str, set[str | None]](set))
    """All parents that each account had since `begin`; ``None`` where it had none."""
    requests: int = 0
    _made: int = 0
    _now: int = 0

    operation: str = "tenants.list"
    page_size: int = 200

    def __attrs_post_init__(self) -> None:
        for _ in range(self.count):
            self._create()
        for _ in range(self.count if "move" in self.kinds else 0):
            self._move()
        self.begin()

    def begin(self) -> None:
        """Remember what is true from now on."""
        self.alive = {row.tenant_id for row in self.rows}
        self.parents.clear()
        for row in self.rows:
            self.parents[row.tenant_id].add(row.parent)

    async def fetch(
        self, index: int, page_size: int | None = None, turn: Awaitable[None] | None = None
    ) -> Page[Account]:
        """Return a page, after some changes."""
        del page_size, turn
        self.change()
        return Page(items=tuple(map(attrs.evolve, self._page(index))), total=self._total(), index=index)

    def __call__(self, request: RawRequest) -> Answer:
        """Answer a request for a page, a tree or an account, after some changes."""
        self.change()
        if request.path.endswith("/tenants/v2"):
            query = parse_qs(urlsplit(request.target).query)
            index, ids = int(query["_offset"][0]), query.get("_tenantIds")
            rows = [
                tenant_row(row.tenant_id, isReseller=row.is_reseller, createdAt=_on_wire(row.created_at))
                for row in (self._page(index) if ids is None else self.rows)
                if ids is None or row.tenant_id in ids
            ]
            total = self._total()
            return http(200, {"items": rows, "_metadata": {} if total is None else {"totalItems": total}})
        if request.path.endswith("/tree"):
            root = self._find(request.headers["frontegg-tenant-id"])
            return http(404, {"errors": ["Tenant not found"]}) if root is None else http(200, self._tree(root))
        found = self._find(request.path.rpartition("/")[2])
        return http(200, [] if found is None else tenant_row(found.tenant_id))

    def change(self) -> None:
        """Make some changes."""
        self.requests += 1
        changes: dict[Change, Callable[[], object]] = {
            "create": self._create,
            "delete": self._delete,
            "create_again": self._create_again,
            "move": self._move,
            "delete_many": self._delete_many,
        }
        is_quiet = not self.kinds or self.rng.random() >= self.rate
        for _ in range(0 if is_quiet else self.rng.randint(0, self.most)):
            changes[self.rng.choice(self.kinds)]()

    def _page(self, index: int) -> list[Account]:
        return self.rows[index * self.full_page : (index + 1) * self.full_page]

    def _total(self) -> int | None:
        total = len(self.rows)
        match self.totals:
            case "right":
                return total
            case "missing":
                return None
            case "too_small":
                return max(0, total - self.rng.randrange(2 * self.full_page))
            case "of_a_page":
                return min(total, self.full_page)

    def _find(self, tenant_id: str) -> Account | None:
        return next((row for row in self.rows if row.tenant_id == tenant_id), None)

    def _tree(self, root: Account) -> dict[str, Any]:
        return {
            "tenantId": root.tenant_id,
            "children": [self._tree(row) for row in self.rows if row.parent == root.tenant_id],
        }

    def _create(self, tenant_id: str | None = None) -> None:
        self._made += 1
        self._now += self.rng.randrange(2)
        row = Account(
            tenant_id or f"{self.rng.randrange(16):x}-{self._made}",
            _BEGIN + timedelta(milliseconds=self._now),
            is_reseller=self.rng.random() < 0.25,
            parent=self.rng.choice([None, *(each.tenant_id for each in self.rows if each.is_reseller)]),
        )
        self.rows.append(row)
        self.parents[row.tenant_id].add(row.parent)

    def _delete(self) -> Account | None:
        if not self.rows:
            return None
        row = self.rows.pop(self.rng.randrange(len(self.rows)))
        self.alive.discard(row.tenant_id)
        for each in self.rows:
            if each.parent == row.tenant_id:
                self._put_parent(each, row.parent)
        return row

    def _create_again(self) -> None:
        row = self._delete()
        if row is not None:
            self._now += 1
            self._create(row.tenant_id)

    def _delete_many(self) -> None:
        for _ in range(self.rng.randrange(len(self.rows) + 1) if self.rng.random() < 0.05 else 0):
            self._delete()

    def _move(self) -> None:
        if not self.rows:
            return
        row = self.rng.choice(self.rows)
        places = [each for each in self.rows if each.is_reseller and not self._is_below(each, row)]
        self._put_parent(row, self.rng.choice([None, *(each.tenant_id for each in places)]))

    def _is_below(self, row: Account | None, top: Account) -> bool:
        while row is not None and row is not top:
            row = None if row.parent is None else self._find(row.parent)
        return row is top

    def _put_parent(self, row: Account, parent: str | None) -> None:
        row.parent = parent
        self.parents[row.tenant_id].add(parent)


def _on_wire(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
