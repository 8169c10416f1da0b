"""Rows with missing fields or other types never fail; one warning points at the line of the caller."""

from __future__ import annotations

import asyncio
import inspect
import warnings
from collections.abc import Iterator
from typing import Any, Final

import pytest

from frontegg_async import AsyncFrontegg, DecodeError, FronteggError, ResponseMismatchError
from frontegg_async._core.codec import large_bodies, unreadable_values
from frontegg_async.emulator import EmulatorHandle
from frontegg_async.errors import BlockingCallWarning, UnknownValueWarning
from frontegg_sync import Frontegg
from tests.support.clients import make_client
from tests.support.raw_server import Answer, RawRequest, http, raw_server
from tests.support.tenants import tenant_row

pytestmark = pytest.mark.anyio

ODD: Final = tenant_row("odd") | {"status": 5}


@pytest.fixture(autouse=True)
def caught(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[warnings.WarningMessage]]:
    """Nothing was told yet; what is told is caught."""
    monkeypatch.setattr(unreadable_values, "_warned", set())
    with warnings.catch_warnings(record=True) as found:
        warnings.simplefilter("always")
        warnings.simplefilter("ignore", BlockingCallWarning)
        yield found


@pytest.fixture
def family(frontegg_emulator: EmulatorHandle) -> EmulatorHandle:
    """Five tenants in a row, each below the one before."""
    ids = ["a", "b", "c", "d", "e"]
    parents = dict(zip(ids[1:], ids, strict=False))
    frontegg_emulator.seed(
        tenants=[
            {"tenantId": each, "name": each.upper(), "isReseller": True, "parentTenantId": parents.get(each)}
            for each in ids
        ]
    )
    return frontegg_emulator


def _line_before() -> int:
    frame = inspect.currentframe()
    assert frame is not None
    assert frame.f_back is not None
    return frame.f_back.f_lineno - 1


def _lines(caught: list[warnings.WarningMessage]) -> set[tuple[str, int]]:
    assert {each.category for each in caught} <= {UnknownValueWarning}
    return {(each.filename, each.lineno) for each in caught}


@pytest.mark.parametrize("fields", ["id_only", "null", "other_types"])
async def test_every_read_of_tenants_and_of_the_hierarchy(
    family: EmulatorHandle, frontegg_client: AsyncFrontegg, frontegg_sync_client: Frontegg, fields: str
) -> None:
    """Only ids are relied upon."""
    family.set_switch("tenant_fields", fields)
    client, blocking = frontegg_client, frontegg_sync_client
    tenants = await client.tenants.list(page_size=2).all()
    assert sorted(each.tenant_id for each in tenants) == ["a", "b", "c", "d", "e"]
    for tenant in (*tenants, await client.tenants.get("a")):
        assert (tenant.name, tenant.created_at, tenant.updated_at, tenant.status) == ("", None, None, None)
        assert tenant.is_deleted is (fields == "other_types")
        assert ("name" in tenant.extra) is True
    assert [each.tenant_id for each in await client.hierarchy.list_sub_accounts("a")] == ["b", "c", "d", "e"]
    assert {each.level for each in await client.hierarchy.list_sub_accounts("a")} == {None}
    assert [each.tenant_id for each in await client.hierarchy.list_parents("e")] == ["d", "c", "b", "a"]
    assert [each.tenant_id for each in await client.hierarchy.tree("a")] == ["a", "b", "c", "d", "e"]
    assert {each.tenant_id for each in await client.hierarchy.search("a").all()} == {"b", "c", "d", "e"}
    assert blocking.tenants.list().all() == tenants
    assert blocking.hierarchy.tree("a") == await client.hierarchy.tree("a")


async def test_a_hierarchy_in_its_other_forms(family: EmulatorHandle, frontegg_client: AsyncFrontegg) -> None:
    """Names by ``name``, rows without a level, and one row that stands for a list."""
    before = await frontegg_client.hierarchy.tree("a")
    for switch, value in (("hierarchy_name", "name"), ("hierarchy_level", "missing"), ("hierarchy_of_one", "object")):
        family.set_switch(switch, value)
    assert await frontegg_client.hierarchy.tree("a") == before
    (parent,) = await frontegg_client.hierarchy.list_parents("b")
    (child,) = await frontegg_client.hierarchy.list_sub_accounts("d")
    assert (parent.tenant_id, parent.tenant_name, parent.level) == ("a", "A", None)
    assert (child.tenant_id, child.tenant_name, child.level, dict(child.extra)) == ("e", "E", None, {})
    await frontegg_client.hierarchy.move("e", "a")
    assert [each.tenant_id for each in (await frontegg_client.hierarchy.tree("a")).children("a")] == ["b", "e"]


@pytest.mark.parametrize("above", [{"d": [], "c": []}, {"d": ["c", "x"], "c": []}])
async def test_parents_whose_order_nobody_tells(above: dict[str, list[str]]) -> None:
    """Where neither levels nor the parents of parents say which is the nearest, nothing is changed."""

    def answer(request: RawRequest) -> Answer:
        asked = request.headers["frontegg-tenant-id"]
        return http(200, [{"tenantId": each} for each in {"e": ["c", "d"], **above}.get(asked, [])])

    async with raw_server(answer) as server, make_client(server.url) as client:
        with pytest.raises(FronteggError, match="levels of parents are missing"):
            await client.hierarchy.move("e", "a")
    assert {request.method for request in server.requests} == {"GET"}


