"""Iterators of listings that threads share, that fail, are interrupted, or are closed."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from types import MappingProxyType
from typing import Final

import attrs
import pytest

from frontegg_async.emulator import EmulatorHandle
from frontegg_async.pages import AsyncPages
from frontegg_sync import Frontegg, FronteggError, NotFoundError, Page, Pages, Runner
from frontegg_sync._bridge.bridge import Bridge

_THREADS: Final = 8
_PAGES: Final = 10


@attrs.define(eq=False)
class _Letters:
    """A listing of pages of ten texts; something happens before one of them comes."""

    bad_page: int
    happens: Callable[[], None]
    operation: str = "letters.list"
    page_size: int = 10
    most: int = 10 * _PAGES
    columns: Sequence[str] = ()
    request: Mapping[str, str] = MappingProxyType({})

    def listing(self, runner: Runner, prefetch: int = 2) -> Pages[str]:
        return Pages(AsyncPages([self], key=str, prefetch=prefetch), Bridge(self, runner))

    async def aclose(self) -> None:
        pass

    async def fetch(self, index: int, page_size: int | None = None, turn: Awaitable[None] | None = None) -> Page[str]:
        if turn is not None:
            await turn
        if index == self.bad_page:
            self.happens()
        size = page_size or 10
        return Page(items=tuple(f"{index} {each}" for each in range(size)), total=_PAGES * size, index=0)

    def halves(self) -> Sequence[_Letters]:
        return ()

    def may_prefetch(self) -> bool:
        return True


def _raise(error: BaseException) -> None:
    raise error


def _use_up(iterator: Iterator[object]) -> list[object]:
    """Return what an iterator gives a thread, and the error that it ends with."""
    taken: list[object] = []
    try:
        taken.extend(iterator)
    except FronteggError as error:
        taken.append(error)
    return taken


def _share(iterator: Iterator[object]) -> list[list[object]]:
    barrier = threading.Barrier(_THREADS)

    def work(_: int) -> list[object]:
        barrier.wait()
        return _use_up(iterator)

    with ThreadPoolExecutor(_THREADS) as threads:
        return list(threads.map(work, range(_THREADS)))


def test_threads_share_an_iterator(frontegg_emulator: EmulatorHandle, frontegg_sync_client: Frontegg) -> None:
    """Each item goes to one of them, and each page too."""
    names = {f"Tenant {number}" for number in range(60)}
    frontegg_emulator.seed(tenants=[{"tenantId": f"t{name[7:]}", "name": name} for name in names])
    listing = frontegg_sync_client.tenants.list(page_size=3)
    items = [item for taken in _share(iter(listing)) for item in taken]
    pages = [page for taken in _share(listing.pages()) for page in taken]

    assert len(items) == 60
    assert {item.name for item in items} == names
    assert sorted(page.index for page in pages) == list(range(20))


@pytest.mark.parametrize("prefetch", [0, 3])
@pytest.mark.parametrize("take", [iter, Pages.pages], ids=["items", "pages"])
def test_threads_that_share_an_iterator_all_raise(
    take: Callable[[Pages[str]], Iterator[object]], prefetch: int
) -> None:
    """None of them takes the listing to be complete, however late it asks; each has an error of its own."""
    letters = _Letters(6, lambda: _raise(NotFoundError("letters.list failed")))
    with Runner() as runner:
        iterator = take(letters.listing(runner, prefetch))
        shares = _share(iterator)
        shares += [_use_up(iterator)]
    errors = [share.pop() for share in shares]

    assert [type(error) for error in errors] == [NotFoundError] * (_THREADS + 1)
    assert len({id(error) for error in errors}) == _THREADS + 1
    assert len({error.message for error in errors}) == 1
    assert sum(len(share) for share in shares) == (60 if take is iter else 6)


@pytest.mark.parametrize("error", [KeyboardInterrupt(), SystemExit(), LookupError()])
def test_an_iterator_that_was_interrupted_is_no_complete_one(error: BaseException) -> None:
    """Whatever ended it: a page may have been lost."""
    letters = _Letters(2, lambda: _raise(error))
    with Runner() as runner:
        iterator = iter(letters.listing(runner, prefetch=0))
        with pytest.raises(type(error)):
            list(iterator)
        for _ in range(2):
            with pytest.raises(FronteggError, match=rf"ended by {type(error).__name__}: iterate the listing again"):
                next(iterator)


def test_an_iterator_is_asked_by_a_signals_handler_while_it_reads() -> None:
    """It refuses that, and goes on."""
    refused: list[FronteggError] = []
    main = threading.get_ident()
    handled = threading.Event()

    def interrupt() -> None:
        signal.pthread_kill(main, signal.SIGUSR1)
        handled.wait()

    with Runner() as runner:
        iterator = iter(_Letters(3, interrupt).listing(runner, prefetch=0))

        def handle(*_: object) -> None:
            try:
                next(iterator)
            except FronteggError as error:
                refused.append(error)
            handled.set()

        before = signal.signal(signal.SIGUSR1, handle)
        try:
            assert len(list(iterator)) == 10 * _PAGES
        finally:
            signal.signal(signal.SIGUSR1, before)
    assert ["is already reading a page" in error.message for error in refused] == [True]


def test_an_iterator_is_closed() -> None:
    """As a generator is."""
    letters = _Letters(-1, os.getpid)  # type: ignore[arg-type]  # nothing happens
    with Runner() as runner:
        pages = letters.listing(runner).pages()
        assert pages.send(None).index == 0
        pages.close()
        assert list(pages) == []
        again = letters.listing(runner).pages()
        assert next(again).index == 0
        with pytest.raises(LookupError, match="mine"):
            again.throw(LookupError("mine"))
        with pytest.raises(LookupError):
            letters.listing(runner).pages().throw(LookupError)
        assert list(again) == []
