"""Totals that are wrong, change or are missing: every row is yielded, and doubts cause a warning."""

from __future__ import annotations

import inspect
import math
import warnings
from collections.abc import Callable, Iterator
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

import pytest

from frontegg_async import AsyncFrontegg, PaginationError
from frontegg_async.emulator import EmulatorHandle
from frontegg_async.errors import BlockingCallWarning, PaginationWarning
from frontegg_async.models import TenantSort
from frontegg_sync import Frontegg
from tests.support.clients import make_client
from tests.support.raw_server import Answer, RawRequest, http, raw_server
from tests.support.tenants import tenant_row

pytestmark = pytest.mark.anyio

ABSENT: Final = "absent"


@pytest.fixture(autouse=True)
def caught() -> Iterator[list[warnings.WarningMessage]]:
    """What is warned of."""
    with warnings.catch_warnings(record=True) as found:
        warnings.simplefilter("always")
        warnings.simplefilter("ignore", BlockingCallWarning)
        yield found


class Liar:
    """Serves so many tenants, and says of each page what it is told to say.

    Args:
        count: How many there are.
        about: Returns what stands as ``_metadata`` of a page, by its index; `ABSENT` for nothing.
        cap: The rows that a page has at most.
        offset: What ``_offset`` counts; ``nothing`` if it is ignored.
    """

    def __init__(
        self, count: int, about: Callable[[int], object], *, cap: int = 200, offset: str = "pages", lost: int = 0
    ) -> None:
        self.ids = [f"t{number:05}" for number in range(count)]
        self.about = about
        self.cap = cap
        self.offset = offset
        self.lost = lost

    def __call__(self, request: RawRequest) -> Answer:
        """Answer a request for a page."""
        query = parse_qs(urlsplit(request.target).query)
        limit = min(int(query["_limit"][0]), self.cap)
        index = int(query["_offset"][0])
        wanted = query.get("_tenantIds")
        ids = self.ids if wanted is None else [each for each in self.ids if each in wanted]
        start = {"pages": index * limit, "rows": index, "nothing": 0}[self.offset]
        found = ids[start : start + limit]
        if self.lost and index == 1:
            found = found[self.lost :]
        about = self.about(index)
        body: dict[str, object] = {"items": [tenant_row(each) for each in found]}
        return http(200, body if about == ABSENT else body | {"_metadata": about})


def says(total: object) -> Callable[[int], object]:
    """Always the same total."""
    return lambda _: {"totalItems": total}


def _line_before() -> int:
    frame = inspect.currentframe()
    assert frame is not None
    assert frame.f_back is not None
    return frame.f_back.f_lineno - 1


def _told(caught: list[warnings.WarningMessage], line: int) -> str:
    """Return what was said, once and at a line of this file."""
    assert [(each.category, each.filename, each.lineno) for each in caught] == [(PaginationWarning, __file__, line)]
    return str(caught[0].message)


async def _ids(liar: Liar, **arguments: Any) -> tuple[list[str], int]:
    """Return the ids that a listing yields, and how many requests that took."""
    async with raw_server(liar) as server, make_client(server.url) as client:
        tenants = await client.tenants.list(**arguments).all()
        return [tenant.tenant_id for tenant in tenants], len(server.requests)


@pytest.mark.parametrize("prefetch", [0, 2, 16])
@pytest.mark.parametrize("total", [0, 1, 200, 400, 449])
async def test_a_total_that_is_too_small(caught: list[warnings.WarningMessage], total: int, prefetch: int) -> None:
    """The rows go on while pages are full; that the total is wrong is told."""
    liar = Liar(450, says(total))
    async with raw_server(liar) as server, make_client(server.url) as client:
        tenants = await client.tenants.list(prefetch=prefetch).all()
        line = _line_before()
    assert [tenant.tenant_id for tenant in tenants] == liar.ids
    assert f"the service counts {total}" in _told(caught, line)
    assert 3 <= len(server.requests) <= 6


@pytest.mark.parametrize(
    "about",
    [
        ABSENT,
        None,
        [],
        {},
        5,
        "450",
        {"totalItems": None},
        {"totalItems": True},
        {"totalItems": -1},
        {"totalItems": 1e308},
        {"totalItems": 450.5},
        {"totalItems": "many"},
        {"totalItems": [450]},
        {"totalItems": 10**400},
    ],
    ids=lambda about: ascii(about)[:30],
)
@pytest.mark.parametrize("prefetch", [0, 16])
async def test_no_total(caught: list[warnings.WarningMessage], about: object, prefetch: int) -> None:
    """The rows go on until a page is not full; that they cannot be checked is told once."""
    liar = Liar(450, lambda _: about)
    async with raw_server(liar) as server, make_client(server.url) as client:
        listing = client.tenants.list(prefetch=prefetch)
        pages = [page async for page in listing.pages()]
        line = _line_before()
        assert [tenant.tenant_id for page in pages for tenant in page.items] == liar.ids
        assert [(page.index, page.total, len(page.items)) for page in pages] == [
            (0, None, 200),
            (1, None, 200),
            (2, None, 50),
        ]
        assert "the service returned no total" in _told(caught, line)
        with pytest.raises(PaginationError, match="the service returned no total"):
            await listing.count()
        assert (await listing.first_page()).total is None
        first = await listing.first()
    assert first is not None
    assert first.tenant_id == "t00000"
    assert len(server.requests) <= 3 + 3 + 3


