"""Rate limits in Redis: closed routes and budgets are shared by all processes, timed by Redis's clock."""

from __future__ import annotations

import asyncio
import contextlib
from collections import Counter
from collections.abc import AsyncIterator

import pytest

from frontegg_async.client import AsyncFrontegg
from frontegg_async.emulator import EmulatorHandle
from frontegg_async.errors import RateLimitError
from frontegg_async.fleet.rates import RateGate, RateTurn
from frontegg_async.integrations.redis import Budget, RedisRateGate
from frontegg_async.options import Options
from frontegg_sync import Frontegg
from tests.support.raw_server import http, raw_server
from tests.support.redis import RedisServer
from tests.support.tenants import tenant_row
from tests.support.waiting import until

pytestmark = pytest.mark.anyio

OPEN = RateTurn(0.0, lasts=0.05)
ROUTE = "GET /tenants/resources/tenants/v2"


@pytest.fixture
async def gates(redis: RedisServer) -> AsyncIterator[list[RedisRateGate]]:
    """Return a list of gates that are closed at the end."""
    made: list[RedisRateGate] = []
    yield made
    for gate in made:
        await gate.aclose()
    await until(lambda: redis.connections() == 0)


def _gate(redis: RedisServer, gates: list[RedisRateGate], **budgets: Budget) -> RedisRateGate:
    named = {{"all": "*", "route": ROUTE}[name]: budget for name, budget in budgets.items()}
    gate = RedisRateGate(redis.url, budgets=named)
    gates.append(gate)
    return gate


async def test_a_route_is_closed_for_all(redis: RedisServer, gates: list[RedisRateGate]) -> None:
    """The route stays closed until it opens, never shorter than requested; other routes are open."""
    gate: RateGate = _gate(redis, gates)
    other = _gate(redis, gates)
    await gate.close("s", ROUTE, 20.0)
    await gate.close("s", ROUTE, 5.0)
    turn = await other.reserve("s", ROUTE, 1.0)
    assert turn.is_closed
    assert 15.0 < turn.seconds <= 20.0
    await other.close("s", ROUTE, 60.0)
    assert (await gate.reserve("s", ROUTE, 1.0)).seconds > 50.0
    assert await other.reserve("s", "GET /other", 1.0) == OPEN
    assert await other.reserve("another", ROUTE, 1.0) == OPEN
    await gate.close("s", "GET /b", 0.0)
    await gate.close("s", "GET /c", 1e9)
    assert (await gate.reserve("s", "GET /c", 1.0)).seconds == pytest.approx(120.0, rel=0.01)


async def test_a_closure_of_a_day_ends(redis: RedisServer, gates: list[RedisRateGate]) -> None:
    """A longer closure, which another version may have written, is limited to two minutes."""
    gate = _gate(redis, gates)
    redis.ask("SET", f"frontegg:{{s}}:closed:{ROUTE}", "1", "PX", 86_400_000)
    for _ in range(2):
        turn = await gate.reserve("s", ROUTE, 1.0)
        assert turn.is_closed
        assert 100.0 < turn.seconds <= 120.0


@pytest.mark.parametrize("budgets", [{}, {"route": Budget(1_000, 1.0)}], ids=["open", "budget"])
async def test_after_a_long_closure_one_goes_first(
    redis: RedisServer, gates: list[RedisRateGate], budgets: dict[str, Budget]
) -> None:
    """The others wait for a moment, until its response shows whether the route is open."""
    gate, other = (_gate(redis, gates, **budgets) for _ in range(2))
    await gate.close("s", ROUTE, 120.0)
    redis.ask("DEL", f"frontegg:{{s}}:closed:{ROUTE}")
    first = await gate.reserve("s", ROUTE, 1.0)
    assert (first.seconds, first.is_closed, first.lasts) == (0.0, False, 0.0)
    for each in (other, gate):
        turn = await each.reserve("s", ROUTE, 1.0)
        assert turn.is_closed
        assert 0.0 < turn.seconds <= 2.0
    redis.ask("DEL", f"frontegg:{{s}}:closed:{ROUTE}")
    assert not (await other.reserve("s", ROUTE, 1.0)).is_closed
    assert not (await gate.reserve("s", ROUTE, 1.0)).is_closed


async def test_turns_come_evenly(redis: RedisServer, gates: list[RedisRateGate]) -> None:
    """Each turn is later than the previous one, for any gate."""
    ours = [_gate(redis, gates, route=Budget(10, 1000.0)) for _ in range(3)]
    turns = [await ours[number % 3].reserve("s", ROUTE, 1000.0) for number in range(9)]
    assert turns[0] == RateTurn(0.0)
    for number, turn in enumerate(turns):
        assert number * 100.0 - 50.0 < turn.seconds <= number * 100.0
    assert await ours[0].reserve("another", ROUTE, 100.0) == RateTurn(0.0)
    assert await ours[0].reserve("s", "GET /other", 100.0) == OPEN


async def test_a_burst_goes_at_once(redis: RedisServer, gates: list[RedisRateGate]) -> None:
    """The other requests are spaced more widely."""
    gate = _gate(redis, gates, route=Budget(10, 800.0, burst=3))
    turns = [(await gate.reserve("s", ROUTE, 1000.0)).seconds for _ in range(5)]
    assert turns[:3] == [0.0, 0.0, 0.0]
    assert 50.0 < turns[3] <= 100.0
    assert 150.0 < turns[4] <= 200.0


