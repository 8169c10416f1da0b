"""``Pages``: the listings that programs iterate, collect into lists, and count."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from typing import TYPE_CHECKING, Final, Generic, NoReturn, TypeVar

from frontegg_async._values.records import Record
from frontegg_async._values.wrong_statements import OnlyFor
from frontegg_async.models.page import Page
from frontegg_async.page_reader import PageReader, Portion
from frontegg_async.pages import AsyncPages, requested
from frontegg_sync._bridge.bridge import Bridge
from frontegg_sync._bridge.iteration import Iteration

__all__ = ["Page", "Pages"]

T = TypeVar("T")

_UNREAD: Final = "no request is sent yet; 'for', 'listing.all()' or 'listing.to_records()' sends requests"


class Pages(OnlyFor, Generic[T]):
    """A listing. Iterate the listing for its items. Each iteration sends the requests again.

    Threads may share an iterator: each item goes to one thread. If the request of a page fails, the iterator raises the
    error in each thread.

    Args:
        pages: The listing that runs in the event loop.
        bridge: The bridge to the event loop.
    """

    __slots__ = ("_bridge", "_pages")

    _whole = "listing.all()"

    def __init__(self, pages: AsyncPages[T], bridge: Bridge) -> None:
        self._pages = pages
        self._bridge = bridge

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {requested(self._pages)}: {_UNREAD}>"

    def _repr_html_(self) -> str:
        """Return HTML for notebooks: the request of the listing, and the ways to iterate the listing."""
        from frontegg_async._notebook import tables  # noqa: PLC0415 - of notebooks only

        return tables.unread(requested(self._pages), _UNREAD)

    if not TYPE_CHECKING:  # type checkers refuse these operations, so they need no annotation

        def __len__(self) -> NoReturn:
            raise TypeError(
                "a listing has no length: 'listing.count()' asks the service how many items there are, "
                "and 'listing.all()' reads them into a list"
            )

        def __contains__(self, item: object) -> NoReturn:
            raise TypeError(
                "'in' does not search a listing: 'client.tenants.get(tenant_id)' reads one tenant, "
                "and 'listing.all()' reads the items into a list"
            )

        def __getitem__(self, index: object) -> NoReturn:
            raise TypeError(
                "a listing has no items by number: 'for' yields the items one after the other, "
                "'listing.first()' returns the first item, and 'listing.all(limit=10)' the first 10"
            )

        def __bool__(self) -> NoReturn:
            raise TypeError(
                "a listing is neither true nor false: 'listing.first() is not None' tells whether it has items"
            )

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
        """Make one call to the event loop for each page. The generator never runs in the thread of the loop."""
        pages = self._pages._reader()  # noqa: SLF001 - of a twin  # pyright: ignore[reportPrivateUsage]
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
                # A program may drop an iteration in any thread. The garbage collector may drop an iteration even in the
                # thread of the loop.
                self._bridge.soon(pages.cancel)

    def all(self, *, limit: int | None = None) -> list[T]:
        """Return the items as a list.

        Args:
            limit: The most items to return, from 0; ``None`` for all. Pages after the limit are not requested.

        Raises:
            InvalidArgumentError: ``limit`` is not a whole number from 0.
            PaginationError: The listing ended, and the number of items does not match the total.
            FronteggError: A request failed.
        """
        return self._bridge.call(lambda: self._pages.all(limit=limit))

    def to_records(
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
        return self._bridge.call(
            lambda: self._pages.to_records(limit=limit, columns=columns, json_as_text=json_as_text)
        )

    def first(self) -> T | None:
        """Return the first item, or ``None`` if the listing is empty, with a request for one item.

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
            PaginationError: The service returns no total, or a total below the number of items that it sends.
            FronteggError: A request failed.
        """
        return self._bridge.call(self._pages.count)


class _Reader(Generic[T]):
    """A reader in the thread of the event loop.

    The reader keeps each page until the next page, so that this thread frees the page. The processor core that created
    a page still has the page in its cache. So the core can create the next page in the same memory.
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
