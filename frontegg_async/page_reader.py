"""Read listings page by page in order, prefetch pages, and check at the end that no item is missing."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable, Mapping, Sequence
from itertools import islice
from typing import Final, Generic, NoReturn, Protocol, TypeVar

import msgspec

from frontegg_async._core.checks.completeness import ListingCompleteness, Verdict
from frontegg_async._core.codec import unreadable_values
from frontegg_async._core.runtime.caller_warnings import warn_caller
from frontegg_async._core.runtime.tracebacks import shorten
from frontegg_async.errors import APIError, ErrorDetails, FronteggError, PaginationError, PaginationWarning
from frontegg_async.models.page import Page
from frontegg_async.options import IncompleteListing

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)

_READY: Final = 2
"""The most prefetched pages that are decoded. Further pages stay bytes, which take less than half of the memory."""

_URI_TOO_LONG: Final = 414


class PageSource(Protocol[T_co]):
    """Pages that can be fetched in any order."""

    async def fetch(self, index: int, page_size: int | None = None, turn: Awaitable[None] | None = None) -> Page[T_co]:
        """Fetch a page.

        Args:
            index: The index of the page, from 0.
            page_size: The requested number of items; the page size of the listing by default.
            turn: Awaited before the body is decoded. Until then, a prefetched page takes little memory.
        """
        ...

    @property
    def operation(self) -> str:
        """The name of the operation, for errors."""
        ...

    @property
    def page_size(self) -> int:
        """The requested number of items per page."""
        ...


class Listing(PageSource[T_co], Protocol[T_co]):
    """A listing of the service."""

    def halves(self) -> Sequence[Listing[T_co]]:
        """Return the two halves of the listing, in order. The result is empty if the listing cannot be split."""
        ...

    def may_prefetch(self) -> bool:
        """Return whether pages may be prefetched now."""
        ...

    @property
    def request(self) -> Mapping[str, str]:
        """The caller's arguments by name, without the ids of items."""
        ...

    @property
    def columns(self) -> Sequence[str]:
        """The names of the columns that items can have as records."""
        ...

    @property
    def most(self) -> int | None:
        """The largest possible number of items; ``None`` if it is unknown."""
        ...


def halves_after(error: APIError, listing: Listing[T]) -> Sequence[Listing[T]]:
    """Return the halves of a listing if its URL was too long. The result is empty after another error.

    Args:
        error: The error of a page of the listing.
        listing: The listing.
    """
    return listing.halves() if error.status == _URI_TOO_LONG else ()


class Portion(msgspec.Struct, Generic[T], frozen=True):
    """A page, and its items that no earlier page contained."""

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
        listings: The listings to read, in order.
        key: A function that returns the identity of an item.
        prefetch: The most pages to prefetch, 0 to 16.
        incomplete: Whether to raise or to warn if the number of items does not match the total.
        limit: The most items that the caller wants. Pages after these items are not prefetched.
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
        """Return the next page of a listing. If its URL is too long, split the listing and return ``None``."""
        index = self._index
        self._index += 1
        if self._ahead and self._ahead[0].task.get_loop() is not asyncio.get_running_loop():
            # The loop of these tasks has ended, or the tasks belong to the parent process. So they will never be done.
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
            halves = halves_after(error, listing)
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
        """Let `_READY` prefetched pages decode their bodies. Later pages keep waiting for their turn."""
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
        """Whether the last page was read, so that no page is left to read or to cancel."""
        return not self._listings

    def cancel(self) -> None:
        """Cancel prefetched pages."""
        while self._ahead:
            self._ahead.pop().task.cancel()


_under_way: Final[set[asyncio.Task[object]]] = set()
"""References to prefetching tasks.

Without this set, only a reader refers to a task that waits for its turn. If reader and task were dropped in a reference
cycle, the garbage collector would destroy the pending task, and asyncio would log an error.
"""


def _retrieve(task: asyncio.Task[object]) -> None:
    """Retrieve the exception of a page that may never be read, so that asyncio does not log it."""
    _under_way.discard(task)
    if not task.cancelled():
        task.exception()
