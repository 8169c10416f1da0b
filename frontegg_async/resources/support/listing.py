"""Listings: their queries, and how a listing by ids is split."""

from __future__ import annotations

from collections.abc import Awaitable, Mapping, Sequence
from operator import attrgetter
from typing import Final, Generic, TypeVar, get_args

import attrs

from frontegg_async._core.call.caller import Caller
from frontegg_async._core.checks import arguments
from frontegg_async._core.http.urls import RedactedQuery
from frontegg_async._core.runtime.tracebacks import without_frames
from frontegg_async._values.records import columns_of
from frontegg_async._values.value import Value
from frontegg_async.endpoints import Endpoint, hierarchy, tenants
from frontegg_async.models.hierarchy import HierarchyTenant
from frontegg_async.models.page import Page
from frontegg_async.models.tenants import Order, Tenant, TenantSort
from frontegg_async.options import Options
from frontegg_async.pages import MAX_PREFETCH, AsyncPages
from frontegg_async.resources.support.batches import MAX_IDS

MAX_PAGE_SIZE: Final = 200

T = TypeVar("T")

_Query = tuple[tuple[str, str], ...]

_ARGUMENTS: Final = {"_filter": "filter", "_order": "order", "_sortBy": "sort_by", "_subTenantId": "sub_tenant_id"}
"""The parameters of a query that filter and sort, and the arguments that they are given by."""


@attrs.frozen(eq=False, repr=False)
class PagedListing(Value, Generic[T]):
    """A listing that is read page by page, of everything or of at most 100 ids."""

    caller: Caller
    endpoint: Endpoint[Page[T]]
    filters: _Query = attrs.field(repr=False)
    page_size: int
    options: Options | None
    tenant_ids: tuple[str, ...] = ()

    async def fetch(self, index: int, page_size: int | None = None, turn: Awaitable[None] | None = None) -> Page[T]:
        """Return a page."""
        query = RedactedQuery(
            (
                ("_limit", str(page_size or self.page_size)),
                ("_offset", str(index)),
                *self.filters,
                *(("_tenantIds", tenant_id) for tenant_id in self.tenant_ids),
            )
        )
        page = await self.caller.value(self.endpoint, query=query, options=self.options, turn=turn)
        return Page(items=page.items, total=page.total, index=index) if index else page

    def halves(self) -> Sequence[PagedListing[T]]:
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
        return self.endpoint.name

    @property
    def most(self) -> int | None:
        """The number of ids, if ids were given: each has one item at most."""
        return len(self.tenant_ids) or None

    @property
    def request(self) -> Mapping[str, str]:
        """The tenant and the filters, by the names of the caller's arguments."""
        given = {_ARGUMENTS[name]: value for name, value in self.filters}
        if "order" in given:
            given["order"] = arguments.literal_of(Order(given["order"]))
        return given if self.caller.tenant_id is None else {"tenant_id": self.caller.tenant_id, **given}

    @property
    def columns(self) -> Sequence[str]:
        """The names of the columns of the model that is listed."""
        model: type = get_args(self.endpoint.returns)[0]
        return columns_of(model)

    def may_prefetch(self) -> bool:
        """Return whether the route was not limited lately."""
        return not self.caller.was_limited(self.endpoint)


@without_frames
def tenant_pages(
    caller: Caller,
    *,
    filter: str | None,
    sort_by: str | None,
    order: str | None,
    tenant_ids: Sequence[str] | None,
    page_size: int,
    prefetch: int,
    options: Options | None,
) -> AsyncPages[Tenant]:
    """Check the arguments of a listing of tenants and return it, see `AsyncTenants.list`."""
    _check_sizes(page_size, prefetch)
    whole = PagedListing(caller, tenants.LIST, _filters(filter, sort_by, order), page_size, options)
    listings = [whole]
    if tenant_ids is not None:
        ids = arguments.check_ids(tenant_ids, "tenant_ids", of_query=True)
        batches = [ids[start : start + MAX_IDS] for start in range(0, len(ids), MAX_IDS)]
        listings = [attrs.evolve(whole, tenant_ids=batch) for batch in batches]
    return AsyncPages(
        listings,
        key=attrgetter("tenant_id"),
        prefetch=prefetch,
        incomplete=caller.options_for(options).incomplete_listing,
    )


@without_frames
def hierarchy_pages(
    caller: Caller,
    *,
    filter: str | None,
    sub_tenant_id: str | None,
    sort_by: str | None,
    order: str | None,
    page_size: int,
    prefetch: int,
    options: Options | None,
) -> AsyncPages[HierarchyTenant]:
    """Check the arguments of a search of the hierarchy and return it, see `AsyncTenantHierarchy.search`."""
    _check_sizes(page_size, prefetch)
    filters = _filters(filter, sort_by, order)
    if sub_tenant_id is not None:
        arguments.check_id(sub_tenant_id, "sub_tenant_id")
        filters = (*filters, ("_subTenantId", sub_tenant_id))
    return AsyncPages(
        [PagedListing(caller, hierarchy.SEARCH, filters, page_size, options)],
        key=attrgetter("tenant_id"),
        prefetch=prefetch,
        incomplete=caller.options_for(options).incomplete_listing,
    )


def _check_sizes(page_size: int, prefetch: int) -> None:
    arguments.check_count(page_size, "page_size", least=1, most=MAX_PAGE_SIZE)
    arguments.check_count(prefetch, "prefetch", least=0, most=MAX_PREFETCH)


def _filters(filter: str | None, sort_by: str | None, order: str | None) -> _Query:
    filters: list[tuple[str, str]] = []
    if filter is not None:
        arguments.check_text(filter, "filter", allow_empty=True)
        if filter:
            filters.append(("_filter", filter))
    if sort_by is not None:
        filters.append(("_sortBy", arguments.check_member(sort_by, TenantSort, "sort_by").value))
    if order is not None:
        filters.append(("_order", arguments.check_member(order, Order, "order").value))
    return tuple(filters)
