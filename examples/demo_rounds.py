"""The two rounds of the demo: a long one with the async client and a short one with the blocking client."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Final, TypeVar

from accounts import Account, in_generations
from demo_record import Record
from demo_screen import Advance, Screen

from frontegg_async import AsyncFrontegg, JsonValue, Tenant, TenantTree
from frontegg_async.models import Order, TenantSort
from frontegg_sync import Frontegg

T = TypeVar("T")

CONCURRENCY: Final = 32
THREADS: Final = 8
SHOWN: Final = 8
TREE_NODES: Final = 20
"""The maximum number of nodes in the drawing of a hierarchy."""
LARGE: Final = 1_000
"""The number of seats from which an enterprise account gets a key account manager."""


async def in_parallel(work: Callable[[T], Awaitable[object]], items: Sequence[T], advance: Advance) -> None:
    """Process many items concurrently, `CONCURRENCY` at a time. The first failure cancels the remaining work."""
    queue = iter(items)

    async def worker() -> None:
        for item in queue:
            await work(item)
            advance(1)

    async with asyncio.TaskGroup() as group:
        for _ in range(CONCURRENCY):
            group.create_task(worker())


class AsyncRound:
    """The long round: the life of a list of accounts."""

    def __init__(self, frontegg: AsyncFrontegg, accounts: Sequence[Account], record: Record, screen: Screen) -> None:
        self._tenants = frontegg.tenants
        self._hierarchy = frontegg.hierarchy
        self._accounts = accounts
        self._record = record
        self._screen = screen

    async def run(self) -> None:
        """Create, list, find, change, lock, delete, draw and summarise."""
        await self.create()
        await self.list()
        await self.find()
        await self.merge_metadata()
        await self.replace()
        await self.lock()
        await self.delete()
        await self.draw()
        await self.summarise()

    async def create(self) -> None:
        """Create every account, parents before their sub-accounts."""

        async def create(account: Account) -> None:
            await self._tenants.create(
                tenant_id=account.tenant_id,
                name=account.name,
                status=account.status,
                website=account.website,
                timezone=account.timezone,
                currency=account.currency,
                creator_email=account.creator_email,
                is_reseller=account.is_reseller,
                parent_tenant_id=account.parent_tenant_id,
                metadata=account.metadata,
            )
            self._record.create(account)

        with self._screen.progress("create", len(self._accounts)) as advance:
            for generation in in_generations(self._accounts):
                await in_parallel(create, generation, advance)

    async def list(self) -> None:
        """List all tenants, page by page."""
        listing = self._tenants.list(page_size=200)
        seen: list[str] = []
        with self._screen.progress("list, page by page", await listing.count()) as advance:
            async for page in listing.pages():
                seen += [tenant.tenant_id for tenant in page.items]
                advance(len(page.items))
        self._record.compare_listing(seen)

    async def find(self) -> None:
        """Find some tenants by filter and sort, and show them."""
        listing = self._tenants.list(filter="gmbh", sort_by=TenantSort.NAME, order=Order.DESC)
        found = await listing.all(limit=SHOWN)
        self._screen.table(
            f"{SHOWN} of {await listing.count()} whose name has “gmbh”, by name, descending",
            ("name", "tenant id", "status", "time zone"),
            [(tenant.name, tenant.tenant_id, tenant.status, tenant.timezone) for tenant in found],
        )

    async def merge_metadata(self) -> None:
        """Add keys to the metadata of large accounts, and remove a key from the metadata of free accounts."""
        support: dict[str, str] = {"sla": "gold", "contact": "key-accounts"}
        large = [one for one in self._accounts if one.plan == "enterprise" and one.seats >= LARGE]
        free = [one for one in self._accounts if one.plan == "free"]

        async def merge(account: Account) -> None:
            await self._tenants.add_metadata(account.tenant_id, support)
            self._record.merge(account.tenant_id, support)

        async def remove(account: Account) -> None:
            await self._tenants.delete_metadata(account.tenant_id, "source")
            self._record.remove_key(account.tenant_id, "source")

        with self._screen.progress("merge metadata", len(large) + len(free)) as advance:
            await in_parallel(merge, large, advance)
            await in_parallel(remove, free, advance)

    async def replace(self) -> None:
        """End the trials: change the status, and replace the metadata."""
        trials = [account for account in self._accounts if account.status == "trial"]

        async def convert(account: Account) -> None:
            metadata: dict[str, JsonValue] = {"plan": account.plan, "seats": account.seats + 5, "converted": True}
            await self._tenants.update(account.tenant_id, status="active", metadata=metadata)
            self._record.replace(account.tenant_id, status="active", metadata=metadata)

        with self._screen.progress("replace status and metadata", len(trials)) as advance:
            await in_parallel(convert, trials, advance)

    async def lock(self) -> None:
        """Lock the accounts that have not paid. Then unlock every third of these accounts."""
        unpaid = [account.tenant_id for account in self._accounts if account.status == "past_due"]
        paid = unpaid[::3]
        with self._screen.progress("lock, unlock", len(unpaid) + len(paid)) as advance:
            await self._tenants.lock(unpaid)  # over 100 ids: two requests
            self._record.lock(unpaid)
            advance(len(unpaid))
            await self._tenants.unlock(paid)
            self._record.unlock(paid)
            advance(len(paid))

    async def delete(self) -> None:
        """Delete the accounts with the status ``closing``. The sub-accounts of a deleted account move to its parent."""
        closing = [account.tenant_id for account in self._accounts if account.status == "closing"]

        async def delete(tenant_id: str) -> None:
            await self._tenants.delete(tenant_id)
            self._record.delete(tenant_id)

        with self._screen.progress("delete", len(closing)) as advance:
            await in_parallel(delete, closing, advance)

    async def draw(self) -> None:
        """Read every hierarchy, and draw the smallest of the deepest hierarchies."""
        tops = self._record.tops()
        trees: list[TenantTree] = []

        async def read(tenant_id: str) -> None:
            trees.append(await self._hierarchy.tree(tenant_id))

        with self._screen.progress("read the hierarchies", len(tops)) as advance:
            await in_parallel(read, tops, advance)
        self._record.compare_trees(trees)
        drawn = max(trees, key=lambda tree: (tree.depth, -len(tree)))
        accounts = sum(len(tree) for tree in trees)
        self._screen.say(
            f"{len(trees)} hierarchies with {accounts} accounts; this hierarchy has {drawn.depth} levels below its top:"
        )
        self._screen.say(drawn.render(max_nodes=TREE_NODES))

    async def summarise(self) -> None:
        """Read the accounts from the service after all changes, and show totals for each plan."""
        by_plan: dict[str, list[Tenant]] = {}
        async for tenant in self._tenants.list(page_size=200):
            by_plan.setdefault(str(_value(tenant, "plan")), []).append(tenant)
        rows = [(plan, *_totals(tenants)) for plan, tenants in sorted(by_plan.items())]
        everyone = [tenant for tenants in by_plan.values() for tenant in tenants]
        self._record.compare_listing(tenant.tenant_id for tenant in everyone)
        self._screen.table(
            "Accounts by plan, as the service has them",
            ("plan", "accounts", "seats", "resellers", "locked", "gold SLA", "converted"),
            [*rows, ("all", *_totals(everyone))],
        )


def _value(tenant: Tenant, key: str) -> object:
    return tenant.metadata.get(key) if isinstance(tenant.metadata, dict) else None


def _totals(tenants: Sequence[Tenant]) -> tuple[int, ...]:
    seats = (_value(tenant, "seats") for tenant in tenants)
    return (
        len(tenants),
        sum(count for count in seats if isinstance(count, int)),
        sum(tenant.is_reseller is True for tenant in tenants),
        sum(tenant.is_locked is True for tenant in tenants),
        sum(_value(tenant, "sla") == "gold" for tenant in tenants),
        sum(_value(tenant, "converted") is True for tenant in tenants),
    )


def blocking_round(frontegg: Frontegg, accounts: Sequence[Account], record: Record, screen: Screen) -> None:
    """Create some deleted accounts again, with one blocking client that several threads share."""

    def create(account: Account) -> Tenant:
        return frontegg.tenants.create(
            tenant_id=account.tenant_id,
            name=account.name,
            status=account.status,
            website=account.website,
            timezone=account.timezone,
            currency=account.currency,
            creator_email=account.creator_email,
            is_reseller=account.is_reseller,
            parent_tenant_id=account.parent_tenant_id,
            metadata=account.metadata,
        )

    with (
        screen.progress(f"re-activate, {THREADS} threads", len(accounts)) as advance,
        ThreadPoolExecutor(THREADS) as pool,
    ):
        for account, _ in zip(accounts, pool.map(create, accounts), strict=True):
            record.create(account)
            advance(1)
    ids = [account.tenant_id for account in accounts]
    noted, *rest = ids
    frontegg.tenants.add_metadata(noted, {"noted_by": "the blocking client"})
    record.merge(noted, {"noted_by": "the blocking client"})
    frontegg.tenants.lock(rest[:2])
    record.lock(rest[:2])
    frontegg.tenants.delete(rest[-1])
    record.delete(rest[-1])
    listing = frontegg.tenants.list(tenant_ids=ids, sort_by=TenantSort.NAME)
    screen.table(
        f"The first {SHOWN} of {listing.count()} that were created again",
        ("name", "tenant id", "plan", "seats", "locked"),
        [
            (tenant.name, tenant.tenant_id, _value(tenant, "plan"), _value(tenant, "seats"), tenant.is_locked)
            for tenant in listing.all(limit=SHOWN)
        ],
    )
