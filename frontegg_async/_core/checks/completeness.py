"""`ListingCompleteness`: how far a listing was read, whether it is over, and whether all of it came."""

from __future__ import annotations

import enum
from collections.abc import Callable, Sequence
from itertools import compress
from typing import Final, Generic, TypeVar

from frontegg_async.models.page import Page

T = TypeVar("T")

_USUAL_CAPS: Final = frozenset({50, 100})
"""Sizes at which servers often cap their pages. The service gives 50 where it does not see what was asked for."""


class Verdict(enum.Enum):
    """What a listing that is over turns out to be."""

    COMPLETE = enum.auto()
    """As many different items came as the service says there are, or a concurrent change explains the difference."""
    INCOMPLETE = enum.auto()
    """Items are missing, or came repeatedly for no reason."""
    UNSURE = enum.auto()
    """The service gives no total, or one that is smaller than what came; nothing else is wrong."""


class ListingCompleteness(Generic[T]):
    """Counts what a listing yielded, in bounded memory, and compares it with what the service says there is.

    Repeated rows are found among the last `WINDOW` rows: a page index that is read as a record offset repeats rows of
    neighbouring pages. They are forgotten a window at a time, when the next one is full: to forget row by row takes
    longer than all else that is done with a row, and a row is looked for in each part.

    Args:
        key: What makes two items the same.
        page_size: The items that a page is asked for.
        most: The items that there can be at most, if that is known.

    Attributes:
        rows: The rows that came.
        unique: The different items among them.
        total: The last total that the service gave; ``None`` if it gave none.
        moved: How much the total changed meanwhile, up and down together.
    """

    WINDOW: Final = 19_400
    """With one more page of 200, so many are the most that CPython's set of this size has room for."""

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
        """Count a page and return its items that were not there before."""
        self._follow(page.total)
        size = len(page.items)
        marks = [*map(hash, map(self._key, page.items))]
        fresh = page.items if self._are_fresh(marks) else tuple(compress(page.items, map(self._is_fresh, marks)))
        self.rows += size
        self.unique += len(fresh)
        if self._items and not self._is_full and not fresh:
            # A server that knows no pages gives the only one again to the look behind it.
            self._echoed = size
        self._items, self._fresh = size, len(fresh)
        self._is_full = size >= self._full_size or (not self._pages and size in _USUAL_CAPS)
        # A server may have smaller pages than it was asked for: the first one tells.
        self._full_size = max(size, self._full_size) if self._pages else size
        self._pages += 1
        if len(self._recent) >= self.WINDOW:
            self._older, self._recent = self._recent, set()
        return fresh

    def _follow(self, total: int | None) -> None:
        """Take down what a page gives as the total."""
        if total is None:
            return
        if self.total is not None:
            self.moved += abs(total - self.total)
            self._grown += max(0, total - self.total)
        self.total = total

    def _are_fresh(self, marks: Sequence[int]) -> bool:
        """Take note of all of them, or of none if one was there before."""
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
    def is_stuck(self) -> bool:
        """Whether the last page had items, and nothing that was not there before."""
        return self._items > 0 and self._fresh == 0

    @property
    def is_over(self) -> bool:
        """Whether no page is to be read after the last one.

        A page that is full may have another one behind it, whatever the total says: it can be too small. A first page
        of 50 or 100 items counts as full, since the server may have capped it, and its total with it. Where rows
        were repeated, the total counts: a page index that is read as a record offset makes nearly every page full.
        """
        if not self._fresh:
            return True
        total = self._credible_total()
        if total is None:
            if self.rows == self._most or 2 * self._fresh < self._items:
                return True
            # The first page does not tell how large the pages of this server are.
            return not self._is_full and self._pages > 1
        if not self._is_full or self.rows == self._most:
            return self.rows >= total
        return self.rows != self.unique and self.rows >= total + self._grown

    def pages_left(self, limit: int | None) -> int:
        """Return how many pages will be read after the last one, as far as it can be told.

        Args:
            limit: The items that are wanted at most; ``None`` for all.
        """
        total = self._credible_total()
        if total is None:
            # To read far ahead where the end may be near would be requests for nothing.
            return self._pages if limit is None else min(self._pages, self._pages_for(limit))
        if limit is not None and limit <= total:
            return self._pages_for(limit)
        ends_full = self._is_full and self.rows == self.unique and (total - self.rows) % self._items == 0
        return self._pages_for(total) + (ends_full and total != self._most)

    def _pages_for(self, rows: int) -> int:
        return -(-(rows - self.rows) // self._items)

    def _credible_total(self) -> int | None:
        """Return the total, unless more items came than it and its changes allow."""
        total = self.total
        return total if total is not None and self.unique <= total + self.moved else None

    @property
    def verdict(self) -> Verdict:
        """What the listing is, if it is over."""
        total = self.total
        repeated = self.rows - self.unique - self._echoed
        if total is not None and abs(self.unique - total) <= self.moved:
            return Verdict.COMPLETE
        if (total is None or self.unique > total) and repeated <= self.moved:
            return Verdict.UNSURE
        return Verdict.INCOMPLETE

    def describe(self) -> str:
        """Return what came and what the service says, for people."""
        came = f"the listing yielded {self.unique} different items in {self.rows} rows, and the service "
        if self.total is None:
            return f"{came}does not say how many there are"
        said = f"{came}says that there are {self.total}"
        return f"{said}, which changed by {self.moved} meanwhile" if self.moved else said
