"""Rate limits that others share: what is closed for one is closed for all, and turns go round."""

from __future__ import annotations

import asyncio
import logging

import pytest

from frontegg_async.client import AsyncFrontegg
from frontegg_async.errors import ConfigurationError, RateLimitError, RequestTimeoutError
from frontegg_async.fleet.rates import RateGate, SharedRates, Turn, check_rate_gate
from frontegg_async.fleet.standby import PAUSE
from frontegg_async.options import Options
from frontegg_async.wire.ratelimit import DEFAULT_WAIT
from tests.fleet.memory import MemoryGate
from tests.support.clients import FakeClock, make_client
from tests.support.raw_server import http, raw_server
from tests.support.tenants import tenant_row
from tests.support.waiting import until

pytestmark = pytest.mark.anyio

TENANT = http(200, tenant_row())


def _client(url: str, gate: MemoryGate, clock: FakeClock, options: Options | None = None) -> AsyncFrontegg:
    client = make_client(url, clock=clock, options=options)
    engine = client._environment.engine
    engine.rates = SharedRates(gate, engine.base_url.origin, clock.monotonic)
    engine.is_escorting = True
    return client


async def test_each_attempt_has_a_turn(clock: FakeClock) -> None:
    """A call asks before it is sent, by its route and its host, and waits as long as it is told."""
    gate = MemoryGate([Turn(0.0), Turn(0.0), Turn(3.0)])
    async with raw_server(TENANT) as server, _client(server.url, gate, clock) as client:
        await client.tenants.get("t1")
        await client.tenants.get("t1")
    assert [route for route, _ in gate.asked] == [
        f"GET {server.url}/tenants/resources/tenants/v2/{{}}",
        f"POST {server.url}/auth/vendor",
        f"GET {server.url}/tenants/resources/tenants/v2/{{}}",
    ]
    assert [most for _, most in gate.asked] == [90.0, 90.0, 90.0]
    assert clock.slept == [3.0]


async def test_a_route_that_another_found_closed_is_closed(clock: FakeClock) -> None:
    """The call waits for it to open, and asks again."""
    gate = MemoryGate([Turn(5.0, is_closed=True), Turn(0.0)])
    async with raw_server(TENANT) as server, _client(server.url, gate, clock) as client:
        await client.tenants.get("t1")
    assert clock.slept == [5.0]
    assert len(gate.asked) == 3


@pytest.mark.parametrize("turn", [Turn(50.0, is_closed=True), Turn(50.0)])
async def test_what_is_too_late_is_refused_at_once(clock: FakeClock, turn: Turn) -> None:
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
    assert gate.closed == [(f"GET {server.url}/tenants/resources/tenants/v2/{{}}", DEFAULT_WAIT)]


async def test_a_broken_gate_harms_nobody(clock: FakeClock, caplog: pytest.LogCaptureFixture) -> None:
    """The process goes on with what it knows itself, says so once, and asks again after a pause."""
    caplog.set_level(logging.INFO)
    gate = MemoryGate(is_broken=True)
    rates = SharedRates(gate, "https://host", clock.monotonic)
    assert await rates.reserve("GET /a", 1.0) == Turn(0.0)
    assert await rates.reserve("GET /a", 1.0) == Turn(0.0)
    assert len(gate.asked) == 1
    rates.close("GET /a", 5.0)
    clock.now += PAUSE
    rates.close("GET /a", 5.0)
    await until(lambda: not rates._closing)
    assert len(caplog.records) == 1
    gate.is_broken = False
    clock.now += PAUSE
    gate.turns.append(Turn(2.0))
    assert await rates.reserve("GET /a", 1.0) == Turn(2.0)
    rates.close("GET /a", 5.0)
    await until(lambda: bool(gate.closed))
    assert [record.levelname for record in caplog.records] == ["WARNING", "INFO"]


async def test_a_process_has_one_turn_ahead(clock: FakeClock) -> None:
    """The calls of a process stand in one line for a route; cancelling one lets the next on."""
    rates = SharedRates(MemoryGate(), "https://host", clock.monotonic)
    line = rates.line("GET /a")
    assert rates.line("GET /a") is line
    assert rates.line("GET /b") is not line
    async with line:
        waiting = asyncio.create_task(line.acquire())
        await asyncio.sleep(0)
        waiting.cancel()
    assert not line.locked()


def test_each_loop_has_its_lines(clock: FakeClock) -> None:
    """A client may be used in one loop after the other."""
    rates = SharedRates(MemoryGate(), "https://host", clock.monotonic)

    async def line() -> asyncio.Lock:
        return rates.line("GET /a")

    assert asyncio.run(line()) is not asyncio.run(line())


async def test_the_line_is_within_the_deadline(clock: FakeClock) -> None:
    """A call does not stand in line longer than it may take."""
    gate = MemoryGate()
    async with raw_server(TENANT) as server, _client(server.url, gate, clock, Options(deadline=0.05)) as client:
        rates = client._environment.engine.rates
        assert rates is not None
        async with rates.line("GET /tenants/resources/tenants/v2/{}"):
            with pytest.raises(RequestTimeoutError, match="deadline"):
                await client.tenants.get("t1")
        assert server.requests == []
    assert gate.asked == []


def test_a_turn_is_one_of_the_budget() -> None:
    """Unless it says that the route is closed."""
    assert Turn(1.0) == Turn(1.0, is_closed=False)


def test_a_gate_is_checked() -> None:
    """What is no gate is refused by name."""
    gate: RateGate = MemoryGate()
    assert check_rate_gate(gate) is gate
    assert check_rate_gate(None) is None
    with pytest.raises(ConfigurationError, match=r"^rate_gate must be a RateGate, not int$"):
        check_rate_gate(30)  # type: ignore[arg-type] # that is the point
