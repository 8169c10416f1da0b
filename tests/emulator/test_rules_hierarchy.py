"""The rules of the hierarchy, as tables: assign, remove and read."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from frontegg_async import TenantTree
from frontegg_async._core.codec.reader import decode
from frontegg_async.emulator.store.stored_records import all_records, state_of
from tests.core.trees import chain, fan
from tests.emulator.support import create, make_environment, refusal, run, shown
from tests.emulator.test_rules_users import user


def pair(parent_id: str, child_id: str) -> dict[str, str]:
    return {"parentTenantId": parent_id, "childTenantId": child_id}


def family(**switches: str | int) -> Any:
    """North above a and b, a above a1 above a11; all but a11 are resellers. And one outside."""
    environment = make_environment(**switches)
    parents = {"north": None, "a": "north", "b": "north", "a1": "a", "a11": "a1", "out": None}
    for tenant_id, parent in parents.items():
        above = {} if parent is None else {"parentTenantId": parent}
        create(environment, tenant_id, isReseller=tenant_id != "a11", **above)
    return environment


def ids(answer: Any) -> list[str]:
    rows = shown(answer)
    return [row["tenantId"] for row in (rows["items"] if isinstance(rows, dict) else rows)]


def test_assign_and_remove() -> None:
    """A tenant goes below another with everything below it, and is a root when it is taken away."""
    environment = family()
    answer = run(environment, "hierarchy.assign", pair("b", "out"))
    assert (answer.status, answer.effect.changed, shown(answer)) == (201, ("out",), None)
    assert ids(run(environment, "hierarchy.list_parents", about="out")) == ["b", "north"]
    answer = run(environment, "hierarchy.unassign", pair("north", "a"))
    assert (answer.status, answer.effect.changed, shown(answer)) == (200, ("a",), None)
    assert ids(run(environment, "hierarchy.list_sub_accounts", about="a")) == ["a1", "a11"]
    assert ids(run(environment, "hierarchy.list_sub_accounts", about="north")) == ["b", "out"]


@pytest.mark.parametrize(
    ("parent_id", "child_id", "status"),
    [
        ("out", "out", 400),
        ("b", "a", 400),  # it has another parent
        ("a11", "out", 400),  # no reseller
        ("a1", "north", 400),  # a cycle
        ("a", "north", 400),
        ("", "out", 400),
        ("out", "..", 400),
        ("out", "\x00", 400),
        ("nobody", "out", 404),
        ("north", "nobody", 404),
    ],
)
def test_what_cannot_be_assigned(parent_id: str, child_id: str, status: int) -> None:
    """It is refused, and nothing changes."""
    environment = family()
    before = dict(environment.state.parents)
    assert refusal(environment, "hierarchy.assign", pair(parent_id, child_id)).status == status
    assert environment.state.parents == before


def test_a_parent_that_is_the_parent_already() -> None:
    """It is accepted without effect; by the switch it is refused."""
    answer = run(family(), "hierarchy.assign", pair("north", "a"))
    assert (answer.status, answer.effect.changed) == (201, ())
    assert refusal(family(assign_again="refuse"), "hierarchy.assign", pair("north", "a")).status == 400


@pytest.mark.parametrize(("switch", "parent_id"), [("reseller_rule", "a11"), ("unknown_parent", "nobody")])
def test_statuses_by_the_switches(switch: str, parent_id: str) -> None:
    """What is wrong with a parent can be a 403."""
    assert refusal(family(**{switch: 403}), "hierarchy.assign", pair(parent_id, "out")).status == 403


@pytest.mark.parametrize(
    ("parent_id", "child_id", "status"),
    [("north", "a1", 404), ("a", "north", 404), ("north", "nobody", 404), ("x", "y", 404), ("", "a", 400)],
)
def test_what_cannot_be_removed(parent_id: str, child_id: str, status: int) -> None:
    """Only a direct sub-account of that parent."""
    assert refusal(family(), "hierarchy.unassign", pair(parent_id, child_id)).status == status


def test_rows() -> None:
    """Rows have a level, 1 for the next tenant, and always a name; an empty status is left out below, not above."""
    environment = family()
    run(environment, "tenants.update", {"status": "active"}, tenant_id="a1")
    below = shown(run(environment, "hierarchy.list_sub_accounts", about="north"))
    assert [(row["tenantId"], row["level"]) for row in below] == [("a", 1), ("a1", 2), ("a11", 3), ("b", 1)]
    created = "2023-11-14T22:13:20.000Z"
    assert below[0] == {"tenantId": "a", "tenantName": "A", "createdAt": created, "level": 1}
    assert below[1]["status"] == "active"
    above = shown(run(environment, "hierarchy.list_parents", about="a11"))
    assert [(row["tenantId"], row["tenantName"], row["level"]) for row in above] == [
        ("a1", "A1", 1),
        ("a", "A", 2),
        ("north", "NORTH", 3),
    ]
    assert above[1] == {"tenantId": "a", "level": 2, "tenantName": "A", "status": None, "createdAt": created}
    assert above[0]["status"] == "active"
    assert shown(run(environment, "hierarchy.list_parents", about="north")) == []
    assert shown(run(environment, "hierarchy.list_sub_accounts", about="a11")) == []


def test_tree() -> None:
    """Nested, with the tenant at its top, which has a name too."""
    tree = shown(run(family(), "hierarchy.tree", about="a"))
    created = "2023-11-14T22:13:20.000Z"
    leaf = {"tenantId": "a11", "tenantName": "A11", "createdAt": created, "children": []}
    middle = {"tenantId": "a1", "tenantName": "A1", "createdAt": created, "children": [leaf]}
    assert tree == {"tenantId": "a", "tenantName": "A", "createdAt": created, "children": [middle]}
    assert [child["tenantId"] for child in shown(run(family(), "hierarchy.tree", about="north"))["children"]] == [
        "a",
        "b",
    ]


def test_a_circular_hierarchy() -> None:
    """No operation makes one; the tree of one would be refused."""
    environment = make_environment()
    create(environment, "x", isReseller=True)
    create(environment, "y", isReseller=True, parentTenantId="x")
    environment.state.put_parent("x", "y")
    assert refusal(environment, "hierarchy.tree", about="x").status == 400


@pytest.mark.parametrize("verb", ["list_sub_accounts", "tree", "list_parents", "search", "count_sub_accounts"])
def test_reads_about_nobody(verb: str) -> None:
    """A tenant that does not exist is 404."""
    assert refusal(family(), f"hierarchy.{verb}", about="nobody").status == 404


def test_users_ask_for_the_parents_of_what_they_reach() -> None:
    """Their own tenant and those below; above those are the user's own parents too."""
    environment = family()
    assert ids(run(environment, "hierarchy.list_parents_of", caller=user("a"), tenant_id="a11")) == ["a1", "a", "north"]
    assert ids(run(environment, "hierarchy.list_parents_of", caller=user("a"), tenant_id="a")) == ["north"]
    for tenant_id, status in (("north", 403), ("b", 403), ("nobody", 404)):
        assert refusal(environment, "hierarchy.list_parents_of", caller=user("a"), tenant_id=tenant_id).status == status


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["a", "a1", "a11", "b"]),
        ("_filter=", ["a", "a1", "a11", "b"]),
        ("_filter=A1", ["a1", "a11"]),
        ("_filter=north", []),
        ("_sortBy=name&_order=DESC", ["b", "a11", "a1", "a"]),
        ("_limit=3", ["a", "a1", "a11"]),
        ("_limit=3&_offset=1", ["b"]),
        ("_limit=3&_offset=2", []),
        ("_subTenantId=a", ["a1", "a11"]),
        ("_subTenantId=north&_limit=1", ["a"]),
        ("_subTenantId=", ["a", "a1", "a11", "b"]),
        ("_subTenantId=a1&_filter=zz", []),
    ],
)
def test_search(query: str, expected: list[str]) -> None:
    """The tenants below, filtered, sorted and in pages by their index; an empty filter is none."""
    answer = run(family(), "hierarchy.search", about="north", query=query)
    assert ids(answer) == expected
    assert shown(answer)["_metadata"]["totalItems"] >= len(expected)


