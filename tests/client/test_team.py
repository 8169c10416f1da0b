"""The team of a user: what users and API tokens do with the users and roles of their own tenant."""

from __future__ import annotations

import contextlib
import warnings
from collections.abc import Callable
from typing import Any, Final

import jwt
import pytest

from frontegg_async import (
    ApiToken,
    AsyncFronteggUser,
    ConflictError,
    NotFoundError,
    Options,
    OutcomeUnknownError,
    PermissionDeniedError,
)
from frontegg_async.emulator import Emulator, EmulatorHandle
from frontegg_async.emulator.services.roles.rows import DEFAULT_ROLES
from frontegg_async.endpoints import applications, groups, identity
from frontegg_async.errors import LastOwnerWarning
from frontegg_sync import FronteggUser
from tests.exercises.world import api_token, prepare
from tests.support.raw_server import Answer, RawServer, http, raw_server

pytestmark = pytest.mark.anyio

ADMIN, READ_ONLY = (role.id for role in DEFAULT_ROLES)
TOKEN: Final = jwt.encode({"type": "userToken", "sub": "ada", "tenantId": "acme", "exp": 4e9}, "k" * 32)
EVE: Final[dict[str, Any]] = {"id": "eve", "email": "eve@acme.example", "tenantId": "other", "tenantIds": ["acme"]}


@pytest.fixture(autouse=True)
def prepared(frontegg_emulator: EmulatorHandle) -> None:
    """Ann of acme and other, and Bob of child, which is below acme."""
    prepare(frontegg_emulator)


def _user(emulator: EmulatorHandle, *permissions: str) -> AsyncFronteggUser:
    """Return a client of an administrator of acme, who has no entry among the users."""
    token = emulator.user_token(tenant_id="acme", user_id="boss", permissions=list(permissions)).access_token
    return AsyncFronteggUser(base_url=emulator.url, token=token)


async def _manage(user: AsyncFronteggUser) -> None:
    """Do all that an administrator does with a member."""
    invited = await user.users.invite(email="eve@acme.example", name="Eve", role_ids=[READ_ONLY])
    assert [role.key for role in invited.roles or ()] == ["ReadOnly"]
    await user.users.resend_invitation(email="EVE@acme.example")
    await user.users.resend_invitation(email="eve@acme.example", include_sub_tenants=True)
    assigned = await user.users.assign_roles(invited.id, role_ids=["r2"])
    assert (assigned.tenant_id, [role.id for role in assigned.roles]) == ("acme", [READ_ONLY, "r2"])
    await user.users.unassign_roles(invited.id, role_ids=[READ_ONLY])
    await user.users.disable(invited.id)
    found = await user.users.get(invited.id)
    assert [each.is_disabled for each in found.tenants] == [True]
    await user.users.enable(invited.id)
    assert [row.role_ids for row in await user.users.list_roles([invited.id])] == [("r2",)]
    assert [row.group_ids for row in await user.users.list_groups([invited.id])] == [()]
    assert {each.id for each in await user.users.list().all()} == {"ann", invited.id}
    roles = {each.id: [role.id for role in each.roles or ()] async for each in user.users.list(with_roles=True)}
    assert roles[invited.id] == ["r2"]
    await user.users.remove(invited.id)
    with pytest.raises(NotFoundError):
        await user.users.get(invited.id)


async def test_an_administrator_manages_the_team(frontegg_emulator: EmulatorHandle) -> None:
    """With the token of a user, or with the API token of the tenant."""
    async with _user(frontegg_emulator, "fe.secure.*") as user:
        await _manage(user)
    snapshot: Any = frontegg_emulator.snapshot()
    (row,) = (
        each
        for each in snapshot["environments"][0]["tables"]["apiTokens"]
        if each["id"] == api_token(frontegg_emulator)
    )
    row["roleIds"] = [ADMIN]
    frontegg_emulator.restore(snapshot)
    token = ApiToken(api_token(frontegg_emulator), "emu_api")
    async with AsyncFronteggUser(base_url=frontegg_emulator.url, credential=token) as user:
        await _manage(user)


async def test_a_blocking_client_manages_the_team(frontegg_emulator: EmulatorHandle) -> None:
    """It has the same methods."""
    token = frontegg_emulator.user_token(tenant_id="acme", user_id="boss", permissions=["fe.secure.*"]).access_token
    with FronteggUser(base_url=frontegg_emulator.url, token=token) as user:
        assert [each.id for each in user.users.list()] == ["ann"]
        made = user.roles.create(key="billing", name="Billing", level=30)
        assert made.tenant_id == "acme"
        assert "billing" in [role.key for role in user.users.assign_roles("ann", role_ids=[made.id]).roles]
        derived = user.roles.create_derived(key="audit", name="A", base_role_id=made.id, permission_ids=["p1"])
        assert user.roles.update(derived.id, name="Audit").name == "Audit"
        assert user.roles.set_permissions(derived.id, permission_ids=[]).permissions == ()
        user.roles.delete(derived.id)
        assert user.roles.ids_of(["billing"]) == (made.id,)


