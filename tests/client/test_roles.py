"""Roles, permissions, groups and applications: names in the place of ids, and what lost responses leave behind."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from frontegg_async import (
    AsyncFrontegg,
    ConflictError,
    InvalidArgumentError,
    NotFoundError,
    Outcome,
    OutcomeUnknownError,
    PermissionDeniedError,
    ResultLostError,
)
from frontegg_async.emulator import EmulatorHandle
from tests.support.clients import make_client
from tests.support.raw_server import CLOSE, Answer, RawRequest, http, raw_server

pytestmark = pytest.mark.anyio

TENANTS = [{"tenantId": "acme", "name": "Acme"}, {"tenantId": "other", "name": "Other"}]


def role(**fields: Any) -> dict[str, Any]:
    return {"id": "r1", "key": "k", "name": "K", "level": 3, "tenantId": None, "permissions": [], **fields}


async def test_ids_are_found_by_what_is_the_same_in_every_environment(
    frontegg_emulator: EmulatorHandle, frontegg_client: AsyncFrontegg
) -> None:
    """Roles of another tenant are none of them, and names that nothing or several things have are told."""
    frontegg_emulator.seed(tenants=TENANTS)
    roles, acme = frontegg_client.roles, frontegg_client.for_tenant("acme").roles
    own = await acme.create(key="own", name="Own", level=1)
    assert await acme.ids_of(["own", "own"]) == (own.id,)
    assert (await acme.ids_of(["Admin"])) == (await roles.ids_of(("Admin",)))
    for elsewhere in (roles, frontegg_client.for_tenant("other").roles):
        with pytest.raises(NotFoundError, match=r"^there is no role 'own'; there are 'Admin', 'ReadOnly'$"):
            await elsewhere.ids_of(["own"])
    with pytest.raises(NotFoundError, match=r"no permission 'fe.secure.x'; did you mean 'fe.secure"):
        await frontegg_client.permissions.ids_of(["fe.secure.x"])
    for _ in range(2):
        await frontegg_client.applications.create(name="Twin", app_url="https://a.b", login_url="https://a.b/c")
    with pytest.raises(InvalidArgumentError, match="2 applications are called 'Twin': use their ids"):
        await frontegg_client.applications.ids_of(["Twin"])


async def test_what_is_listed_by_one_request_can_be_changed_as_a_list(
    frontegg_emulator: EmulatorHandle, frontegg_client: AsyncFrontegg
) -> None:
    """The listings of version 1 are lists for everybody who has them."""
    frontegg_emulator.seed(tenants=TENANTS)
    user = frontegg_client.as_user(frontegg_emulator.user_token(tenant_id="acme", permissions=["fe.*"]).access_token)
    for rows in (
        await frontegg_client.roles.list().all(),
        await frontegg_client.for_tenant("acme").roles.list().all(),
        await user.roles.list().all(),
        await frontegg_client.permissions.list().all(),
        await user.permissions.list().all(),
        await frontegg_client.applications.list().all(),
    ):
        assert type(rows) is list


async def test_permissions_are_put_into_categories(frontegg_client: AsyncFrontegg) -> None:
    """They stay when the category goes."""
    permissions = frontegg_client.permissions
    category = await permissions.create_category(name="Reports", description="All reports.")
    await permissions.create(key="a", name="A", category_id=category.id)
    await permissions.update_category(category.id, name="Tables")
    assert [(row.id, row.name, row.description) for row in await permissions.list_categories()] == [
        (category.id, "Tables", "All reports.")
    ]
    await permissions.delete_category(category.id)
    assert await permissions.list_categories() == []
    assert await permissions.ids_of(["a"])
    for wrong in ({}, {"name": ""}):
        with pytest.raises(InvalidArgumentError):
            await permissions.update_category("c", **wrong)


async def test_permissions_of_a_role_are_replaced_and_those_of_a_permission_are_added(
    frontegg_client: AsyncFrontegg,
) -> None:
    """The service's two PUTs do not do the same."""
    first, second = [await frontegg_client.permissions.create(key=key, name=key) for key in ("a", "b")]
    made = await frontegg_client.roles.create(key="k", name="K", level=1)
    await frontegg_client.permissions.add_to_roles(first.id, role_ids=[made.id])
    added = await frontegg_client.permissions.add_to_roles(second.id, role_ids=[made.id])
    assert added.role_ids == (made.id,)
    assert (await frontegg_client.roles.list().all())[-1].permissions == (first.id, second.id)
    assert (await frontegg_client.roles.set_permissions(made.id, permission_ids=[second.id])).permissions == (
        second.id,
    )