def test_rows_of_a_search() -> None:
    """They tell whether a tenant has sub-accounts or may have, and who may enter them."""
    environment = family()
    settings = {"subAccountAccessType": "alwaysOn"}
    run(environment, "sub_tenants.set_hierarchy_settings", settings, tenant_id="a1")
    rows = {row["tenantId"]: row for row in shown(run(environment, "hierarchy.search", about="a"))["items"]}
    assert rows == {
        "a1": {
            "tenantId": "a1",
            "name": "A1",
            "createdAt": "2023-11-14T22:13:20.000Z",
            "metadata": {"isParent": True},
            "isReseller": True,
            "subAccountAccessType": "alwaysOn",
        },
        "a11": {
            "tenantId": "a11",
            "name": "A11",
            "createdAt": "2023-11-14T22:13:20.000Z",
            "metadata": {"isParent": False},
            "isReseller": False,
            "subAccountAccessType": "defaultOff",
        },
    }


@pytest.mark.parametrize(
    ("query", "status"),
    [("_sortBy=level", 400), ("_limit=0", 400), ("_subTenantId=out", 403), ("_subTenantId=nobody", 404)],
)
def test_bad_searches(query: str, status: int) -> None:
    """As in other listings; and nothing outside of the hierarchy is searched."""
    assert refusal(family(), "hierarchy.search", about="north", query=query).status == status