async def test_a_turn_after_the_deadline_is_not_reserved(redis: RedisServer, gates: list[RedisRateGate]) -> None:
    """The turn is left for a call that can wait for it."""
    gate = _gate(redis, gates, route=Budget(10, 1000.0), all=Budget(100, 1000.0))
    await gate.reserve("s", ROUTE, 1000.0)
    late = [await gate.reserve("s", ROUTE, 1.0) for _ in range(5)]
    assert all(50.0 < turn.seconds <= 100.0 and not turn.is_closed for turn in late)
    assert 50.0 < (await gate.reserve("s", ROUTE, 110.0)).seconds <= 100.0
    # The budget of all routes was not used either.
    assert (await gate.reserve("s", "GET /other", 1000.0)).seconds < 120.0


async def test_the_tighter_budget_counts(redis: RedisServer, gates: list[RedisRateGate]) -> None:
    """The budget of the route and the budget of all routes apply together."""
    gate = _gate(redis, gates, route=Budget(100, 1000.0), all=Budget(10, 1000.0))
    await gate.reserve("s", "GET /other", 1000.0)
    assert 50.0 < (await gate.reserve("s", ROUTE, 1000.0)).seconds <= 100.0


async def test_a_clock_set_back_delays_no_call(redis: RedisServer, gates: list[RedisRateGate]) -> None:
    """A due time that is an hour ahead was computed before the clock was set back."""
    gate = _gate(redis, gates, route=Budget(10, 100.0))
    await gate.reserve("s", ROUTE, 1.0)
    key = f"frontegg:{{s}}:due:{ROUTE}"
    later = int(str(redis.ask("GET", key), "ascii")) + 3_600_000_000  # type: ignore[call-overload] # bytes
    redis.ask("SET", key, later)
    assert await gate.reserve("s", ROUTE, 1.0) == RateTurn(0.0)


async def test_keys_expire(redis: RedisServer, gates: list[RedisRateGate]) -> None:
    """Each key expires."""
    gate = _gate(redis, gates, route=Budget(10, 100.0), all=Budget(10, 100.0))
    await gate.reserve("s", ROUTE, 1.0)
    await gate.close("s", ROUTE, 20.0)
    keys = redis.ask("KEYS", "*")
    assert isinstance(keys, list)
    assert len(keys) == 3
    for key in keys:
        left = redis.ask("PTTL", key)
        assert isinstance(left, int)
        assert 0 < left <= 20_000


async def test_a_limit_of_one_process_holds_for_all(
    redis: RedisServer, gates: list[RedisRateGate], frontegg_emulator: EmulatorHandle
) -> None:
    """A client that never got 429 knows the limit, asynchronous and blocking."""
    fault = frontegg_emulator.add_fault(
        stage="accept",
        action={"type": "rate_limit", "reset_in": 60, "with_header": True},
        match={"path": "/tenants/resources/tenants/v2", "times": 1},
    )
    assert fault
    options = Options(deadline=30)
    settings = (frontegg_emulator.client_id, frontegg_emulator.secret)
    first, second = (
        AsyncFrontegg(*settings, base_url=frontegg_emulator.url, rate_gate=_gate(redis, gates), options=options)
        for _ in range(2)
    )
    async with first, second:
        with pytest.raises(RateLimitError):
            await first.tenants.list().first_page()
        await until(lambda: redis.ask("KEYS", "*closed*") != [])
        sent = len(frontegg_emulator.journal())
        with pytest.raises(RateLimitError, match=r"limited for another (5|6)\d\.\d s"):
            await second.tenants.list().first_page()
        assert len(frontegg_emulator.journal()) == sent
        await second.tenants.create(tenant_id="t1", name="One")

    def blocking() -> None:
        gate = RedisRateGate(redis.url)
        with Frontegg(*settings, base_url=frontegg_emulator.url, rate_gate=gate, options=options) as third:
            with pytest.raises(RateLimitError, match="limited for another"):
                third.tenants.list().first_page()
            assert third.tenants.get("t1").name == "One"

    await asyncio.to_thread(blocking)


@pytest.mark.slow
async def test_a_budget_is_shared(redis: RedisServer, gates: list[RedisRateGate]) -> None:
    """Clients with calls that wait get equal shares; they are in one loop, so that all are as busy."""
    counts: Counter[int] = Counter()

    async def work(number: int, client: AsyncFrontegg) -> None:
        while counts.total() < 80:
            await client.tenants.get("t1")
            counts[number] += 1

    async with raw_server(http(200, tenant_row())) as server, contextlib.AsyncExitStack() as stack:
        gated = [_gate(redis, gates, all=Budget(100, 1)) for _ in range(4)]
        clients = [AsyncFrontegg("id", "secret", base_url=server.url, rate_gate=gate) for gate in gated]
        for client in clients:
            await stack.enter_async_context(client)
        await asyncio.gather(*(work(number % 4, clients[number % 4]) for number in range(16)))
    assert max(counts.values()) <= 2 * min(counts.values())