async def test_a_role_is_sent_in_an_array_and_one_of_a_tenant_as_an_object() -> None:
    """Versions 1 and 2 of the route."""

    def echo(request: RawRequest) -> Answer:
        body = json.loads(request.body)
        return http(201, [role(**body[0])] if isinstance(body, list) else role(**body))

    nothing = http(200, [])
    async with raw_server(nothing, echo, nothing, echo) as server, make_client(server.url) as client:
        await client.roles.create(key="k", name="K", level=3)
        await client.for_tenant("acme").roles.create_derived(key="k", name="K", base_role_id="r", permission_ids=())
    _, first, _, second = server.requests
    assert json.loads(first.body) == [{"key": "k", "name": "K", "level": 3}]
    assert json.loads(second.body) == {"key": "k", "name": "K", "baseRoleId": "r", "permissionIds": []}
    assert (first.headers.get("frontegg-tenant-id"), second.headers.get("frontegg-tenant-id")) == (None, "acme")


@pytest.mark.parametrize("rows", [[], [role(), role(id="r2")]])
async def test_a_response_with_another_number_of_roles_loses_the_result(rows: list[Any]) -> None:
    """It was done; which of them it is, or where it is, nobody can tell."""
    async with raw_server(http(200, []), http(201, rows)) as server, make_client(server.url) as client:
        with pytest.raises(ResultLostError, match=f"has {len(rows)} results"):
            await client.roles.create(key="k", name="K", level=3)


CREATIONS: list[tuple[Callable[[AsyncFrontegg], Any], Any, Any]] = [
    (lambda client: client.roles.create(key="k", name="K", level=3), [role()], [role(level=4)]),
    (
        lambda client: client.permissions.create(key="k", name="K"),
        [{"id": "p", "key": "k", "name": "K"}],
        [{"id": "p", "key": "k", "name": "L"}],
    ),
    (
        lambda client: client.groups.create("acme", name="K", metadata={"a": 1}),
        {"groups": [{"id": "g", "name": "K", "metadata": '{"a": 1}'}]},
        {"groups": [{"id": "g", "name": "K", "metadata": '{"a": 2}'}]},
    ),
    (
        lambda client: client.roles.create_derived(
            "acme", key="k", name="K", base_role_id="r", permission_ids=["p"], description="d"
        ),
        [role(id="r0", key="x"), role(tenantId="acme", description="d")],
        [role(tenantId="acme", description="other")],
    ),
]


@pytest.mark.parametrize(("create", "same", "different"), CREATIONS)
async def test_what_was_created_is_not_created_again(
    create: Callable[[AsyncFrontegg], Any], same: Any, different: Any
) -> None:
    """A lost response is followed by a read, which shows it, nothing, or something else with the name."""
    nothing = http(200, {"groups": []} if isinstance(same, dict) else [])
    async with raw_server(nothing, CLOSE, http(200, same)) as server, make_client(server.url) as client:
        assert (await create(client)).name == "K"
        assert [request.method for request in server.requests] == ["GET", "POST", "GET"]
    async with raw_server(nothing, CLOSE, http(200, different)) as server, make_client(server.url) as client:
        with pytest.raises(ConflictError, match="differs"):
            await create(client)
    refused = http(409, {"errors": ["a"]})
    async with raw_server(nothing, CLOSE, nothing, refused, http(200, same)) as server:
        async with make_client(server.url) as client:
            assert (await create(client)).name == "K"
        assert [request.method for request in server.requests] == ["GET", "POST", "GET", "POST", "GET"]


@pytest.mark.parametrize(("create", "same", "different"), CREATIONS)
async def test_what_was_there_before_was_not_created(
    create: Callable[[AsyncFrontegg], Any], same: Any, different: Any
) -> None:
    """Also if it has all that was asked for, and also if nobody knows whether it was there before."""
    del different
    nothing = http(200, {"groups": []} if isinstance(same, dict) else [])
    async with raw_server(http(200, same), CLOSE, http(200, same)) as server, make_client(server.url) as client:
        with pytest.raises(ConflictError, match="existed before this call"):
            await create(client)
    async with raw_server(http(500), CLOSE, http(200, same)) as server, make_client(server.url) as client:
        with pytest.raises(OutcomeUnknownError, match="it is unknown whether this call created it") as caught:
            await create(client)
        assert (caught.value.outcome, len(server.requests)) == (Outcome.UNKNOWN, 3)
    # The read after the first attempt shows what was there before the second.
    script = (http(500), CLOSE, nothing, CLOSE, http(200, same))
    async with raw_server(*script) as server, make_client(server.url) as client:
        assert (await create(client)).name == "K"


