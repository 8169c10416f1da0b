"""The rules of the listing, as tables."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import pytest

from frontegg_async.emulator.store.orders import MAX_FOUND, order_key
from frontegg_async.emulator.store.stored_records import all_records, state_of
from frontegg_async.emulator.world.emulated_environment import EmulatedEnvironment
from frontegg_async.emulator.world.seeds import add_seed, read_seed
from frontegg_async.models.tenants import TenantSort
from tests.emulator.support import create, make_environment, refusal, run, shown


def make_tenants(**switches: str | int) -> EmulatedEnvironment:
    environment = make_environment(**switches)
    for tenant_id, name in (("t3", "Beta"), ("t1", "alpha"), ("t2", "Alpha"), ("t5", "Äther"), ("t4", "beta 2")):
        create(environment, tenant_id, name=name)
        environment.clock.advance(1)
    return environment


def listed(environment: EmulatedEnvironment, query: str) -> list[str]:
    return [item["tenantId"] for item in shown(run(environment, "tenants.list", query=query))["items"]]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", "t3 t1 t2 t5 t4"),
        ("_order=DESC", "t4 t5 t2 t1 t3"),
        ("_sortBy=tenantId", "t1 t2 t3 t4 t5"),
        ("_sortBy=tenantId&_order=DESC", "t5 t4 t3 t2 t1"),
        ("_sortBy=name", "t2 t3 t1 t4 t5"),
        ("_limit=2", "t3 t1"),
        ("_limit=2&_offset=1", "t2 t5"),
        ("_limit=2&_offset=2", "t4"),
        ("_limit=2&_offset=3", ""),
        ("_limit=2&_offset=1&_order=DESC", "t2 t1"),
        ("_limit=2&_offset=2&_order=DESC", "t3"),
        ("_limit=2&_offset=9&_order=DESC", ""),
        ("limit=2&offset=1", "t3 t1 t2 t5 t4"),
        ("_unknown=1", "t3 t1 t2 t5 t4"),
        ("_filter=ALPHA", "t1 t2"),
        ("_filter=T4", "t4"),
        ("_filter=%C3%A4", "t5"),
        ("_filter=", "t3 t1 t2 t5 t4"),
        ("_filter=beta&_limit=1&_offset=1", "t4"),
        ("_filter=beta&_order=DESC", "t4 t3"),
        ("_tenantIds=t1&_tenantIds=t3", "t3 t1"),
        ("_tenantIds=t1,t3,nobody", "t3 t1"),
        ("_tenantIds[]=t1&_tenantIds[]=t3", "t3 t1"),
        ("_tenantIds%5B%5D=t1", "t1"),
        ("_tenantIds=t1&_tenantIds=t1", "t1"),
        ("_tenantIds=t1&_tenantIds=t2&_filter=t2", "t2"),
        ("_tenantIds=t1&_tenantIds=t3&_sortBy=name&_order=DESC", "t1 t3"),
        ("_tenantIds=nobody", ""),
    ],
)
def test_listing(query: str, expected: str) -> None:
    """Pages, orders, filters and ids."""
    assert listed(make_tenants(), query) == expected.split()


@pytest.mark.parametrize(
    "query",
    ["_limit=x", "_limit=0", "_limit=-1", "_limit=1.5", "_limit=1_0", "_limit=٣", "_offset=-1", "_offset=x",
     "_sortBy=status", "_order=UP", "_order=asc"],
)  # fmt: skip
def test_bad_parameters(query: str) -> None:
    """A value that is not allowed is 400."""
    assert refusal(make_tenants(), "tenants.list", query=query).status == 400


@pytest.mark.parametrize(
    "query",
    ["&".join(["_tenantIds=a"] * 251), "_tenantIds=" + ",".join(["a"] * 251), "&".join(["_tenantIds[]=a"] * 251)],
)
def test_too_many_ids(query: str) -> None:
    """Above 250 ids the edge answers 414."""
    assert refusal(make_tenants(), "tenants.list", query=query).status == 414


def test_an_id_with_a_comma() -> None:
    """A single value that is an id is not a list."""
    environment = make_environment()
    create(environment, "a,b")
    create(environment, "a")
    assert listed(environment, "_tenantIds=a%2Cb") == ["a,b"]


@pytest.mark.parametrize(
    ("query", "total", "pages", "size"),
    [("", 205, 5, 50), ("_limit=200", 205, 2, 200), ("_limit=1000", 205, 2, 200), ("_limit=200&_offset=1", 205, 2, 5)],
)
def test_totals(query: str, total: int, pages: int, size: int) -> None:
    """50 a page by default, 200 at most, and totals over all pages."""
    environment = make_environment()
    for index in range(205):
        create(environment, f"t{index:03}")
    page = shown(run(environment, "tenants.list", query=query))
    assert page["_metadata"] == {"totalItems": total, "totalPages": pages}
    assert len(page["items"]) == size


def test_an_empty_environment() -> None:
    """There are no items and no pages."""
    page = shown(run(make_environment(), "tenants.list"))
    assert page["items"] == []
    assert page["_metadata"] == {"totalItems": 0, "totalPages": 0}


@pytest.mark.parametrize(
    ("behaviour", "query", "expected"),
    [
        ({"offset": "record_offset"}, "_limit=2&_offset=1", "t1 t2"),
        ({"filter_match": "exact_case"}, "_filter=Alpha", "t2"),
        ({"filter_match": "prefix"}, "_filter=a", "t1"),
        ({"filter_match": "prefix"}, "_filter=t4", "t4"),
        ({"default_order": "descending"}, "", "t4 t5 t2 t1 t3"),
        ({}, "_tenantIds=t2,t1", "t1 t2"),
        ({}, "_tenantIds[]=t2&_tenantIds[]=t1", "t1 t2"),
        ({"tenant_ids_form": "repeated_keys"}, "_tenantIds=t2&_tenantIds=t1", "t1 t2"),
        ({"tenant_ids_form": "repeated_keys"}, "_tenantIds=t2,t1", ""),
        ({"tenant_ids_form": "repeated_keys"}, "_tenantIds=t2&_tenantIds[]=t1", "t2"),
        ({}, "_tenantIds=&_tenantIds[]=", "t3 t1 t2 t5 t4"),
        ({}, "_tenantIds=&_tenantIds=t1", "t1"),
        ({"default_order": "descending"}, "_sortBy=createdAt", "t3 t1 t2 t5 t4"),
    ],
)
def test_switches(behaviour: dict[str, Any], query: str, expected: str) -> None:
    """Each assumption about listings can be turned."""
    assert listed(make_tenants(**behaviour), query) == expected.split()


@pytest.mark.parametrize(
    ("behaviour", "query", "expected"),
    [
        ({}, "", "open shut"),
        ({"locked_tenants": "by_ids"}, "", "open"),
        ({"locked_tenants": "by_ids"}, "_tenantIds=shut&_tenantIds=open", "open shut"),
        ({"locked_tenants": "left_out"}, "_tenantIds=shut&_tenantIds=open", "open"),
        ({"deleted_tenants": "by_ids"}, "", "open shut"),
        ({"deleted_tenants": "by_ids"}, "_tenantIds=gone,shut", "shut gone"),
        ({"deleted_tenants": "listed"}, "_filter=gone", "gone"),
        ({"deleted_tenants": "listed"}, "_sortBy=tenantId", "gone open shut"),
        ({"deleted_tenants": "listed", "locked_tenants": "left_out"}, "_limit=1&_offset=1", "gone"),
    ],
)
def test_locked_and_deleted_tenants(behaviour: dict[str, Any], query: str, expected: str) -> None:
    """The switches say which listings have them; deleted ones have the time of their deletion."""
    environment = make_environment(**behaviour)
    for tenant_id in ("open", "shut", "gone"):
        create(environment, tenant_id)
        environment.clock.advance(1)
    run(environment, "tenants.lock", {"tenantIds": ["shut"]})
    run(environment, "tenants.delete", tenant_id="gone")
    items = shown(run(environment, "tenants.list", query=query))["items"]
    assert [item["tenantId"] for item in items] == expected.split()
    assert [item["tenantId"] for item in items if item["deletedAt"]] == ["gone"] * ("gone" in expected)


def test_unsorted_pages_may_have_changing_orders() -> None:
    """By the switch, every second page has the other order, unless the query names one."""
    environment = make_environment(unsorted_pages="changing")
    for tenant_id in ("a", "b", "c", "d"):
        create(environment, tenant_id)
        environment.clock.advance(1)
    assert [listed(environment, f"_limit=2&_offset={number}") for number in "01"] == [["a", "b"], ["b", "a"]]
    sorted_pages = [listed(environment, f"_limit=2&_offset={number}&_sortBy=createdAt") for number in "01"]
    assert sorted_pages == [["a", "b"], ["c", "d"]]


def test_tenants_of_the_same_time_may_have_an_order_of_their_own() -> None:
    """By the switch it is not that of the ids, and the same on each page."""
    environment = make_environment(created_at_ties="other_order")
    environment.clock.freeze(True)
    ids = [f"t{index:02}" for index in range(20)]
    for tenant_id in ids:
        create(environment, tenant_id)
    whole = listed(environment, "_sortBy=createdAt")
    assert whole != ids
    assert [
        each for number in range(4) for each in listed(environment, f"_sortBy=createdAt&_limit=5&_offset={number}")
    ] == whole


@pytest.mark.parametrize("order", ["ASC", "DESC"])
def test_tenants_of_the_same_time_may_have_another_order_on_each_page(order: str) -> None:
    """By the switch, so that some are on two pages, and others on none."""
    environment = make_environment(created_at_ties="change_order")
    ids = [f"t{index:03}" for index in range(60)]
    for tenant_id in ids:
        create(environment, tenant_id)
    query = f"_sortBy=createdAt&_order={order}&_limit=20"
    pages = [listed(environment, f"{query}&_offset={number}") for number in range(3)]
    assert pages == [listed(environment, f"{query}&_offset={number}") for number in range(3)]
    assert len({each for page in pages for each in page}) < len(ids)
    assert sorted(listed(environment, query.replace("20", "60"))) == ids
    by_id = listed(environment, "_sortBy=tenantId&_limit=60")
    assert by_id == ids


def test_a_limit_above_the_maximum_can_be_refused() -> None:
    """By the switch it is 400."""
    assert refusal(make_tenants(limit_above_maximum="refuse"), "tenants.list", query="_limit=201").status == 400


@pytest.mark.parametrize(
    ("value", "links"),
    [
        (
            "query",
            {"next": "_limit=2&_offset=2", "prev": "_limit=2&_offset=0", "first": "_limit=2&_offset=0",
             "last": "_limit=2&_offset=2"},
        ),
        (
            "path",
            {"next": "/list?_limit=2&_offset=2", "prev": "/list?_limit=2&_offset=0",
             "first": "/list?_limit=2&_offset=0", "last": "/list?_limit=2&_offset=2"},
        ),
        ("empty", {}),
        ("missing", None),
    ],
)  # fmt: skip
def test_links(value: str, links: Any) -> None:
    """Links are bare query strings, paths, empty or missing."""
    page = shown(run(make_tenants(links=value), "tenants.list", query="_limit=2&_offset=1"))
    assert page.get("_links") == links


def test_links_at_the_ends() -> None:
    """The first page has no previous one and the last no next one."""
    first = shown(run(make_tenants(), "tenants.list"))["_links"]
    assert (first["next"], first["prev"]) == ("", "")


def test_the_old_listing_is_a_bare_array() -> None:
    """All tenants in the order of their ids."""
    assert [row["tenantId"] for row in shown(run(make_tenants(), "tenants.list_v1"))] == ["t1", "t2", "t3", "t4", "t5"]


def test_orders_follow_every_change() -> None:
    """Orders that were used before are right after creates, renames and deletes."""
    environment = make_tenants()
    orders = ("createdAt", "name", "tenantId")
    for sort in orders:
        listed(environment, f"_sortBy={sort}")
    run(environment, "tenants.update", {"name": "zeta"}, tenant_id="t2")
    run(environment, "tenants.delete", tenant_id="t3")
    create(environment, "t0", name="Mu")
    for sort in orders:
        rows = sorted(environment.state.tenants.values(), key=lambda row: (row.created_at, row.tenant_id))
        if sort == "name":
            rows.sort(key=lambda row: (row.name, row.tenant_id))
        if sort == "tenantId":
            rows.sort(key=lambda row: row.tenant_id)
        expected = [row.tenant_id for row in rows]
        assert listed(environment, urlencode({"_sortBy": sort})) == expected
        assert listed(environment, urlencode({"_sortBy": sort, "_order": "DESC"})) == expected[::-1]


@pytest.mark.parametrize("query", ["_filter=a", "_filter=a&_sortBy=name&_order=DESC", "_sortBy=name"])
def test_what_was_found_is_found_anew_after_a_change(query: str) -> None:
    """A page is of the tenants as they are now, whichever of them was created, changed or deleted since the last."""
    environment = make_tenants()

    def fresh() -> list[dict[str, Any]]:
        same = make_environment()
        same.state = state_of(record for _, record in all_records(environment.state))
        items: list[dict[str, Any]] = shown(run(same, "tenants.list", query=query))["items"]
        return items

    def found() -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = shown(run(environment, "tenants.list", query=query))["items"]
        return items

    before = found()
    create(environment, "t9", name="Alba")
    assert found() == fresh() != before
    run(environment, "tenants.update", {"status": "closed"}, tenant_id="t9")
    assert [item["status"] for item in found() if item["tenantId"] == "t9"] == ["closed"]
    run(environment, "tenants.update", {"name": "Zeta"}, tenant_id="t2")
    assert found() == fresh()
    run(environment, "tenants.delete", tenant_id="t9")
    assert found() == fresh()


def test_many_searches_are_not_remembered() -> None:
    """Only the last ones are, and each finds what is its own."""
    environment = make_tenants()
    for _ in range(2):
        for number in range(1, 10):
            assert listed(environment, f"_filter=t{number}") == ([f"t{number}"] if number <= 5 else [])
    assert len(environment.state._orders._found) == MAX_FOUND


@pytest.mark.parametrize("more", [1, 200])
def test_a_seed_beside_a_listing(more: int) -> None:
    """Few tenants take their places in an order that is there, many have it made anew: it is the same."""
    environment = make_environment()
    add_seed(environment, read_seed({"tenants": [{"tenantId": f"a{n:03}", "name": f"N{n % 7}"} for n in range(100)]}))
    for sort in ("name", "tenantId", "createdAt"):
        listed(environment, f"_sortBy={sort}&_limit=200")
    add_seed(environment, read_seed({"tenants": [{"tenantId": f"b{n:03}", "name": f"N{n % 5}"} for n in range(more)]}))
    rows = environment.state.tenants.values()
    for sort in TenantSort:
        in_order = sorted((order_key(sort, row), row.tenant_id) for row in rows)
        assert list(environment.state.in_order(sort, descending=False)) == [tenant_id for _, tenant_id in in_order]
