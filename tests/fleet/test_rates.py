"""Shared rate limits: a route that is closed for one process is closed for all, and busy processes take turns."""

from __future__ import annotations

import asyncio
import logging

import pytest

from frontegg_async._core.call.rate_limits import DEFAULT_WAIT
from frontegg_async._core.call.shared_rate_limits import RateTurn
from frontegg_async.client import AsyncFrontegg
from frontegg_async.errors import ConfigurationError, RateLimitError, RequestTimeoutError
from frontegg_async.fleet.circuit_breaker import PAUSE
from frontegg_async.fleet.rates import RateGate, SharedRates, shared_rates
from frontegg_async.options import Options
from tests.fleet.memory import MemoryGate
from tests.support.clients import FakeClock, make_client
from tests.support.loop_time import skip_waits
from tests.support.raw_server import http, raw_server
from tests.support.tenants import tenant_row
from tests.support.waiting import until

pytestmark = pytest.mark.anyio

TENANT = http(200, tenant_row())


def _client(url: str, gate: MemoryGate, clock: FakeClock, options: Options | None = None) -> AsyncFrontegg:
    client = make_client(url, clock=clock, options=options)
    context = client._environment.context
    context.rates = SharedRates(gate, clock.monotonic, account=(context.base_url.origin,))
    context.is_observed = True
    return client


def _rates(gate: MemoryGate, clock: FakeClock) -> SharedRates:
    return SharedRates(gate, clock.monotonic, account=("https://host", "id", ""))


async def test_each_attempt_has_a_turn(clock: FakeClock) -> None:
    """A call asks before it is sent, by its route, and waits as long as it is told."""
    gate = MemoryGate([RateTurn(0.0), RateTurn(0.0), RateTurn(3.0)])
    async with raw_server(TENANT) as server, _client(server.url, gate, clock) as client:
        await client.tenants.get("t1")
        await client.tenants.get("t1")
    assert [route for route, _ in gate.asked] == [
        "GET /tenants/resources/tenants/v2/{}",
        "POST /auth/vendor",
        "GET /tenants/resources/tenants/v2/{}",
    ]
    assert [most for _, most in gate.asked] == [90.0, 90.0, 90.0]
    assert clock.slept == [3.0]


async def test_a_route_that_another_found_closed_is_closed(clock: FakeClock) -> None:
    """The call waits for it to open, and asks again."""
    gate = MemoryGate([RateTurn(5.0, is_closed=True), RateTurn(0.0)])
    async with raw_server(TENANT) as server, _client(server.url, gate, clock) as client:
        await client.tenants.get("t1")
    assert clock.slept == [5.0]
    assert len(gate.asked) == 3


@pytest.mark.parametrize("turn", [RateTurn(50.0, is_closed=True), RateTurn(50.0)])
async def test_what_is_too_late_is_refused_at_once(clock: FakeClock, turn: RateTurn) -> None:
    """Nothing is sent, and nobody waits for nothing."""
    gate = MemoryGate([turn])
    async with raw_server(TENANT) as server, _client(server.url, gate, clock, Options(deadline=10)) as client:
        with pytest.raises(RateLimitError, match=r"limited for another 50\.0 s") as caught:
            await client.tenants.get("t1")
        assert server.requests == []
    assert caught.value.retry_after == 50.0
    assert clock.slept == []


async def test_a_limit_is_told_to_the_others(clock: FakeClock) -> None:
    """As long as the service said."""
    gate = MemoryGate()
    async with raw_server(http(429, {}), TENANT) as server, _client(server.url, gate, clock) as client:
        await client.tenants.get("t1")
        await until(lambda: bool(gate.closed))
    assert gate.closed == [("GET /tenants/resources/tenants/v2/{}", DEFAULT_WAIT)]