async def test_an_assignment_is_not_a_conflict_with_itself() -> None:
    """It is read before it is sent again; one with another access is none that was asked for."""

    def assigned(access: str) -> Answer:
        return http(200, [{"tenantId": "acme", "assignments": [{"appId": "a", "accessType": access}]}])

    nothing = http(200, [])
    async with raw_server(nothing, CLOSE, assigned("FREE_ACCESS")) as server, make_client(server.url) as client:
        await client.applications.assign("acme", "a", access_type="free_access")
    script = (nothing, CLOSE, assigned("FREE_ACCESS"))
    async with raw_server(*script) as server, make_client(server.url) as client:
        with pytest.raises(ConflictError):
            await client.applications.assign("acme", "a", access_type="managed_access")


async def test_a_created_application_is_never_created_twice() -> None:
    """Names are not unique, so nobody can tell whether one that is there is this one."""
    async with raw_server(CLOSE) as server, make_client(server.url) as client:
        with pytest.raises(OutcomeUnknownError, match=r"look for the application with applications\.list") as caught:
            await client.applications.create(name="N", app_url="https://a.b", login_url="https://a.b/c")
        assert len(server.requests) == 1
    assert caught.value.details.asked["name"] == "N"


async def test_responses_without_a_body_are_read_again() -> None:
    """Of writes that were acknowledged."""
    empty = http(200)
    script = (
        (lambda c: c.roles.set_permissions("r1", permission_ids=["p"]), [role(permissions=["p"])]),
        (lambda c: c.roles.set_tenant("r1", tenant_id="acme"), [role(tenantId="acme")]),
        (lambda c: c.roles.update("r1", level=3), [role()]),
        (lambda c: c.permissions.update("p", name="K"), [{"id": "p", "key": "k", "name": "K"}]),
        (lambda c: c.permissions.add_to_roles("p", role_ids=["r"]), [{"id": "p", "key": "k", "roleIds": ["q", "r"]}]),
        (lambda c: c.groups.update("acme", "g", name="K"), {"id": "g", "name": "K"}),
        (lambda c: c.applications.assign_users("acme", "a", user_ids=["u"]), ["v", "u"]),
    )
    for call, answer in script:
        async with raw_server(empty, http(200, answer)) as server, make_client(server.url) as client:
            await call(client)
            assert [request.method for request in server.requests][1:] == ["GET"]


async def test_refusals_about_applications_say_what_to_do(
    frontegg_emulator: EmulatorHandle, frontegg_client: AsyncFrontegg
) -> None:
    """The codes of the service say little; a switch has the emulator check the header."""
    frontegg_emulator.seed(tenants=TENANTS)
    app = await frontegg_client.applications.create(
        name="N", app_url="https://a.b", login_url="https://a.b/c", access_type="managed_access"
    )
    with pytest.raises(NotFoundError, match=r"assign the tenant by applications\.assign") as caught:
        await frontegg_client.applications.set_access_type("acme", app.id, access_type="free_access")
    assert (caught.value.code, caught.value.outcome) == ("ER-01008", Outcome.REFUSED)
    named = frontegg_client.with_options(headers={"frontegg-application-id": app.id})
    unknown = frontegg_client.with_options(headers={"frontegg-application-id": "none"})
    assert (await unknown.tenants.get("acme")).tenant_id == "acme"
    frontegg_emulator.set_switch("application_header", "check")
    with pytest.raises(PermissionDeniedError, match="name an application by the header") as denied:
        await unknown.tenants.get("acme")
    assert denied.value.code == "ER-00008"
    with pytest.raises(NotFoundError, match="assign the tenant") as missing:
        await named.account_settings.get("acme")
    assert missing.value.code == "ER-01008"
    await frontegg_client.applications.assign("acme", app.id)
    assert (await named.account_settings.get("acme")).tenant_id == "acme"


async def test_given_ids_of_roles_are_checked_if_a_switch_says_so(
    frontegg_emulator: EmulatorHandle, frontegg_client: AsyncFrontegg
) -> None:
    """By default any is taken, as by the service for all that is known."""
    frontegg_emulator.seed(tenants=TENANTS)
    await frontegg_client.api_tokens.create("acme", role_ids=["none"])
    frontegg_emulator.set_switch("given_role_ids", "known")
    with pytest.raises(NotFoundError, match="Role not found"):
        await frontegg_client.api_tokens.create("acme", role_ids=["none"])
    await frontegg_client.api_tokens.create("acme", role_ids=await frontegg_client.roles.ids_of(["Admin"]))
