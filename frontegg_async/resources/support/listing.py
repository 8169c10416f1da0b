"""Listings that are requested page by page: their queries, and the split of listings by ids."""

from __future__ import annotations

import enum
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from typing import Final, Generic, TypeAlias, TypeVar, get_args

from msgspec.structs import replace

from frontegg_async._core.call.caller import Caller
from frontegg_async._core.checks import arguments
from frontegg_async._core.http.urls import NO_FIELDS, RedactedQuery
from frontegg_async._core.runtime.tracebacks import without_frames
from frontegg_async._values.records import columns_of
from frontegg_async._values.secret import HiddenFields
from frontegg_async.endpoints import Endpoint
from frontegg_async.models.page import Order, Page
from frontegg_async.options import Options
from frontegg_async.pages import MAX_PREFETCH
from frontegg_async.resources.support.batches import MAX_IDS

MAX_PAGE_SIZE: Final = 200

T = TypeVar("T")

Query = tuple[tuple[str, str], ...]

Complete: TypeAlias = Callable[[int, tuple[T, ...]], Awaitable[tuple[T, ...]]]
"""A function that takes the index and the items of a page. It adds values from other operations to the items."""

_ARGUMENTS: Final = {
    "_email": "email",
    "_filter": "filter",
    "_groupsRelations": "relations",
    "_identifier": "identifier",
    "_identifierType": "identifier_type",
    "_includeSubTenants": "include_sub_tenants",
    "_maxInactiveSeconds": "max_inactive_seconds",
    "_namePrefix": "name_prefix",
    "_order": "order",
    "_phoneNumber": "phone_number",
    "_preset": "preset",
    "_sortBy": "sort_by",
    "_subTenantId": "sub_tenant_id",
    "_usernamePrefix": "prefix",
}
"""The query parameters that filter and sort, each with the name of the method's argument."""

_OF_SEVERAL: Final = ("_externalIds", "userIds")
"""The query parameters with ids for which an id may have several items."""


class PagedListing(HiddenFields, Generic[T], eq=False):
    """A listing that is requested page by page. It has all items, or only the items for at most 100 ids."""

    caller: Caller
    endpoint: Endpoint[Page[T]]
    filters: Query
    page_size: int
    options: Options | None
    ids: tuple[str, ...] = ()
    ids_in: str = "_tenantIds"
    """The query parameter for the ids. Tenant ids repeat the parameter; user ids are separated by commas."""
    sort_by: str | None = None
    """The field to sort by if ``filters`` has no order. Unsorted pages may lose items while the table changes."""

    adapt: Callable[[T], T] | None = None
    """A function that converts an item of the service to the item that callers get."""

    complete: Complete[T] | None = None
    path: Mapping[str, str] = NO_FIELDS
    """The fields of the operation's path."""

    async def fetch(self, index: int, page_size: int | None = None, turn: Awaitable[None] | None = None) -> Page[T]:
        """Return a page."""
        query = RedactedQuery(
            (
                ("_limit", str(page_size or self.page_size)),
                ("_offset", str(index)),
                *self.filters,
                *self._default_order(),
                *self._query_of_ids(),
            )
        )
        page = await self.caller.value(self.endpoint, path=self.path, query=query, options=self.options, turn=turn)
        if self.complete is not None:
            items = await self.complete(index, page.items)
            return Page(items=items, total=page.total, index=index)
        if self.adapt is not None:
            return Page(items=tuple(map(self.adapt, page.items)), total=page.total, index=index)
        return Page(items=page.items, total=page.total, index=index) if index else page

    def _default_order(self) -> Query:
        given = dict(self.filters)
        if self.sort_by is None or "_sortBy" in given or not self.caller.options_for(self.options).sorted_listings:
            return ()
        return (("_sortBy", self.sort_by), *(() if "_order" in given else (("_order", Order.ASC.value),)))

    def _query_of_ids(self) -> Iterable[tuple[str, str]]:
        if self.ids_in == "_tenantIds":
            return ((self.ids_in, tenant_id) for tenant_id in self.ids)
        return [(self.ids_in, ",".join(self.ids))] if self.ids else ()

    def halves(self) -> Sequence[PagedListing[T]]:
        """Return two listings with half of the ids each."""
        middle = len(self.ids) // 2
        if not middle:
            return ()
        return replace(self, ids=self.ids[:middle]), replace(self, ids=self.ids[middle:])

    @property
    def operation(self) -> str:
        """The name of the operation."""
        return self.endpoint.name

    @property
    def most(self) -> int | None:
        """The largest possible number of items: the number of ids, or ``None`` if an id may have several items."""
        return None if self.ids_in in _OF_SEVERAL else len(self.ids) or None

    @property
    def request(self) -> Mapping[str, str]:
        """The tenant and the filters, by the names of the method's arguments."""
        given = {_ARGUMENTS[name]: value for name, value in self.filters if name in _ARGUMENTS}
        if "order" in given:
            given["order"] = arguments.literal_of(Order(given["order"]))
        return given if self.caller.tenant_id is None else {"tenant_id": self.caller.tenant_id, **given}

    @property
    def columns(self) -> Sequence[str]:
        """The column names of the listed model."""
        model: type = get_args(self.endpoint.returns)[0]
        return columns_of(model)

    def may_prefetch(self) -> bool:
        """Return whether the service has not rate-limited this route recently."""
        return not self.caller.was_limited(self.endpoint)


def split(whole: PagedListing[T], ids: tuple[str, ...] | None) -> list[PagedListing[T]]:
    """Split a listing into listings with at most 100 ids each. Without ids, return the whole listing."""
    if ids is None:
        return [whole]
    return [replace(whole, ids=ids[start : start + MAX_IDS]) for start in range(0, len(ids), MAX_IDS)]


@without_frames
def check_sizes(page_size: int, prefetch: int) -> None:
    """Check the page size and the number of prefetched pages.

    Raises:
        InvalidArgumentError: ``page_size`` is not 1 to 200, or ``prefetch`` is not 0 to 16.
    """
    arguments.check_count(page_size, "page_size", least=1, most=MAX_PAGE_SIZE)
    arguments.check_count(prefetch, "prefetch", least=0, most=MAX_PREFETCH)


def order_of(sort_by: str | None, order: str | None, fields: type[enum.StrEnum]) -> Query:
    """Check a sort order, and return the query parameters for it."""
    found: list[tuple[str, str]] = []
    if sort_by is not None:
        found.append(("_sortBy", arguments.check_member(sort_by, fields, "sort_by").value))
    if order is not None:
        found.append(("_order", arguments.check_member(order, Order, "order").value))
    return tuple(found)