async def test_a_user_sees_its_own_hierarchy_only(frontegg_emulator: EmulatorHandle) -> None:
    """Other tenants of a member, its vendor metadata, and the users and roles of others stay hidden."""
    async with _user(frontegg_emulator, "fe.secure.*") as user:
        (listed,) = await user.users.list(include_sub_tenants=False).all()
        found = await user.users.get("ann")
        below = await user.users.list(include_sub_tenants=True).all()
        with pytest.raises(NotFoundError, match=r"users\.list\(email=\.\.\.\) finds the user"):
            await user.users.get("ann@acme.example")
        for call in (
            lambda: user.users.get("bob"),
            lambda: user.users.remove("bob"),
            lambda: user.users.disable("bob"),
            lambda: user.users.assign_roles("bob", role_ids=[READ_ONLY]),
            lambda: user.users.unassign_roles("bob", role_ids=[READ_ONLY]),
            lambda: user.roles.delete("r3"),
            lambda: user.roles.update("r1", name="Mine"),
        ):
            with pytest.raises(NotFoundError):
                await call()
    for each in (listed, found):
        assert (each.tenant_ids, [member.tenant_id for member in each.tenants]) == (("acme",), ["acme"])
        assert each.vendor_metadata is None
    assert [each.id for each in below] == ["ann", "bob"]


async def test_roles_that_are_stronger_than_ones_own_cannot_be_given() -> None:
    """As in an invitation: a lower level is stronger."""
    seed = {"tenants": [{"tenantId": "acme", "name": "Acme"}]}
    async with Emulator(seed=seed) as emulator, emulator.client() as frontegg:
        eve = await frontegg.users.invite("acme", email="eve@acme.example", role_ids=[READ_ONLY])
        token = await emulator.user_token(
            tenant_id="acme", user_id="boss", roles=["ReadOnly"], permissions=["fe.secure.*"]
        )
        user = frontegg.as_user(token.access_token)
        with pytest.raises(PermissionDeniedError, match="stronger"):
            await user.users.assign_roles(eve.id, role_ids=[ADMIN])
        assert len((await user.users.assign_roles(eve.id, role_ids=[READ_ONLY])).roles) == 1


KEYS: Final[dict[str, Callable[[AsyncFronteggUser], Any]]] = {
    "fe.secure.read.users": lambda user: user.users.get("ann"),
    "fe.secure.write.tenantInvites": lambda user: user.users.invite(email="eve@acme.example"),
    "fe.secure.write.resendActivationEmail": lambda user: user.users.resend_invitation(email="ann@acme.example"),
    "fe.secure.write.usersRoles": lambda user: user.users.assign_roles("ann", role_ids=["r2"]),
    "fe.secure.delete.usersRoles": lambda user: user.users.unassign_roles(
        "ann", role_ids=["r2"], warn_last_owner=False
    ),
    "fe.secure.write.enableDisable": lambda user: user.users.disable("ann"),
    "fe.secure.delete.users": lambda user: user.users.remove("ann", warn_last_owner=False),
    "fe.secure.write.roles": lambda user: user.roles.create(key="new", name="New", level=3),
    "fe.secure.write.updateRole": lambda user: user.roles.update("r2", name="Auditors"),
    "fe.secure.delete.role": lambda user: user.roles.delete("r2"),
    "fe.secure.read.permissions": lambda user: user.permissions.list_categories(),
}
"""A call that needs one permission and no other."""


@pytest.mark.parametrize("key", KEYS)
async def test_a_permission_allows_its_calls_alone(frontegg_emulator: EmulatorHandle, key: str) -> None:
    """With all other permissions, and without it, the call is refused."""
    async with _user(frontegg_emulator, *(each for each in KEYS if each != key)) as user:
        with pytest.raises(PermissionDeniedError):
            await KEYS[key](user)
    async with _user(frontegg_emulator, key) as user:
        await KEYS[key](user)


