"""A shared token: which process fetches it, which ones wait, and which continue alone."""

from __future__ import annotations

import asyncio
import logging

import attrs
import pytest

from frontegg_async import AsyncFrontegg, Options, RateTurn
from frontegg_async._core.auth.token_cache import REFRESH_PAUSE, TokenCache
from frontegg_async._core.auth.token_windows import Token, make_token
from frontegg_async._values.secret import Secret
from frontegg_async.errors import AuthenticationError, ConfigurationError
from frontegg_async.fleet.circuit_breaker import PAUSE
from frontegg_async.fleet.tokens import (
    LOOK_AGAIN,
    PEER_PATIENCE,
    SharedToken,
    StoredToken,
    TokenStore,
    check_token_store,
)
from tests.fleet.memory import MemoryGate, MemoryStore
from tests.support.clients import FakeClock
from tests.support.raw_server import http, raw_server
from tests.support.tenants import tenant_row
from tests.support.waiting import until

pytestmark = pytest.mark.anyio

LIFE = 1_000.0


@attrs.define(eq=False)
class Service:
    """Counts authentications."""

    clock: FakeClock
    calls: int = 0
    error: Exception | None = None
    gate: asyncio.Event = attrs.field(factory=asyncio.Event)

    async def exchange(self, secret: Secret) -> Token:
        """Return a token of its own for each call."""
        self.calls += 1
        await self.gate.wait()
        if self.error is not None:
            raise self.error
        return make_token(f"{secret.reveal()}-{self.calls}", LIFE, self.clock.now)


@attrs.define(eq=False)
class Fleet:
    """Processes that share a store."""

    clock: FakeClock
    store: MemoryStore
    service: Service

    def process(self, *, secret: str = "s", account: tuple[str, ...] = ("https://host", "client", "")) -> SharedToken:
        """Return what gets the tokens of one process."""

        async def current() -> Secret:
            return Secret(secret)

        return SharedToken(self.store, current, self.service.exchange, self.clock.monotonic, account=account)


@pytest.fixture
def fleet(clock: FakeClock) -> Fleet:
    """Return a fleet whose service responses at once."""
    service = Service(clock)
    service.gate.set()
    return Fleet(clock, MemoryStore(clock), service)


async def _text(process: SharedToken) -> str:
    return (await process()).value.reveal()


async def test_one_fetches_for_all(fleet: Fleet) -> None:
    """Those who come meanwhile wait, and those who come later take what is there."""
    fleet.service.gate.clear()
    fleet.store.wait_moves_clock = False
    early = [asyncio.create_task(_text(fleet.process())) for _ in range(8)]
    await until(lambda: fleet.store.steps.count("wait") >= 7)
    fleet.service.gate.set()
    assert {*await asyncio.gather(*early), await _text(fleet.process())} == {"s-1"}
    assert fleet.service.calls == 1


async def test_a_token_of_another_has_its_own_windows(fleet: Fleet, clock: FakeClock) -> None:
    """What is left of its life counts, wherever it was fetched."""
    first = await fleet.process()()
    clock.now += 100
    second = await fleet.process()()
    assert (second.life, second.refresh_at, second.stale_at) == (LIFE, first.refresh_at, first.stale_at)


@pytest.mark.parametrize(
    ("other", "account"),
    [
        ("other", ("https://host", "client", "")),
        ("s", ("https://other", "client", "")),
        ("s", ("https://host", "other", "")),
        ("s", ("https://host", "client", "environment")),
    ],
)
async def test_environments_share_nothing(fleet: Fleet, other: str, account: tuple[str, ...]) -> None:
    """Another host, client id, environment or secret has a token of its own."""
    await fleet.process()()
    await fleet.process(secret=other, account=account)()
    assert fleet.service.calls == 2
    assert len(fleet.store.kept) == 2


