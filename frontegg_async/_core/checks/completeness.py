"""`ListingCompleteness`: count the rows of a listing, and decide whether the listing has ended and is complete."""

from __future__ import annotations

import enum
from collections.abc import Callable, Sequence
from itertools import compress
from typing import Final, Generic, TypeVar

from frontegg_async.models.page import Page

T = TypeVar("T")

_USUAL_CAPS: Final = frozenset({50, 100})
"""Page sizes that servers often use as their maximum. The service sends 50 rows if it ignores the requested size."""


class Verdict(enum.Enum):
    """The verdict on the completeness of an ended listing."""

    COMPLETE = enum.auto()
    """The number of different items equals the total, or a concurrent change explains the difference."""
    INCOMPLETE = enum.auto()
    """Items are missing, or the listing repeated items without a concurrent change."""
    UNSURE = enum.auto()
    """The service returned no total, or a total smaller than the number of items. Nothing else is wrong."""


class ListingCompleteness(Generic[T]):
    """Counts the rows of a listing in bounded memory, and compares the number with the total of the service.

    Repeated rows are detected among the last `WINDOW` rows. A server that confuses page index and record offset repeats
    rows of neighbouring pages. Rows are forgotten one window at a time, because forgetting rows one by one is slow.

    Args:
        key: Returns the identity of an item.
        page_size: The requested size of a page.
        most: The largest possible number of items. ``None`` if it is not known.

    Attributes:
        rows: The number of received rows.
        unique: The number of different items in these rows.
        total: The last total that the service returned. ``None`` without a total.
        moved: The sum of the absolute values of all changes of the total during the listing.
    """

    WINDOW: Final = 19_400
    """The number of rows in a window. With one more page of 200, they fill a CPython set without another resize."""

    def __init__(self, key: Callable[[T], str], *, page_size: int, most: int | None = None) -> None:
        self.rows: int = 0
        self.unique: int = 0
        self.total: int | None = None
        self.moved: int = 0
        self._grown = 0
        self._key = key
        self._most = most
        self._full_size = page_size
        self._pages = 0
        self._items = self._fresh = 0
        self._is_full = False
        self._echoed = 0
        self._recent: set[int] = set()
        self._older: set[int] = set()

    def add(self, page: Page[T]) -> tuple[T, ...]:
        """Count a page. Return the items of the page that no recent page contained."""
        self._follow(page.total)
        size = len(page.items)
        marks = [*map(hash, map(self._key, page.items))]
        fresh = page.items if self._are_fresh(marks) else tuple(compress(page.items, map(self._is_fresh, marks)))
        self.rows += size
        self.unique += len(fresh)
        if self._items and not self._is_full and not fresh:
            # A server without paging sends the same rows again for the next page.
            self._echoed = size
        self._items, self._fresh = size, len(fresh)
        self._is_full = size >= self._full_size or (not self._pages and size in _USUAL_CAPS)
        # A server may send smaller pages than requested. The first page shows the size of its pages.
        self._full_size = max(size, self._full_size) if self._pages else size
        self._pages += 1
        if len(self._recent) >= self.WINDOW:
            self._older, self._recent = self._recent, set()
        return fresh

    def _follow(self, total: int | None) -> None:
        """Record the total of a page, and its difference from the previous total."""
        if total is None:
            return
        if self.total is not None:
            self.moved += abs(total - self.total)
            self._grown += max(0, total - self.total)
        self.total = total

    def _are_fresh(self, marks: Sequence[int]) -> bool:
        """Record all marks and return ``True`` if all are new. Otherwise record none."""
        recent = self._recent
        if not (recent.isdisjoint(marks) and self._older.isdisjoint(marks)):
            return False
        known = len(recent)
        recent.update(marks)
        if len(recent) - known == len(marks):
            return True
        recent.difference_update(marks)
        return False

    def _is_fresh(self, mark: int) -> bool:
        if mark in self._recent or mark in self._older:
            return False
        self._recent.add(mark)
        return True

    @property
    def is_over(self) -> bool:
        """Whether the last page of the listing was received.

        Another page may follow a full page even after as many rows as the total, because the total may be too small. A
        first page of 50 or 100 items is assumed to be full, because the server may have limited its page size and its
        total. If rows were repeated, the total decides: a server that confuses page index and record offset returns
        full pages forever.
        """
        if not self._fresh:
            return True
        total = self._credible_total()
        if total is None:
            if self.rows == self._most or 2 * self._fresh < self._items:
                return True
            # The first page alone does not show the page size of this server.
            return not self._is_full and self._pages > 1
        if not self._is_full or self.rows == self._most:
            return self.rows >= total
        return self.rows != self.unique and self.rows >= total + self._grown

    def pages_left(self, limit: int | None) -> int:
        """Return the estimated number of remaining pages.

        Args:
            limit: The number of items that the caller wants. ``None`` for all.
        """
        total = self._credible_total()
        if total is None:
            # Prefetching far ahead may waste requests if the end is near.
            return self._pages if limit is None else min(self._pages, self._pages_for(limit))
        if limit is not None and limit <= total:
            return self._pages_for(limit)
        ends_full = self._is_full and self.rows == self.unique and (total - self.rows) % self._items == 0
        return self._pages_for(total) + (ends_full and total != self._most)

    def _pages_for(self, rows: int) -> int:
        return -(-(rows - self.rows) // self._items)

    def _credible_total(self) -> int | None:
        """Return the total. Return ``None`` if the listing has more items than the total and its changes allow."""
        total = self.total
        return total if total is not None and self.unique <= total + self.moved else None

    @property
    def verdict(self) -> Verdict:
        """The verdict on the completeness of the ended listing."""
        total = self.total
        repeated = self.rows - self.unique - self._echoed
        if total is not None and abs(self.unique - total) <= self.moved:
            return Verdict.COMPLETE
        if (total is None or self.unique > total) and repeated <= self.moved:
            return Verdict.UNSURE
        return Verdict.INCOMPLETE

    def describe(self) -> str:
        """Return the counts and the total of the service as a sentence."""
        came = f"the listing yielded {self.unique} different items in {self.rows} rows; the service "
        if self.total is None:
            return f"{came}returned no total"
        said = f"{came}counts {self.total}"
        return f"{said}, a total that changed by {self.moved} during the listing" if self.moved else said
