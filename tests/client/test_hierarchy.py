"""The hierarchy against the emulator: every verb in both clients, its refusals, and what a lost response does."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from frontegg_async import (
    AsyncFrontegg,
    BadRequestError,
    ConfigurationError,
    DecodeError,
    InvalidArgumentError,
    NotFoundError,
    Options,
    OutcomeUnknownError,
    PartialFailureError,
    PermissionDeniedError,
    ResponseMismatchError,
)
from frontegg_async.emulator import EmulatorHandle
from frontegg_async.endpoints.hierarchy import PARENTS_OF
from frontegg_async.models import HierarchyMetadata, Order, SubAccountAccessType, TenantSort
from frontegg_sync import Frontegg
from tests.core.trees import deep_body, node_row, wide_body
from tests.support.clients import make_client
from tests.support.raw_server import http, raw_server

pytestmark = pytest.mark.anyio

HIERARCHY = "/tenants/resources/hierarchy/v1"
READ = "fe.account-hierarchy.read.subAccount"

SEED: list[Mapping[str, Any]] = [
    {"tenantId": "north", "name": "North", "isReseller": True},
    {"tenantId": "a", "name": "Branch A", "isReseller": True, "parentTenantId": "north"},
    {"tenantId": "b", "name": "Branch B", "isReseller": True, "parentTenantId": "north"},
    {"tenantId": "a1", "name": "Shop 1", "parentTenantId": "a"},
    {"tenantId": "out/ü", "name": "Outside", "isReseller": True},
]


@pytest.fixture(autouse=True)
def seeded(frontegg_emulator: EmulatorHandle) -> None:
    """A reseller with two branches and a shop, and one outside."""
    frontegg_emulator.seed(tenants=SEED)


def parents(emulator: EmulatorHandle) -> dict[str, str | None]:
    """Return who is under whom."""
    snapshot: Any = emulator.snapshot()
    return {row["tenantId"]: row["parentTenantId"] for row in snapshot["environments"][0]["tenants"]}


def effects(emulator: EmulatorHandle, *routes: str) -> list[str]:
    """Return which requests changed something, in order."""
    return [entry.route for entry in emulator.journal() if entry.route in routes and entry.effect]


async def test_reads(frontegg_client: AsyncFrontegg) -> None:
    """What is above and below a tenant, with levels and as a tree."""
    hierarchy = frontegg_client.hierarchy
    below = await hierarchy.list_sub_accounts("north")
    assert [(row.tenant_id, row.tenant_name, row.level) for row in below] == [
        ("a", "Branch A", 1),
        ("a1", "Shop 1", 2),
        ("b", "Branch B", 1),
    ]
    assert below[0].created_at is not None
    assert repr(below[0]) == "RelatedTenant(tenant_id='a', level=1)"
    assert [(row.tenant_id, row.level) for row in await hierarchy.list_parents("a1")] == [("a", 1), ("north", 2)]
    assert await hierarchy.list_parents("north") == ()
    tree = await hierarchy.tree("north")
    assert tree.render().splitlines() == [
        "North (north)",
        "├── Branch A (a)",
        "│   └── Shop 1 (a1)",
        "└── Branch B (b)",
    ]
    assert (await hierarchy.tree("a1")).depth == 0


async def test_search(frontegg_client: AsyncFrontegg) -> None:
    """Pages of the tenants below, filtered and sorted."""
    hierarchy = frontegg_client.hierarchy
    await frontegg_client.sub_tenants.set_hierarchy_settings("a", access_type=SubAccountAccessType.DEFAULT_ON)
    listing = hierarchy.search("north", sort_by=TenantSort.NAME, order=Order.DESC, page_size=2)
    rows = await listing.all()
    assert [row.name for row in rows] == ["Shop 1", "Branch B", "Branch A"]
    assert await listing.count() == 3
    branch = rows[-1]
    assert (branch.is_reseller, branch.metadata and branch.metadata.is_parent) == (True, True)
    assert branch.sub_account_access_type == SubAccountAccessType.DEFAULT_ON
    assert rows[0].metadata is not None
    assert rows[0].metadata.is_parent is False
    assert [row.tenant_id async for row in hierarchy.search("north", filter="branch")] == ["a", "b"]
    assert [row.tenant_id async for row in hierarchy.search("north", sub_tenant_id="a", filter="")] == ["a1"]
    with pytest.raises(PermissionDeniedError):
        await hierarchy.search("north", sub_tenant_id="out/ü").first()


async def test_metadata(frontegg_emulator: EmulatorHandle, frontegg_client: AsyncFrontegg) -> None:
    """Any number of ids, a hundred at a time, each once; in halves when the URL gets too long."""
    hierarchy = frontegg_client.hierarchy
    assert await hierarchy.count_sub_accounts("north", ["north", "a", "b", "a"]) == (
        HierarchyMetadata(tenant_id="north", total_sub_tenants=3, is_parent=True),
        HierarchyMetadata(tenant_id="a", total_sub_tenants=1, is_parent=True),
        HierarchyMetadata(tenant_id="b", total_sub_tenants=0, is_parent=False),
    )
    shops: list[Mapping[str, Any]] = [
        {"tenantId": f"shop-{n}-{'x' * 200}", "name": "n", "parentTenantId": "b"} for n in range(150)
    ]
    frontegg_emulator.seed(tenants=shops)
    ids = [str(shop["tenantId"]) for shop in shops]
    counts = await hierarchy.count_sub_accounts("b", ids)
    assert [count.tenant_id for count in counts] == ids
    statuses = [entry.status for entry in frontegg_emulator.journal() if entry.route == "hierarchy.count_sub_accounts"]
    assert statuses == [200, 414, 200, 200, 200]
    with pytest.raises(PartialFailureError) as caught:
        await hierarchy.count_sub_accounts("b", [*ids, "nobody"])
    assert isinstance(caught.value.failed["nobody"], NotFoundError)


async def test_assign_and_remove(frontegg_emulator: EmulatorHandle, frontegg_client: AsyncFrontegg) -> None:
    """The whole of what is below goes along."""
    hierarchy = frontegg_client.hierarchy
    await hierarchy.unassign("a", "north")
    assert (await hierarchy.tree("a")).render() == "Branch A (a)\n└── Shop 1 (a1)"
    await hierarchy.assign("a", "out/ü")
    assert [row.tenant_id for row in await hierarchy.list_parents("a1")] == ["a", "out/ü"]
    assert parents(frontegg_emulator)["a"] == "out/ü"


@pytest.mark.parametrize(
    ("verb", "child_id", "parent_id", "error"),
    [
        ("assign", "a", "b", BadRequestError),
        ("assign", "north", "a", BadRequestError),
        ("assign", "out/ü", "a1", BadRequestError),
        ("assign", "out/ü", "nobody", NotFoundError),
        ("assign", "nobody", "north", NotFoundError),
        ("unassign", "a1", "north", NotFoundError),
        ("unassign", "nobody", "north", NotFoundError),
        ("move", "a", "nobody", NotFoundError),
        ("move", "nobody", "north", NotFoundError),
        ("move", "b", "a1", BadRequestError),
        ("move", "a", "a1", InvalidArgumentError),
        ("move", "north", "a1", InvalidArgumentError),
    ],
)
async def test_refusals(
    frontegg_emulator: EmulatorHandle,
    frontegg_client: AsyncFrontegg,
    frontegg_sync_client: Frontegg,
    *,
    verb: str,
    child_id: str,
    parent_id: str,
    error: type[Exception],
) -> None:
    """Another parent, a cycle, no reseller, nobody: an error, and everything is where it was, with both clients."""
    before = parents(frontegg_emulator)
    with pytest.raises(error):
        await getattr(frontegg_client.hierarchy, verb)(child_id, parent_id)
    with pytest.raises(error):
        getattr(frontegg_sync_client.hierarchy, verb)(child_id, parent_id)
    assert parents(frontegg_emulator) == before


@pytest.mark.parametrize("verb", ["list_sub_accounts", "tree", "list_parents"])
async def test_nobody_has_no_hierarchy(
    frontegg_client: AsyncFrontegg, frontegg_sync_client: Frontegg, verb: str
) -> None:
    """A tenant that does not exist."""
    with pytest.raises(NotFoundError):
        await getattr(frontegg_client.hierarchy, verb)("nobody")
    with pytest.raises(NotFoundError):
        getattr(frontegg_sync_client.hierarchy, verb)("nobody")


_BAD_PAIRS: list[tuple[str, tuple[Any, ...], dict[str, Any], str]] = [
    (verb, pair, {}, named)
    for verb, second in (("assign", "parent_id"), ("unassign", "parent_id"), ("move", "new_parent_id"))
    for pair, named in (
        (("a", "a"), f"{second} must not be child_id: a tenant cannot be under itself"),
        (("", "b"), "child_id must not be empty"),
        (("a", ".."), f"{second} must not be"),
        ((" a", "b"), "child_id must not begin or end with white space"),
        (("a", 5), f"{second} must be text, not int"),
        (("a\x00", "b"), "child_id must not have control characters"),
        (("a", "x" * 257), f"{second} must have at most 256"),
    )
]


@pytest.mark.parametrize(
    ("verb", "given", "more", "named"),
    [
        *_BAD_PAIRS,
        ("list_sub_accounts", ("",), {}, "tenant_id"),
        ("tree", ("..",), {}, "tenant_id"),
        ("list_parents", (None,), {}, "tenant_id"),
        ("search", ("",), {}, "tenant_id"),
        ("search", ("a",), {"sort_by": "level"}, "sort_by must be one of createdAt, name, tenantId"),
        ("search", ("a",), {"order": "UP"}, "order must be one of asc, desc"),
        ("search", ("a",), {"sub_tenant_id": ""}, "sub_tenant_id"),
        ("search", ("a",), {"filter": 5}, "filter"),
        ("search", ("a",), {"page_size": 0}, "page_size"),
        ("search", ("a",), {"prefetch": 17}, "prefetch"),
        ("count_sub_accounts", ("a", []), {}, "tenant_ids must have at least one id"),
        ("count_sub_accounts", ("a", "a"), {}, "tenant_ids must be a sequence of ids"),
        ("count_sub_accounts", ("a", ["b", ""]), {}, r"tenant_ids\[1\]"),
        ("count_sub_accounts", ("a", ["b,c"]), {}, r"tenant_ids\[0\] must not have a comma"),
        ("count_sub_accounts", ("", ["b"]), {}, "tenant_id"),
    ],
)
async def test_bad_arguments_are_named_before_anything_is_sent(
    frontegg_emulator: EmulatorHandle,
    frontegg_client: AsyncFrontegg,
    frontegg_sync_client: Frontegg,
    *,
    verb: str,
    given: tuple[Any, ...],
    more: dict[str, Any],
    named: str,
) -> None:
    """Each says which argument and what is allowed, with both clients."""
    with pytest.raises(InvalidArgumentError, match=named):
        await getattr(frontegg_client.hierarchy, verb)(*given, **more)
    with pytest.raises(InvalidArgumentError, match=named):
        getattr(frontegg_sync_client.hierarchy, verb)(*given, **more)
    assert frontegg_emulator.journal() == []


@pytest.mark.slow
@pytest.mark.parametrize("stage", ["before_commit", "after_commit", "in_headers"])
@pytest.mark.parametrize("action", ["close", "reset"])
@pytest.mark.parametrize("verb", ["assign", "unassign"])
async def test_a_lost_answer_is_settled_by_reading(
    frontegg_emulator: EmulatorHandle, frontegg_client: AsyncFrontegg, verb: str, action: str, stage: str
) -> None:
    """Whether the service acted or not, it is done once in the end, and the call knows it."""
    method, child_id, parent_id = ("POST", "out/ü", "b") if verb == "assign" else ("DELETE", "a", "north")
    match: Mapping[str, Any] = {"path": HIERARCHY, "method": method, "times": 1}
    frontegg_emulator.add_fault(match=match, stage=stage, action={"type": action})
    await getattr(frontegg_client.hierarchy, verb)(child_id, parent_id)
    assert parents(frontegg_emulator)[child_id] == (parent_id if verb == "assign" else None)
    assert effects(frontegg_emulator, f"hierarchy.{verb}") == [f"hierarchy.{verb}"]


@pytest.mark.parametrize("verb", ["assign", "unassign"])
async def test_a_refusal_after_a_lost_answer_is_settled_too(
    frontegg_emulator: EmulatorHandle, frontegg_client: AsyncFrontegg, verb: str
) -> None:
    """What is read at first may be older than what was done: the second try is refused, and then it shows."""
    frontegg_emulator.set_switch("assign_again", "refuse")
    method, child_id, parent_id = ("POST", "out/ü", "b") if verb == "assign" else ("DELETE", "b", "north")
    before: list[Any] = [] if verb == "assign" else [{"tenantId": "north", "level": 1}]
    lost: Mapping[str, Any] = {"path": HIERARCHY, "method": method, "times": 1}
    frontegg_emulator.add_fault(match=lost, stage="after_commit", action={"type": "close"})
    stale: Mapping[str, Any] = {"path": f"{HIERARCHY}/parents", "times": 1}
    frontegg_emulator.add_fault(match=stale, stage="accept", action={"type": "status", "status": 200, "body": before})
    await getattr(frontegg_client.hierarchy, verb)(child_id, parent_id)
    statuses = [entry.status for entry in frontegg_emulator.journal() if entry.route == f"hierarchy.{verb}"]
    assert statuses == [None, 400 if verb == "assign" else 404]


async def test_what_cannot_be_settled_is_unknown(
    frontegg_emulator: EmulatorHandle, frontegg_client: AsyncFrontegg
) -> None:
    """The read fails too, or there is no time for one."""
    lost: Mapping[str, Any] = {"path": HIERARCHY, "method": "POST"}
    frontegg_emulator.add_fault(match=lost, stage="after_commit", action={"type": "close"})
    with pytest.raises(OutcomeUnknownError):
        await frontegg_client.hierarchy.assign("out/ü", "b", options=Options(max_retries=0))
    no_read: Mapping[str, Any] = {"path": f"{HIERARCHY}/parents"}
    frontegg_emulator.add_fault(match=no_read, stage="accept", action={"type": "status", "status": 403})
    with pytest.raises(OutcomeUnknownError, match="could not be read"):
        await frontegg_client.hierarchy.assign("out/ü", "b")


@pytest.mark.parametrize("stage", ["before_commit", "after_commit"])
async def test_an_indirect_parent_is_no_parent(
    frontegg_emulator: EmulatorHandle, frontegg_client: AsyncFrontegg, stage: str
) -> None:
    """A tenant further down is not taken for one that was put right below."""
    lost: Mapping[str, Any] = {"path": HIERARCHY, "method": "POST", "times": 1}
    frontegg_emulator.add_fault(match=lost, stage=stage, action={"type": "close"})
    with pytest.raises(BadRequestError):
        await frontegg_client.hierarchy.assign("a1", "north")
    assert parents(frontegg_emulator)["a1"] == "a"


async def test_a_view_of_one_tenant(frontegg_client: AsyncFrontegg) -> None:
    """It does not name the tenant again; the operation for users who ask for others' parents is not one of it."""
    view = frontegg_client.for_tenant("north").hierarchy
    assert (await view.tree()) == await frontegg_client.hierarchy.tree("north")
    assert len(await view.list_sub_accounts()) == await view.search().count() == 3
    assert await view.list_parents() == ()
    assert (await view.count_sub_accounts(["a"]))[0].is_parent
    assert not hasattr(view, "list_parents_of")
    with pytest.raises(
        ConfigurationError, match=r"hierarchy\.list_parents_of does not take an environment's credential"
    ):
        await frontegg_client.for_tenant("north").send(PARENTS_OF, path={"tenant_id": "a"})


