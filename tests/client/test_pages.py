"""Listings are lazy and prefetched; an incomplete listing raises or warns."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import AsyncIterator, Awaitable, Sequence
from types import MappingProxyType
from urllib.parse import parse_qs, urlsplit

import attrs
import pytest

from frontegg_async import page_reader
from frontegg_async.errors import InvalidArgumentError, PaginationError, PaginationWarning, ServerError
from frontegg_async.models.page import Order
from frontegg_async.models.tenants import TenantSort
from frontegg_async.options import Options
from frontegg_async.page_reader import Portion
from frontegg_async.pages import AsyncPages, Page, PageReader
from tests.support.clients import FakeClock, make_client
from tests.support.raw_server import Answer, RawRequest, http, raw_server
from tests.support.tenants import tenant_row
from tests.support.waiting import until

pytestmark = pytest.mark.anyio


class Store:
    """Serves tenants by page index, as the service does, or by record offset, as it does not."""

    def __init__(self, count: int, *, by_record: bool = False, cap: int = 200, longest: int = 10_000) -> None:
        self.ids = [f"t{n:05}" for n in range(count)]
        self.by_record = by_record
        self.cap = cap
        self.longest = longest
        self.total: int | None = None

    def __call__(self, request: RawRequest) -> Answer:
        """Answer a request for a page."""
        if len(request.target) > self.longest:
            return http(414)
        query = parse_qs(urlsplit(request.target).query)
        limit = min(int(query.get("_limit", ["50"])[0]), self.cap)
        offset = int(query.get("_offset", ["0"])[0])
        wanted = set(query.get("_tenantIds", self.ids))
        ids = [tenant_id for tenant_id in self.ids if tenant_id in wanted]
        start = offset if self.by_record else offset * limit
        total = len(ids) if self.total is None else self.total
        rows = [tenant_row(tenant_id) for tenant_id in ids[start : start + limit]]
        page = {"totalItems": total, "totalPages": -(-total // limit)}
        return http(200, {"items": rows, "_metadata": page, "_links": {}})


@pytest.mark.parametrize("count", [0, 1, 49, 50, 51, 122, 500])
@pytest.mark.parametrize("prefetch", [0, 2, 16])
async def test_everything_is_yielded_once(count: int, prefetch: int) -> None:
    """Whatever the number of tenants and of pages read ahead."""
    store = Store(count)
    async with raw_server(store) as server, make_client(server.url) as client:
        tenants = client.tenants.list(page_size=50, prefetch=prefetch)
        assert server.requests == []
        ids = [tenant.tenant_id async for tenant in tenants]
        assert ids == store.ids
        # After a full page there may be another page.
        assert len(server.requests) == count // 50 + 1
        assert [tenant.tenant_id async for tenant in tenants] == store.ids


async def test_a_server_with_smaller_pages_loses_nothing() -> None:
    """The service caps the size of pages; the index counts its pages then."""
    store = Store(130, cap=30)
    async with raw_server(store) as server, make_client(server.url) as client:
        assert [tenant.tenant_id for tenant in await client.tenants.list().all()] == store.ids


@pytest.mark.parametrize("count", [122, 400])
async def test_an_offset_read_as_records_is_noticed(count: int) -> None:
    """Rows would be lost and repeated without an error."""
    async with raw_server(Store(count, by_record=True)) as server, make_client(server.url) as client:
        with pytest.raises(PaginationError, match=f"counts {count}"):
            await client.tenants.list(page_size=50).all()


async def test_incomplete_listings_can_warn() -> None:
    """By option, for those who would rather have the rest."""
    store = Store(122, by_record=True)
    options = Options(incomplete_listing="warn")
    async with raw_server(store) as server, make_client(server.url) as client:
        with pytest.warns(PaginationWarning, match="different items"):
            tenants = await client.tenants.list(page_size=50, options=options).all()
    ids = [tenant.tenant_id for tenant in tenants]
    assert len(ids) == len(set(ids)) < 122


async def test_the_same_page_again_and_again_ends() -> None:
    """A server that ignores the index must not be read for ever."""

    def same(_: RawRequest) -> Answer:
        return http(200, {"items": [tenant_row("t1")], "_metadata": {"totalItems": 10_000}})

    async with raw_server(same) as server, make_client(server.url) as client:
        with pytest.raises(PaginationError, match="1 different items in 2 rows"):
            await client.tenants.list(prefetch=0).all()
    assert len(server.requests) == 2


async def test_rows_that_are_missing_are_noticed() -> None:
    """The service says that there are more than it shows."""
    store = Store(60)
    store.total = 70
    async with raw_server(store) as server, make_client(server.url) as client:
        with pytest.raises(PaginationError, match=r"60 different items in 60 rows.*counts 70"):
            await client.tenants.list(page_size=50).all()


async def test_a_concurrent_change_explains_a_difference() -> None:
    """A tenant is deleted while the listing is read: a row is not there, and nobody is to blame."""
    store = Store(100)

    def shrinking(request: RawRequest) -> Answer:
        answer = store(request)
        if len(store.ids) == 100:
            del store.ids[0]
        return answer

    async with raw_server(shrinking) as server, make_client(server.url) as client:
        tenants = await client.tenants.list(page_size=50, prefetch=0).all()
    assert len(tenants) == 99


async def test_a_row_that_moved_to_the_next_page_comes_once() -> None:
    """A tenant is created in front while the listing is read."""
    store = Store(100)

    def growing(request: RawRequest) -> Answer:
        answer = store(request)
        if len(store.ids) == 100:
            store.ids.insert(0, "new")
        return answer

    async with raw_server(growing) as server, make_client(server.url) as client:
        ids = [tenant.tenant_id for tenant in await client.tenants.list(page_size=50, prefetch=0).all()]
    assert len(ids) == len(set(ids)) == 100


async def test_first_first_page_and_count_are_one_request() -> None:
    """And ask for no more than they need."""
    async with raw_server(Store(120)) as server, make_client(server.url) as client:
        tenants = client.tenants.list(page_size=50)
        first = await tenants.first()
        page = await tenants.first_page()
        assert await tenants.count() == 120
    assert first is not None
    assert first.tenant_id == "t00000"
    assert (len(page.items), page.total, page.index) == (50, 120, 0)
    limits = [parse_qs(urlsplit(request.target).query)["_limit"] for request in server.requests]
    assert limits == [["1"], ["50"], ["1"]]


async def test_the_first_of_nothing_is_none() -> None:
    """And nothing is counted as 0."""
    async with raw_server(Store(0)) as server, make_client(server.url) as client:
        assert await client.tenants.list().first() is None
        assert await client.tenants.list().count() == 0
        assert (await client.tenants.list().first_page()).items == ()


async def test_pages_have_their_index() -> None:
    """As the service counts them."""
    async with raw_server(Store(120)) as server, make_client(server.url) as client:
        pages = [page async for page in client.tenants.list(page_size=50).pages()]
    assert [(page.index, len(page.items), page.total) for page in pages] == [(0, 50, 120), (1, 50, 120), (2, 20, 120)]


@pytest.mark.parametrize(("limit", "requests"), [(0, 0), (1, 1), (50, 1), (51, 2), (1000, 3)])
async def test_all_stops_at_its_limit(limit: int, requests: int) -> None:
    """And reads no page behind it, if none is read ahead."""
    async with raw_server(Store(120)) as server, make_client(server.url) as client:
        tenants = await client.tenants.list(page_size=50, prefetch=0).all(limit=limit)
    assert len(tenants) == min(limit, 120)
    assert len(server.requests) == requests


async def test_many_ids_are_asked_for_in_parts_and_read_in_order() -> None:
    """A hundred at a time; an id that is given twice counts once."""
    store = Store(400)
    wanted = [*store.ids[300:], *store.ids[:150], store.ids[0]]
    async with raw_server(store) as server, make_client(server.url) as client:
        tenants = client.tenants.list(tenant_ids=wanted)
        ids = [tenant.tenant_id for tenant in await tenants.all()]
        assert await tenants.count() == 250
    assert ids == [*store.ids[300:], *store.ids[:150]]
    assert len(server.requests) == 3 + 3


async def test_too_long_an_address_is_halved() -> None:
    """The service says 414; nothing is lost."""
    store = Store(100, longest=900)
    async with raw_server(store) as server, make_client(server.url) as client:
        listing = client.tenants.list(tenant_ids=store.ids)
        assert [tenant.tenant_id for tenant in await listing.all()] == store.ids
        assert await listing.count() == 100
        assert (await listing.first_page()).items[0].tenant_id == "t00000"


async def test_one_id_that_is_too_long_is_an_error() -> None:
    """There is nothing to halve."""
    async with raw_server(http(414)) as server, make_client(server.url) as client:
        listing = client.tenants.list(tenant_ids=["t1"])
        for reading in (listing.all(), listing.first(), listing.count()):
            with pytest.raises(Exception, match="414"):
                await reading


async def test_the_query_is_what_was_asked_for() -> None:
    """By the service's names, encoded."""
    async with raw_server(Store(0)) as server, make_client(server.url) as client:
        listing = client.tenants.list(filter="a&b ü", sort_by=TenantSort.NAME, order=Order.DESC, tenant_ids=["x", "y"])
        await listing.all()
    assert parse_qs(urlsplit(server.requests[0].target).query) == {
        "_limit": ["200"],
        "_offset": ["0"],
        "_filter": ["a&b ü"],
        "_sortBy": ["name"],
        "_order": ["DESC"],
        "_tenantIds": ["x", "y"],
    }


