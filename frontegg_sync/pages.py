"""Listings: lazy iteration page by page, with prefetching in the thread of the loop, and checked for completeness."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from typing import Generic, TypeVar

from frontegg_async._values.records import Record
from frontegg_async.models.page import Page
from frontegg_async.pages import AsyncPages, PageReader, Portion
from frontegg_sync._bridge.bridge import Bridge
from frontegg_sync._bridge.iteration import Iteration

__all__ = ["Page", "Pages"]

T = TypeVar("T")


class Pages(Generic[T]):
    """A listing. Iterate it for its items, as often as you like; each iteration reads it again.

    Threads may share an iterator: each item goes to one of them. If a page cannot be read, all of them raise, each
    time that they ask for an item.

    Args:
        pages: The listing that is read in the loop.
        bridge: The bridge into the loop.
    """

    __slots__ = ("_bridge", "_pages")

    def __init__(self, pages: AsyncPages[T], bridge: Bridge) -> None:
        self._pages = pages
        self._bridge = bridge

    def __iter__(self) -> Iterator[T]:
        return Iteration(self._portions(), _fresh)

    def pages(self) -> Generator[Page[T], None, None]:
        """Iterate the pages as the service sends them, without empty ones.

        Yields:
            Each page; ``index`` counts from 0.

        Raises:
            PaginationError: The listing ended, and the number of items does not match the total.
            FronteggError: A request failed.
        """
        return Iteration(self._portions(), _page_alone)

    def _portions(self) -> Generator[Portion[T], None, None]:
        """Call the loop once for each page; the generator itself never runs there."""
        pages = self._pages.reader()
        reader = _Reader(pages)
        try:
            while not pages.is_finished:
                portion = self._bridge.call(reader.read)
                if portion is None:
                    return
                yield portion
                del portion
        finally:
            if not pages.is_finished:
                # An iteration may be dropped in any thread, by the garbage collector even in the loop's own.
                self._bridge.soon(pages.cancel)

    def all(self, *, limit: int | None = None) -> list[T]:
        """Return the items as a list.

        Args:
            limit: The most items to return, from 0; ``None`` for all. Pages after the limit are not read.

        Raises:
            InvalidArgumentError: ``limit`` is not a whole number from 0.
            PaginationError: The listing ended, and the number of items does not match the total.
            FronteggError: A request failed.
        """
        return self._bridge.call(lambda: self._pages.all(limit=limit))

    def to_records(self, *, limit: int | None = None, json_as_text: bool = False) -> list[Record]:
        """Return the items as plain dicts of one shape, which pandas and polars accept.

        Fields that this version does not know (``extra``) are omitted.

        Args:
            limit: The most items to return, from 0; ``None`` for all. Pages after the limit are not read.
            json_as_text: Whether JSON values, such as metadata, become JSON text, so that a column has one type.

        Raises:
            InvalidArgumentError: ``limit`` is not a whole number from 0.
            PaginationError: The listing ended, and the number of items does not match the total.
            FronteggError: A request failed.
        """
        return self._bridge.call(lambda: self._pages.to_records(limit=limit, json_as_text=json_as_text))

    def first(self) -> T | None:
        """Return the first item, or ``None`` if there is none, with a request for one item.

        Raises:
            FronteggError: The request failed.
        """
        return self._bridge.call(self._pages.first)

    def first_page(self) -> Page[T]:
        """Return the first page, with one request.

        Raises:
            FronteggError: The request failed.
        """
        return self._bridge.call(self._pages.first_page)

    def count(self) -> int:
        """Return the number of items, with one request (or one for each 100 ids, if ids were given).

        Raises:
            PaginationError: The service gives no total, or one smaller than the items that it sends.
            FronteggError: A request failed.
        """
        return self._bridge.call(self._pages.count)


class _Reader(Generic[T]):
    """Reads pages in the thread of the loop and keeps each until the next, so that this thread frees it too.

    The core that made a page has it near, and makes the next one in the same memory.
    """

    __slots__ = ("_last", "_pages")

    def __init__(self, pages: PageReader[T]) -> None:
        self._pages = pages
        self._last: Portion[T] | None = None

    async def read(self) -> Portion[T] | None:
        """Return the next page that has items, or ``None`` at the end."""
        self._last = None
        self._last = await self._pages.read()
        return self._last


def _fresh(portion: Portion[T]) -> tuple[T, ...]:
    return portion.fresh


def _page_alone(portion: Portion[T]) -> tuple[Page[T]]:
    return (portion.page,)