async def test_a_refused_token_is_fetched_anew_once(fleet: Fleet) -> None:
    """The first who was refused replaces it for the others."""
    processes = [fleet.process() for _ in range(3)]
    for process in processes:
        token = await process()
        process.refuse(token.value)
    assert [await _text(process) for process in processes] == ["s-2"] * 3


async def test_no_refused_token_comes_back(fleet: Fleet, clock: FakeClock) -> None:
    """What was refused before a store could not be written to is there when it is well again."""
    process = fleet.process()
    first = await process()
    fleet.store.broken.add("put")
    refused = first
    for number in range(2, 9):
        process.refuse(refused.value)
        refused = await process()
        assert refused.value.reveal() == f"s-{number}"
        clock.now += PAUSE
    process.refuse(refused.value)
    fleet.store.broken.clear()
    assert await _text(process) == "s-9"
    assert await _text(fleet.process()) == "s-9"


async def test_a_new_token_on_demand(fleet: Fleet) -> None:
    """Once: then the store counts again."""
    process = fleet.process()
    await process()
    process.want_new()
    assert [await _text(process), await _text(process)] == ["s-2", "s-2"]


async def test_while_another_refreshes_the_token_is_good(fleet: Fleet, clock: FakeClock) -> None:
    """A token that is due is used until it is stale, and after that one waits."""
    await fleet.process()()
    [name] = fleet.store.kept
    fleet.store.leases[name] = "another's"
    clock.now += LIFE * 0.9
    assert await _text(fleet.process()) == "s-1"
    clock.now += LIFE * 0.09
    assert await _text(fleet.process()) == "s-2"
    assert fleet.store.steps.count("wait") == PEER_PATIENCE / LOOK_AGAIN


async def test_a_peer_that_stopped_holds_up_nobody_for_long(fleet: Fleet, clock: FakeClock) -> None:
    """Whoever waited fetches a token of its own, and the next ones find it in the store and do not wait."""
    await fleet.process()()
    [name] = fleet.store.kept
    fleet.store.kept.clear()
    fleet.store.leases[name] = "of a process that stopped"
    began = clock.now
    assert await _text(fleet.process()) == "s-2"
    assert clock.now - began <= 3.0
    waits = fleet.store.steps.count("wait")
    assert await _text(fleet.process()) == "s-2"
    assert fleet.store.steps.count("wait") == waits
    assert fleet.store.leases == {name: "of a process that stopped"}


async def test_a_peer_that_stopped_while_it_refreshed(fleet: Fleet, clock: FakeClock) -> None:
    """While the token is good nobody waits; when the peer has not replaced it by the next look, another does."""
    process = fleet.process()
    await process()
    [name] = fleet.store.kept
    fleet.store.leases[name] = "of a process that stopped"
    clock.now += LIFE * 0.9
    assert await _text(process) == "s-1"
    clock.now += PEER_PATIENCE - 0.1
    assert await _text(process) == "s-1"
    clock.now += 0.1
    assert await _text(process) == "s-2"
    assert await _text(fleet.process()) == "s-2"
    assert "wait" not in fleet.store.steps


async def test_a_peer_that_goes_on_is_waited_for_anew(fleet: Fleet, clock: FakeClock) -> None:
    """How long one peer took to refresh a token does not count for the next."""
    process = fleet.process()
    await process()
    [name] = fleet.store.kept
    fleet.store.leases[name] = "another's"
    clock.now += LIFE * 0.9
    assert await _text(process) == "s-1"
    del fleet.store.leases[name]
    assert await _text(process) == "s-2"
    fleet.store.leases[name] = "another's"
    clock.now += LIFE * 0.9
    assert await _text(process) == "s-2"


async def test_an_own_token_for_a_store_that_cannot_be_written_to(fleet: Fleet, clock: FakeClock) -> None:
    """It is used all the same."""
    await fleet.process()()
    [name] = fleet.store.kept
    fleet.store.kept.clear()
    fleet.store.leases[name] = "of a process that stopped"
    fleet.store.broken.add("put")
    assert await _text(fleet.process()) == "s-2"
    assert fleet.store.kept == {}
    assert clock.now > 1_000.0


