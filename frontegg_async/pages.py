"""``AsyncPages``: the listings that programs iterate, collect into lists, and count."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Final, Generic, NoReturn, TypeVar

from frontegg_async._core.checks import arguments
from frontegg_async._core.runtime.rare_collections import RareCollections
from frontegg_async._values.records import Record
from frontegg_async._values.wrong_statements import OnlyAsyncFor
from frontegg_async.errors import APIError, ErrorDetails, PaginationError
from frontegg_async.models.columns import check_columns, checked_records, without_empty
from frontegg_async.models.page import Page
from frontegg_async.options import IncompleteListing
from frontegg_async.page_reader import Listing, PageReader, halves_after

__all__ = ["AsyncPages", "Listing", "Page", "PageReader"]

T = TypeVar("T")
V = TypeVar("V")

MAX_PREFETCH: Final = 16

LONG_LIST: Final = 2_000
"""The number of items after which the garbage collector runs less often while a list grows."""


class AsyncPages(OnlyAsyncFor, Generic[T]):
    """A listing. Iterate the listing for its items. Each iteration sends the requests again.

    Args:
        listings: The parts of the listing, one after the other, for example one part for each 100 ids.
        key: A function that returns the identity of an item.
        prefetch: The most pages to prefetch, 0 to 16.
        incomplete: Whether to raise or to warn if the number of items does not match the total.
    """

    __slots__ = ("_incomplete", "_key", "_listings", "_prefetch")

    _whole = "listing.all()"

    def __init__(
        self,
        listings: Sequence[Listing[T]],
        *,
        key: Callable[[T], str],
        prefetch: int = 2,
        incomplete: IncompleteListing = "raise",
    ) -> None:
        self._listings = listings
        self._key = key
        self._prefetch = prefetch
        self._incomplete: IncompleteListing = incomplete

    def _reader(self, *, limit: int | None = None) -> PageReader[T]:
        """Return a reader of the listing from its beginning.

        Args:
            limit: The most items that the caller wants; ``None`` for all.
        """
        return PageReader(self._listings, self._key, self._prefetch, self._incomplete, limit=limit)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {requested(self)}: {_UNREAD}>"

    def _repr_html_(self) -> str:
        """Return HTML for notebooks: the request of the listing, and the ways to iterate the listing."""
        from frontegg_async._notebook import tables  # noqa: PLC0415 - of notebooks only

        return tables.unread(requested(self), _UNREAD)

    if not TYPE_CHECKING:  # type checkers refuse these operations, so they need no annotation

        def __len__(self) -> NoReturn:
            raise TypeError(
                "a listing has no length: 'await listing.count()' asks the service how many items there are, "
                "and 'await listing.all()' reads them into a list"
            )

        def __contains__(self, item: object) -> NoReturn:
            raise TypeError(
                "'in' does not search a listing: 'await client.tenants.get(tenant_id)' reads one tenant, "
                "and 'await listing.all()' reads the items into a list"
            )

        def __getitem__(self, index: object) -> NoReturn:
            raise TypeError(
                "a listing has no items by number: 'async for' yields the items one after the other, "
                "'await listing.first()' returns the first item, and 'await listing.all(limit=10)' the first 10"
            )

        def __bool__(self) -> NoReturn:
            raise TypeError(
                "a listing is neither true nor false: 'await listing.first() is not None' tells whether it has items"
            )

    async def __aiter__(self) -> AsyncIterator[T]:
        reader = self._reader()
        try:
            while (portion := await reader.read()) is not None:
                items = iter(portion.fresh)
                del portion  # the next page reuses its memory, which is faster
                for item in items:
                    yield item
                    del item
        finally:
            reader.cancel()

    async def pages(self) -> AsyncGenerator[Page[T], None]:
        """Iterate the pages as the service sends them, without empty ones.

        Yields:
            Each page; ``index`` counts from 0.

        Raises:
            PaginationError: The listing ended, and the number of items does not match the total.
            FronteggError: A request failed.
        """
        reader = self._reader()
        try:
            while (portion := await reader.read()) is not None:
                yield portion.page
        finally:
            reader.cancel()

    async def all(self, *, limit: int | None = None) -> list[T]:
        """Return the items as a list.

        Args:
            limit: The most items to return, from 0; ``None`` for all. Pages after the limit are not requested.

        Raises:
            InvalidArgumentError: ``limit`` is not a whole number from 0.
            PaginationError: The listing ended, and the number of items does not match the total.
            FronteggError: A request failed.
        """
        return await self._collect(limit, lambda items: items)

    async def to_records(
        self, *, limit: int | None = None, columns: Sequence[str] | None = None, json_as_text: bool = True
    ) -> list[Record]:
        """Return the items as plain dicts of one shape, which CSV writers, pandas and polars accept.

        Columns that are empty in all rows (``None`` or empty text) are omitted unless you name them. The same holds for
        ``extra``.

        Args:
            limit: The most items to return, from 0; ``None`` for all. Pages after the limit are not requested.
            columns: The keys of the dicts, in order; by default the names of all fields that have a value in some row.
            json_as_text: Whether metadata and other nested values become JSON text, which CSV files and data frames
                hold in a column of one type; ``False`` for the parsed values.

        Raises:
            InvalidArgumentError: ``limit`` is not a whole number from 0, or ``columns`` has a name that no column has;
                nothing was sent.
            PaginationError: The listing ended, and the number of items does not match the total.
            FronteggError: A request failed.
        """
        names = None if columns is None else check_columns(columns, self._listings[0].columns)
        records = await self._collect(limit, lambda items: checked_records(items, names, json_as_text=json_as_text))
        return without_empty(records) if names is None else records

    async def _collect(self, limit: int | None, take: Callable[[tuple[T, ...]], Iterable[V]]) -> list[V]:
        """Return the results of ``take`` for the items of all pages, one value for each item."""
        if limit is not None:
            arguments.check_count(limit, "limit", least=0, most=arguments.MAX_INTEGER)
        taken: list[V] = []
        reader = self._reader(limit=limit)
        collections = RareCollections()
        try:
            while (limit is None or len(taken) < limit) and (portion := await reader.read()) is not None:
                taken.extend(take(portion.fresh))
                if len(taken) >= LONG_LIST:
                    collections.begin()
        finally:
            collections.end()
            reader.cancel()
        return taken if limit is None else taken[:limit]

    async def first(self) -> T | None:
        """Return the first item, or ``None`` if the listing is empty, with a request for one item.

        Raises:
            FronteggError: The request failed.
        """
        for listing in self._listings:
            page = await _fetch_part(listing, page_size=1)
            if page.items:
                return page.items[0]
        return None

    async def first_page(self) -> Page[T]:
        """Return the first page, with one request.

        Raises:
            FronteggError: The request failed.
        """
        return await _fetch_part(self._listings[0])

    async def count(self) -> int:
        """Return the number of items, with one request (or one for each 100 ids, if ids were given).

        Raises:
            PaginationError: The service returns no total, or a total below the number of items that it sends.
            FronteggError: A request failed.
        """
        total = 0
        for listing in self._listings:
            total += await _count(listing)
        return total


async def page_of(pages: AsyncPages[T], index: int) -> Page[T]:
    """Return one page of a listing.

    Args:
        pages: A listing with at most 100 ids.
        index: The number of the page, from 0.

    Raises:
        FronteggError: The request failed.
    """
    return await pages._listings[0].fetch(index)  # noqa: SLF001 - of this module  # pyright: ignore[reportPrivateUsage]


_UNREAD: Final = (
    "no request is sent yet; 'async for', 'await listing.all()' or 'await listing.to_records()' sends requests"
)


def requested(pages: AsyncPages[T]) -> str:
    """Return the request of a listing as text: the operation and its filters.

    E-mail addresses are hidden, since error reporters record the text of local variables.
    """
    listings = pages._listings  # noqa: SLF001 - of this module  # pyright: ignore[reportPrivateUsage]
    given = [f"{name}={_without_address(value)!r}" for name, value in listings[0].request.items()]
    ids = sum(listing.most or 0 for listing in listings)
    argument = "tenant_ids" if listings[0].operation.startswith("tenants.") else "user_ids"
    return f"{listings[0].operation}({', '.join((*given, *([f'{argument}=[{ids}]'] if ids else ())))})"


def _without_address(value: object) -> object:
    return "…@…" if isinstance(value, str) and "@" in value else value


async def _fetch_part(listing: Listing[T], *, page_size: int | None = None) -> Page[T]:
    """Return the first page of a listing, or of its first half if its URL is too long."""
    try:
        return await listing.fetch(0, page_size)
    except APIError as error:
        halves = halves_after(error, listing)
        if not halves:
            raise
    return await _fetch_part(halves[0], page_size=page_size)


async def _count(listing: Listing[T]) -> int:
    try:
        page = await listing.fetch(0, 1)
    except APIError as error:
        halves = halves_after(error, listing)
        if not halves:
            raise
    else:
        if page.total is not None and page.total >= len(page.items):
            return page.total
        said = "returned no total" if page.total is None else "counts no items and returned one"
        raise PaginationError(
            f"the service {said}; iterate the listing to count the items",
            ErrorDetails(endpoint=listing.operation, attempts=1, reason="incomplete"),
        )
    return sum([await _count(half) for half in halves])