@pytest.mark.parametrize("total", [450, 450.0, "450"])
async def test_a_number_is_taken_as_it_comes(caught: list[warnings.WarningMessage], total: object) -> None:
    """In each form that JSON has for it."""
    liar = Liar(450, says(total))
    assert await _ids(liar, prefetch=0) == (liar.ids, 3)
    assert caught == []


@pytest.mark.parametrize(("count", "requests"), [(0, 1), (199, 2), (200, 2), (201, 2), (400, 3)])
@pytest.mark.parametrize("about", [ABSENT, {"totalItems": 10**6}])
async def test_the_end_is_found(count: int, requests: int, about: object) -> None:
    """Behind a full page, and behind a first one that is not full: pages of the server may be smaller than asked."""
    liar = Liar(count, lambda _: about)
    if about == ABSENT:
        assert await _ids(liar, prefetch=0) == (liar.ids, requests)
        return
    with pytest.raises(PaginationError, match=f"{count} different items .* counts 1000000"):
        await _ids(liar, prefetch=0)


@pytest.mark.parametrize("total", [ABSENT, 30, 61, 450])
async def test_a_server_with_smaller_pages(total: object) -> None:
    """It caps what is asked for; nothing is lost."""
    liar = Liar(450, lambda _: ABSENT if total == ABSENT else {"totalItems": total}, cap=30)
    if total == 30:
        # One page that is not full and a total that agrees leave no doubt.
        assert len((await _ids(liar))[0]) == 30
    else:
        assert (await _ids(liar))[0] == liar.ids


@pytest.mark.parametrize("total", [ABSENT, 1_000, 450, 200, 3])
@pytest.mark.parametrize("page_size", [10, 200])
async def test_a_server_that_ignores_the_index(total: object, page_size: int) -> None:
    """It gives the first page for ever, and is asked for a second time."""
    liar = Liar(450, lambda _: ABSENT if total == ABSENT else {"totalItems": total}, offset="nothing")
    if total == page_size:
        assert len((await _ids(liar, page_size=page_size))[0]) == page_size
        return
    async with raw_server(liar) as server, make_client(server.url) as client:
        with pytest.raises(PaginationError, match=f"{page_size} different items in {2 * page_size} rows"):
            await client.tenants.list(page_size=page_size, prefetch=0).all()
    assert len(server.requests) == 2


@pytest.mark.parametrize("total", [ABSENT, None, 2])
@pytest.mark.parametrize("prefetch", [0, 16])
async def test_a_server_that_knows_no_pages(
    caught: list[warnings.WarningMessage], total: object, prefetch: int
) -> None:
    """All its rows are on one page, which it gives whatever is asked for: nothing is missing, and it is told once."""
    liar = Liar(3, lambda _: ABSENT if total == ABSENT else {"totalItems": total}, offset="nothing")
    async with raw_server(liar) as server, make_client(server.url) as client:
        tenants = await client.tenants.list(prefetch=prefetch).all()
        line = _line_before()
    assert [tenant.tenant_id for tenant in tenants] == liar.ids
    assert "3 different items in 6 rows" in _told(caught, line)
    assert len(server.requests) == 2


@pytest.mark.parametrize("cap", [50, 100])
@pytest.mark.parametrize("prefetch", [0, 2])
async def test_a_total_of_a_capped_page(caught: list[warnings.WarningMessage], cap: int, prefetch: int) -> None:
    """A total that is never more than a page has does not end a listing whose first page may be capped."""
    liar = Liar(450, says(cap), cap=cap)
    async with raw_server(liar) as server, make_client(server.url) as client:
        tenants = await client.tenants.list(prefetch=prefetch).all()
        line = _line_before()
    assert [tenant.tenant_id for tenant in tenants] == liar.ids
    assert f"the service counts {cap}" in _told(caught, line)


@pytest.mark.parametrize(("count", "requests"), [(49, 1), (50, 2), (51, 1), (100, 2), (150, 1)])
async def test_what_a_right_total_costs(caught: list[warnings.WarningMessage], count: int, requests: int) -> None:
    """One request more where the first page has as many rows as capped ones often have."""
    liar = Liar(count, says(count))
    assert await _ids(liar) == (liar.ids, requests)
    assert caught == []