async def test_pages_are_not_read_ahead_after_a_limit() -> None:
    """The route was limited a moment ago."""
    clock = FakeClock()
    store = Store(300)
    seen: list[int] = []

    def limited_once(request: RawRequest) -> Answer:
        seen.append(1)
        return http(429, headers={"Retry-After": "1"}) if len(seen) == 1 else store(request)

    async with raw_server(limited_once) as server, make_client(server.url, clock=clock) as client:
        reader = client.tenants.list(page_size=50, prefetch=16)._reader()
        await reader.read()
        assert not reader._ahead
        clock.now += 120.0
        await reader.read()
        assert len(reader._ahead) == 5
        reader.cancel()


async def test_a_listing_that_is_left_stops_reading_ahead() -> None:
    """Nothing goes on behind the caller's back."""
    before = len(asyncio.all_tasks())
    async with raw_server(Store(1_000)) as server, make_client(server.url) as client:
        async for _ in client.tenants.list(page_size=10, prefetch=4):
            break
        await until(lambda: len([t for t in asyncio.all_tasks() if "fetch" in repr(t)]) == 0)
    assert len(asyncio.all_tasks()) <= before + 1


@attrs.frozen
class Failing:
    """A listing whose later pages fail."""

    size: int = 2
    operation = "numbers.list"
    page_size = 2
    most = None
    columns = ()
    request = MappingProxyType[str, str]({})

    async def fetch(self, index: int, page_size: int | None = None, turn: Awaitable[None] | None = None) -> Page[str]:
        """Return the first page only."""
        del turn
        await asyncio.sleep(0)
        if index:
            raise ServerError(f"page {index}")
        return Page(items=("a", "b")[: page_size or self.size], total=100, index=0)

    def halves(self) -> Sequence[Failing]:
        """Return no parts."""
        return ()

    def may_prefetch(self) -> bool:
        """Return that reading ahead is fine."""
        return True


