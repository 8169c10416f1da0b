"""The listing of tenants: its query, and its division by ids."""

from __future__ import annotations

from collections.abc import Sequence
from operator import attrgetter
from typing import Final, TypeVar

import attrs

from frontegg_async import arguments
from frontegg_async.endpoints import tenants as endpoints
from frontegg_async.errors import InvalidArgumentError
from frontegg_async.models.page import Page
from frontegg_async.models.tenants import Order, Tenant, TenantSort
from frontegg_async.options import Options
from frontegg_async.pages import MAX_PREFETCH, AsyncPages
from frontegg_async.resources.batches import MAX_IDS
from frontegg_async.wire.caller import Caller

MAX_PAGE_SIZE: Final = 200

E = TypeVar("E", TenantSort, Order)


@attrs.frozen
class TenantListing:
    """Tenants of the environment, or some of at most 100 ids."""

    caller: Caller
    filters: tuple[tuple[str, str], ...]
    page_size: int
    options: Options | None
    tenant_ids: tuple[str, ...] = ()

    async def fetch(self, index: int, page_size: int | None = None) -> Page[Tenant]:
        """Return a page."""
        query = (
            ("_limit", str(page_size or self.page_size)),
            ("_offset", str(index)),
            *self.filters,
            *(("_tenantIds", tenant_id) for tenant_id in self.tenant_ids),
        )
        page = await self.caller.value(endpoints.LIST, query=query, options=self.options)
        return attrs.evolve(page, index=index) if index else page

    def halves(self) -> Sequence[TenantListing]:
        """Return two listings with half of the ids each."""
        middle = len(self.tenant_ids) // 2
        if not middle:
            return ()
        return (
            attrs.evolve(self, tenant_ids=self.tenant_ids[:middle]),
            attrs.evolve(self, tenant_ids=self.tenant_ids[middle:]),
        )

    @property
    def operation(self) -> str:
        """The name of the operation."""
        return endpoints.LIST.name

    def may_prefetch(self) -> bool:
        """Return whether the route was not limited lately."""
        return not self.caller.was_limited(endpoints.LIST)


def tenant_pages(
    caller: Caller,
    *,
    filter: str | None,
    sort_by: TenantSort | None,
    order: Order | None,
    tenant_ids: Sequence[str] | None,
    page_size: int,
    prefetch: int,
    options: Options | None,
) -> AsyncPages[Tenant]:
    """Check the arguments of a listing of tenants and return it, see `AsyncTenants.list`."""
    arguments.check_count(page_size, "page_size", least=1, most=MAX_PAGE_SIZE)
    arguments.check_count(prefetch, "prefetch", least=0, most=MAX_PREFETCH)
    filters: list[tuple[str, str]] = []
    if filter is not None:
        arguments.check_text(filter, "filter", allow_empty=True)
        if filter:
            filters.append(("_filter", filter))
    if sort_by is not None:
        filters.append(("_sortBy", _member(TenantSort, sort_by, "sort_by")))
    if order is not None:
        filters.append(("_order", _member(Order, order, "order")))
    whole = TenantListing(caller, tuple(filters), page_size, options)
    listings = [whole]
    if tenant_ids is not None:
        ids = arguments.check_ids(tenant_ids, "tenant_ids")
        batches = [ids[start : start + MAX_IDS] for start in range(0, len(ids), MAX_IDS)]
        listings = [attrs.evolve(whole, tenant_ids=batch) for batch in batches]
    return AsyncPages(
        listings,
        key=attrgetter("tenant_id"),
        prefetch=prefetch,
        incomplete=caller.options_for(options).incomplete_listing,
    )


def _member(kind: type[E], value: E, argument: str) -> str:
    try:
        return kind(value).value
    except ValueError:
        known = ", ".join(member.value for member in kind)
    raise InvalidArgumentError(f"{argument} must be one of {known}")
