"""Searches of the hierarchy."""

from __future__ import annotations

from operator import attrgetter

from frontegg_async._core.call.caller import Caller
from frontegg_async._core.checks import arguments
from frontegg_async._core.runtime.tracebacks import without_frames
from frontegg_async.endpoints import hierarchy
from frontegg_async.models.hierarchy import HierarchyTenant
from frontegg_async.models.tenants import TenantSort
from frontegg_async.options import Options
from frontegg_async.pages import AsyncPages
from frontegg_async.resources.support.listing import PagedListing, check_sizes
from frontegg_async.resources.support.tenant_listings import filters_of


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
    """Check the arguments of a search of the hierarchy and return the listing, see `AsyncTenantHierarchy.search`."""
    check_sizes(page_size, prefetch)
    filters = filters_of(filter, sort_by, order)
    if sub_tenant_id is not None:
        arguments.check_id(sub_tenant_id, "sub_tenant_id")
        filters = (*filters, ("_subTenantId", sub_tenant_id))
    return AsyncPages(
        [PagedListing(caller, hierarchy.SEARCH, filters, page_size, options, sort_by=TenantSort.CREATED_AT)],
        key=attrgetter("tenant_id"),
        prefetch=prefetch,
        incomplete=caller.options_for(options).incomplete_listing,
    )
