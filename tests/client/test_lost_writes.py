"""Writes whose response is lost while others write too, time runs out, or reads fail as well."""

from __future__ import annotations

import asyncio
import json

import pytest

from frontegg_async import ConflictError, NotFoundError, Options, Outcome, OutcomeUnknownError
from frontegg_async._core.call.retry_budget import RetryBudget
from tests.support.clients import FakeClock, make_client
from tests.support.raw_server import CLOSE, SILENCE, Answer, RawRequest, http, raw_server
from tests.support.tenants import tenant_row

pytestmark = pytest.mark.anyio

MINE = http(200, tenant_row("own", name="n"))
DELETED = http(200, tenant_row("own", name="n", deletedAt="2024-05-02T10:00:00.000Z"))
BUSY = http(503, headers={"Retry-After": "40"})


def above(*tenant_ids: str) -> Answer:
    """Return the response that has these above a tenant, the nearest first."""
    return http(200, [{"tenantId": each, "level": level} for level, each in enumerate(tenant_ids, 1)])


def made(request: RawRequest) -> Answer:
    """Answer a creation."""
    body = json.loads(request.body)
    return http(201, tenant_row(body["tenantId"], name=body["name"]))


@pytest.mark.parametrize(("parents", "is_mine"), [(("north",), True), (("south",), False), ((), False)])
async def test_a_found_tenant_under_another_parent_is_not_the_one_asked_for(
    parents: tuple[str, ...], *, is_mine: bool
) -> None:
    """Another made it with the same id and the same fields, but elsewhere."""
    async with raw_server(CLOSE, MINE, above(*parents), above()) as server, make_client(server.url) as client:
        create = client.tenants.create(tenant_id="own", name="n", parent_tenant_id="north")
        if is_mine:
            assert (await create).tenant_id == "own"
        else:
            with pytest.raises(ConflictError, match="differs") as caught:
                await create
            assert (caught.value.status, caught.value.attempts) == (409, 1)
    assert [request.method for request in server.requests].count("POST") == 1


@pytest.mark.parametrize("as_sub_tenant", [False, True])
async def test_a_tenant_that_is_deleted_was_not_activated_again(*, as_sub_tenant: bool) -> None:
    """The fields of what was deleted agree, and still it is to be created."""
    async with raw_server(CLOSE, DELETED, made) as server, make_client(server.url) as client:
        if as_sub_tenant:
            await client.sub_tenants.create(tenant_id="own", name="n", parent_tenant_id="north")
        else:
            await client.tenants.create(tenant_id="own", name="n")
    assert [request.method for request in server.requests] == ["POST", "GET", "POST"]


async def test_an_id_of_the_sdk_was_made_also_when_another_deleted_it_since() -> None:
    """To create it again would bring it back."""

    def deleted(request: RawRequest) -> Answer:
        tenant_id = request.path.rpartition("/")[2]
        return http(200, tenant_row(tenant_id, deletedAt="2024-05-02T10:00:00.000Z"))

    async with raw_server(CLOSE, deleted) as server, make_client(server.url) as client:
        assert (await client.tenants.create(name="n")).deleted_at is not None
    assert len(server.requests) == 2


async def test_the_deadline_holds_for_all_reads_together() -> None:
    """The second of them gets what the first one left."""
    clock = FakeClock()
    script = (CLOSE, BUSY, MINE, BUSY, above("north"))
    async with raw_server(*script) as server, make_client(server.url, clock=clock) as client:
        before = clock.now
        with pytest.raises(OutcomeUnknownError):
            await client.tenants.create(
                tenant_id="own", name="n", parent_tenant_id="north", options=Options(deadline=60)
            )
        assert clock.now - before < 60
    assert len(server.requests) == 4


async def test_a_lost_answer_near_the_deadline_is_read_all_the_same() -> None:
    """The wait would outlast it; half of the time is kept for the read."""
    clock = FakeClock()

    def late(_: RawRequest) -> Answer:
        clock.now += 59.9
        return http(503)

    async with raw_server(late, MINE) as server, make_client(server.url, clock=clock, rng=lambda: 1.0) as client:
        await client.tenants.create(tenant_id="own", name="n", options=Options(deadline=60))
    assert [request.method for request in server.requests] == ["POST", "GET"]


