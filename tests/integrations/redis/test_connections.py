"""Connections to Redis: valid URLs, and one pool per loop, closed when idle."""

from __future__ import annotations

import asyncio
import copy
import gc
import importlib
import os
import pickle
import sys
import weakref
from collections.abc import Callable

import pytest
from redis import Redis as BlockingRedis
from redis.asyncio import Redis
from redis.exceptions import RedisError

from frontegg_async.errors import ConfigurationError, MissingExtraError, WrongLoopError
from frontegg_async.fleet.rates import RateGate, RateTurn
from frontegg_async.integrations.redis import RedisRateGate, connections
from tests.integrations.redis.frames import locals_of
from tests.support.redis import RedisServer
from tests.support.waiting import until

PLACES = [
    ("redis://localhost", "redis://localhost"),
    ("redis://user:canary@host:6380/2?socket_timeout=0.5", "redis://host:6380/2"),
    ("rediss://:canary@host/?ssl_check_hostname=false", "rediss://host/"),
    ("unix:///run/redis.sock?db=1&password=canary", "unix:///run/redis.sock"),
    ("redis://", "redis://localhost"),
]


@pytest.mark.parametrize(("url", "place"), PLACES)
def test_its_text_has_no_password(url: str, place: str) -> None:
    """It shows the address without secrets."""
    assert repr(RedisRateGate(url)) == f"RedisRateGate({place})"


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("canary", "must begin with redis://, rediss:// or unix://$"),
        ("http://:canary@host", "must begin with"),
        ("unix://?password=canary", "must begin with"),
        ("redis://:canary@host/production", "must begin with"),
        ("redis://:canary@host:port", "must begin with"),
        ("redis://:canary@host?canari=1", r"an option after the \? is unknown or malformed$"),
        ("redis://:canary@host?socket_timeout=canary", "an option after"),
    ],
)
def test_bad_urls_are_refused(url: str, reason: str) -> None:
    """The constructor raises, without the URL in the message."""
    with pytest.raises(ConfigurationError, match=rf"^redis is not a URL that can be used: .*{reason}") as caught:
        RedisRateGate(url)
    assert "canary" not in locals_of(caught.value)


@pytest.mark.parametrize("value", [None, 6379, b"redis://host", BlockingRedis()])
def test_neither_a_url_nor_a_client_is_refused(value: object) -> None:
    """A blocking client would block the loop."""
    with pytest.raises(
        ConfigurationError, match=r"^redis must be a URL, such as .*, or a client of redis.asyncio, not "
    ):
        RedisRateGate(value)  # type: ignore[arg-type] # that is the point


@pytest.mark.parametrize("prefix", ["", "a b", "a{b}", "é", "x" * 101, None])
def test_bad_prefixes_are_refused(prefix: object) -> None:
    """An invalid prefix would break the key names."""
    with pytest.raises(ConfigurationError, match=r"^prefix must be 1 to 100 visible ASCII characters without braces$"):
        RedisRateGate("redis://host", prefix=prefix)  # type: ignore[arg-type] # that is the point


def test_a_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """The error names the command that installs it."""
    for name in list(sys.modules):
        if name.startswith("frontegg_async.integrations.redis"):
            monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "redis.asyncio", None)
    with pytest.raises(MissingExtraError, match=r"needs redis-py: pip install 'frontegg-async\[redis\]'$"):
        importlib.import_module("frontegg_async.integrations.redis")


OPEN = RateTurn(0.0, lasts=0.05)


async def _ask(gate: RateGate) -> RateTurn:
    return await gate.reserve("s", "GET /a", 1.0)


def test_each_loop_has_its_own_connections(redis: RedisServer) -> None:
    """The connections are closed with their loop, even if the gate is not closed."""
    gate = RedisRateGate(redis.url)

    async def ask(times: int) -> None:
        await until(lambda: redis.connections() == 0)
        for _ in range(times):
            await _ask(gate)
            await until(lambda: redis.connections() == 1)

    for times in (2, 2, 0):
        asyncio.run(ask(times))


