"""Listings of the blocking client: one call into the loop for each page."""

from __future__ import annotations

import threading
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from types import MappingProxyType
from typing import TypeVar

import pytest

from frontegg_async.emulator import EmulatorHandle
from frontegg_async.pages import AsyncPages
from frontegg_sync import Frontegg, InvalidArgumentError, Page, Pages, Runner, Tenant
from frontegg_sync._bridge.bridge import Bridge
from frontegg_sync.errors import PaginationWarning
from frontegg_sync.models import TenantSort

T = TypeVar("T")

LISTING = "/tenants/resources/tenants/v2"


class CountingRunner(Runner):
    """Counts the ways into its loop: those that are waited for, and those that are not."""

    calls = 0
    notes = 0

    def call(self, begin: Callable[[], Coroutine[object, object, T]]) -> T:
        self.calls += 1
        return super().call(begin)

    def _soon(self, callback: Callable[[], object]) -> None:
        self.notes += 1
        super()._soon(callback)


class Number:
    """An item that tells which thread frees it."""

    def __init__(self, number: int, freed_by: list[int]) -> None:
        self.number = number
        self._freed_by = freed_by

    def __del__(self) -> None:
        self._freed_by.append(threading.get_ident())


class Numbers:
    """A listing of a hundred numbers, by pages of ten; it tells when a page is asked for."""

    operation = "numbers.list"
    page_size = 10
    most = 100
    columns = ()
    request = MappingProxyType[str, str]({})

    def __init__(self) -> None:
        self.asked = [threading.Event() for _ in range(10)]
        self.freed_by: list[int] = []

    def listing(self, runner: Runner, *, prefetch: int) -> Pages[Number]:
        pages = AsyncPages([self], key=lambda item: str(item.number), prefetch=prefetch)
        return Pages(pages, Bridge(self, runner))

    async def aclose(self) -> None:
        pass

    async def fetch(
        self, index: int, page_size: int | None = None, turn: Awaitable[None] | None = None
    ) -> Page[Number]:
        self.asked[index].set()
        if turn is not None:
            await turn
        size = page_size or 10
        numbers = range(index * size, (index + 1) * size)
        return Page(items=tuple(Number(number, self.freed_by) for number in numbers), total=100, index=0)

    def halves(self) -> Sequence[Numbers]:
        return ()

    def may_prefetch(self) -> bool:
        return True


@pytest.fixture
def tenants(frontegg_emulator: EmulatorHandle) -> list[str]:
    """Seven tenants, by name."""
    names = [f"Tenant {number}" for number in range(7)]
    frontegg_emulator.seed(tenants=[{"tenantId": name[-1], "name": name} for name in names])
    return names


def _requests(emulator: EmulatorHandle) -> int:
    return sum(entry.path == LISTING for entry in emulator.journal())


def test_a_listing_is_iterated_as_often_as_one_likes(frontegg_sync_client: Frontegg, tenants: list[str]) -> None:
    """Each iteration reads afresh."""
    listing = frontegg_sync_client.tenants.list(sort_by=TenantSort.NAME, page_size=2)

    assert [[tenant.name for tenant in listing] for _ in range(2)] == [tenants, tenants]


def test_pages_come_one_by_one(frontegg_sync_client: Frontegg, tenants: list[str]) -> None:
    """With their index, and the total."""
    pages = list(frontegg_sync_client.tenants.list(page_size=3).pages())

    assert [(page.index, len(page.items), page.total) for page in pages] == [(0, 3, 7), (1, 3, 7), (2, 1, 7)]
    assert len(tenants) == 7


def test_single_answers(frontegg_emulator: EmulatorHandle, frontegg_sync_client: Frontegg, tenants: list[str]) -> None:
    """Each takes one request."""
    listing = frontegg_sync_client.tenants.list(sort_by=TenantSort.NAME, page_size=3)
    first = listing.first()

    assert isinstance(first, Tenant)
    assert first.name == tenants[0]
    assert listing.first_page().total == 7
    assert listing.count() == 7
    assert _requests(frontegg_emulator) == 3