@attrs.frozen
class Gated(Failing):
    """A listing whose pages come when they are let through."""

    gates: tuple[asyncio.Event, ...] = attrs.field(factory=lambda: tuple(asyncio.Event() for _ in range(6)))
    asked: list[int] = attrs.field(factory=list[int])
    ready: list[int] = attrs.field(factory=list[int])

    async def fetch(self, index: int, page_size: int | None = None, turn: Awaitable[None] | None = None) -> Page[str]:
        """Wait, then return two rows; the last page has one."""
        del page_size
        self.asked.append(index)
        await self.gates[index].wait()
        if turn is not None:
            await turn
        self.ready.append(index)
        is_last = index == len(self.gates) - 1
        return Page(items=(f"{index}a",) if is_last else (f"{index}a", f"{index}b"), total=2 * len(self.gates) - 1)


async def test_pages_are_read_ahead_while_one_is_waited_for() -> None:
    """The one that is waited for is not one of those ahead of it; none behind the last is asked for."""
    listing = Gated()
    reader = AsyncPages([listing], key=str, prefetch=2)._reader()
    listing.gates[0].set()
    await reader.read()
    await until(lambda: listing.asked == [0, 1, 2])
    reading = asyncio.ensure_future(reader.read())
    await until(lambda: listing.asked == [0, 1, 2, 3])
    for gate in listing.gates[1:]:
        gate.set()
    assert await reading is not None
    assert [portion.page.index async for portion in _rest(reader)] == [2, 3, 4, 5]
    assert sorted(listing.asked) == [0, 1, 2, 3, 4, 5]


async def test_pages_are_made_ready_in_their_turn() -> None:
    """The next two are, and those behind them wait as they came."""
    listing = Gated()
    reader = AsyncPages([listing], key=str, prefetch=5)._reader()
    for gate in listing.gates:
        gate.set()
    for ready in (3, 4, 5, 6, 6, 6):
        assert await reader.read() is not None
        await until(lambda expected=ready: len(listing.ready) == expected)  # type: ignore[misc]
        await asyncio.sleep(0)
        assert (len(listing.asked), listing.ready) == (6, list(range(ready)))
    assert await reader.read() is None


async def test_pages_that_wait_for_their_turn_are_given_up() -> None:
    """Nothing is left of them when the listing is."""
    before = asyncio.all_tasks()
    async with raw_server(Store(300)) as server, make_client(server.url) as client:
        reader = client.tenants.list(page_size=50, prefetch=16)._reader()
        await reader.read()
        await until(lambda: len(server.requests) == 7)
        await until(lambda: sum(page.task.done() for page in reader._ahead) == 2)
        waiting = [page.task for page in reader._ahead if not page.task.done()]
        reader.cancel()
        await until(lambda: all(task.cancelled() for task in waiting))
        assert len(waiting) == 4
    assert {task for task in asyncio.all_tasks() if "fetch" in repr(task)} <= before


