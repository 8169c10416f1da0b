"""The tenants of a user, in each form that the service may send, and those of another user."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from frontegg_async import AsyncFrontegg, AsyncFronteggUser, Auth, Endpoint, PermissionDeniedError
from frontegg_async.emulator import EmulatorHandle
from frontegg_async.endpoints import me as endpoints
from frontegg_async.endpoints import sessions
from frontegg_async.endpoints.api_tokens import LIST_OF_USER
from frontegg_async.errors import ConfigurationError, InvalidArgumentError, NotFoundError
from frontegg_async.models.sessions import UserLogin
from frontegg_async.models.user_tenants import UserTenant
from tests.support.flavours import FLAVOURS, Clients, clients_of, do
from tests.support.raw_server import http, raw_server

pytestmark = pytest.mark.anyio

SEED: Any = {
    "tenants": [
        {"tenantId": "acme", "name": "Acme", "isReseller": True, "metadata": {"plan": "pro"}},
        {"tenantId": "shop", "name": "Shop", "parentTenantId": "acme"},
        {"tenantId": "blue", "name": "Blue"},
    ],
    "users": [{"id": "ann", "email": "ann@acme.example", "tenantId": "acme", "tenantIds": ["blue"]}],
}


@pytest.fixture(params=FLAVOURS)
async def clients(request: pytest.FixtureRequest, frontegg_emulator: EmulatorHandle) -> Any:
    """Yield the clients of a flavour."""
    frontegg_emulator.seed(SEED)
    async with clients_of(frontegg_emulator, request.param) as opened:
        yield opened


async def test_whole_tenants(clients: Clients) -> None:
    """What the service tells of a tenant has its type, and what this version does not know is kept."""
    acme, blue = await do(clients.user(tenant_id="acme").tenants.list().all)
    whole = await do(clients.manager.tenants.get, "acme")
    names = ("tenant_id", "name", "internal_id", "vendor_id", "created_at", "updated_at", "is_reseller", "is_locked")
    assert [getattr(acme, name) for name in names] == [getattr(whole, name) for name in names]
    assert acme.metadata == {"plan": "pro"}
    assert (acme.extra["__v"], set(acme.extra)) == (0, {"_id", "__v"})
    assert (blue.tenant_id, blue.deleted_at) == ("blue", None)
    assert repr(acme) == "UserTenant(tenant_id='acme')"


async def test_tenants_by_name(clients: Clients) -> None:
    """The short form is taken too; what it does not tell is None."""
    clients.emulator.set_switch("user_tenants", "names")
    assert await do(clients.user(tenant_id="acme").tenants.list().all) == [
        UserTenant(tenant_id="acme", name="Acme"),
        UserTenant(tenant_id="blue", name="Blue"),
    ]


@pytest.mark.parametrize("form", ["whole", "names"])
async def test_the_tenants_of_another_user(clients: Clients, form: str) -> None:
    """An environment asks for them by the id of the user."""
    clients.emulator.set_switch("user_tenants", form)
    answer = await do(clients.manager.send, endpoints.TENANTS, user_id="ann")
    assert [(tenant.tenant_id, tenant.name) for tenant in answer.value] == [("acme", "Acme"), ("blue", "Blue")]
    with pytest.raises(NotFoundError):
        await do(clients.manager.send, endpoints.TENANTS, user_id="nobody")


async def test_a_user_is_named_where_an_operation_takes_one(clients: Clients) -> None:
    """Without one, with one too many, or with what is no id, nothing is sent."""
    clients.emulator.clear_journal()
    with pytest.raises(ConfigurationError, match=r"me\.tenants is about one user: give send\(\) a user_id"):
        await do(clients.manager.send, endpoints.TENANTS)
    plain = Endpoint(name="x.y", method="GET", path="/x", auth=Auth.ENVIRONMENT, returns=object)
    with pytest.raises(InvalidArgumentError, match=r"x\.y takes no user_id: only operations with user_header=True"):
        await do(clients.manager.send, plain, user_id="ann")
    for user_id in ("", "..", " ann", 5):
        with pytest.raises(InvalidArgumentError, match="user_id"):
            await do(clients.manager.send, endpoints.TENANTS, user_id=user_id)
    with pytest.raises(ConfigurationError, match="about one tenant"):
        await do(clients.manager.send, LIST_OF_USER, user_id="ann")
    assert clients.emulator.journal() == []
    view = clients.manager.for_tenant("acme")
    assert (await do(view.send, LIST_OF_USER, user_id="ann")).value == ()
    with pytest.raises(ConfigurationError, match="user_id"):
        await do(view.send, LIST_OF_USER)


async def test_a_header_is_sent_only_where_it_belongs() -> None:
    """The user's with the operations that take one, also with one of your own and with none but it."""
    own = Endpoint(name="a.b", method="GET", path="/a", auth=Auth.ENVIRONMENT, returns=object, user_header=True)
    async with raw_server(http(200, [])) as server, AsyncFrontegg("emu_client", "emu_s", base_url=server.url) as client:
        await client.send(own, user_id="ann")
        await client.send(endpoints.TENANTS, user_id="ann")
        await client.for_tenant("acme").send(LIST_OF_USER, user_id="ann")
    headers = [request.headers for request in server.requests]
    assert [(each.get("frontegg-user-id"), each.get("frontegg-tenant-id")) for each in headers] == [
        ("ann", None),
        ("ann", None),
        ("ann", "acme"),
    ]