async def test_a_limit_of_a_day_is_told_as_two_minutes(clock: FakeClock) -> None:
    """A mistake of one response does not close a route for all for longer than a call would wait."""
    gate = MemoryGate()
    rates = _rates(gate, clock)
    rates.close("GET /a", 86_400.0)
    await until(lambda: bool(gate.closed))
    assert gate.closed == [("GET /a", 120.0)]


async def test_routes_may_be_opened_by_hand(clock: FakeClock) -> None:
    """For the calls of this process, until the service closes one again, and no longer than a route is closed."""
    gate = MemoryGate([RateTurn(100.0, is_closed=True)] * 6)
    rates = _rates(gate, clock)
    assert (await rates.reserve("GET /a", 1.0)).is_closed
    rates.close("GET /a", 100.0)
    rates.open_all()
    assert await rates.reserve("GET /a", 1.0) == await rates.reserve("GET /b", 1.0) == RateTurn(0.0)
    rates.close("GET /a", 100.0)
    assert (await rates.reserve("GET /a", 1.0)).is_closed
    assert await rates.reserve("GET /b", 1.0) == RateTurn(0.0)
    clock.now += 120.0
    assert (await rates.reserve("GET /b", 1.0)).is_closed
    gate.turns.append(RateTurn(3.0))
    rates.open_all()
    assert await rates.reserve("GET /b", 1.0) == RateTurn(3.0)
    await until(lambda: not rates._closing)


async def test_a_broken_gate_harms_nobody(clock: FakeClock, caplog: pytest.LogCaptureFixture) -> None:
    """The process goes on with what it knows itself, says so once, and asks again after a pause."""
    caplog.set_level(logging.INFO)
    gate = MemoryGate(is_broken=True)
    rates = _rates(gate, clock)
    for _ in range(2):
        turn = await rates.reserve("GET /a", 1.0)
        assert (turn.seconds, turn.is_closed, turn.lasts) == (0.0, False, 0.0)
    assert len(gate.asked) == 1
    rates.close("GET /a", 5.0)
    clock.now += PAUSE
    rates.close("GET /a", 5.0)
    await until(lambda: not rates._closing)
    assert len(caplog.records) == 1
    gate.is_broken = False
    clock.now += PAUSE
    gate.turns.append(RateTurn(2.0))
    assert await rates.reserve("GET /a", 1.0) == RateTurn(2.0)
    rates.close("GET /a", 5.0)
    await until(lambda: bool(gate.closed))
    assert [record.levelname for record in caplog.records] == ["WARNING", "INFO"]


async def test_a_process_has_one_turn_ahead(clock: FakeClock) -> None:
    """The calls of a process stand in one line for a route; cancelling one lets the next on."""
    rates = _rates(MemoryGate(), clock)
    queue = rates.queue("GET /a")
    assert rates.queue("GET /a") is queue
    assert rates.queue("GET /b") is not queue
    async with queue:
        waiting = asyncio.create_task(queue.acquire())
        await asyncio.sleep(0)
        waiting.cancel()
    assert not queue.locked()


def test_each_loop_has_its_own_queues(clock: FakeClock) -> None:
    """A client may be used in one loop after the other."""
    rates = _rates(MemoryGate(), clock)

    async def queue_here() -> asyncio.Lock:
        return rates.queue("GET /a")

    assert asyncio.run(queue_here()) is not asyncio.run(queue_here())


async def test_waiting_in_the_queue_counts_to_the_deadline(clock: FakeClock) -> None:
    """A call does not wait in the queue longer than it may take."""
    gate = MemoryGate()
    skip_waits()
    async with raw_server(TENANT) as server, _client(server.url, gate, clock, Options(deadline=20.0)) as client:
        rates = client._environment.context.rates
        assert rates is not None
        async with rates.queue("GET /tenants/resources/tenants/v2/{}"):
            with pytest.raises(RequestTimeoutError, match="deadline") as caught:
                await client.tenants.get("t1")
        assert (server.requests, caught.value.details.reason) == ([], "turn")
    assert gate.asked == []