async def test_users_see_their_own_hierarchy(
    frontegg_emulator: EmulatorHandle, frontegg_client: AsyncFrontegg, frontegg_sync_client: Frontegg
) -> None:
    """Their tenant and what is below, as far as they are permitted to; the tenant comes from the token."""
    token = frontegg_emulator.user_token(tenant_id="a", permissions=[READ]).access_token
    user = frontegg_client.as_user(token).hierarchy
    assert [node.tenant_id for node in await user.tree()] == ["a", "a1"]
    assert [row.tenant_id for row in await user.list_sub_accounts()] == ["a1"]
    assert [row.tenant_id for row in await user.list_parents()] == ["north"]
    assert [row.tenant_id for row in await user.list_parents_of("a1")] == ["a", "north"]
    assert [row.tenant_id async for row in user.search()] == ["a1"]
    assert (await user.count_sub_accounts(["a", "a1"]))[0].total_sub_tenants == 1
    blocking = frontegg_sync_client.as_user(token).hierarchy
    assert blocking.tree() == await user.tree()
    assert blocking.list_parents_of("a1") == await user.list_parents_of("a1")
    assert blocking.search().all() == await user.search().all()
    for refused in (
        user.list_parents_of("b"),
        user.count_sub_accounts(["b"]),
        user.search(sub_tenant_id="north").first(),
    ):
        with pytest.raises(PermissionDeniedError):
            await refused
    with pytest.raises(NotFoundError):
        await user.list_parents_of("nobody")
    with pytest.raises(InvalidArgumentError, match="tenant_id"):
        await user.list_parents_of("..")
    bare = frontegg_client.as_user(frontegg_emulator.user_token(tenant_id="a").access_token).hierarchy
    calls: list[Callable[[], Any]] = [
        bare.tree,
        bare.list_sub_accounts,
        bare.list_parents,
        lambda: bare.search().first(),
    ]
    for call in calls:
        with pytest.raises(PermissionDeniedError):
            await call()


