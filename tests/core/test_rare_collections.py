"""The garbage collector looks less often at what is new while a long list grows, and as before afterwards."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Awaitable, Iterator, Sequence
from types import MappingProxyType

import attrs
import pytest

from frontegg_async import pages
from frontegg_async._core.runtime.rare_collections import YOUNG, RareCollections
from frontegg_async.errors import ServerError
from frontegg_async.pages import AsyncPages, Page

USUAL = (700, 11, 12)
RARE = (YOUNG, 11, 12)


@pytest.fixture(autouse=True)
def thresholds() -> Iterator[None]:
    before = gc.get_threshold()
    gc.set_threshold(*USUAL)
    yield
    gc.set_threshold(*before)


@attrs.frozen
class Numbers:
    """A listing of three pages, the last of which may fail."""

    fails: bool = False
    seen: list[tuple[int, int, int]] = attrs.field(factory=list[tuple[int, int, int]])
    operation = "numbers.list"
    page_size = pages.LONG_LIST
    most = None
    columns = ()
    request = MappingProxyType[str, str]({})

    async def fetch(self, index: int, page_size: int | None = None, turn: Awaitable[None] | None = None) -> Page[str]:
        """Return a page, and note the thresholds."""
        del page_size, turn
        await asyncio.sleep(0)
        self.seen.append(gc.get_threshold())
        if self.fails and index == 2:
            raise ServerError("no more")
        first, total = index * self.page_size, 3 * self.page_size
        return Page(items=tuple(map(str, range(first, min(first + self.page_size, total)))), total=total)

    def halves(self) -> Sequence[Numbers]:
        """Return no parts."""
        return ()

    def may_prefetch(self) -> bool:
        """Return that nothing is read ahead."""
        return False


@pytest.mark.anyio
@pytest.mark.parametrize("fails", [False, True])
async def test_a_long_list(fails: bool) -> None:
    """From a number of items on, until it is there or cannot be had; iterating changes nothing."""
    listing = Numbers(fails)
    try:
        await AsyncPages([listing], key=str).all()
    except ServerError:
        assert fails
    assert listing.seen[:3] == [USUAL, RARE, RARE]
    assert gc.get_threshold() == USUAL
    listing = Numbers()
    assert len([each async for each in AsyncPages([listing], key=str)]) == 3 * pages.LONG_LIST
    assert set(listing.seen) == {USUAL}


def test_two_lists_at_once() -> None:
    """The one that ends first ends it for both, and the next page of the other begins it again."""
    one, other = RareCollections(), RareCollections()
    one.begin()
    other.begin()
    assert gc.get_threshold() == RARE
    one.end()
    assert gc.get_threshold() == USUAL
    other.begin()
    assert gc.get_threshold() == RARE
    other.end()
    one.end()
    assert gc.get_threshold() == USUAL


@pytest.mark.parametrize("own", [(0, 11, 12), (YOUNG, 5, 5), (YOUNG + 1, 11, 12)])
def test_thresholds_of_a_program(own: tuple[int, int, int]) -> None:
    """They stay if nothing is to gain, or if the collector is off; and what is set meanwhile stays."""
    collections = RareCollections()
    gc.set_threshold(*own)
    collections.begin()
    collections.end()
    assert gc.get_threshold() == own
    gc.set_threshold(*USUAL)
    collections.begin()
    gc.set_threshold(*own)
    collections.end()
    assert gc.get_threshold() == own
