"""Listings: lazy iteration page by page, with prefetching and a check for completeness at the end."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Final, Generic, NoReturn, Protocol, TypeVar

import msgspec

from frontegg_async._core.checks import arguments
from frontegg_async._core.checks.completeness import ListingCompleteness, Verdict
from frontegg_async._core.codec import unreadable_values
from frontegg_async._core.runtime.caller_warnings import warn_caller
from frontegg_async._core.runtime.rare_collections import RareCollections
from frontegg_async._core.runtime.tracebacks import shorten
from frontegg_async._values.records import Record
from frontegg_async._values.wrong_statements import OnlyAsyncFor
from frontegg_async.errors import APIError, ErrorDetails, FronteggError, PaginationError, PaginationWarning
from frontegg_async.models.columns import check_columns, checked_records, without_empty
from frontegg_async.models.page import Page
from frontegg_async.options import IncompleteListing

__all__ = ["AsyncPages", "Listing", "Page", "PageReader"]

T = TypeVar("T")
V = TypeVar("V")
T_co = TypeVar("T_co", covariant=True)

MAX_PREFETCH: Final = 16
_READY: Final = 2
"""The most prefetched pages that are decoded; the bytes of a page take less than half of its memory."""

LONG_LIST: Final = 2_000
"""The items of a list from which on garbage is collected rarely while it grows."""

_URI_TOO_LONG: Final = 414


class Listing(Protocol[T_co]):
    """A listing of the service whose pages can be fetched in any order."""

    async def fetch(self, index: int, page_size: int | None = None, turn: Awaitable[None] | None = None) -> Page[T_co]:
        """Fetch a page.

        Args:
            index: The index of the page, from 0.
            page_size: The requested size; that of the listing by default.
            turn: Awaited before the body is decoded, which keeps a prefetched page small.
        """
        ...

    def halves(self) -> Sequence[Listing[T_co]]:
        """Return the two halves of the listing, in order; empty if it cannot be split."""
        ...

    def may_prefetch(self) -> bool:
        """Return whether pages may be prefetched now."""
        ...

    @property
    def operation(self) -> str:
        """The name of the operation, for errors."""
        ...

    @property
    def request(self) -> Mapping[str, str]:
        """What is asked for, by the names of the caller's arguments, without ids of the items."""
        ...

    @property
    def columns(self) -> Sequence[str]:
        """The names of the columns that items can have as records."""
        ...

    @property
    def page_size(self) -> int:
        """The requested number of items of a page."""
        ...

    @property
    def most(self) -> int | None:
        """The most items that there can be; ``None`` if that is unknown."""
        ...


class Portion(msgspec.Struct, Generic[T], frozen=True):
    """A page, and those of its items that no earlier page contained."""

    page: Page[T]
    fresh: tuple[T, ...]


class _Ahead(msgspec.Struct, Generic[T], frozen=True):
    """A prefetched page, and the future that starts its decoding."""

    task: asyncio.Task[Page[T]]
    turn: asyncio.Future[None]

    def take_turn(self) -> None:
        if not self.turn.done():
            self.turn.set_result(None)


