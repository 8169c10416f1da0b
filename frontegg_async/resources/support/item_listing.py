"""Listings of the entitlements service. Their offset is a number of items, and a page reports whether more follow."""

from __future__ import annotations

import enum
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Generic, Protocol, TypeVar, cast

from frontegg_async._core.call.caller import Caller
from frontegg_async._core.checks import arguments
from frontegg_async._core.http.urls import NO_FIELDS, RedactedQuery
from frontegg_async._core.runtime.tracebacks import without_frames
from frontegg_async._values.records import columns_of
from frontegg_async._values.secret import HiddenFields
from frontegg_async.endpoints import Endpoint
from frontegg_async.errors import ErrorDetails, PaginationError
from frontegg_async.models.page import Order, Page
from frontegg_async.options import Options
from frontegg_async.pages import MAX_PREFETCH, AsyncPages
from frontegg_async.resources.support.listing import Query

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


class Items(Protocol[T_co]):
    """One page of a listing."""

    @property
    def items(self) -> tuple[T_co, ...]:
        """The items."""
        ...

    @property
    def has_next(self) -> bool:
        """Whether more items follow."""
        ...


class ItemListing(HiddenFields, Generic[T], eq=False):
    """A listing that is requested page by page. The total is known after the response with the last page."""

    caller: Caller
    endpoint: Endpoint[Items[T]]
    model: type[T]
    filters: Query
    page_size: int
    options: Options | None
    path: Mapping[str, str] = NO_FIELDS

    async def fetch(self, index: int, page_size: int | None = None, turn: Awaitable[None] | None = None) -> Page[T]:
        """Return a page.

        Raises:
            PaginationError: The page has fewer items than requested although more items follow. The next page would
                skip items.
        """
        size = page_size or self.page_size
        query = RedactedQuery((("limit", str(size)), ("offset", str(index * size)), *self.filters))
        found = await self.caller.value(self.endpoint, path=self.path, query=query, options=self.options, turn=turn)
        count = len(found.items)
        if found.has_next and count < size:
            raise PaginationError(
                f"the service returned {count} of {size} items although more follow: use a smaller page_size",
                ErrorDetails(endpoint=self.endpoint.name, reason="incomplete"),
            )
        # An empty later page does not prove the end: the service may interpret the offset as a page number.
        total = None if found.has_next or (index and not count) else index * size + count
        return Page(items=found.items, total=total, index=index)

    def halves(self) -> Sequence[ItemListing[T]]:
        """Return an empty sequence: this listing cannot be split."""
        return ()

    def may_prefetch(self) -> bool:
        """Return whether the service has not rate-limited this route recently."""
        return not self.caller.was_limited(self.endpoint)

    @property
    def operation(self) -> str:
        """The name of the operation."""
        return self.endpoint.name

    @property
    def most(self) -> int | None:
        """The upper limit of the number of items: ``None``, because the limit is unknown."""
        return None

    @property
    def request(self) -> Mapping[str, str]:
        """The path parameters of the operation."""
        return self.path

    @property
    def columns(self) -> Sequence[str]:
        """The column names of the listed model."""
        return columns_of(cast("type", self.model))


@without_frames
def item_listing(
    listing: ItemListing[T],
    *,
    key: Callable[[T], str],
    most: int,
    prefetch: int,
) -> AsyncPages[T]:
    """Check the page size and the number of prefetched pages, and return the listing as `AsyncPages`.

    Args:
        listing: The listing.
        key: Returns the identity of an item.
        most: The largest page size that the service allows.
        prefetch: The most pages to request ahead.

    Raises:
        InvalidArgumentError: ``page_size`` or ``prefetch`` is not allowed.
    """
    arguments.check_count(listing.page_size, "page_size", least=1, most=most)
    arguments.check_count(prefetch, "prefetch", least=0, most=MAX_PREFETCH)
    incomplete = listing.caller.options_for(listing.options).incomplete_listing
    return AsyncPages([listing], key=key, prefetch=prefetch, incomplete=incomplete)


@without_frames
def filters_of(
    caller: Caller,
    options: Options | None,
    *,
    text: str | None = None,
    ids: Mapping[str, tuple[str, Sequence[str] | None]] | None = None,
    sort_by: str | None = None,
    order: str | None = None,
    fields: type[enum.StrEnum],
) -> Query:
    """Check the filters and the order of a listing, and return the query parameters for them.

    By default items are sorted by their creation time. New items then come last, so they do not move other items to
    another page.

    Args:
        caller: Makes the requests.
        options: Options of each request.
        text: A text that names must contain.
        ids: For each query parameter, the ids or keys and the name of the method's argument.
        sort_by: The field to sort by.
        order: The direction of the sort.
        fields: The fields that the service can sort by.
    """
    found: list[tuple[str, str]] = []
    if text is not None:
        arguments.check_text(text, "filter")
        found.append(("filter", text))
    for parameter, (argument, values) in (ids or {}).items():
        if values is not None:
            found.append((parameter, ",".join(arguments.check_ids(values, argument, of_query=True))))
    if sort_by is None and order is None and caller.options_for(options).sorted_listings:
        sort_by, order = "createdAt", "asc"
    if sort_by is not None:
        found.append(("orderBy", arguments.check_member(sort_by, fields, "sort_by").value))
    if order is not None:
        found.append(("sortType", arguments.check_member(order, Order, "order").value))
    return tuple(found)