def test_connections_of_an_abruptly_closed_loop_are_abandoned(redis: RedisServer) -> None:
    """Its connections are unusable, and closing them in another loop would print warnings."""
    gate = RedisRateGate(redis.url)
    loop = asyncio.new_event_loop()
    loop.run_until_complete(_ask(gate))
    loop.close()
    assert asyncio.run(_ask(gate)) == OPEN


@pytest.mark.each_python
def test_ended_loops_are_forgotten(redis: RedisServer) -> None:
    """A program may run any number of loops."""
    gate = RedisRateGate(redis.url)
    loops: list[weakref.ref[asyncio.AbstractEventLoop]] = []

    async def ask() -> None:
        loops.append(weakref.ref(asyncio.get_running_loop()))
        await _ask(gate)

    for _ in range(3):
        asyncio.run(ask())
    gc.collect()
    assert [loop() for loop in loops] == [None] * 3


@pytest.mark.parametrize("way", [pickle.dumps, copy.deepcopy], ids=lambda way: way.__name__)
def test_connections_are_neither_pickled_nor_copied(way: Callable[[object], object]) -> None:
    """The error says what to do instead."""
    with pytest.raises(TypeError, match=r"^what is connected to Redis cannot be pickled or copied: make one "):
        way(RedisRateGate("redis://:canary@host"))


@pytest.mark.anyio
async def test_idle_connections_are_closed(redis: RedisServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Idle connections are closed, opened again when needed, and closed on demand."""
    monkeypatch.setattr(connections, "IDLE", 0.05)
    gate = RedisRateGate(redis.url)
    for _ in range(2):
        await _ask(gate)
        await until(lambda: redis.connections() == 1)
        await until(lambda: redis.connections() == 0)
    monkeypatch.undo()
    await _ask(gate)
    await gate.aclose()
    await gate.aclose()
    await until(lambda: redis.connections() == 0)


@pytest.mark.anyio
async def test_a_running_step_is_not_idle(redis: RedisServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """A running step keeps its connection open."""
    monkeypatch.setattr(connections, "IDLE", 0.01)
    gate = RedisRateGate(redis.url)
    assert isinstance(gate._connections, connections._OwnConnections)

    async def last(client: connections.Client) -> object:
        await client.execute_command("PING")
        for _ in range(5):
            await asyncio.sleep(0.01)
        return await client.execute_command("PING")

    assert await gate._connections.run(last)
    await gate.aclose()


@pytest.mark.anyio
async def test_many_ask_at_once(redis: RedisServer) -> None:
    """The number of connections is limited; other steps wait."""
    gate = RedisRateGate(redis.url)
    assert {*await asyncio.gather(*(_ask(gate) for _ in range(200)))} == {OPEN}
    await until(lambda: redis.connections() <= 16)
    await gate.aclose()


@pytest.mark.anyio
async def test_redis_may_be_started_again(redis: RedisServer) -> None:
    """Connections that a restart of Redis closed are opened again, without an error."""
    gate = RedisRateGate(redis.url)
    await _ask(gate)
    redis.stop()
    with pytest.raises(RedisError):
        await _ask(gate)
    redis.start()
    assert await _ask(gate) == OPEN
    await gate.aclose()


def test_a_client_stays_where_it_is(redis: RedisServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its connections belong to the loop and the process in which it was first used."""

    async def use() -> None:
        client = Redis.from_url(redis.url)
        gate = RedisRateGate(client)
        await _ask(gate)
        with pytest.raises(WrongLoopError, match="give a URL instead"):
            await asyncio.to_thread(asyncio.run, _ask(gate))
        with monkeypatch.context() as patched:
            patched.setattr(os, "getpid", lambda: -1)
            with pytest.raises(WrongLoopError, match="give a URL instead"):
                await _ask(gate)
        await gate.aclose()
        assert await client.ping()
        await client.aclose()

    asyncio.run(use())