async def test_api_tokens_that_do_not_say_whose_they_are(
    family: EmulatorHandle, frontegg_client: AsyncFrontegg
) -> None:
    """The caller knows it."""
    made = await frontegg_client.api_tokens.create("a", description="d")
    family.set_switch("api_token_tenant", "missing")
    (token,) = await frontegg_client.api_tokens.list("a").all()
    assert (token.client_id, token.tenant_id) == (made.client_id, None)


@pytest.mark.parametrize("children", ["x", 5, False, {}])
async def test_children_that_are_none(caught: list[warnings.WarningMessage], children: object) -> None:
    """The tree is read without them, and the caller is told at its line."""
    node = tenant_row("odd") | {"children": children}
    async with raw_server(http(200, node)) as server, make_client(server.url) as client:
        tree = await client.hierarchy.tree("odd")
        line = _line_before()
        await client.hierarchy.tree("odd")
    assert [(each.tenant_id, each.extra["children"]) for each in tree] == [("odd", children)]
    assert _lines(caught) == {(__file__, line)}
    assert len(caught) == 1


async def test_one_child_that_stands_for_a_list() -> None:
    """It is the only child."""
    node = {"tenantId": "top", "children": {"tenantId": "below", "name": "Below"}}
    async with raw_server(http(200, node)) as server, make_client(server.url) as client:
        tree = await client.hierarchy.tree("top")
    assert [(place.node.tenant_id, place.node.tenant_name, place.depth) for place in tree.walk()] == [
        ("top", None, 0),
        ("below", "Below", 1),
    ]


@pytest.mark.parametrize("odd", [{}, {"email": None}, {"email": 5}])
async def test_excluded_addresses_without_an_address(odd: dict[str, Any]) -> None:
    """The others are listed with it, and its id tells which it is."""
    rows = [{"id": "1", "email": "a@b.c"}, {"id": "2", **odd}]
    async with raw_server(http(200, rows)) as server, make_client(server.url) as client:
        found = await client.sso.excluded_emails.list().all()
    assert [(each.id, each.email, dict(each.extra)) for each in found] == [
        ("1", "a@b.c", {}),
        ("2", "", {"email": ""} | odd),
    ]


async def test_a_migration_without_a_status() -> None:
    """It is not over."""
    async with raw_server(http(200, {"migrationId": "m", "tenants": []})) as server, make_client(server.url) as client:
        migration = await client.migrations.get_status("m")
    assert (migration.status, migration.is_over, dict(migration.extra)) == ("", False, {"status": ""})


@pytest.mark.parametrize("other", ["t2", 5, ["t"]])
async def test_rows_of_another_tenant_are_refused(other: object) -> None:
    """A tenant's id of another type cannot be compared with the one asked for, so it is not passed over."""
    rows = [{"id": "1", "clientId": "1", "tenantId": other}]
    async with raw_server(http(200, rows)) as server, make_client(server.url) as client:
        for call in (client.sso.list, client.api_tokens.list):
            with pytest.raises((DecodeError, ResponseMismatchError)):
                await call("t").all()


def _page(*rows: dict[str, Any], total: int | None = None) -> Answer:
    return http(200, {"items": [*rows], "_metadata": {"totalItems": len(rows) if total is None else total}})


async def test_an_await_is_told_at_its_line(caught: list[warnings.WarningMessage]) -> None:
    """Once for each field of a model."""
    async with raw_server(http(200, ODD)) as server, make_client(server.url) as client:
        tenant = await client.tenants.get("odd")
        line = _line_before()
        await client.tenants.get("odd")
    assert (tenant.status, tenant.extra) == (None, {"status": 5})
    assert _lines(caught) == {(__file__, line)}
    assert len(caught) == 1
    assert str(caught[0].message) == (
        "Tenant.status cannot be read: the service sent a value of type int. The field has its default, "
        "and extra['status'] has the value. This warning comes once for each field"
    )


async def test_a_large_answer_is_told_at_its_line(caught: list[warnings.WarningMessage]) -> None:
    """Although another thread reads it."""
    row = ODD | {"logo": "x" * large_bodies.SIZE}
    async with raw_server(http(200, row)) as server, make_client(server.url) as client:
        await client.tenants.get("odd")
        line = _line_before()
    assert _lines(caught) == {(__file__, line)}


def _odd_at(number: int, field: str, value: object) -> Any:
    """Return a server of ten tenants by pages of two, of which one has an odd field."""
    rows = [tenant_row(f"t{n}") | ({field: value} if n == number else {}) for n in range(9)]

    def answer(request: RawRequest) -> Answer:
        index = int(request.target.partition("_offset=")[2].partition("&")[0])
        return _page(*rows[2 * index : 2 * index + 2], total=9)

    return answer