def test_the_blocking_twin(frontegg_emulator: EmulatorHandle, frontegg_sync_client: Frontegg) -> None:
    """The same verbs, without awaiting."""
    hierarchy = frontegg_sync_client.hierarchy
    hierarchy.unassign("b", "north")
    hierarchy.assign("b", "out/ü")
    hierarchy.move("a1", "b")
    assert hierarchy.tree("out/ü").render() == "Outside (out/ü)\n└── Branch B (b)\n    └── Shop 1 (a1)"
    assert [row.tenant_id for row in hierarchy.list_sub_accounts("out/ü")] == ["b", "a1"]
    assert [row.tenant_id for row in hierarchy.list_parents("a1")] == ["b", "out/ü"]
    assert [row.tenant_id for row in hierarchy.search("out/ü", sort_by=TenantSort.TENANT_ID)] == ["a1", "b"]
    assert [row.total_sub_tenants for row in hierarchy.count_sub_accounts("out/ü", ["b", "a1"])] == [1, 0]
    view = frontegg_sync_client.for_tenant("north").hierarchy
    assert view.tree() == hierarchy.tree("north")
    assert parents(frontegg_emulator)["a1"] == "b"


@pytest.mark.slow
@pytest.mark.parametrize("deep", [True, False])
async def test_trees_of_any_size_come_over_the_wire(*, deep: bool) -> None:
    """Ten thousand levels, and a hundred thousand children."""
    body = deep_body(10_000) if deep else wide_body(100_000)
    async with raw_server(http(200, raw=body)) as server, make_client(server.url) as client:
        tree = await client.hierarchy.tree("t0")
    assert (len(tree), tree.depth) == ((10_000, 9_999) if deep else (100_001, 1))


