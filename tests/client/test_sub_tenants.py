"""Sub-accounts against the emulator, for environments and for users, in both clients."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from frontegg_async import (
    AsyncFrontegg,
    BadRequestError,
    ConflictError,
    InvalidArgumentError,
    NotFoundError,
    Options,
    OutcomeUnknownError,
    PermissionDeniedError,
    ResponseMismatchError,
)
from frontegg_async.emulator import EmulatorHandle
from frontegg_async.models import SubAccountAccessType, SubTenant
from frontegg_sync import Frontegg
from tests.client.test_hierarchy import SEED, effects, parents
from tests.support.clients import make_client
from tests.support.raw_server import http, raw_server

pytestmark = pytest.mark.anyio

SUB_TENANTS = "/tenants/resources/sub-tenants/v1"
ALL = ["fe.account-hierarchy.*"]


@pytest.fixture(autouse=True)
def seeded(frontegg_emulator: EmulatorHandle) -> None:
    """A reseller with two branches and a shop, one outside, and two users."""
    users: list[Mapping[str, Any]] = [
        {"id": "ann", "email": "ann@a.example", "tenantId": "a1"},
        {"id": "bob", "email": "bob@b.example", "tenantId": "b"},
    ]
    frontegg_emulator.seed(tenants=SEED, users=users)


@pytest.fixture(params=["environment", "user"])
def sub_tenants(
    request: pytest.FixtureRequest, frontegg_emulator: EmulatorHandle, frontegg_client: AsyncFrontegg
) -> Any:
    """The resource with the credential of the environment, and with that of a user of ``a``."""
    if request.param == "environment":
        return frontegg_client.sub_tenants
    token = frontegg_emulator.user_token(tenant_id="a", permissions=ALL).access_token
    return frontegg_client.as_user(token).sub_tenants


async def test_create(frontegg_emulator: EmulatorHandle, frontegg_client: AsyncFrontegg, sub_tenants: Any) -> None:
    """Below its parent, with the fields that were given."""
    made = await sub_tenants.create(
        name="Kiosk",
        parent_tenant_id="a",
        status="active",
        logo="aGk=",
        logo_url="https://k.example/l.png",
        creator_name="N. N.",
        creator_email="nn@k.example",
        is_reseller=True,
    )
    assert repr(made) == f"SubTenant(tenant_id={made.tenant_id!r})"
    assert (made.name, made.status, made.logo, made.website) == ("Kiosk", "active", "aGk=", None)
    assert made.updated_at is not None
    tenant = await frontegg_client.tenants.get(made.tenant_id)
    assert (tenant.name, tenant.is_reseller, tenant.creator_email) == ("Kiosk", True, "nn@k.example")
    assert parents(frontegg_emulator)[made.tenant_id] == "a"


async def test_a_deleted_id_is_reactivated(
    frontegg_emulator: EmulatorHandle, frontegg_client: AsyncFrontegg, sub_tenants: Any
) -> None:
    """Below the parent that is asked for; its own sub-accounts went to the one above."""
    await sub_tenants.create(name="Stall", parent_tenant_id="a", tenant_id="stall", is_reseller=True)
    await sub_tenants.create(name="Tray", parent_tenant_id="stall", tenant_id="tray")
    await sub_tenants.delete("stall")
    assert parents(frontegg_emulator)["tray"] == "a"
    with pytest.raises(NotFoundError):
        await sub_tenants.delete("stall")
    again = await sub_tenants.create(name="Stall 2", parent_tenant_id="a", tenant_id="stall")
    assert (again.tenant_id, again.name) == ("stall", "Stall 2")
    assert (await frontegg_client.hierarchy.tree("a")).render().splitlines()[0] == "Branch A (a)"


async def test_changes(frontegg_emulator: EmulatorHandle, frontegg_client: AsyncFrontegg, sub_tenants: Any) -> None:
    """The name, the flag, the access of all and of one."""
    await sub_tenants.rename("a1", name="Shop 1, renamed")
    managed = await sub_tenants.set_management("a1", is_reseller=True)
    assert (managed.tenant_id, managed.name) == ("a1", "Shop 1, renamed")
    await sub_tenants.set_hierarchy_settings("a1", access_type=SubAccountAccessType.ALWAYS_ON)
    await sub_tenants.set_hierarchy_settings("a1", access_type="alwaysOn")
    (row,) = await frontegg_client.hierarchy.search("a").all()
    assert (row.name, row.is_reseller, row.sub_account_access_type) == ("Shop 1, renamed", True, "alwaysOn")
    await sub_tenants.set_user_access("ann", allow_access=False)
    (count,) = await frontegg_client.tenants.count_users(["a1"])
    assert (count.total_users, count.total_access_allowed_users) == (1, 0)
    snapshot: Any = frontegg_emulator.snapshot()
    assert [user["allowAccess"] for user in snapshot["environments"][0]["users"]] == [False, None]


@pytest.mark.parametrize(
    ("verb", "given", "more", "error"),
    [
        ("create", (), {"name": "n", "parent_tenant_id": "a", "tenant_id": "a1"}, ConflictError),
        ("create", (), {"name": "n", "parent_tenant_id": "a1"}, BadRequestError),
        ("create", (), {"name": "n", "parent_tenant_id": "nobody"}, NotFoundError),
        ("rename", ("nobody",), {"name": "n"}, NotFoundError),
        ("set_management", ("nobody",), {"is_reseller": True}, NotFoundError),
        ("set_hierarchy_settings", ("nobody",), {"access_type": "defaultOff"}, NotFoundError),
        ("delete", ("nobody",), {}, NotFoundError),
        ("set_user_access", ("nobody",), {"allow_access": True}, NotFoundError),
    ],
)
async def test_refusals(
    sub_tenants: Any,
    frontegg_sync_client: Frontegg,
    *,
    verb: str,
    given: tuple[str, ...],
    more: dict[str, Any],
    error: type[Exception],
) -> None:
    """A live id, a parent that is no reseller, nobody; with both clients."""
    with pytest.raises(error):
        await getattr(sub_tenants, verb)(*given, **more)
    with pytest.raises(error):
        getattr(frontegg_sync_client.sub_tenants, verb)(*given, **more)


WRITES: list[tuple[str, tuple[str, ...], dict[str, Any]]] = [
    ("create", (), {"name": "n", "parent_tenant_id": "b"}),
    ("rename", ("b",), {"name": "n"}),
    ("set_management", ("north",), {"is_reseller": True}),
    ("set_hierarchy_settings", ("b",), {"access_type": "defaultOff"}),
    ("delete", ("b",), {}),
    ("set_user_access", ("bob",), {"allow_access": True}),
]


@pytest.mark.parametrize(("verb", "given", "more"), WRITES)
async def test_users_are_confined(
    frontegg_emulator: EmulatorHandle,
    frontegg_client: AsyncFrontegg,
    frontegg_sync_client: Frontegg,
    *,
    verb: str,
    given: tuple[str, ...],
    more: dict[str, Any],
) -> None:
    """To their own hierarchy, and to what they are permitted to do in it."""
    token = frontegg_emulator.user_token(tenant_id="a", permissions=ALL).access_token
    bare = frontegg_emulator.user_token(tenant_id="north").access_token
    for each in (token, bare):
        with pytest.raises(PermissionDeniedError):
            await getattr(frontegg_client.as_user(each).sub_tenants, verb)(*given, **more)
        with pytest.raises(PermissionDeniedError):
            getattr(frontegg_sync_client.as_user(each).sub_tenants, verb)(*given, **more)


@pytest.mark.slow
@pytest.mark.parametrize("stage", ["before_commit", "after_commit", "in_body"])
@pytest.mark.parametrize("own_id", [True, False])
async def test_no_lost_answer_makes_a_second_tenant(
    frontegg_emulator: EmulatorHandle, sub_tenants: Any, *, stage: str, own_id: bool
) -> None:
    """Whether the service acted or not, there is one tenant in the end, below its parent, and the call knows it."""
    match: Mapping[str, Any] = {"path": SUB_TENANTS, "method": "POST", "times": 1}
    frontegg_emulator.add_fault(match=match, stage=stage, action={"type": "close"})
    tenant_id = "kiosk" if own_id else None
    made = await sub_tenants.create(name="Kiosk", parent_tenant_id="a", tenant_id=tenant_id, status="new")
    assert (made.name, made.status) == ("Kiosk", "new")
    assert parents(frontegg_emulator)[made.tenant_id] == "a"
    assert effects(frontegg_emulator, "sub_tenants.create") == ["sub_tenants.create"]


@pytest.mark.slow
@pytest.mark.parametrize(
    "more",
    [
        {"name": "Shop 2", "parent_tenant_id": "a"},
        {"name": "Shop 1", "parent_tenant_id": "a", "status": "new"},
        {"name": "Shop 1", "parent_tenant_id": "b"},
    ],
)
async def test_a_tenant_of_another_is_not_taken_for_the_new_one(
    frontegg_emulator: EmulatorHandle, frontegg_client: AsyncFrontegg, more: dict[str, Any]
) -> None:
    """After a lost response, a tenant with the caller's id that differs, or is elsewhere, is a conflict."""
    match: Mapping[str, Any] = {"path": SUB_TENANTS, "method": "POST", "times": 1}
    frontegg_emulator.add_fault(match=match, stage="before_commit", action={"type": "close"})
    with pytest.raises(ConflictError, match="differs from the requested tenant"):
        await frontegg_client.sub_tenants.create(tenant_id="a1", **more)


