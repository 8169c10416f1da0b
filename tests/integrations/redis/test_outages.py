"""Redis is slow, gone, restarted, full, wiped or misconfigured: calls continue, and one warning is logged."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterator

import attrs
import pytest
from cryptography.fernet import Fernet

from frontegg_async.client import AsyncFrontegg
from frontegg_async.emulator import EmulatorHandle
from frontegg_async.errors import AuthenticationError
from frontegg_async.fleet import circuit_breaker
from frontegg_async.integrations.redis import Budget, RedisRateGate, RedisTokenStore
from frontegg_sync import Frontegg
from tests.support.redis import RedisServer

pytestmark = pytest.mark.anyio

KEY = Fernet.generate_key()
BROKEN = "cannot be used"
BACK = "can be used again"


@attrs.frozen
class Fleet:
    """An environment and a Redis that its clients share."""

    emulator: EmulatorHandle
    server: RedisServer
    log: pytest.LogCaptureFixture

    def client(self, *, key: bytes = KEY, emulator: EmulatorHandle | None = None, secret: str = "") -> AsyncFrontegg:
        """Return a client as of another process."""
        environment = emulator or self.emulator
        return AsyncFrontegg(
            environment.client_id,
            secret or environment.secret,
            base_url=environment.url,
            token_store=RedisTokenStore(self.server.url, encryption_key=key),
            rate_gate=RedisRateGate(self.server.url, budgets={"*": Budget(1_000, 1)}),
        )

    def authentications(self, emulator: EmulatorHandle | None = None) -> int:
        """Return the number of authentications since the last call."""
        environment = emulator or self.emulator
        count = [entry.route for entry in environment.journal()].count("auth.authenticate")
        environment.clear_journal()
        return count

    def said(self) -> list[str]:
        """Return the log messages about Redis since the last call."""
        lines = [record.message for record in self.log.records if record.name.startswith("frontegg")]
        self.log.clear()
        return sorted(line for line in lines if any(name in line for name in ("token store", "rate gate", "Redis")))


@pytest.fixture
def fleet(
    frontegg_emulator: EmulatorHandle,
    redis: RedisServer,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> Iterator[Fleet]:
    """Return a fleet that tries Redis again at once."""
    monkeypatch.setattr(circuit_breaker, "PAUSE", 0.0)
    caplog.set_level(logging.INFO, "frontegg_async")
    frontegg_emulator.seed(tenants=[{"tenantId": "t1", "name": "One"}])
    yield Fleet(frontegg_emulator, redis, caplog)
    redis.thaw()


async def _call(client: AsyncFrontegg) -> None:
    assert (await client.tenants.get("t1")).name == "One"


def _stop(server: RedisServer) -> None:
    server.stop()


def _freeze(server: RedisServer) -> None:
    server.freeze()


def _fill(server: RedisServer) -> None:
    server.ask("CONFIG", "SET", "maxmemory", "1")


def _lock(server: RedisServer) -> None:
    server.lock("canary")


def _mix_up(server: RedisServer) -> None:
    for name in server.ask("KEYS", "*"):  # type: ignore[attr-defined] # a list
        server.ask("DEL", name)
        server.ask("LPUSH", name, "1")


def _start(server: RedisServer) -> None:
    server.start()


def _thaw(server: RedisServer) -> None:
    server.thaw()


def _empty(server: RedisServer) -> None:
    server.reset()


def _unlock(server: RedisServer) -> None:
    server.stop()
    server.start()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("break_it", "repair_it", "reason"),
    [
        (_stop, _start, "ConnectionError"),
        (_freeze, _thaw, "TimeoutError"),
        (_fill, _empty, "OutOfMemoryError"),
        (_lock, _unlock, "AuthenticationError"),
        (_mix_up, _empty, "ResponseError"),
    ],
    ids=["gone", "slow", "full", "locked", "mixed up"],
)
async def test_outages(
    fleet: Fleet,
    monkeypatch: pytest.MonkeyPatch,
    break_it: Callable[[RedisServer], object],
    repair_it: Callable[[RedisServer], object],
    reason: str,
) -> None:
    """Each process continues with its own token and logs it once; afterwards all share again."""
    async with fleet.client() as first, fleet.client() as second:
        await _call(first)
        await _call(second)
        assert (fleet.authentications(), fleet.said()) == (1, [])

        await asyncio.to_thread(break_it, fleet.server)
        with monkeypatch.context() as patched:
            patched.setattr(circuit_breaker, "PATIENCE", 0.05 if break_it is _freeze else 10.0)
            for _ in range(2):
                fleet.emulator.revoke_tokens()
                await _call(first)
                await _call(second)
        assert fleet.authentications() == 4
        said = fleet.said()
        assert [line for line in said if "token store" in line] == [
            f"the token store cannot be used ({reason}): this process continues without it"
        ] * 2
        assert len(said) <= 4
        assert "canary" not in "".join(said)

        await asyncio.to_thread(repair_it, fleet.server)
        fleet.emulator.revoke_tokens()
        await _call(first)
        await _call(second)
        assert fleet.authentications() == 1
        assert set(fleet.said()) <= {f"the token store {BACK}", f"the rate gate {BACK}"}
        async with fleet.client() as third:
            await _call(third)
        assert (fleet.authentications(), fleet.said()) == (0, [])


@pytest.mark.parametrize("event", ["wiped", "started again"])
async def test_lost_tokens_are_fetched_again(fleet: Fleet, event: str) -> None:
    """An empty Redis, or one that restarted between two calls, is not an outage."""
    async with fleet.client() as first, fleet.client() as second:
        await _call(first)
        if event == "wiped":
            fleet.server.ask("FLUSHALL")
        else:
            await asyncio.to_thread(fleet.server.stop)
            await asyncio.to_thread(fleet.server.start)
        await _call(first)
        await _call(second)
        assert (fleet.authentications(), fleet.said()) == (2, [])


async def test_an_unreachable_redis_logs_one_warning(fleet: Fleet) -> None:
    """The token store and the rate gate log one warning each, and no call fails."""
    fleet.server.stop()
    async with fleet.client() as client:
        for _ in range(3):
            await _call(client)
    said = fleet.said()
    assert [line.partition(" (")[0] for line in said] == [f"the rate gate {BROKEN}", f"the token store {BROKEN}"]


async def test_environments_and_secrets_share_nothing(fleet: Fleet) -> None:
    """They share neither tokens nor limits, in the same Redis and with the same key."""
    other = fleet.emulator.create_environment()
    other.seed(tenants=[{"tenantId": "t1", "name": "One"}])
    async with fleet.client() as ours, fleet.client(emulator=other) as theirs:
        await _call(ours)
        await _call(theirs)
    assert (fleet.authentications(), fleet.authentications(other)) == (1, 1)
    async with fleet.client(secret="emu_wrong") as wrong:
        with pytest.raises(AuthenticationError):
            await _call(wrong)
    assert fleet.authentications() == 1
    tokens = fleet.server.ask("KEYS", "*:token")
    assert isinstance(tokens, list)
    assert len(tokens) == 2


async def test_processes_with_different_keys_do_not_share(fleet: Fleet) -> None:
    """Each process has its own token, and a warning is logged."""
    async with fleet.client() as first, fleet.client(key=Fernet.generate_key()) as second:
        await _call(first)
        await _call(second)
        await _call(first)
    assert fleet.authentications() == 2
    assert fleet.said() == ["a token in Redis cannot be decrypted with encryption_key: other processes use another key"]


def test_blocking_clients_continue(fleet: Fleet) -> None:
    """Blocking clients continue like asynchronous ones."""
    fleet.server.stop()
    store = RedisTokenStore(fleet.server.url, encryption_key=KEY)
    settings = (fleet.emulator.client_id, fleet.emulator.secret)
    with Frontegg(*settings, base_url=fleet.emulator.url, token_store=store) as client:
        assert client.tenants.get("t1").name == "One"
        assert len(fleet.said()) == 1
        fleet.server.start()
        fleet.emulator.revoke_tokens()
        assert client.tenants.get("t1").name == "One"
    assert fleet.said() == [f"the token store {BACK}"]
    fleet.authentications()
    with Frontegg(*settings, base_url=fleet.emulator.url, token_store=store) as client:
        assert client.tenants.get("t1").name == "One"
    assert fleet.authentications() == 0