class PageReader(Generic[T]):
    """Reads listings once, in order, page by page and with prefetching.

    Args:
        listings: The listings, one after the other.
        key: Returns the identity of an item.
        prefetch: The most pages to prefetch, 0 to 16.
        incomplete: Whether to raise or to warn if the number of items does not match the total.
        limit: The most rows that the caller wants: no page after them is prefetched.
    """

    def __init__(
        self,
        listings: Sequence[Listing[T]],
        key: Callable[[T], str],
        prefetch: int,
        incomplete: IncompleteListing,
        *,
        limit: int | None = None,
    ) -> None:
        self._limit = limit
        self._listings = deque(listings)
        self._key = key
        self._prefetch = prefetch
        self._incomplete: IncompleteListing = incomplete
        self._pending_warnings = unreadable_values.PendingWarnings(is_held=True)
        self._is_unsure = False
        self._ahead: deque[_Ahead[T]] = deque()
        self._index = 0
        self._pages_read = 0
        self._requests = 0
        self._started = time.monotonic()
        self._completeness = self._begin()

    def _begin(self) -> ListingCompleteness[T]:
        """Return an empty count for the next listing."""
        if not self._listings:
            return ListingCompleteness(self._key, page_size=1)
        return ListingCompleteness(self._key, page_size=self._listings[0].page_size, most=self._listings[0].most)

    async def read(self) -> Portion[T] | None:
        """Return the next page that has items, or ``None`` at the end.

        Raises:
            PaginationError: The listing ended, and the number of items does not match the total.
            FronteggError: The request failed.
        """
        try:
            with unreadable_values.collected_in(self._pending_warnings):
                portion = await self._read()
        except FronteggError as error:
            shorten(error)
            raise
        self._pending_warnings.emit()
        return portion

    async def _read(self) -> Portion[T] | None:
        while self._listings:
            page = await self._next_page(self._listings[0])
            if page is None:
                continue
            self._requests += 1
            fresh = self._completeness.add(page)
            if self._completeness.is_over:
                self._finish_listing()
            else:
                self._read_ahead(self._listings[0])
            if fresh:
                self._pages_read += 1
                index = self._pages_read - 1
                if page.index != index:
                    page = Page(items=page.items, total=page.total, index=index)
                return Portion(page, fresh)
        return None

    async def _next_page(self, listing: Listing[T]) -> Page[T] | None:
        """Return the next page of a listing, or ``None`` if its URL was too long and it is read in halves."""
        index = self._index
        self._index += 1
        if self._ahead and self._ahead[0].task.get_loop() is not asyncio.get_running_loop():
            # They were started in a loop that has ended, or in the parent of this process, and will never be done.
            self._ahead.clear()
        if self._ahead:
            page = self._ahead.popleft()
            page.take_turn()
            self._take_turns()
            if not page.task.done():
                self._read_ahead(listing, waited_for=1)
            return await page.task
        try:
            return await listing.fetch(index)
        except APIError as error:
            halves = listing.halves() if error.status == _URI_TOO_LONG else ()
            if not halves:
                raise
        self._listings.popleft()
        self._listings.extendleft(reversed(halves))
        self._index = 0
        self._completeness = self._begin()
        return None

    def _read_ahead(self, listing: Listing[T], *, waited_for: int = 0) -> None:
        if not self._prefetch or not listing.may_prefetch():
            return
        window = min(self._prefetch, self._completeness.pages_left(self._limit) - waited_for)
        while len(self._ahead) < window:
            turn = asyncio.get_running_loop().create_future()
            task = asyncio.ensure_future(listing.fetch(self._index + len(self._ahead), turn=turn))
            _under_way.add(task)
            task.add_done_callback(_retrieve)
            self._ahead.append(_Ahead(task, turn))
        self._take_turns()

    def _take_turns(self) -> None:
        """Let the next pages be decoded; later ones stay bytes."""
        for page in islice(self._ahead, _READY):
            page.take_turn()

    def _finish_listing(self) -> None:
        completeness = self._completeness
        listing = self._listings.popleft()
        self._index = 0
        self._completeness = self._begin()
        self.cancel()
        match completeness.verdict:
            case Verdict.INCOMPLETE if self._incomplete == "raise":
                self._fail(completeness, listing)
            case Verdict.INCOMPLETE:
                warn_caller(completeness.describe(), PaginationWarning)
            case Verdict.UNSURE if not self._is_unsure:
                self._is_unsure = True
                warn_caller(f"{completeness.describe()}: it is unknown whether these are all", PaginationWarning)
            case _:
                pass

    def _fail(self, completeness: ListingCompleteness[T], listing: Listing[T]) -> NoReturn:
        self._listings.clear()
        elapsed = time.monotonic() - self._started
        raise PaginationError(
            completeness.describe(),
            ErrorDetails(endpoint=listing.operation, attempts=self._requests, elapsed=elapsed, reason="incomplete"),
        )

    @property
    def is_finished(self) -> bool:
        """Whether the last page was read, so that nothing is left to read or to cancel."""
        return not self._listings

    def cancel(self) -> None:
        """Cancel prefetched pages."""
        while self._ahead:
            self._ahead.pop().task.cancel()


_under_way: Final[set[asyncio.Task[object]]] = set()
"""References to prefetching tasks. Only a reader knows a task that waits for its turn; if both were dropped in a
reference cycle, the garbage collector would destroy the pending task, and asyncio would log that."""


def _retrieve(task: asyncio.Task[object]) -> None:
    """Retrieve the exception of a page that may never be read, so that asyncio does not log it."""
    _under_way.discard(task)
    if not task.cancelled():
        task.exception()