async def test_a_parent_that_moves_between_two_reads_tells_nothing() -> None:
    """The tenant is below it still, so that the removal was not done."""
    script = (CLOSE, above("north", "top"), above(), above("north"), above(), http(200), above())
    async with raw_server(*script) as server, make_client(server.url) as client:
        await client.hierarchy.unassign("own", "north")
    assert [request.method for request in server.requests] == ["DELETE", "GET", "GET", "GET", "GET", "DELETE"]


async def test_a_removal_from_higher_up_was_never_to_be_done() -> None:
    """Two equal looks: the one is not directly below the other, which the other shows too."""
    script = (CLOSE, above("middle", "north"), above(), above("middle", "north"), http(200, []))
    async with raw_server(*script) as server, make_client(server.url) as client:
        await client.hierarchy.unassign("own", "north")
    assert [request.method for request in server.requests] == ["DELETE", "GET", "GET", "GET", "GET"]


async def test_two_lost_answers_and_a_refusal_are_one_creation() -> None:
    """The second creation was done, and the third finds it there."""
    lost = http(200, [])
    script = (CLOSE, lost, CLOSE, lost, http(409, {"errors": ["Tenant already exists"]}), MINE)
    async with raw_server(*script) as server, make_client(server.url) as client:
        await client.tenants.create(tenant_id="own", name="n")
    assert [request.method for request in server.requests] == ["POST", "GET"] * 3


async def test_a_refused_repetition_of_what_cannot_be_found_leaves_it_open() -> None:
    """It says that there is one, and the read that there is none: nobody knows."""
    lost = http(200, [])
    script = (CLOSE, lost, http(409, {"errors": ["Tenant already exists"]}), lost)
    async with raw_server(*script) as server, make_client(server.url) as client:
        with pytest.raises(ConflictError) as caught:
            await client.tenants.create(tenant_id="own", name="n")
    assert caught.value.outcome is Outcome.UNKNOWN


async def test_a_cancelled_read_ends_the_creation_at_once() -> None:
    """Nothing is sent after it."""
    reading = asyncio.Event()

    def read(_: RawRequest) -> Answer:
        reading.set()
        return SILENCE

    async with raw_server(CLOSE, read, made) as server, make_client(server.url) as client:
        creation = asyncio.ensure_future(client.tenants.create(tenant_id="own", name="n"))
        await reading.wait()
        creation.cancel()
        with pytest.raises(asyncio.CancelledError):
            await creation
        assert client._environment.context.sessions.get().in_flight == 0
    assert [request.method for request in server.requests] == ["POST", "GET"]


async def test_a_delete_is_not_found_first_and_later() -> None:
    """A 404 counts as done only after a response that was lost."""
    async with raw_server(http(404)) as server, make_client(server.url) as client:
        with pytest.raises(NotFoundError) as caught:
            await client.tenants.delete("own")
        assert caught.value.outcome is Outcome.REFUSED
    gone = http(404, {"errors": ["Tenant not found"]})
    async with raw_server(http(503), http(401), gone) as server, make_client(server.url) as client:
        await client.tenants.delete("own")
        assert len(server.requests) == 3


async def test_reads_of_what_became_of_a_write_cost_no_budget() -> None:
    """The lost response is charged, and the failures of the reads after it are not."""

    def mine(request: RawRequest) -> Answer:
        return http(200, tenant_row(request.path.rpartition("/")[2], name="n"))

    async with raw_server(CLOSE, CLOSE, CLOSE, mine) as server, make_client(server.url, clock=FakeClock()) as client:
        await client.tenants.create(name="n")
        assert [request.method for request in server.requests] == ["POST", "GET", "GET", "GET"]
        # The lost response and the lost reads cost tokens. The successful read gave back half a token.
        assert len(client._environment.context.budget._halves) == 2 * RetryBudget.SIZE - 2 + 1


@pytest.mark.parametrize("as_sub_tenant", [False, True])
async def test_a_service_that_trims_what_it_stores_has_made_what_was_asked_for(*, as_sub_tenant: bool) -> None:
    """It is no conflict with another tenant of the same id."""
    stored = http(200, tenant_row("own", name="Acme", logoUrl="https://acme.example", website="https://acme.example"))
    async with raw_server(CLOSE, stored, above("north"), above()) as server, make_client(server.url) as client:
        if as_sub_tenant:
            await client.sub_tenants.create(
                tenant_id="own", name=" Acme ", logo_url="https://acme.example/", parent_tenant_id="north"
            )
        else:
            await client.tenants.create(tenant_id="own", name=" Acme ", website="https://acme.example/")
    assert [request.method for request in server.requests].count("POST") == 1
