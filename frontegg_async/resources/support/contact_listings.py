"""Listings of the e-mail addresses, phone numbers and user names of users."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from msgspec.structs import replace

from frontegg_async._core.call.caller import Caller
from frontegg_async._core.checks import arguments
from frontegg_async._core.http.urls import RedactedQuery
from frontegg_async._core.runtime.tracebacks import without_frames
from frontegg_async.endpoints import Endpoint
from frontegg_async.models.page import Page
from frontegg_async.options import Options
from frontegg_async.pages import AsyncPages
from frontegg_async.resources.support.listing import PagedListing, Query, check_sizes, split
from frontegg_async.resources.support.read_back import Confirmed

T = TypeVar("T")

_MOST: str = "200"


@without_frames
def contact_pages(
    caller: Caller,
    endpoint: Endpoint[Page[T]],
    filters: Query,
    *,
    key: Callable[[T], str],
    sort_by: str,
    user_ids: Sequence[str] | None,
    page_size: int,
    prefetch: int,
    options: Options | None,
) -> AsyncPages[T]:
    """Check the page sizes and ids of a listing, and return the listing.

    Args:
        caller: Makes the requests.
        endpoint: The operation that lists.
        filters: The checked query parameters that filter the listing.
        key: Returns the unique key of an item.
        sort_by: The field to sort by. Each item must have another value in this field.
        user_ids: The ids of the users whose items are listed; ``None`` for all users.
        page_size: The number of items in a page.
        prefetch: The largest number of pages to request ahead.
        options: Options of the requests.

    Raises:
        InvalidArgumentError: A page size or an id is not allowed.
    """
    check_sizes(page_size, prefetch)
    whole = PagedListing(caller, endpoint, filters, page_size, options, sort_by=sort_by)
    chosen = None
    if user_ids is not None:
        chosen = arguments.check_ids(user_ids, "user_ids", of_query=True)
        whole = replace(whole, ids_in="userIds")
    return AsyncPages(
        split(whole, chosen), key=key, prefetch=prefetch, incomplete=caller.options_for(options).incomplete_listing
    )


def listed(
    caller: Caller, endpoint: Endpoint[Page[T]], user_id: str, holds: Callable[[Sequence[T]], bool]
) -> Confirmed[Page[T]]:
    """Return a check that reads whether a write changed the items of a user.

    Args:
        caller: Makes the request.
        endpoint: The operation that lists.
        user_id: The id of the user.
        holds: Returns whether the items show the requested change.
    """
    return Confirmed(caller, endpoint, lambda page: holds(page.items), query=query_of(user_id))


def query_of(user_id: str) -> RedactedQuery:
    """Return the query for all items of a user."""
    return RedactedQuery((("_limit", _MOST), ("_offset", "0"), ("userIds", user_id)))
