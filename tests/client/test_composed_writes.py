"""Errors of operations with several requests describe the whole operation, not the last request."""

from __future__ import annotations

import asyncio

import pytest

from frontegg_async import (
    ApiToken,
    ClientClosedError,
    FronteggError,
    NotFoundError,
    Options,
    Outcome,
    OutcomeUnknownError,
    RotatingTokens,
)
from frontegg_async.errors import MoveError
from tests.support.clients import FakeClock, make_client, make_user
from tests.support.jwts import make_jwt
from tests.support.raw_server import CLOSE, SILENCE, Answer, RawRequest, Step, http, raw_server
from tests.support.tenants import tenant_row
from tests.support.waiting import until

pytestmark = pytest.mark.anyio

GONE = http(404, {"errors": ["not found"]})
API_TOKEN = ApiToken("emu_client", "emu_secret")


@pytest.mark.parametrize("read", [http(403), http(500), http(401), CLOSE, http(200, raw=b"<html>")])
async def test_a_key_that_may_be_removed_is_unknown_when_the_tenant_cannot_be_read(read: Step) -> None:
    """The first response was lost, the second says 404 of the key or of the tenant, and the read tells nothing."""
    async with raw_server(CLOSE, GONE, read) as server, make_client(server.url) as client:
        with pytest.raises(OutcomeUnknownError) as caught:
            await client.tenants.delete_metadata("t1", "old")
    assert (caught.value.outcome, caught.value.endpoint) == (Outcome.UNKNOWN, "tenants.delete_metadata")
    assert [request.method for request in server.requests][:3] == ["DELETE", "DELETE", "GET"]


async def test_a_key_that_may_be_removed_is_unknown_when_the_tenant_is_gone() -> None:
    """It may have been removed before the tenant was deleted."""
    async with raw_server(CLOSE, GONE, GONE) as server, make_client(server.url) as client:
        with pytest.raises(NotFoundError) as caught:
            await client.tenants.delete_metadata("t1", "old")
    assert (caught.value.outcome, caught.value.endpoint) == (Outcome.UNKNOWN, "tenants.delete_metadata")


async def test_the_deadline_of_a_removed_key_holds_for_the_read_too() -> None:
    """The read gets what the removal left of it."""
    clock = FakeClock()

    def late(_: RawRequest) -> Answer:
        clock.now += 50
        return GONE

    busy = http(503, headers={"Retry-After": "20"})
    options = Options(deadline=60.0)
    script = (CLOSE, late, busy, http(200, tenant_row()))
    async with raw_server(*script) as server, make_client(server.url, clock=clock, options=options) as client:
        with pytest.raises(OutcomeUnknownError):
            await client.tenants.delete_metadata("t1", "old")
    assert len(server.requests) == 3


async def test_ensure_of_what_cannot_be_read_was_not_sent() -> None:
    """Nothing was asked for but what is there."""
    async with raw_server(http(500)) as server, make_client(server.url) as client:
        with pytest.raises(FronteggError) as caught:
            await client.tenants.ensure("t1", name="n")
    assert (caught.value.outcome, caught.value.endpoint) == (Outcome.NOT_SENT, "tenants.get")
    assert {request.method for request in server.requests} == {"GET"}


async def test_ensure_whose_conflict_cannot_be_read_was_refused() -> None:
    """The creation was refused; that the tenant of the other cannot be read does not change that."""
    script = (http(200, []), http(409), http(500))
    async with raw_server(*script) as server, make_client(server.url) as client:
        with pytest.raises(FronteggError) as caught:
            await client.tenants.ensure("t1", name="n")
    assert (caught.value.outcome, caught.value.endpoint) == (Outcome.REFUSED, "tenants.get")


async def test_a_move_whose_tenants_cannot_be_read_was_not_sent() -> None:
    """The tenant is where it was."""
    async with raw_server(http(500)) as server, make_client(server.url) as client:
        with pytest.raises(FronteggError) as caught:
            await client.hierarchy.move("child", "parent")
    assert caught.value.outcome is Outcome.NOT_SENT
    assert {request.method for request in server.requests} == {"GET"}


async def test_the_own_tenant_is_not_deleted_without_a_token() -> None:
    """That nobody knows what became of the token's request says nothing of the tenant."""
    async with raw_server(http(500)) as server, make_user(server.url, API_TOKEN) as user:
        with pytest.raises(FronteggError) as caught:
            await user.tenant.delete_current(confirm_tenant_id="t1")
    assert caught.value.outcome is Outcome.NOT_SENT
    assert {request.method for request in server.requests} == {"POST"}


async def test_a_key_that_may_be_removed_is_unknown_when_the_client_is_closed() -> None:
    """Closing interrupts the read, not the removal."""
    closing: list[asyncio.Task[None]] = []

    def close(_: RawRequest) -> Answer:
        closing.append(asyncio.get_running_loop().create_task(client.aclose()))
        return SILENCE

    async with raw_server(CLOSE, GONE, close) as server:
        client = make_client(server.url)
        with pytest.raises(ClientClosedError) as caught:
            await client.tenants.delete_metadata("t1", "old")
        await closing[0]
    assert caught.value.outcome is Outcome.UNKNOWN


BEGUN = Answer(b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{", then="silence")
"""The service acted; its response does not end."""


@pytest.mark.parametrize("removed", [False, True])
async def test_a_client_that_is_closed_during_a_move_says_where_the_tenant_is(*, removed: bool) -> None:
    """The step that was answered is done: the tenant has no parent, or is under the new one."""
    old = http(200, [{"tenantId": "old", "level": 1}])
    script = (old, http(200, []), http(200), BEGUN) if removed else (old, http(200, []), BEGUN)
    async with raw_server(*script) as server:
        client = make_client(server.url)
        moving = asyncio.ensure_future(client.hierarchy.move("child", "new"))
        await until(lambda: len(server.requests) == len(script))
        for _ in range(100):  # the beginning of the response is read
            await asyncio.sleep(0)
        await client.aclose()
        if removed:
            await moving
            return
        with pytest.raises(MoveError, match="the tenant has no parent now") as caught:
            await moving
    assert caught.value.parent_id is None


async def test_a_switch_that_was_cancelled_leads_to_a_new_token() -> None:
    """The tenant may be switched, and the token is one for the old tenant."""
    renewals: list[object] = []

    def serve(request: RawRequest) -> Answer:
        if request.method == "PUT":
            return SILENCE
        if "/auth/" not in request.path:
            return http(200, [])
        renewals.append(request.json())
        pair = {"accessToken": make_jwt(), "refreshToken": f"r{len(renewals)}", "expiresIn": 3600}
        return http(201, pair)

    async with raw_server(serve) as server, make_user(server.url, RotatingTokens(refresh_token="r0")) as user:
        switching = asyncio.ensure_future(user.tenants.switch("t2"))
        await until(lambda: any(request.method == "PUT" for request in server.requests))
        switching.cancel()
        with pytest.raises(asyncio.CancelledError):
            await switching
        await user.tenants.list().all()
    assert renewals == [{"refreshToken": "r0"}, {"refreshToken": "r1"}]
