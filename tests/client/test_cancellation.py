"""Cancellation at every step of the loop leaks nothing, and the next call gets its own response."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Sequence

import attrs
import pytest

from frontegg_async._core.call.retry_budget import RetryBudget
from frontegg_async.client import AsyncFrontegg
from frontegg_async.errors import FronteggError
from tests.support.clients import make_client
from tests.support.faults.http import RawRequest, answer_bytes
from tests.support.faults.scripted_server import Close, Send, Serve, Step, scripted_server
from tests.support.tenants import tenant_row
from tests.support.waiting import until

pytestmark = pytest.mark.anyio

TOKEN = answer_bytes(200, {"token": "t", "expiresIn": 3600})
MOST_STEPS = 400


def answer(request: RawRequest) -> bytes:
    """Return the true response to a request."""
    if request.path == "/auth/vendor":
        return TOKEN
    if request.method == "POST":
        body = request.json()
        assert isinstance(body, dict)
        return answer_bytes(201, tenant_row(body["tenantId"], name=body["name"]))
    return answer_bytes(200, tenant_row(request.path.rpartition("/")[2]))


@attrs.define
class First:
    """Does something in the place of the first response but the token's, after a client is warm."""

    steps: Sequence[Step] = ()
    armed: bool = False

    def choose(self, request: RawRequest) -> Sequence[Step]:
        """Return what is done with a request."""
        if self.armed and self.steps and request.path != "/auth/vendor":
            self.armed = False
            return self.steps
        # In two pieces, so that a call is cancelled between head and body too.
        head, end, body = answer(request).partition(b"\r\n\r\n")
        return (Send(head + end), Send(body))


async def get(client: AsyncFrontegg) -> None:
    """Read a tenant."""
    assert (await client.tenants.get("t1")).tenant_id == "t1"


async def create(client: AsyncFrontegg) -> None:
    """Create a tenant."""
    assert (await client.tenants.create(tenant_id="new", name="Tenant new")).tenant_id == "new"


async def crowd(client: AsyncFrontegg) -> None:
    """Read more tenants at once than there are connections."""
    await asyncio.gather(*(get(client) for _ in range(4)))


async def refused(client: AsyncFrontegg) -> None:
    """Read a tenant and get an error."""
    with contextlib.suppress(FronteggError):
        await client.tenants.get("t1")


Scenario = tuple[Callable[[AsyncFrontegg], Awaitable[None]], tuple[Step, ...], bool, float]

SCENARIOS: dict[str, Scenario] = {
    "cold": (get, (), False, 0),
    "warm": (get, (), True, 0),
    "lost answer": (get, (Close(),), True, 1),
    "failure": (get, (Send(answer_bytes(503)),), True, 1),
    "cut": (get, (Send(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{"), Close()), True, 1),
    "limit": (get, (Send(answer_bytes(429, headers={"Retry-After": "1"})),), True, 0),
    "refused token": (get, (Send(answer_bytes(401)),), True, 0),
    "creation": (create, (), True, 0),
    "lost creation": (create, (Close(),), True, 1),
    "full pool": (crowd, (), True, 0),
    "full pool, cold": (crowd, (), False, 0),
    "mismatch": (refused, (Send(answer_bytes(200, tenant_row("other"))),), True, 0),
}
"""What is done, what the server does first, whether the client has a token, and what it costs of the budget."""


def assert_nothing_left(client: AsyncFrontegg, cost: float) -> None:
    """Fail if anything of a call is still there."""
    context = client._environment.context
    pool = context.sessions._pool
    assert len(context.budget._halves) >= 2 * (RetryBudget.SIZE - cost)
    assert not context.waits._waiting
    assert not context.sessions._retired or all(not retired.in_flight for retired in context.sessions._retired)
    if pool is None:
        return
    assert pool.in_flight == 0
    assert pool.slots.free == 2
    assert not pool.slots.waiters
    connector = pool.session.connector
    assert connector is not None
    assert not connector._acquired


def connections(client: AsyncFrontegg) -> tuple[set[object], set[object]]:
    """Return the connections that are in use, and those that wait for a request."""
    pool = client._environment.context.sessions._pool
    connector = None if pool is None else pool.session.connector
    if connector is None:
        return set(), set()
    return set(connector._acquired), {proto for kept in connector._conns.values() for proto, _ in kept}


async def cancel_after(steps: int, name: str) -> bool:
    """Cancel a call after so many steps of the loop; return whether it was still under way."""
    call, first_steps, is_warm, cost = SCENARIOS[name]
    first = First(first_steps)
    before = asyncio.all_tasks()
    async with scripted_server([Serve(first.choose)]) as server, make_client(server.url, max_connections=2) as client:
        if is_warm:
            await client.tenants.get("warm")
        first.armed = True
        tokens = client._environment.tokens
        task = asyncio.ensure_future(call(client))
        for _ in range(steps):
            await asyncio.sleep(0)
        in_use = connections(client)[0] if not tokens.single_flight.is_under_way else set()
        was_under_way = task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
        assert task.cancelled() is was_under_way
        first.armed = False
        # A connection that the cancelled call used had an incomplete response, and is closed.
        assert not in_use & connections(client)[1]
        await until(lambda: not tokens.single_flight.is_under_way)
        assert_nothing_left(client, cost)
        async with asyncio.timeout(30), asyncio.TaskGroup() as group:
            others = [group.create_task(client.tenants.get(f"other-{number}")) for number in range(3)]
        assert [other.result().tenant_id for other in others] == ["other-0", "other-1", "other-2"]
        assert_nothing_left(client, cost)
    assert asyncio.all_tasks() <= before
    return was_under_way


@pytest.mark.parametrize("name", SCENARIOS)
async def test_a_call_may_be_cancelled_at_every_step(name: str) -> None:
    """Each time one step later, until it ends by itself."""
    for steps in range(MOST_STEPS):
        if not await cancel_after(steps, name):
            assert steps > 5
            return
    pytest.fail("the call did not end")