async def test_the_last_owner_is_warned_of(frontegg_emulator: EmulatorHandle) -> None:
    """As with an environment's credential: before a removal, and before its role is taken."""
    async with _user(frontegg_emulator, "fe.secure.*") as user:
        await user.users.assign_roles("ann", role_ids=[ADMIN])
        for call in (user.users.remove("ann"), user.users.unassign_roles("ann", role_ids=[ADMIN])):
            with pytest.raises(LastOwnerWarning, match="'ann' is the last owner of tenant 'acme'"):
                await call
        eve = await user.users.invite(email="eve@acme.example", role_ids=[ADMIN])
        await user.users.remove("ann")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", LastOwnerWarning)
            await user.users.remove(eve.id)


def _page(*users: object) -> Answer:
    return http(200, {"items": [*users], "_metadata": {"totalItems": len(users), "totalPages": 1}})


def _client(server: RawServer, **credential: Any) -> AsyncFronteggUser:
    given = credential or {"token": TOKEN}
    return AsyncFronteggUser(base_url=server.url, options=Options(max_retries=1, deadline=10), **given)


@pytest.mark.parametrize(
    ("script", "sent"),
    [
        ([_page(), http(503), _page(EVE)], ["GET", "POST", "GET"]),
        ([_page(), http(503), _page(), http(201, EVE)], ["GET", "POST", "GET", "POST"]),
        ([_page(EVE), http(503), _page(EVE)], ["GET", "POST", "GET"]),
        ([_page({**EVE, "email": "adam@acme.example"}), http(503)], ["GET", "POST", "GET"]),
    ],
    ids=["done", "not done", "was there", "the service ignores the filter"],
)
async def test_a_lost_invitation_is_read_from_the_listing(
    script: list[Answer], sent: list[str], request: pytest.FixtureRequest
) -> None:
    """Users cannot ask for a user by its address: only the members of their own tenant are theirs to see."""
    case = request.node.callspec.id
    async with raw_server(*script, *([script[0]] if "filter" in case else [])) as server, _client(server) as user:
        if case in ("done", "not done"):
            assert (await user.users.invite(email="Eve@acme.example", name="Eve")).id == "eve"
        else:
            with pytest.raises(ConflictError):
                await user.users.invite(email="eve@acme.example")
    assert [each.method for each in server.requests] == sent
    assert "_includeSubTenants=false" in server.requests[0].target


async def test_lost_changes_are_read_in_the_tenant_of_the_token() -> None:
    """What a member is in other tenants says nothing of this one."""
    role = {"id": "r2", "key": "auditor"}
    member = {**EVE, "roles": [role], "tenants": [{"tenantId": "other", "isDisabled": False}]}
    disabled = {**member, "tenants": [*member["tenants"], {"tenantId": "acme", "isDisabled": True}]}
    async with raw_server(http(200, raw=b"<html>"), http(200, disabled)) as server, _client(server) as user:
        await user.users.disable("eve")
    assert server.requests[-1].target.endswith("/identity/resources/users/v1/eve")
    async with raw_server(http(201), http(200, member)) as server, _client(server) as user:
        assigned = await user.users.assign_roles("eve", role_ids=["r2"])
        assert (assigned.tenant_id, [each.key for each in assigned.roles]) == ("acme", ["auditor"])


@pytest.mark.parametrize("tenant_ids", [["acme"], ["acme", "other"]], ids=["one tenant", "two tenants"])
async def test_lost_changes_of_a_client_with_a_token_function(tenant_ids: list[str]) -> None:
    """The tenant of such a token is unknown beforehand; a member of one tenant alone is in that tenant."""
    tenants = [{"tenantId": each, "isDisabled": True} for each in tenant_ids]
    shown = http(200, {**EVE, "tenantIds": tenant_ids, "tenants": tenants})
    is_known = len(tenant_ids) == 1
    doubtful = (http(200, raw=b"<html>"), shown) * (1 if is_known else 2)
    async with raw_server(*doubtful, http(201), shown) as server, _client(server, token=lambda: TOKEN) as user:
        with contextlib.nullcontext() if is_known else pytest.raises(OutcomeUnknownError):
            await user.users.disable("eve")
        assert (await user.users.assign_roles("eve", role_ids=["r2"])).tenant_id == ("acme" if is_known else "")


async def test_portals_call_the_rest(frontegg_emulator: EmulatorHandle) -> None:
    """Users reach the applications of their tenant and settings of the environment, whose secret they do not get."""
    async with _user(frontegg_emulator, "fe.*") as user:
        assert (await user.send(applications.OF_USER, path={"user_id": "ann"})).status == 200
        assert {each.tenant_id for each in (await user.send(applications.ASSIGNED)).value} <= {"acme"}
        assert (await user.send(applications.LIST)).status == 200
        assert (await user.send(groups.GET_CONFIGURATION)).status == 200
        assert "jwtSecret" not in (await user.send(identity.CONFIGURATION)).value.extra
