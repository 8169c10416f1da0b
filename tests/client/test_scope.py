"""Tenant and user headers are sent with the operations that take them, and with no others."""

from __future__ import annotations

import attrs
import pytest

from frontegg_async.endpoints import Auth, Endpoint
from frontegg_async.endpoints.endpoint import TENANT_OF_CALL
from frontegg_async.endpoints.tenants import GET
from frontegg_async.errors import ConfigurationError, InvalidArgumentError, ResponseMismatchError
from frontegg_async.models.tenants import UserCount
from tests.support.clients import make_client
from tests.support.raw_server import Answer, http, raw_server

pytestmark = pytest.mark.anyio

_ABOUT_TENANT = Endpoint(
    name="own.settings",
    method="GET",
    path="/settings",
    auth=Auth.TENANT | Auth.USER,
    returns=UserCount,
    _subject=TENANT_OF_CALL,
)


def _count(tenant_id: str) -> Answer:
    return http(200, {"tenantId": tenant_id, "totalUsers": 1})


async def test_an_operation_about_a_tenant_carries_it() -> None:
    """The header has the tenant as it is, also beyond ASCII; the user's header goes with operations that take one."""
    about_user = attrs.evolve(_ABOUT_TENANT, user_header=True)
    async with raw_server(_count("t 1/ü"), _count("t1")) as server, make_client(server.url) as client:
        await client._caller.for_tenant("t 1/ü").value(_ABOUT_TENANT)
        await client._caller.for_tenant("t1").for_user("u1").value(about_user)
        await client._caller.for_tenant("t1").for_user("u1").value(_ABOUT_TENANT)
    first, second, third = (request.headers for request in server.requests)
    assert first["frontegg-tenant-id"].encode("latin-1").decode() == "t 1/ü"
    assert (second["frontegg-tenant-id"], second["frontegg-user-id"]) == ("t1", "u1")
    assert "frontegg-user-id" not in first.keys() | third.keys()


async def test_an_operation_about_none_in_particular_does_not() -> None:
    """The service refuses the header on routes of the environment alone."""
    tenant = {"tenantId": "t1", "name": "A", "createdAt": "2024-01-01T00:00:00.000Z"}
    answer = http(200, {**tenant, "updatedAt": "2024-01-01T00:00:00.000Z", "deletedAt": None})
    async with raw_server(answer) as server, make_client(server.url) as client:
        await client._caller.for_tenant("t2").value(GET, path={"tenant_id": "t1"})
    assert "frontegg-tenant-id" not in server.requests[0].headers


async def test_an_operation_about_a_tenant_needs_one() -> None:
    """Without a tenant nothing is sent."""
    async with raw_server() as server, make_client(server.url) as client:
        with pytest.raises(ConfigurationError, match=r"for_tenant\(tenant_id\)"):
            await client.send(_ABOUT_TENANT)
    assert server.requests == []


@pytest.mark.parametrize("tenant_id", ["", " t1", "t1\n", "\ud800", "x" * 257, ".."])
async def test_a_malformed_tenant_is_refused(tenant_id: str) -> None:
    """What a header would lose or change is an error that names the argument."""
    async with raw_server() as server, make_client(server.url) as client:
        with pytest.raises(InvalidArgumentError, match="tenant_id"):
            client._caller.for_tenant(tenant_id)
        with pytest.raises(InvalidArgumentError, match="user_id"):
            client._caller.for_tenant("t1").for_user(tenant_id)
    assert server.requests == []


async def test_an_answer_about_another_tenant_is_refused() -> None:
    """The response of somebody else's call is not taken for this one's."""
    async with raw_server(_count("t2")) as server, make_client(server.url) as client:
        with pytest.raises(ResponseMismatchError):
            await client._caller.for_tenant("t1").value(_ABOUT_TENANT)


async def test_an_answer_about_several_tenants_has_no_other() -> None:
    """Some of those that were asked for may be missing, and none that was not asked for is taken."""
    mine, other = {"tenantId": "t1", "totalUsers": 1}, {"tenantId": "t3", "totalUsers": 3}
    rows = {"tenantId": "t2", "totalSubTenants": 1, "isParent": True}
    async with (
        raw_server(http(200, [mine]), http(200, [mine, other]), http(200, [rows]), http(200, [other | rows])) as server,
        make_client(server.url) as client,
    ):
        assert len(await client.tenants.count_users(["t1", "t2"])) == 1
        with pytest.raises(ResponseMismatchError):
            await client.tenants.count_users(["t1", "t2"])
        assert len(await client.hierarchy.count_sub_accounts("t1", ["t1", "t2"])) == 1
        with pytest.raises(ResponseMismatchError):
            await client.hierarchy.count_sub_accounts("t1", ["t1", "t3"])
