"""Listings of tenants."""

from __future__ import annotations

from collections.abc import Sequence
from operator import attrgetter

from frontegg_async._core.call.caller import Caller
from frontegg_async._core.checks import arguments
from frontegg_async._core.runtime.tracebacks import without_frames
from frontegg_async.endpoints import tenants as endpoints
from frontegg_async.models.tenants import Tenant, TenantSort
from frontegg_async.options import Options
from frontegg_async.pages import AsyncPages
from frontegg_async.resources.support.listing import PagedListing, Query, check_sizes, order_of, split


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
    """Check the arguments of a listing of tenants and return the listing, see `AsyncTenants.list`."""
    check_sizes(page_size, prefetch)
    filters = filters_of(filter, sort_by, order)
    whole = PagedListing(caller, endpoints.LIST, filters, page_size, options, sort_by=TenantSort.CREATED_AT)
    ids = None if tenant_ids is None else arguments.check_ids(tenant_ids, "tenant_ids", of_query=True)
    return AsyncPages(
        split(whole, ids),
        key=attrgetter("tenant_id"),
        prefetch=prefetch,
        incomplete=caller.options_for(options).incomplete_listing,
    )


def filters_of(filter: str | None, sort_by: str | None, order: str | None) -> Query:
    """Check a filter and a sort order of tenants, and return the query parameters for them."""
    filters: list[tuple[str, str]] = []
    if filter is not None:
        arguments.check_text(filter, "filter", allow_empty=True)
        if filter:
            filters.append(("_filter", filter))
    return (*filters, *order_of(sort_by, order, TenantSort))
