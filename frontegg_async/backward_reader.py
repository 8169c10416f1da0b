"""`BackwardReader`: read a listing from its last page to its first, so that concurrent changes lose no row."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from itertools import compress
from operator import le
from typing import Final, Generic, TypeVar

from frontegg_async._core.codec import unreadable_values
from frontegg_async._core.runtime.tracebacks import shorten
from frontegg_async.errors import ErrorDetails, FronteggError, PaginationError
from frontegg_async.models.page import Page
from frontegg_async.page_reader import PageSource

T = TypeVar("T")

PASSES: Final = 3
"""The most passes over a listing if the service contradicts itself."""


class _ContradictionError(Exception):
    """Two responses of the service contradict each other. The message says how."""


class BackwardReader(Generic[T]):
    """Reads a listing that has the newest rows last. The reader returns each row that exists during the whole read.

    A created row comes at the end, and a deletion moves later rows to earlier pages. So if pages are read one after the
    other from the last to the first, a row that was not read yet is always on a page that is read later. The last page
    is the page before an empty page, since the service's total may be wrong. Rows that were created meanwhile are read
    last, from the new end down to a page with only known rows.

    The reader loses no row if the service sorts by ``createdAt``, keeps the order of rows with the same time, and gives
    a new time to a row that is created again. Each pass checks that rows are in order, and that there are at least as
    many rows as the service counts.

    For each row, the reader keeps a hash of 8 bytes, which takes about 75 bytes of memory.

    Args:
        listing: The listing, in ascending order of ``createdAt``.
        key: A function that returns the identity of a row.
        created_at: A function that returns the time at which a row was created; ``None`` if the service gives no time.

    Attributes:
        total: The last total of the service; ``None`` if the service never gave a total.
        deleted: The number of rows that were deleted after the reader had read them: `count` less the total of the
            service; ``None`` without a total.
    """

    def __init__(
        self, listing: PageSource[T], key: Callable[[T], str], created_at: Callable[[T], datetime | None]
    ) -> None:
        self.total: int | None = None
        self.deleted: int | None = None
        self._listing = listing
        self._key = key
        self._created_at = created_at
        self._known: set[int] = set()
        self._full_size = 0
        self._requests = 0
        self._started = time.monotonic()
        self._pending_warnings = unreadable_values.PendingWarnings(is_held=True)

    @property
    def count(self) -> int:
        """The number of different rows that were read.

        A row that was created again counts twice, and deleted rows count too.
        """
        return len(self._known)

    async def read(self, take: Callable[[Sequence[T]], Awaitable[None]], start_over: Callable[[], None]) -> None:
        """Read all rows.

        Args:
            take: A function that is called with some rows. A row that was deleted and created again may come twice, the
                new row last.
            start_over: A function that is called if rows may be missing. The reader then reads all rows again.

        Raises:
            PaginationError: The service contradicted itself in each of three passes.
            FronteggError: A request failed.
        """
        problem = ""
        for number in range(PASSES):
            if number:
                start_over()
                self._known, self._full_size, self.total = set(), 0, None
            try:
                await self._read_down(take)
                await self._read_down(take)
                if self.deleted is None or self.deleted >= 0:
                    return
                problem = f"{self.count} rows were read, and the service counts {self.count - self.deleted}"
            except _ContradictionError as error:
                problem = str(error)
        raise self._incomplete(problem)

    async def read_new(self) -> list[T]:
        """Read the rows that were created since the last read. Call `read` first.

        Raises:
            PaginationError: The service contradicted itself three times.
            FronteggError: A request failed.
        """
        problem = ""
        for _ in range(PASSES):
            new: list[T] = []

            async def take(rows: Sequence[T], taken: list[T] = new) -> None:
                taken += rows

            try:
                await self._read_down(take)
            except _ContradictionError as error:
                problem = str(error)
            else:
                return new
        raise self._incomplete(problem)

    def _incomplete(self, problem: str) -> PaginationError:
        elapsed = time.monotonic() - self._started
        details = ErrorDetails(
            endpoint=self._listing.operation, attempts=self._requests, elapsed=elapsed, reason="incomplete"
        )
        return PaginationError(f"the listing is not complete: {problem}", details)

    async def _read_down(self, take: Callable[[Sequence[T]], Awaitable[None]]) -> None:
        """Read from the end down to a page with only known rows, or to the first page."""
        new: set[int] = set()
        total: int | None = None
        newest: datetime | None = None
        for index in reversed(range(await self._end())):
            rows = (await self._fetch(index)).items
            marks = self._marks(rows)
            if rows and total is None:
                total = self.total  # rows that are created after this may be missing
            if rows and self._known.issuperset(marks):
                break
            fresh: Sequence[T] = rows
            if not (new.isdisjoint(marks) and self._known.isdisjoint(marks)):
                fresh = tuple(compress(rows, [mark not in self._known and mark not in new for mark in marks]))
            newest = self._check_order(fresh, newest)
            new.update(marks)
            await take(fresh)
        self._known |= new
        total = self.total if total is None else total
        self.deleted = None if total is None else self.count - total

    async def _end(self) -> int:
        """Return the index of the first empty page. The search begins at the end that the total implies."""
        seen: set[int] = set()
        if not self._full_size:
            first = await self._fetch(0)
            if not first.items:
                return 0
            seen.update(self._marks(first.items))
            # A single page with all rows does not show the size of a full page.
            has_all = self.total is not None and self.total <= len(first.items)
            self._full_size = self._listing.page_size if has_all else len(first.items)
        index = max(1, -(-(self.total or 0) // self._full_size))
        while rows := (await self._fetch(index)).items:
            marks = self._marks(rows)
            if not seen.isdisjoint(marks):
                raise _ContradictionError(f"page {index} has rows of an earlier page")
            seen.update(marks)
            index += 1
        return index

    async def _fetch(self, index: int) -> Page[T]:
        """Fetch a page.

        Raises:
            _ContradictionError: The page is empty, but according to the service's total it has rows.
            FronteggError: The request failed.
        """
        self._requests += 1
        try:
            with unreadable_values.collected_in(self._pending_warnings):
                page = await self._listing.fetch(index)
        except FronteggError as error:
            shorten(error)
            raise
        self._pending_warnings.emit()
        if page.total is not None:
            self.total = page.total
            if not page.items and page.total > index * self._full_size:
                raise _ContradictionError(f"page {index} is empty, and the service counts {page.total} rows")
        return page

    def _marks(self, rows: Sequence[T]) -> list[int]:
        # A row that is created again counts as another row.
        return [*map(hash, zip(map(self._key, rows), map(self._created_at, rows), strict=True))]

    def _check_order(self, rows: Sequence[T], newest: datetime | None) -> datetime | None:
        """Check that rows are in order, and before the rows of the next page.

        Args:
            rows: The rows of a page that were on no page before.
            newest: The creation time of the first row of the next page; ``None`` if it is unknown.

        Returns:
            The creation time of the first of these rows; ``newest`` if it is unknown.

        Raises:
            _ContradictionError: The rows are out of order.
        """
        times = [each for each in map(self._created_at, rows) if each is not None]
        later = times[1:] if newest is None else [*times[1:], newest]
        if not all(map(le, times, later)):
            raise _ContradictionError("rows are not in the order in which they were created")
        return times[0] if times else newest