class AsyncPages(OnlyAsyncFor, Generic[T]):
    """A listing. Iterate it for its items, as often as you like; each iteration reads it again.

    Args:
        listings: The listings, one after the other.
        key: Returns the identity of an item.
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

    def reader(self, *, limit: int | None = None) -> PageReader[T]:
        """Return a reader of the listing from its beginning.

        Args:
            limit: The most items that the caller wants; ``None`` for all.
        """
        return PageReader(self._listings, self._key, self._prefetch, self._incomplete, limit=limit)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {requested(self)}: {_UNREAD}>"

    def _repr_html_(self) -> str:
        """Return what notebooks show: what is asked for, and how to read it."""
        from frontegg_async._notebook import tables  # noqa: PLC0415 - of notebooks only

        return tables.unread(requested(self), _UNREAD)

    if not TYPE_CHECKING:  # type checkers refuse these by themselves

        def __len__(self) -> NoReturn:
            raise TypeError(
                "a listing has no length: 'await listing.count()' asks the service how many items there are, "
                "and 'await listing.all()' reads them into a list"
            )

        def __contains__(self, item: object) -> NoReturn:
            raise TypeError(
                "a listing is not searched by 'in': 'await client.tenants.get(tenant_id)' reads one tenant, "
                "and 'await listing.all()' reads the items into a list"
            )

        def __getitem__(self, index: object) -> NoReturn:
            raise TypeError(
                "a listing has no items by number: 'async for' reads them one after the other, "
                "'await listing.first()' the first, and 'await listing.all(limit=10)' a list of the first 10"
            )

        def __bool__(self) -> NoReturn:
            raise TypeError(
                "a listing is neither true nor false: 'await listing.first() is not None' tells whether it has items"
            )

    async def __aiter__(self) -> AsyncIterator[T]:
        reader = self.reader()
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
        reader = self.reader()
        try:
            while (portion := await reader.read()) is not None:
                yield portion.page
        finally:
            reader.cancel()

    async def all(self, *, limit: int | None = None) -> list[T]:
        """Return the items as a list.

        Args:
            limit: The most items to return, from 0; ``None`` for all. Pages after the limit are not read.

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

        Columns that are empty in all rows (``None`` or empty text) are left out unless you name them, as is ``extra``.

        Args:
            limit: The most items to return, from 0; ``None`` for all. Pages after the limit are not read.
            columns: The keys of the dicts, in order; by default the names of all fields that have a value in some row.
            json_as_text: Whether metadata, and everything else that has parts, becomes JSON text, which CSV files and
                data frames hold in a column of one type; ``False`` for the parsed values.

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
        """Return what ``take`` makes of the items of all pages, one value for each item."""
        if limit is not None:
            arguments.check_count(limit, "limit", least=0, most=arguments.MAX_INTEGER)
        taken: list[V] = []
        reader = self.reader(limit=limit)
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
        """Return the first item, or ``None`` if there is none, with a request for one item.

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
            PaginationError: The service gives no total, or one smaller than the items that it sends.
            FronteggError: A request failed.
        """
        total = 0
        for listing in self._listings:
            total += await _count(listing)
        return total


_UNREAD: Final = "nothing is read yet; 'async for', 'await listing.all()' or 'await listing.to_records()' reads it"


def requested(pages: AsyncPages[T]) -> str:
    """Return what a listing asks for, as the call that made it: the operation and its filters.

    E-mail addresses are hidden, since error reporters take the text of local variables.
    """
    listings = pages._listings  # noqa: SLF001 - of this module  # pyright: ignore[reportPrivateUsage]
    given = [f"{name}={_without_address(value)!r}" for name, value in listings[0].request.items()]
    ids = sum(listing.most or 0 for listing in listings)
    argument = "tenant_ids" if listings[0].operation.startswith("tenants.") else "ids"
    return f"{listings[0].operation}({', '.join((*given, *([f'{argument}=[{ids}]'] if ids else ())))})"


def _without_address(value: object) -> object:
    return "…@…" if isinstance(value, str) and "@" in value else value


async def _fetch_part(listing: Listing[T], *, page_size: int | None = None) -> Page[T]:
    """Return the first page of a listing, or of its first half if its URL is too long."""
    try:
        return await listing.fetch(0, page_size)
    except APIError as error:
        halves = listing.halves() if error.status == _URI_TOO_LONG else ()
        if not halves:
            raise
    return await _fetch_part(halves[0], page_size=page_size)


async def _count(listing: Listing[T]) -> int:
    try:
        page = await listing.fetch(0, 1)
    except APIError as error:
        halves = listing.halves() if error.status == _URI_TOO_LONG else ()
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