@pytest.mark.slow
async def test_a_deep_hierarchy_of_the_emulator(
    frontegg_emulator: EmulatorHandle, frontegg_client: AsyncFrontegg, frontegg_sync_client: Frontegg
) -> None:
    """Ten thousand levels are read, searched and moved as any other, with both clients."""
    levels = 10_000
    chain: list[Mapping[str, Any]] = [
        {"tenantId": f"d{n}", "name": "n", "isReseller": True, "parentTenantId": f"d{n - 1}" if n else None}
        for n in range(levels)
    ]
    frontegg_emulator.seed(tenants=chain)
    tree = await frontegg_client.hierarchy.tree("d0")
    assert (len(tree), tree.depth) == (levels, levels - 1)
    assert frontegg_sync_client.hierarchy.tree("d0") == tree
    assert len(await frontegg_client.hierarchy.list_sub_accounts("d0")) == levels - 1
    assert await frontegg_client.hierarchy.search("d0").count() == levels - 1
    await frontegg_client.hierarchy.move(f"d{levels - 1}", "d0")
    assert [row.tenant_id for row in await frontegg_client.hierarchy.list_parents(f"d{levels - 1}")] == ["d0"]


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (node_row("other"), ResponseMismatchError),
        (node_row("t0", children=[node_row("t0")]), DecodeError),
        ([node_row("t0")], DecodeError),
        ({}, NotFoundError),
        (None, NotFoundError),
    ],
)
async def test_what_is_not_the_tree_of_the_tenant(body: object, error: type[Exception]) -> None:
    """Another tenant's, one with a tenant that is its own ancestor, no tree, nothing."""
    async with raw_server(http(200, raw=json.dumps(body).encode())) as server, make_client(server.url) as client:
        with pytest.raises(error):
            await client.hierarchy.tree("t0")
