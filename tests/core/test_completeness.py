"""`ListingCompleteness` detects lost and repeated rows, unless a concurrent change explains them."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from frontegg_async._core.checks.completeness import ListingCompleteness, Verdict
from frontegg_async.models.page import Page


def _completeness(page_size: int = 200, most: int | None = None) -> ListingCompleteness[str]:
    return ListingCompleteness[str](str, page_size=page_size, most=most)


def _is_complete(completeness: ListingCompleteness[str]) -> bool:
    return completeness.verdict is Verdict.COMPLETE


def _page(items: Sequence[str], total: int | None) -> Page[str]:
    return Page(items=tuple(items), total=total)


def _rows(count: int) -> list[str]:
    return [f"t{number}" for number in range(count)]


def test_a_whole_listing() -> None:
    """Pages that have every row once are complete."""
    completeness = _completeness()
    rows = _rows(122)
    for start in range(0, 122, 50):
        assert completeness.add(_page(rows[start : start + 50], 122)) == tuple(rows[start : start + 50])
    assert (completeness.rows, completeness.unique, completeness.total, completeness.moved) == (122, 122, 122, 0)
    assert _is_complete(completeness)


def test_an_empty_listing() -> None:
    """No rows of none are complete, and some of none are not."""
    completeness = _completeness()
    assert completeness.add(_page([], 0)) == ()
    assert _is_complete(completeness)
    completeness.add(_page(["a"], 0))
    assert not _is_complete(completeness)


def test_nothing_read_is_not_complete() -> None:
    """Before the first page nothing is known."""
    assert not _is_complete(_completeness())


def test_lost_rows_are_found() -> None:
    """A page index that is read as a multiple of itself skips rows."""
    completeness = _completeness()
    rows = _rows(122)
    completeness.add(_page(rows[:50], 122))
    completeness.add(_page(rows[100:], 122))
    assert (completeness.rows, completeness.unique) == (72, 72)
    assert not _is_complete(completeness)


def test_repeated_rows_are_found() -> None:
    """A page index that is read as a record offset repeats rows; each is yielded once."""
    completeness = _completeness()
    rows = _rows(122)
    assert completeness.add(_page(rows[:50], 122)) == tuple(rows[:50])
    assert completeness.add(_page(rows[1:51], 122)) == (rows[50],)
    assert completeness.add(_page(rows[2:24], 122)) == ()
    assert (completeness.rows, completeness.unique) == (122, 51)
    assert not _is_complete(completeness)


def test_repeated_rows_within_a_page_are_found() -> None:
    """A row that is twice on a page is yielded once."""
    completeness = _completeness()
    assert completeness.add(_page(["a", "b", "a"], 3)) == ("a", "b")
    assert not _is_complete(completeness)


@pytest.mark.parametrize(
    ("pages", "verdict"),
    [
        ([(4, 5), (1, 5)], Verdict.COMPLETE),
        ([(4, 5), (0, 4)], Verdict.COMPLETE),
        ([(4, 6), (1, 6)], Verdict.INCOMPLETE),
        ([(4, 6), (1, 7)], Verdict.INCOMPLETE),
        ([(4, 6), (1, 5)], Verdict.COMPLETE),
        ([(4, 6), (1, 7), (1, 8)], Verdict.COMPLETE),
        ([(75, 95), (0, 94)], Verdict.INCOMPLETE),
        ([(75, 95), (0, 75)], Verdict.COMPLETE),
        ([(75, 85), (0, 80)], Verdict.COMPLETE),
        ([(75, 85), (0, 81)], Verdict.INCOMPLETE),
        ([(4, None), (1, 5)], Verdict.COMPLETE),
        ([(4, 5), (1, None)], Verdict.COMPLETE),
        ([(4, None), (1, 6)], Verdict.INCOMPLETE),
        ([(4, None), (1, None)], Verdict.UNSURE),
        ([(0, None)], Verdict.UNSURE),
        ([(4, 2), (1, 2)], Verdict.UNSURE),
        ([(4, 0)], Verdict.UNSURE),
        ([(4, 5), (1, 2)], Verdict.COMPLETE),
        ([(4, 5), (1, 4), (1, 4)], Verdict.UNSURE),
    ],
)
def test_a_change_explains_as_much_as_it_changed(pages: list[tuple[int, int | None]], verdict: Verdict) -> None:
    """Pages of so many new rows and such totals; more rows than the total are no loss, but nothing is sure then."""
    completeness = _completeness()
    for size, total in pages:
        completeness.add(_page([f"t{completeness.rows + number}" for number in range(size)], total))
    assert completeness.verdict is verdict


@pytest.mark.parametrize(
    ("totals", "verdict"),
    [
        ((None, None), Verdict.INCOMPLETE),
        ((3, 3), Verdict.COMPLETE),
        ((2, 2), Verdict.INCOMPLETE),
        ((1, 2), Verdict.COMPLETE),
        ((0, 1), Verdict.INCOMPLETE),
        ((3, 4), Verdict.COMPLETE),
    ],
)
def test_repeated_rows(totals: tuple[int | None, int | None], verdict: Verdict) -> None:
    """They are explained by the total, or by its growth: a row that came in before them pushed them on."""
    completeness = _completeness()
    completeness.add(_page(["a", "b"], totals[0]))
    completeness.add(_page(["b", "a", "c"], totals[1]))
    assert (completeness.rows, completeness.unique) == (5, 3)
    assert completeness.verdict is verdict


@pytest.mark.parametrize(
    ("sizes", "total", "most", "over"),
    [
        ([3], 3, None, True),
        ([3], 4, None, False),
        ([3], None, None, False),
        ([3, 0], None, None, True),
        ([10], 10, None, False),
        ([10, 0], 10, None, True),
        ([10], 10, 10, True),
        ([10], None, 10, True),
        ([10], 5, 10, True),
        ([10], 5, None, False),
        ([10, 10], 5, None, False),
        ([10, 10, 9], 5, None, True),
        ([10, 10, 9], None, None, True),
        ([10, 10, 10], None, None, False),
        ([10, 5], 20, None, False),
        ([4, 4], 8, None, False),
        ([4, 3], 7, None, True),
        ([4, 4], None, None, False),
        ([4, 3], None, None, True),
        ([0], 5, None, True),
        ([3], 0, None, False),
        ([3, 2], 0, None, True),
    ],
)
def test_when_it_is_over(sizes: list[int], total: int | None, most: int | None, over: bool) -> None:
    """Pages of ten at most: behind a full one there may be another, whatever the total says."""
    completeness = _completeness(page_size=10, most=most)
    for size in sizes:
        completeness.add(_page([f"t{completeness.rows + number}" for number in range(size)], total))
    assert completeness.is_over is over


@pytest.mark.parametrize(("total", "over"), [(11, True), (20, True), (21, False), (None, True)])
def test_a_page_that_repeats_nearly_all(total: int | None, over: bool) -> None:
    """As of a record offset: it ends when the rows are as many as the total, or at once if there is none."""
    completeness, rows = _completeness(page_size=10), _rows(11)
    completeness.add(_page(rows[:10], total))
    assert not completeness.is_over
    completeness.add(_page(rows[1:], total))
    assert completeness.is_over is over


@pytest.mark.parametrize("total", [10, 11, 5, None])
def test_a_page_that_repeats_all(total: int | None) -> None:
    """A server that ignores the index is not read for ever."""
    completeness = _completeness(page_size=10)
    for over in (False, True):
        completeness.add(_page(_rows(10), total))
        assert completeness.is_over is over
    assert completeness.verdict is (Verdict.COMPLETE if total == 10 else Verdict.INCOMPLETE)


@pytest.mark.parametrize(
    ("size", "total", "verdict"),
    [
        (3, None, Verdict.UNSURE),
        (199, None, Verdict.UNSURE),
        (49, None, Verdict.UNSURE),
        (51, None, Verdict.UNSURE),
        (3, 2, Verdict.UNSURE),
        (3, 4, Verdict.INCOMPLETE),
        (200, None, Verdict.INCOMPLETE),
        (200, 2, Verdict.INCOMPLETE),
        (50, None, Verdict.INCOMPLETE),
        (100, None, Verdict.INCOMPLETE),
        (100, 100, Verdict.COMPLETE),
    ],
)
def test_the_only_page_comes_again(size: int, total: int | None, verdict: Verdict) -> None:
    """A server that knows no pages is at its end; if the page is as full as it may be, that cannot be told."""
    completeness = _completeness()
    for over in (False, True):
        completeness.add(_page(_rows(size), total))
        assert completeness.is_over is over
    assert (completeness.rows, completeness.unique) == (2 * size, size)
    assert completeness.verdict is verdict


@pytest.mark.parametrize("again", [["a"], ["b", "a"], ["a", "b", "a"]])
def test_a_part_of_the_only_page_comes_again(again: list[str]) -> None:
    """As of a record offset, which begins one row later."""
    completeness = _completeness()
    completeness.add(_page(["a", "b"], None))
    completeness.add(_page(again, None))
    assert completeness.is_over
    assert completeness.verdict is Verdict.UNSURE


def test_rows_that_are_repeated_within_the_only_page_are_found() -> None:
    """Although the page comes again."""
    completeness = _completeness()
    for _ in range(2):
        completeness.add(_page(["a", "b", "a"], None))
    assert completeness.is_over
    assert completeness.verdict is Verdict.INCOMPLETE


@pytest.mark.parametrize(("size", "over"), [(49, True), (50, False), (51, True), (99, True), (100, False)])
def test_a_first_page_that_may_be_capped(size: int, over: bool) -> None:
    """And its total with it: one more page is looked at, which is read ahead."""
    completeness = _completeness()
    completeness.add(_page(_rows(size), size))
    assert completeness.is_over is over
    assert completeness.pages_left(None) == (not over)
    completeness.add(_page([], size))
    assert completeness.is_over
    assert completeness.verdict is Verdict.COMPLETE


def test_rows_that_were_pushed_on_are_read_to_their_end() -> None:
    """Fifteen rows came in before the second page, so the last ones are two pages behind where the total was."""
    completeness = _completeness(page_size=10)
    before, after = _rows(40), [f"new{number}" for number in range(15)] + _rows(40)
    completeness.add(_page(before[:10], 40))
    for start in range(10, 60, 10):
        assert not completeness.is_over
        completeness.add(_page(after[start : start + 10], 55))
    assert completeness.is_over
    assert (completeness.rows, completeness.unique) == (55, 45)
    assert completeness.verdict is Verdict.COMPLETE


@pytest.mark.parametrize(
    ("sizes", "total", "limit", "left"),
    [
        ([10], 10, None, 1),
        ([10], 15, None, 1),
        ([10], 20, None, 2),
        ([10], 20, 15, 1),
        ([10], 20, 10, 0),
        ([10], 20, 20, 1),
        ([10], 20, 21, 2),
        ([10], None, None, 1),
        ([10, 10, 10], None, None, 3),
        ([10, 10, 10], None, 50, 2),
        ([10, 10, 10], None, 30, 0),
        ([10, 10, 10], 5, None, 3),
        ([3], 9, None, 2),
    ],
)
def test_the_pages_that_are_left(sizes: list[int], total: int | None, limit: int | None, left: int) -> None:
    """With the one that is looked at behind a full one; without a total as many as were read."""
    completeness = _completeness(page_size=10)
    for size in sizes:
        completeness.add(_page([f"t{completeness.rows + number}" for number in range(size)], total))
    assert completeness.pages_left(limit) == left


def test_memory_does_not_grow() -> None:
    """However long the listing, only the last rows are remembered, and what is within them is found."""
    completeness = _completeness()
    total = 3 * ListingCompleteness.WINDOW
    remembered = []
    for start in range(0, total, 200):
        completeness.add(_page([f"t{number}" for number in range(start, start + 200)], total))
        remembered.append(sum(len(marks) for marks in _remembered(completeness)))
    assert max(remembered) < 2 * ListingCompleteness.WINDOW
    assert _is_complete(completeness)
    assert all(type(mark) is int for marks in _remembered(completeness) for mark in marks)
    assert sum(map(sys.getsizeof, _remembered(completeness))) <= 1025 * 1024


@pytest.mark.parametrize("size", [1, 7, 200, 4_000, 10_000, 30_000])
def test_the_last_rows_are_remembered(size: int) -> None:
    """Each of the last rows is found again, wherever the pages end."""
    completeness = _completeness()
    rows = _rows(3 * ListingCompleteness.WINDOW)
    for start in range(0, len(rows), size):
        completeness.add(_page(rows[start : start + size], len(rows)))
    for row in (*rows[-ListingCompleteness.WINDOW :: 1_999], rows[-1]):
        assert completeness.add(_page([row], len(rows))) == ()


def _remembered(completeness: ListingCompleteness[str]) -> tuple[set[int], ...]:
    return (completeness._recent, completeness._older)


@given(st.lists(st.lists(st.integers(0, 30).map(str)), max_size=10), st.integers(0, 40))
def test_counts(pages: list[list[str]], total: int) -> None:
    """Rows count all, unique counts different ones, and what is yielded is each once and in order."""
    completeness = _completeness()
    yielded = [item for page in pages for item in completeness.add(_page(page, total))]
    rows = [item for page in pages for item in page]
    assert yielded == list(dict.fromkeys(rows))
    assert (completeness.rows, completeness.unique) == (len(rows), len(set(rows)))
    assert _is_complete(completeness) is (bool(pages) and len(set(rows)) == total)