@pytest.mark.parametrize("number", [0, 3, 8])
@pytest.mark.parametrize("prefetch", [0, 16])
async def test_a_listing_is_told_at_the_line_of_its_reader(
    caught: list[warnings.WarningMessage], number: int, prefetch: int
) -> None:
    """Also of pages that were read ahead, when they are handed over."""
    async with raw_server(_odd_at(number, "status", [1])) as server, make_client(server.url) as client:
        listing = client.tenants.list(page_size=2, prefetch=prefetch)
        seen = 0
        async for _ in listing:
            seen += 1
        line = _line_before() - 1
        assert seen == 9
        assert _lines(caught) == {(__file__, line)}
        unreadable_values._warned.clear()
        await listing.all()
        assert _lines(caught[1:]) == {(__file__, _line_before() - 0)}
        unreadable_values._warned.clear()
        async for page in listing.pages():
            assert page.items
        assert _lines(caught[2:]) == {(__file__, _line_before() - 1)}
        unreadable_values._warned.clear()
        await listing.to_records()
        assert _lines(caught[3:]) == {(__file__, _line_before() - 0)}
    assert len(caught) == 4


def test_a_blocking_reader_is_told_at_its_line(
    family: EmulatorHandle, frontegg_sync_client: Frontegg, caught: list[warnings.WarningMessage]
) -> None:
    """Although the pages are read in the thread of the loop."""
    family.set_switch("tenant_fields", "other_types")
    listing = frontegg_sync_client.tenants.list(page_size=2)
    found = set[int]()

    def told() -> set[int]:
        lines = {each.lineno for each in caught if each.filename == __file__}
        assert len(caught) == sum(each.filename == __file__ for each in caught) > 0
        caught.clear()
        unreadable_values._warned.clear()
        return lines

    for _ in listing:
        pass
    assert told() == {_line_before() - 1}
    for page in listing.pages():
        found |= {page.index}
    assert told() == {_line_before() - 1}
    listing.all()
    assert told() == {_line_before()}
    listing.first()
    assert told() == {_line_before()}
    listing.first_page()
    assert told() == {_line_before()}
    frontegg_sync_client.tenants.get("a")
    assert told() == {_line_before()}
    frontegg_sync_client.hierarchy.tree("a")
    assert told() == {_line_before()}


async def test_as_an_error_it_ends_the_call(caught: list[warnings.WarningMessage]) -> None:
    """For those who want that; the next call is not told again."""
    async with raw_server(http(200, ODD)) as server, make_client(server.url) as client:
        with warnings.catch_warnings():
            warnings.simplefilter("error", UnknownValueWarning)
            with pytest.raises(UnknownValueWarning, match=r"Tenant\.status"):
                await client.tenants.get("odd")
            assert (await client.tenants.get("odd")).extra == {"status": 5}
    assert caught == []


async def test_as_an_error_it_ends_a_listing() -> None:
    """At the page that has it."""
    async with raw_server(_odd_at(3, "status", 5)) as server, make_client(server.url) as client:
        items = aiter(client.tenants.list(page_size=2))
        assert [(await anext(items)).tenant_id for _ in range(2)] == ["t0", "t1"]
        with warnings.catch_warnings():
            warnings.simplefilter("error", UnknownValueWarning)
            with pytest.raises(UnknownValueWarning):
                await anext(items)


async def test_an_answer_that_is_refused_tells_nothing(caught: list[warnings.WarningMessage]) -> None:
    """What was found in it is told when it is found again."""
    broken = _page(ODD, {"tenantId": 5})
    async with raw_server(broken, broken, broken, _page(ODD)) as server, make_client(server.url) as client:
        with pytest.raises(DecodeError, match=r"items\[1\].tenantId"):
            await client.with_options(max_retries=2).tenants.list().first_page()
        assert caught == []
        await client.tenants.list().first_page()
        assert _lines(caught) == {(__file__, _line_before())}


async def test_calls_side_by_side_are_told_of_their_own(caught: list[warnings.WarningMessage]) -> None:
    """Each call in a task of its own; all of them come to their end."""

    def answer(request: RawRequest) -> Answer:
        number = request.target.rpartition("/t")[2]
        return http(200, tenant_row(f"t{number}") | {f"new{number}": 1, "website": 5})

    async with raw_server(answer) as server, make_client(server.url) as client:
        found = await asyncio.gather(*(client.tenants.get(f"t{number}") for number in range(10)))
    assert [each.extra["website"] for each in found] == [5] * 10
    assert len(caught) == 1


@pytest.mark.parametrize(
    "row",
    [None, True, 5, 1e308, 10**400, "t1", [], ["t1"], {}, {"tenantId": None}, {"tenantId": ["t1"]}, {"tenantid": "t1"}],
    ids=lambda row: ascii(row)[:20],
)
async def test_what_is_no_row_fails_with_its_place(row: Any) -> None:
    """A row without an id is nobody's: to pass it over would be to lose it."""
    answer = _page(tenant_row("t0"), row)
    async with raw_server(answer) as server, make_client(server.url) as client:
        with pytest.raises(DecodeError, match=r"\$\.items\[1\]"):
            await client.with_options(max_retries=0).tenants.list().all()