def test_all_has_a_limit(frontegg_sync_client: Frontegg, tenants: list[str]) -> None:
    """From none on."""
    listing = frontegg_sync_client.tenants.list(sort_by=TenantSort.NAME, page_size=2)

    assert [len(listing.all(limit=limit)) for limit in (0, 1, 5, None)] == [0, 1, 5, 7]
    with pytest.raises(InvalidArgumentError):
        listing.all(limit=-1)
    assert len(tenants) == 7


def test_nothing_is_sent_before_it_is_read(frontegg_emulator: EmulatorHandle, frontegg_sync_client: Frontegg) -> None:
    """Not by making the listing, nor its iterators; bad arguments are refused at once."""
    listing = frontegg_sync_client.tenants.list()
    iter(listing)
    listing.pages()
    with pytest.raises(InvalidArgumentError):
        frontegg_sync_client.tenants.list(page_size=0)

    assert frontegg_emulator.journal() == []
    assert listing.first() is None


def test_a_dropped_iteration_reads_no_further(
    frontegg_emulator: EmulatorHandle, frontegg_sync_client: Frontegg, tenants: list[str]
) -> None:
    """Without prefetch there is one request for each page that was read."""
    for number, _ in enumerate(frontegg_sync_client.tenants.list(page_size=2, prefetch=0)):
        if number == 2:
            break

    assert _requests(frontegg_emulator) == 2
    assert frontegg_sync_client.tenants.list().count() == len(tenants)


def test_an_incomplete_listing_warns_its_caller(
    frontegg_emulator: EmulatorHandle, frontegg_sync_client: Frontegg, tenants: list[str]
) -> None:
    """If that is what was asked for."""
    frontegg_emulator.set_switch("offset", "record_offset")
    client = frontegg_sync_client.with_options(incomplete_listing="warn")
    with pytest.warns(PaginationWarning):
        names = {tenant.name for tenant in client.tenants.list(page_size=3)}

    assert names <= set(tenants)


def test_each_page_takes_one_way_into_the_loop(frontegg_emulator: EmulatorHandle, tenants: list[str]) -> None:
    """And the end of the listing none."""
    emulator, runner = frontegg_emulator, CountingRunner()
    with runner, Frontegg(emulator.client_id, emulator.secret, base_url=emulator.url, runner=runner) as client:
        listing = client.tenants.list(page_size=2)
        assert sum(1 for _ in listing) == len(tenants)
        assert (runner.calls, runner.notes) == (4, 0)
        assert sum(1 for _ in listing.pages()) == 4
        assert (runner.calls, runner.notes) == (8, 0)
        assert next(iter(listing)) is not None
        assert (runner.calls, runner.notes) == (9, 1)
        assert list(client.tenants.list(filter="nobody")) == []
        assert (runner.calls, runner.notes) == (10, 1)


def test_pages_are_read_ahead_while_a_page_is_looked_at() -> None:
    """The loop has a thread of its own: the caller does nothing meanwhile."""
    numbers = Numbers()
    with Runner() as runner:
        iteration = iter(numbers.listing(runner, prefetch=3))
        assert next(iteration).number == 0
        assert all(asked.wait(30) for asked in numbers.asked[:4])
        assert not any(asked.is_set() for asked in numbers.asked[4:])
        assert [next(iteration).number for _ in range(10)][-1] == 10
        assert numbers.asked[4].wait(30)
        assert sum(1 for _ in iteration) == 89


@pytest.mark.parametrize("prefetch", [0, 2])
def test_the_thread_that_makes_a_page_frees_it(prefetch: int) -> None:
    """All that nobody keeps, except for the last page and the item that the caller had last of each."""

    async def thread_of_the_loop() -> threading.Thread:
        return threading.current_thread()

    numbers = Numbers()
    with Runner() as runner:
        thread = runner.call(thread_of_the_loop)
        for item in numbers.listing(runner, prefetch=prefetch):
            assert item.number >= 0
        del item

    thread.join()
    assert thread.ident is not None
    # Either of the two threads may be the last to have the last page.
    assert numbers.freed_by[:90].count(thread.ident) == 9 * 9
    assert len(numbers.freed_by) == 100