@pytest.mark.slow
async def test_users_do_not_take_another_for_the_new_one(
    frontegg_emulator: EmulatorHandle, frontegg_client: AsyncFrontegg
) -> None:
    """As far as they see: a name that differs below, or a live id that is not below at all."""
    token = frontegg_emulator.user_token(tenant_id="a", permissions=ALL).access_token
    user = frontegg_client.as_user(token).sub_tenants
    for tenant_id in ("a1", "b"):
        match: Mapping[str, Any] = {"path": SUB_TENANTS, "method": "POST", "times": 1}
        frontegg_emulator.add_fault(match=match, stage="before_commit", action={"type": "close"})
        with pytest.raises(ConflictError):
            await user.create(name="Kiosk", parent_tenant_id="a", tenant_id=tenant_id)


async def test_a_creation_that_cannot_be_settled(
    frontegg_emulator: EmulatorHandle, frontegg_client: AsyncFrontegg
) -> None:
    """A user who may create and not read does not learn what became of it."""
    token = frontegg_emulator.user_token(tenant_id="a", permissions=["fe.account-hierarchy.write.*"]).access_token
    match: Mapping[str, Any] = {"path": SUB_TENANTS, "method": "POST"}
    frontegg_emulator.add_fault(match=match, stage="after_commit", action={"type": "close"})
    with pytest.raises(OutcomeUnknownError) as caught:
        await frontegg_client.as_user(token).sub_tenants.create(name="Kiosk", parent_tenant_id="a")
    asked = caught.value.asked
    assert asked["parent_tenant_id"] == "a"
    assert (await frontegg_client.tenants.get(str(asked["tenant_id"]))).name == "Kiosk"