async def test_the_moments_of_a_token(fleet: Fleet, clock: FakeClock) -> None:
    """It is refreshed and no longer sent from these moments on, and not after them."""
    token = await fleet.process()()
    [(name, kept)] = fleet.store.kept.items()
    clock.now = token.refresh_at
    fleet.store.leases[name] = "another's"
    assert await _text(fleet.process()) == "s-1"
    clock.now = token.stale_at
    assert await _text(fleet.process()) == "s-2"
    fleet.store.kept[name] = kept
    clock.now = token.refresh_at
    del fleet.store.leases[name]
    assert await _text(fleet.process()) == "s-3"


async def test_one_that_came_in_between_may_be_due(fleet: Fleet, clock: FakeClock) -> None:
    """Then it is no better than none."""
    token = await fleet.process()()
    [(name, kept)] = fleet.store.kept.items()
    fleet.store.kept.clear()
    clock.now = token.refresh_at
    fleet.store.before_lease = lambda: fleet.store.kept.setdefault(name, kept)
    assert await _text(fleet.process()) == "s-2"


async def test_one_that_came_in_between_is_taken(fleet: Fleet) -> None:
    """Whoever gets the lease looks once more."""
    await fleet.process()()
    [(name, kept)] = fleet.store.kept.items()
    fleet.store.kept.clear()
    fleet.store.before_lease = lambda: fleet.store.kept.setdefault(name, kept)
    assert await _text(fleet.process()) == "s-1"
    assert name not in fleet.store.leases


async def test_a_failure_is_told_and_the_lease_given_back(fleet: Fleet) -> None:
    """The next one tries."""
    fleet.service.error = AuthenticationError("refused")
    with pytest.raises(AuthenticationError):
        await fleet.process()()
    fleet.service.error = None
    assert await _text(fleet.process()) == "s-2"


@pytest.mark.parametrize("step", ["get", "acquire", "put", "release"])
async def test_a_broken_store_harms_nobody(
    fleet: Fleet, clock: FakeClock, step: str, caplog: pytest.LogCaptureFixture
) -> None:
    """Each goes on with a token of its own; when the store is back, it is used."""
    caplog.set_level(logging.INFO)
    fleet.store.broken.add(step)
    process = fleet.process()
    assert await _text(process) == "s-1"
    taken = len(fleet.store.steps)
    assert await _text(process) == "s-2"
    # The process does not ask a store that has just failed.
    assert step == "release" or len(fleet.store.steps) == taken
    fleet.store.broken.clear()
    fleet.store.leases.clear()
    fleet.store.kept.clear()
    clock.now += PAUSE
    assert [await _text(process), await _text(fleet.process())] == ["s-3", "s-3"]
    assert [record.levelname for record in caplog.records] == ["WARNING", "INFO"]


async def test_a_store_may_break_at_any_step(fleet: Fleet) -> None:
    """Also between the lease and the second look."""
    fleet.store.before_lease = lambda: fleet.store.broken.add("get")
    assert await _text(fleet.process()) == "s-1"
    assert fleet.store.leases == {} or fleet.store.steps[-1] == "release"


async def test_a_token_that_is_there_ends_an_outage(
    fleet: Fleet, clock: FakeClock, caplog: pytest.LogCaptureFixture
) -> None:
    """Another process has put it there, so the store is well."""
    caplog.set_level(logging.INFO)
    fleet.store.broken.add("get")
    process = fleet.process()
    await process()
    fleet.store.broken.clear()
    await fleet.process()()
    clock.now += PAUSE
    assert await _text(process) == "s-2"
    assert [record.levelname for record in caplog.records] == ["WARNING", "INFO"]