async def test_a_page_that_cannot_be_read_is_asked_for_again_in_its_turn() -> None:
    """It is as with any other call."""
    store = Store(300)
    spoiled: list[str] = []

    def once(request: RawRequest) -> Answer:
        if "_offset=4" in request.target and not spoiled:
            spoiled.append(request.target)
            return http(200, {"items": 5})
        return store(request)

    async with raw_server(once) as server, make_client(server.url) as client:
        tenants = await client.tenants.list(page_size=50, prefetch=16).all()
    assert [tenant.tenant_id for tenant in tenants] == store.ids
    assert len(server.requests) == 8


async def test_a_page_that_is_waited_for_can_be_given_up() -> None:
    """Nothing of the listing goes on then, the page that was waited for included."""
    listing = Gated()
    reader = AsyncPages([listing], key=str, prefetch=2)._reader()
    listing.gates[0].set()
    await reader.read()
    before = asyncio.all_tasks()
    reading = asyncio.ensure_future(reader.read())
    await until(lambda: 3 in listing.asked)
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
    reader.cancel()
    await until(lambda: not [task for task in asyncio.all_tasks() if "fetch" in repr(task)])
    assert asyncio.all_tasks() <= before


async def _rest(reader: PageReader[str]) -> AsyncIterator[Portion[str]]:
    while (portion := await reader.read()) is not None:
        yield portion


async def test_an_error_of_a_page_read_ahead_comes_in_its_turn() -> None:
    """The items before it were yielded; the errors of the pages behind it are nobody's."""
    pages = AsyncPages([Failing()], key=str, prefetch=8)
    items = aiter(pages)
    assert [await anext(items), await anext(items)] == ["a", "b"]
    with pytest.raises(ServerError, match="page 1"):
        await anext(items)


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        ({"page_size": 0}, "page_size must be a whole number from 1 to 200"),
        ({"page_size": 1_000}, "page_size must be a whole number from 1 to 200"),
        ({"page_size": "50"}, "page_size"),
        ({"page_size": True}, "page_size"),
        ({"prefetch": -1}, "prefetch must be a whole number from 0 to 16"),
        ({"prefetch": 17}, "prefetch"),
        ({"filter": 5}, "filter"),
        ({"sort_by": "size"}, "sort_by must be one of createdAt, name, tenantId"),
        ({"order": "UP"}, "order must be one of asc, desc"),
        ({"tenant_ids": []}, "tenant_ids must have at least one id"),
        ({"tenant_ids": "t1"}, "tenant_ids must be a sequence of ids"),
        ({"tenant_ids": ["a", ".."]}, r"tenant_ids\[1\]"),
        ({"tenant_ids": ["a", "b,c"]}, r"tenant_ids\[1\] must not have a comma"),
    ],
)
async def test_bad_arguments_are_named(arguments: dict[str, object], named: str) -> None:
    """When the listing is made, before anything is sent."""
    client = make_client("http://127.0.0.1:1")
    with pytest.raises(InvalidArgumentError, match=named):
        client.tenants.list(**arguments)  # type: ignore[arg-type]  # that is the point


@pytest.mark.parametrize("limit", [-1, 1.5, True])
async def test_a_bad_limit_is_named(limit: object) -> None:
    """Before anything is sent."""
    listing = make_client("http://127.0.0.1:1").tenants.list()
    with pytest.raises(InvalidArgumentError, match="limit"):
        await listing.all(limit=limit)  # type: ignore[arg-type]  # that is the point


@pytest.mark.each_python
async def test_an_iteration_may_be_dropped_in_a_cycle(caplog: pytest.LogCaptureFixture) -> None:
    """What it reads ahead is cancelled in the loop, and not found by the garbage collector before."""
    async with raw_server(Store(500)) as server, make_client(server.url) as client:
        iteration = aiter(client.tenants.list(page_size=10, prefetch=16))
        await anext(iteration)
        await until(lambda: len(server.requests) == 17)
        cycle: list[object] = [iteration]
        cycle.append(cycle)
        del cycle, iteration
        for _ in range(3):
            gc.collect()
            await asyncio.sleep(0)
        await until(lambda: page_reader._under_way == set())
    said = [record.message for record in caplog.records if record.name == "asyncio"]
    # In debug mode asyncio also logs slow steps, such as a garbage collection.
    assert [message for message in said if not message.startswith("Executing ")] == []