def test_a_turn_is_one_of_the_budget() -> None:
    """Unless it says that the route is closed."""
    assert RateTurn(1.0) == RateTurn(1.0, is_closed=False)


async def test_not_each_call_need_ask(clock: FakeClock) -> None:
    """For a while after it was told that a route is open, unless a response of the service says otherwise."""
    gate = MemoryGate([RateTurn(0.0, lasts=2.0), RateTurn(0.0, lasts=2.0), RateTurn(3.0)])
    rates = _rates(gate, clock)
    for seconds in (0.0, 1.0, 0.9):
        clock.now += seconds
        assert (await rates.reserve("GET /a", 1.0)).seconds == 0.0
    assert len(gate.asked) == 1
    await rates.reserve("GET /b", 1.0)
    clock.now += 0.1
    rates.close("GET /b", 5.0)
    assert await rates.reserve("GET /b", 1.0) == RateTurn(3.0)
    await rates.reserve("GET /a", 1.0)
    await rates.reserve("GET /a", 1.0)
    assert [route for route, _ in gate.asked] == ["GET /a", "GET /b", "GET /b", "GET /a", "GET /a"]
    await until(lambda: not rates._closing)


async def test_a_limit_that_many_calls_find_is_told_once(clock: FakeClock) -> None:
    """Their answers differ by moments; one that closes the route for longer is told."""
    gate = MemoryGate()
    rates = _rates(gate, clock)
    for seconds in (60.0, 60.5, 61.0, 61.5, 5.0):
        rates.close("GET /a", seconds)
    rates.close("GET /b", 5.0)
    await until(lambda: not rates._closing)
    assert gate.closed == [("GET /a", 60.0), ("GET /a", 61.5), ("GET /b", 5.0)]


async def test_what_could_not_be_told_is_told_again(clock: FakeClock) -> None:
    """When the gate is back, the next response that closes the route counts."""
    gate = MemoryGate(is_broken=True)
    rates = _rates(gate, clock)
    rates.close("GET /a", 60.0)
    await until(lambda: not rates._closing)
    gate.is_broken = False
    clock.now += PAUSE
    rates.close("GET /a", 50.0)
    await until(lambda: not rates._closing)
    assert gate.closed == [("GET /a", 50.0)]


async def test_accounts_share_nothing(clock: FakeClock) -> None:
    """Each host, client id and environment has limits of its own."""
    gate = MemoryGate()
    accounts = [("https://host", "id", ""), ("https://other", "id", ""), ("https://host", "id", "e"), ("https://host",)]
    for account in accounts:
        await SharedRates(gate, clock.monotonic, account=account).reserve("GET /a", 1.0)
    assert len(gate.scopes) == 4
    await _rates(gate, clock).reserve("GET /a", 1.0)
    assert len(gate.scopes) == 4


async def test_an_outage_is_said_once_for_all_accounts(clock: FakeClock, caplog: pytest.LogCaptureFixture) -> None:
    """The calls of a client and those of its users go by the same gate."""
    gate = MemoryGate(is_broken=True)
    rates = _rates(gate, clock)
    users = rates.for_account(("https://users",))
    assert await rates.reserve("GET /a", 1.0) == await users.reserve("GET /a", 1.0) == RateTurn(0.0)
    assert (len(gate.asked), len(caplog.records)) == (1, 1)
    gate.is_broken = False
    clock.now += PAUSE
    await users.reserve("GET /a", 1.0)
    assert len(gate.scopes) == 2


def test_a_gate_is_checked() -> None:
    """What is no gate is refused by name."""
    gate: RateGate = MemoryGate()
    assert shared_rates(gate, float, account=()) is not None
    with pytest.raises(ConfigurationError, match=r"^rate_gate must be a RateGate, not int$"):
        shared_rates(30, float, account=())  # type: ignore[arg-type] # that is the point
