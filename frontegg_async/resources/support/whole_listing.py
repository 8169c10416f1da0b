"""Listings that the service returns in one response."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Generic, TypeVar, cast

from frontegg_async._core.call.caller import Caller
from frontegg_async._core.http import urls
from frontegg_async._core.runtime.tracebacks import without_frames
from frontegg_async._values.records import columns_of
from frontegg_async._values.secret import HiddenFields
from frontegg_async.endpoints import Endpoint
from frontegg_async.models.page import Page
from frontegg_async.options import Options
from frontegg_async.pages import AsyncPages

T = TypeVar("T")
R = TypeVar("R")


class WholeListing(HiddenFields, Generic[R, T], eq=False):
    """A listing with a single page that has all items."""

    caller: Caller
    endpoint: Endpoint[R]
    model: type[T]
    rows: Callable[[R], Sequence[T]]
    path: Mapping[str, str]
    query: Sequence[tuple[str, str]]
    options: Options | None
    request: Mapping[str, str]
    """The values of the request, by the names of the method's arguments."""

    async def fetch(self, index: int, page_size: int | None = None, turn: Awaitable[None] | None = None) -> Page[T]:
        """Return the single page with at most ``page_size`` items. Every other page is empty."""
        if index:
            return Page(items=(), total=None, index=index)
        found = await self.caller.value(
            self.endpoint, path=self.path, query=self.query, options=self.options, turn=turn
        )
        items = tuple(self.rows(found))
        return Page(items=items if page_size is None else items[:page_size], total=len(items), index=0)

    def halves(self) -> Sequence[WholeListing[R, T]]:
        """Return an empty sequence, because there are no ids to split."""
        return ()

    def may_prefetch(self) -> bool:
        """Return ``False``, because there is no other page."""
        return False

    @property
    def operation(self) -> str:
        """The name of the operation."""
        return self.endpoint.name

    @property
    def page_size(self) -> int:
        """A page size larger than any possible number of items."""
        return 2**31

    @property
    def most(self) -> int | None:
        """The upper limit of the number of items: ``None``, because the limit is unknown."""
        return None

    @property
    def columns(self) -> Sequence[str]:
        """The column names of the listed model."""
        return columns_of(cast("type", self.model))


@without_frames
def whole_listing(
    caller: Caller,
    endpoint: Endpoint[R],
    model: type[T],
    rows: Callable[[R], Sequence[T]],
    *,
    options: Options | None,
    path: Mapping[str, str] = urls.NO_FIELDS,
    query: Sequence[tuple[str, str]] = (),
) -> AsyncPages[T]:
    """Return a listing for an operation that returns all items in one response.

    Args:
        caller: Makes the request.
        endpoint: The operation.
        model: The class of the items.
        rows: Returns the items from a response.
        options: Options of the request.
        path: The path parameters. They are checked here, before the first request.
        query: The query parameters.
    """
    request = dict(path) if caller.tenant_id is None else {"tenant_id": caller.tenant_id, **path}
    listing = WholeListing(caller, endpoint, model, rows, path, query, options, request)
    incomplete = caller.options_for(options).incomplete_listing
    return AsyncPages([listing], key=_itself, prefetch=0, incomplete=incomplete)


def _itself(item: object) -> str:
    """Return a key that is unique in the page, so that the listing keeps two items with the same id."""
    return str(id(item))


def same(rows: Sequence[T]) -> Sequence[T]:
    """Return the response unchanged, for an operation whose response has only the items."""
    return rows