async def test_a_full_store_is_told_of_once(fleet: Fleet, clock: FakeClock, caplog: pytest.LogCaptureFixture) -> None:
    """It can be read, and that is no sign that it is well."""
    fleet.store.broken.add("put")
    process = fleet.process()
    for number in range(3):
        assert await _text(process) == f"s-{number + 1}"
        clock.now += PAUSE
    assert len(caplog.records) == 1


@pytest.mark.parametrize(
    "kept",
    [
        StoredToken(Secret("with space"), LIFE, LIFE),
        StoredToken(Secret("\ud800"), LIFE, LIFE),
        StoredToken(Secret(""), LIFE, LIFE),
        StoredToken(Secret("t"), -1.0, LIFE),
        StoredToken(Secret("t"), float("nan"), LIFE),
        StoredToken(Secret("t"), LIFE, 0.0),
    ],
)
async def test_what_cannot_be_a_token_is_none(fleet: Fleet, kept: StoredToken) -> None:
    """A store that others write to may hold anything."""
    process = fleet.process()
    refused = await process()
    # The refused token is compared with the stored token.
    process.refuse(refused.value)
    [name] = fleet.store.kept
    await fleet.store.put(name, kept)
    assert await _text(process) == "s-2"


async def test_no_token_has_more_left_than_its_life(fleet: Fleet, clock: FakeClock) -> None:
    """A clock that was put back makes no token last longer."""
    await fleet.process()()
    [name] = fleet.store.kept
    await fleet.store.put(name, StoredToken(Secret("t"), LIFE, LIFE * 5))
    assert (await fleet.process()()).ends_at == clock.now + LIFE


async def test_a_keeper_does_not_ask_at_each_call(fleet: Fleet, clock: FakeClock) -> None:
    """While another refreshes, one looks for the new token twice a minute."""
    cache = TokenCache(fleet.process(), clock.monotonic, kind="token")
    await cache.fetch()
    [name] = fleet.store.kept
    fleet.store.leases[name] = "another's"
    clock.now += LIFE * 0.9
    for _ in range(3):
        assert cache.current() is not None
        await asyncio.sleep(0)
        await until(lambda: not cache.single_flight.is_under_way)
    assert fleet.store.steps.count("acquire") == 2
    clock.now += REFRESH_PAUSE
    assert cache.current() is not None
    await until(lambda: not cache.single_flight.is_under_way)
    assert fleet.store.steps.count("acquire") == 3


def test_a_store_is_checked() -> None:
    """What is no store is refused by name."""
    store: TokenStore = MemoryStore(FakeClock())
    assert check_token_store(store) is store
    with pytest.raises(ConfigurationError, match=r"^token_store must be a TokenStore, not str$"):
        check_token_store("redis://host")  # type: ignore[arg-type] # that is the point


async def test_reset_auth_takes_no_token_of_the_store_and_waits_for_no_closed_route() -> None:
    """What other processes keep stays there; this one fetches a token, and asks the service at once."""
    gate = MemoryGate()
    store = MemoryStore(FakeClock())
    async with (
        raw_server(http(200, tenant_row()), http(200, tenant_row())) as server,
        AsyncFrontegg(
            "emu_client",
            "emu_secret",
            base_url=server.url,
            token_store=store,
            rate_gate=gate,
            options=Options(deadline=5),
        ) as client,
    ):
        await client.tenants.get("t1")
        gate.turns += [RateTurn(50.0, is_closed=True)] * 3
        client.reset_auth()
        await client.tenants.get("t1")

        assert len(server.authentications) == 2
    assert len(store.kept) == 1


async def test_a_token_that_the_service_refuses_is_not_taken_from_the_store_again() -> None:
    """Otherwise the store would return it to the client, and to the other processes."""
    store = MemoryStore(FakeClock())
    async with (
        raw_server(http(401, {}), http(200, tenant_row())) as server,
        AsyncFrontegg("emu_client", "emu_secret", base_url=server.url, token_store=store) as client,
    ):
        assert (await client.tenants.get("t1")).tenant_id == "t1"
        assert len(server.authentications) == 2