@pytest.mark.slow
@pytest.mark.parametrize("stage", ["before_commit", "after_commit"])
async def test_lost_answers_of_the_other_writes(
    frontegg_emulator: EmulatorHandle, frontegg_client: AsyncFrontegg, sub_tenants: Any, stage: str
) -> None:
    """They are sent again; a deletion that is not found then was done, unless that is to be told."""
    match: Mapping[str, Any] = {"path": f"{SUB_TENANTS}/*", "times": 1}
    writes: list[tuple[str, dict[str, Any]]] = [
        ("rename", {"name": "n"}),
        ("set_management", {"is_reseller": True}),
        ("set_hierarchy_settings", {"access_type": "defaultOn"}),
        ("delete", {}),
    ]
    for verb, given in writes:
        frontegg_emulator.add_fault(match=match, stage=stage, action={"type": "close"})
        await getattr(sub_tenants, verb)("a1", **given)
    with pytest.raises(NotFoundError):
        await frontegg_client.tenants.get("a1")
    frontegg_emulator.add_fault(match=match, stage="after_commit", action={"type": "close"})
    with pytest.raises(NotFoundError):
        await frontegg_client.sub_tenants.delete("b", options=Options(strict_delete=True))


@pytest.mark.parametrize(
    ("verb", "given", "more", "named"),
    [
        ("create", (), {"name": "", "parent_tenant_id": "a"}, "name"),
        ("create", (), {"name": None, "parent_tenant_id": "a"}, "name"),
        ("create", (), {"name": "n", "parent_tenant_id": ""}, "parent_tenant_id"),
        ("create", (), {"name": "n", "parent_tenant_id": None}, "parent_tenant_id"),
        ("create", (), {"name": "n", "parent_tenant_id": "a", "tenant_id": "a"}, "parent_tenant_id must not be"),
        ("create", (), {"name": "n", "parent_tenant_id": "a", "tenant_id": ".."}, "tenant_id"),
        ("create", (), {"name": "n", "parent_tenant_id": "a", "is_reseller": "yes"}, "is_reseller"),
        ("create", (), {"name": "n", "parent_tenant_id": "a", "logo": b"x"}, "logo"),
        ("rename", ("",), {"name": "n"}, "tenant_id"),
        ("rename", ("a",), {"name": ""}, "name"),
        ("rename", ("a",), {"name": None}, "name"),
        ("set_management", ("a",), {"is_reseller": None}, "is_reseller must be True or False"),
        ("set_management", (".",), {"is_reseller": True}, "tenant_id"),
        (
            "set_hierarchy_settings",
            ("a",),
            {"access_type": "sometimes"},
            "access_type must be one of defaultOff, defaultOn, alwaysOn",
        ),
        ("set_hierarchy_settings", ("a",), {"access_type": True}, "access_type"),
        ("set_hierarchy_settings", ("a\n",), {"access_type": "alwaysOn"}, "tenant_id"),
        ("delete", ("..",), {}, "tenant_id"),
        ("set_user_access", ("",), {"allow_access": True}, "user_id"),
        ("set_user_access", ("ann",), {"allow_access": 1}, "allow_access must be True or False"),
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
        await getattr(frontegg_client.sub_tenants, verb)(*given, **more)
    with pytest.raises(InvalidArgumentError, match=named):
        getattr(frontegg_sync_client.sub_tenants, verb)(*given, **more)
    assert frontegg_emulator.journal() == []


def test_the_blocking_twin(frontegg_emulator: EmulatorHandle, frontegg_sync_client: Frontegg) -> None:
    """The same verbs, for environments and users."""
    token = frontegg_emulator.user_token(tenant_id="north", permissions=ALL).access_token
    for number, sub_tenants in enumerate(
        (frontegg_sync_client.sub_tenants, frontegg_sync_client.as_user(token).sub_tenants)
    ):
        made = sub_tenants.create(name="Kiosk", parent_tenant_id="b", tenant_id=f"kiosk-{number}")
        assert isinstance(made, SubTenant)
        sub_tenants.rename(made.tenant_id, name="Stand")
        assert sub_tenants.set_management(made.tenant_id, is_reseller=True).name == "Stand"
        sub_tenants.set_hierarchy_settings(made.tenant_id, access_type=SubAccountAccessType.DEFAULT_ON)
        sub_tenants.set_user_access("bob", allow_access=False)
        sub_tenants.delete(made.tenant_id)
    assert [row.tenant_id for row in frontegg_sync_client.hierarchy.list_sub_accounts("b")] == []


async def test_an_answer_about_another_tenant() -> None:
    """It is not taken: the write may have been done."""
    row = {"tenantId": "other", "name": "n"}
    async with raw_server(http(200, row)) as server, make_client(server.url) as client:
        with pytest.raises((ResponseMismatchError, OutcomeUnknownError)):
            await client.sub_tenants.set_management("a", is_reseller=True)


async def test_what_the_service_adds_is_kept() -> None:
    """Unknown fields are in ``extra``."""
    row = {"tenantId": "a", "name": "n", "level": 2}
    async with raw_server(http(200, row)) as server, make_client(server.url) as client:
        assert (await client.sub_tenants.set_management("a", is_reseller=True)).extra == {"level": 2}
