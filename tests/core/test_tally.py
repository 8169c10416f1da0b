"""The count of what a listing yielded: rows that are lost or repeated are found, concurrent change excuses."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from frontegg_async.models.page import Page
from frontegg_async.pages import Tally


def _tally() -> Tally[str]:
    return Tally[str](str)


def _page(items: Sequence[str], total: int) -> Page[str]:
    return Page(items=tuple(items), total=total)


def _rows(count: int) -> list[str]:
    return [f"t{number}" for number in range(count)]


def test_a_whole_listing() -> None:
    """Pages that have every row once are complete."""
    tally = _tally()
    rows = _rows(122)
    for start in range(0, 122, 50):
        assert tally.add(_page(rows[start : start + 50], 122)) == tuple(rows[start : start + 50])
    assert (tally.rows, tally.unique, tally.total, tally.changed) == (122, 122, 122, False)
    assert tally.is_complete


def test_an_empty_listing() -> None:
    """No rows of none are complete, and some of none are not."""
    tally = _tally()
    assert tally.add(_page([], 0)) == ()
    assert tally.is_complete
    tally.add(_page(["a"], 0))
    assert not tally.is_complete


def test_nothing_read_is_not_complete() -> None:
    """Before the first page nothing is known."""
    assert not _tally().is_complete


def test_lost_rows_are_found() -> None:
    """A page index that is read as a multiple of itself skips rows."""
    tally = _tally()
    rows = _rows(122)
    tally.add(_page(rows[:50], 122))
    tally.add(_page(rows[100:], 122))
    assert (tally.rows, tally.unique) == (72, 72)
    assert not tally.is_complete


def test_repeated_rows_are_found() -> None:
    """A page index that is read as a record offset repeats rows; each is yielded once."""
    tally = _tally()
    rows = _rows(122)
    assert tally.add(_page(rows[:50], 122)) == tuple(rows[:50])
    assert tally.add(_page(rows[1:51], 122)) == (rows[50],)
    assert tally.add(_page(rows[2:24], 122)) == ()
    assert (tally.rows, tally.unique) == (122, 51)
    assert not tally.is_complete


def test_repeated_rows_within_a_page_are_found() -> None:
    """A row that is twice on a page is yielded once."""
    tally = _tally()
    assert tally.add(_page(["a", "b", "a"], 3)) == ("a", "b")
    assert not tally.is_complete


@pytest.mark.parametrize("totals", [(4, 5), (4, 3), (4, 5, 4)])
def test_a_concurrent_change_explains_a_difference(totals: Sequence[int]) -> None:
    """When the total moved during the listing, a difference is nobody's mistake."""
    tally = _tally()
    for index, total in enumerate(totals):
        tally.add(_page([f"t{index}"], total))
    assert tally.changed
    assert tally.is_complete


def test_memory_does_not_grow() -> None:
    """However long the listing, only the last rows are remembered, and what is within them is found."""
    tally = _tally()
    total = 3 * Tally.WINDOW
    remembered = []
    for start in range(0, total, 200):
        tally.add(_page([f"t{number}" for number in range(start, start + 200)], total))
        remembered.append(sum(len(marks) for marks in _remembered(tally)))
    assert max(remembered) < 2 * Tally.WINDOW
    assert tally.is_complete
    assert all(type(mark) is int for marks in _remembered(tally) for mark in marks)
    assert sum(map(sys.getsizeof, _remembered(tally))) <= 1025 * 1024


@pytest.mark.parametrize("size", [1, 7, 200, 4_000, 10_000, 30_000])
def test_the_last_rows_are_remembered(size: int) -> None:
    """Each of the last rows is found again, wherever the pages end."""
    tally = _tally()
    rows = _rows(3 * Tally.WINDOW)
    for start in range(0, len(rows), size):
        tally.add(_page(rows[start : start + size], len(rows)))
    for row in (*rows[-Tally.WINDOW :: 1_999], rows[-1]):
        assert tally.add(_page([row], len(rows))) == ()


def _remembered(tally: Tally[str]) -> tuple[set[int], ...]:
    return (tally._recent, tally._older)


@given(st.lists(st.lists(st.integers(0, 30).map(str)), max_size=10), st.integers(0, 40))
def test_counts(pages: list[list[str]], total: int) -> None:
    """Rows count all, unique counts different ones, and what is yielded is each once and in order."""
    tally = _tally()
    yielded = [item for page in pages for item in tally.add(_page(page, total))]
    rows = [item for page in pages for item in page]
    assert yielded == list(dict.fromkeys(rows))
    assert (tally.rows, tally.unique) == (len(rows), len(set(rows)))
    assert tally.is_complete is (bool(pages) and len(set(rows)) == total)