async def test_the_active_tenant_beside_them(clients: Clients) -> None:
    """The third version of the route is for send()."""
    user = clients.user(tenant_id="blue")
    found = (await do(user.send, endpoints.TENANTS_V3)).value
    assert [tenant.name for tenant in found.tenants] == ["Acme", "Blue"]
    assert found.active_tenant.tenant_id == "blue"


async def test_a_sub_account_may_be_entered(clients: Clients) -> None:
    """Where the hierarchy allows it; a service that does not says so with a clear error."""
    user = clients.user(tenant_id="acme")
    with pytest.raises(
        PermissionDeniedError, match=r"may not enter the tenant.*token is for tenant acme of acme, blue"
    ):
        await do(user.tenants.switch, "shop")
    await do(clients.manager.sub_tenants.set_hierarchy_settings, "acme", access_type="alwaysOn")
    assert (await do(user.tenants.switch, "shop")).tenant_id == "shop"
    clients.emulator.set_switch("switch_to_sub_account", "refuse")
    with pytest.raises(PermissionDeniedError, match="token is for tenant acme of acme, blue"):
        await do(user.tenants.switch, "shop")


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Sat, 05 Feb 2022 10:23:04 GMT", datetime(2022, 2, 5, 10, 23, 4, tzinfo=UTC)),
        ("Fri, 05 Feb 2022 10:23:04 GMT", datetime(2022, 2, 5, 10, 23, 4, tzinfo=UTC)),
        ("2022-02-05T10:23:04.000Z", datetime(2022, 2, 5, 10, 23, 4, tzinfo=UTC)),
        ("2022-02-05T12:23:04+02:00", datetime(2022, 2, 5, 10, 23, 4, tzinfo=UTC)),
        *((odd, None) for odd in ("", "soon", "Fri, 99 Feb 2022 10:23:04 GMT", "9" * 5_000, 5, None, [], {}, True)),
        ("0001-01-01T00:00:00+14:00", None),
    ],
)
@pytest.mark.parametrize("endpoint", [sessions.LOGIN, sessions.EXCHANGE_API_TOKEN], ids=["v1", "v2"])
async def test_the_end_of_a_session(endpoint: Any, written: object, read: datetime | None) -> None:
    """Both forms of a date are taken, and one that cannot be read does not fail the sign-in."""
    names = ("accessToken", "expiresIn") if endpoint is sessions.LOGIN else ("access_token", "expires_in")
    body = {names[0]: "a.b.c", names[1]: 60, "expires": written}
    async with (
        raw_server(http(200, body)) as server,
        AsyncFronteggUser(base_url=server.url, token="a.e30.c") as user,
    ):
        value = (await user.send(endpoint, body=UserLogin(password="p"))).value
    assert (value.access_token, value.expires_in, value.expires) == ("a.b.c", 60, read)
