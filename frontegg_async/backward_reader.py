"""`BackwardReader`: read a listing from its last page to its first, which loses no row while rows come and go."""

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
"""How often a listing is read when the service contradicts itself."""


class _ContradictionError(Exception):
    """What the service says at one time does not fit what it says at another; the message says how."""


class BackwardReader(Generic[T]):
    """Reads a listing in which the newest rows are last, so that it has each row that is there all the time.

    A row that is created comes at the end, and a deletion moves the rows behind it to earlier pages. So a row that was
    not read yet is always on a page that will be read, if pages are read from the last to the first, one after the
    other. The last page is the one before an empty page, since the service's total may be wrong. Rows that were created
    meanwhile are read last: from the new end down to a page on which all are known.

    This holds if the service sorts by ``createdAt``, keeps the order of rows with the same time, and gives a row that
    is created again a new time. Each pass checks what can be seen of it: that rows are in order, and that there are at
    least as many as the service counts.

    A mark of 8 bytes of each row is kept in memory, which takes about 75 bytes.

    Args:
        listing: The listing; it has to ask for the order by ``createdAt``, ascending.
        key: Returns the identity of a row.
        created_at: Returns when a row was created; ``None`` where the service does not say.

    Attributes:
        total: How many rows there are, as the service said last; ``None`` if it never did.
        deleted: How many of the rows that were read are deleted, by the total; ``None`` if the service gave none.
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
        """How many different rows were read; one that was created again counts twice, and deleted ones count too."""
        return len(self._known)

    async def read(self, take: Callable[[Sequence[T]], Awaitable[None]], start_over: Callable[[], None]) -> None:
        """Read all rows.

        Args:
            take: Gets some rows. A row that was deleted and created again meanwhile may come twice, the new one last.
            start_over: Called when the rows that were taken may lack some: everything is read again.

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
        """Read the rows that were created since the last time, after `read`.

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
        """Read from the end down to a page on which all rows were known before, or to the first page."""
        new: set[int] = set()
        total: int | None = None
        newest: datetime | None = None
        for index in reversed(range(await self._end())):
            rows = (await self._fetch(index)).items
            marks = self._marks(rows)
            if rows and total is None:
                total = self.total  # what is created after this need not be there
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
        """Return the index of the first empty page, searched forward from where the total says."""
        seen: set[int] = set()
        if not self._full_size:
            first = await self._fetch(0)
            if not first.items:
                return 0
            seen.update(self._marks(first.items))
            # A page that has all rows does not tell how many a full one has.
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
            _ContradictionError: It is empty, and the total says that it is not.
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
        # A row that is created again is another one.
        return [*map(hash, zip(map(self._key, rows), map(self._created_at, rows), strict=True))]

    def _check_order(self, rows: Sequence[T], newest: datetime | None) -> datetime | None:
        """Check that rows are in order, and all of them before those of the page behind.

        Args:
            rows: The rows of a page that were on no page before.
            newest: When the first of the page behind was created; ``None`` if nothing says so.

        Returns:
            When the first of these rows was created; ``newest`` if nothing says so.

        Raises:
            _ContradictionError: They are not.
        """
        times = [each for each in map(self._created_at, rows) if each is not None]
        later = times[1:] if newest is None else [*times[1:], newest]
        if not all(map(le, times, later)):
            raise _ContradictionError("rows are not in the order in which they were created")
        return times[0] if times else newest