@pytest.mark.parametrize("total", [ABSENT, 450, "450"])
async def test_an_offset_that_counts_rows(total: object) -> None:
    """Rows are repeated, and it ends soon."""
    liar = Liar(450, lambda _: ABSENT if total == ABSENT else {"totalItems": total}, offset="rows")
    async with raw_server(liar) as server, make_client(server.url) as client:
        with pytest.raises(PaginationError):
            await client.tenants.list(prefetch=0).all()
    assert len(server.requests) <= 4


@pytest.mark.parametrize(
    ("totals", "lost", "complete"),
    [
        ([95, 95], 20, False),
        ([95, 96], 20, False),
        ([95, 94], 20, False),
        ([95, 75], 20, True),
        ([95, 94], 2, True),
        ([95, 94], 3, False),
        ([95, 97], 0, True),
        ([95, 97], 1, False),
        (["95", 94.0], 20, False),
    ],
)
async def test_a_total_that_changes(totals: list[object], lost: int, complete: bool) -> None:
    """It explains as many missing rows as it moved, and none beyond."""
    liar = Liar(95, lambda index: {"totalItems": totals[min(index, 1)]}, lost=lost)
    if complete:
        ids, _ = await _ids(liar, page_size=50)
        assert len(ids) == 95 - lost
        return
    with pytest.raises(PaginationError, match=f"{95 - lost} different items"):
        await _ids(liar, page_size=50)


@pytest.mark.parametrize("about", [ABSENT, {"totalItems": 100}])
async def test_batches_of_ids(caught: list[warnings.WarningMessage], about: object) -> None:
    """Each is one request when it is there whole; without totals that is told once for all."""
    liar = Liar(300, lambda _: about)
    async with raw_server(liar) as server, make_client(server.url) as client:
        tenants = await client.tenants.list(tenant_ids=liar.ids, page_size=100).all()
    assert [tenant.tenant_id for tenant in tenants] == liar.ids
    assert len(server.requests) == 3
    assert len(caught) == (about == ABSENT)


@pytest.mark.parametrize("limit", [1, 199, 200, 201, 400, 449, 450, 1_000])
@pytest.mark.parametrize("total", [ABSENT, 450, 3])
async def test_a_limit(limit: int, total: object) -> None:
    """No page behind it is asked for, and nothing is checked where the end is not read."""
    liar = Liar(450, lambda _: ABSENT if total == ABSENT else {"totalItems": total})
    async with raw_server(liar) as server, make_client(server.url) as client:
        tenants = await client.tenants.list(prefetch=16).all(limit=limit)
    assert [tenant.tenant_id for tenant in tenants] == liar.ids[:limit]
    if limit < 400:
        assert len(server.requests) == math.ceil(limit / 200)


async def test_warnings_instead_of_errors_are_at_the_line_too(caught: list[warnings.WarningMessage]) -> None:
    """By the option."""
    liar = Liar(95, says(100))
    async with raw_server(liar) as server, make_client(server.url) as client:
        listing = client.with_options(incomplete_listing="warn").tenants.list(page_size=50)
        ids = []
        async for tenant in listing:
            ids += [tenant.tenant_id]
        line = _line_before() - 1
    assert ids == liar.ids
    assert "95 different items" in _told(caught, line)


@pytest.mark.parametrize("switch", ["number", "text", "first_page", "null", "no_metadata"])
async def test_the_emulator_can_lie(
    frontegg_emulator: EmulatorHandle,
    frontegg_client: AsyncFrontegg,
    frontegg_sync_client: Frontegg,
    caught: list[warnings.WarningMessage],
    switch: str,
) -> None:
    """In both flavours everything comes, also of a search of the hierarchy; what is told is at the caller's line."""
    ids = [f"t{number:03}" for number in range(45)]
    top = {"tenantId": "top", "name": "Top", "isReseller": True}
    frontegg_emulator.seed(tenants=[top, *({"tenantId": each, "name": each, "parentTenantId": "top"} for each in ids)])
    frontegg_emulator.set_switch("total_items", switch)
    is_unsure = switch not in {"number", "text"}

    def check(line: int) -> None:
        if is_unsure:
            _told(caught, line)
        assert len(caught) == is_unsure
        caught.clear()

    arguments: dict[str, Any] = {"filter": "t0", "page_size": 20, "sort_by": TenantSort.TENANT_ID}
    assert [each.tenant_id for each in await frontegg_client.tenants.list(**arguments).all()] == ids
    check(_line_before())
    assert [each.tenant_id for each in await frontegg_client.hierarchy.search("top", **arguments).all()] == ids
    check(_line_before())
    listing = frontegg_sync_client.tenants.list(**arguments)
    assert [each.tenant_id for each in listing.all()] == ids
    check(_line_before())
    found: list[str] = []
    for each in listing:
        found += [each.tenant_id]
    check(_line_before() - 1)
    for page in listing.pages():
        found += [each.tenant_id for each in page.items]
    check(_line_before() - 1)
    assert found == [*ids, *ids]
    if switch in {"null", "no_metadata"}:
        with pytest.raises(PaginationError):
            listing.count()
    else:
        assert listing.count() == {"first_page": 1}.get(switch, 45)