def test_searches_by_the_switches() -> None:
    """Only the next level, more than 200 refused, or offsets that count rows."""
    assert ids(run(family(hierarchy_search="children"), "hierarchy.search", about="north")) == ["a", "b"]
    assert refusal(family(limit_above_maximum="refuse"), "hierarchy.search", about="north", query="_limit=201").status
    offset = run(family(offset="record_offset"), "hierarchy.search", about="north", query="_limit=2&_offset=1")
    assert ids(offset) == ["a1", "a11"]


def test_metadata() -> None:
    """How many sub-accounts each has over all levels; the tenant's own id may be among them."""
    environment = family()
    for query in (
        "_tenantIds=north,a,b",
        "_tenantIds=north&_tenantIds=a,b",
        "_tenantIds=north,a,,b,a",
        "_tenantIds[]=north&_tenantIds%5B%5D=a,b",
    ):
        assert shown(run(environment, "hierarchy.count_sub_accounts", about="north", query=query)) == [
            {"tenantId": "north", "totalSubTenants": 4, "isParent": True},
            {"tenantId": "a", "totalSubTenants": 2, "isParent": True},
            {"tenantId": "b", "totalSubTenants": 0, "isParent": False},
        ]
    assert shown(run(environment, "hierarchy.count_sub_accounts", about="north")) == []
    strict = family(tenant_ids_form="repeated_keys")
    assert shown(run(strict, "hierarchy.count_sub_accounts", about="north", query="_tenantIds[]=a")) == []
    for query, status in (("_tenantIds=a,out", 403), ("_tenantIds=nobody", 404), ("_tenantIds=" + "a," * 251, 414)):
        assert refusal(environment, "hierarchy.count_sub_accounts", about="north", query=query).status == status


def test_a_search_sees_a_hierarchy_that_changed() -> None:
    """What it found is remembered only while the hierarchy is the same."""
    environment = family()
    assert ids(run(environment, "hierarchy.search", about="north")) == ["a", "a1", "a11", "b"]
    run(environment, "hierarchy.unassign", {"parentTenantId": "a", "childTenantId": "a1"})
    assert ids(run(environment, "hierarchy.search", about="north")) == ["a", "b"]
    run(environment, "tenants.update", {"name": "New"}, tenant_id="b")
    assert ids(run(environment, "hierarchy.search", about="north", query="_filter=new")) == ["b"]


@pytest.mark.slow
@pytest.mark.parametrize("deep", [True, False])
def test_hierarchies_of_any_size(*, deep: bool) -> None:
    """Ten thousand levels or a hundred thousand children: nothing recurses, also when they are kept and come back."""
    environment = make_environment()
    expected = chain(10_000) if deep else fan(100_000)
    row = create_row(environment)
    environment.state.add_tenants({node.tenant_id: msgspec.json.encode(row(node.tenant_id)) for node in expected}, {})
    for node in expected:
        parent = expected.parent_of(node.tenant_id)
        environment.state.put_parent(node.tenant_id, None if parent is None else parent.tenant_id)
    last = f"t{len(expected) - 1}"
    body = run(environment, "hierarchy.tree", about="t0").body
    assert isinstance(body, bytes)
    tree = decode(body, TenantTree)
    assert isinstance(tree, TenantTree)
    assert [place.depth for place in tree.walk()] == [place.depth for place in expected.walk()]
    assert len(shown(run(environment, "hierarchy.list_sub_accounts", about="t0"))) == len(expected) - 1
    assert len(shown(run(environment, "hierarchy.list_parents", about=last))) == (len(expected) - 1 if deep else 1)
    assert shown(run(environment, "hierarchy.search", about="t0"))["_metadata"]["totalItems"] == len(expected) - 1
    counts = shown(run(environment, "hierarchy.count_sub_accounts", about="t0", query=f"_tenantIds=t0,{last}"))
    assert [count["totalSubTenants"] for count in counts] == [len(expected) - 1, 0]
    assert refusal(environment, "hierarchy.assign", pair(last, "t0")).status == 400
    again = state_of(record for _, record in all_records(environment.state))
    assert again.parents == environment.state.parents


def create_row(environment: Any) -> Any:
    """Return what makes rows of tenants without a request each."""
    create(environment, "model", isReseller=True)
    model = environment.state.tenants["model"]
    return lambda tenant_id: msgspec.structs.replace(model, tenant_id=tenant_id, name=tenant_id)
