"""Webhooks that came before, told by all processes of a fleet."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from typing import Any, Final

import pytest
from redis.asyncio import Redis

from frontegg_async.errors import ConfigurationError
from frontegg_async.integrations.redis import RedisDuplicateGuard
from tests.support.redis import RedisServer

pytestmark = pytest.mark.anyio

HEADERS: Final = {"x-webhook-secret": "first"}


async def test_processes_share_what_came(redis: RedisServer, caplog: pytest.LogCaptureFixture) -> None:
    """Header and body together, for a time, and nothing readable; without Redis, nothing is a duplicate."""
    first, second = (RedisDuplicateGuard(redis.url, ttl=60) for _ in range(2))
    async with aclosing(first), aclosing(second):
        assert not await first.is_duplicate(HEADERS, b"a")
        assert await second.is_duplicate({"X-Webhook-Secret": ["first"]}, "a")
        assert not await second.is_duplicate(HEADERS, b"b")
        await second.forget(HEADERS, b"a")
        assert not await first.is_duplicate(HEADERS, b"a")
        [key, _] = redis.ask("KEYS", "*")
        assert str(key).count(":") == 2
        assert 0 < redis.ask("PTTL", key) <= 60_000

        redis.stop()
        assert not await first.is_duplicate(HEADERS, b"a")
        await first.forget(HEADERS, b"a")
    redis.start()

    assert [record.getMessage().partition(":")[0] for record in caplog.records] == [
        "duplicates of webhooks cannot be recognized",
        "a webhook cannot be forgotten",
    ]


async def test_a_burst_waits_for_its_turn(redis: RedisServer) -> None:
    """Of a webhook that comes more often than there are connections, one is new; they wait longer than calls do."""
    async with aclosing(RedisDuplicateGuard(redis.url)) as guard:
        told = await asyncio.gather(*(guard.is_duplicate(HEADERS, b"a") for _ in range(50)))
        assert told.count(False) == 1
        (opened,) = guard._connections._by_loop.values()
        assert opened._client.connection_pool.timeout == 5


async def test_a_mark_whose_response_was_lost_is_no_duplicate(redis: RedisServer) -> None:
    """A client of an application sends the command again, and finds the mark that it has stored."""
    lost = 0

    async def forward(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal lost
        there, to_redis = await asyncio.open_connection("127.0.0.1", redis.port)
        try:
            while data := await reader.read(65_536):
                to_redis.write(data)
                answer = await there.read(65_536)
                if b"NX" in data and not lost:
                    lost += 1
                    break
                writer.write(answer)
        finally:
            to_redis.close()
            writer.close()

    async with await asyncio.start_server(forward, "127.0.0.1") as server:
        port = server.sockets[0].getsockname()[1]
        async with Redis(host="127.0.0.1", port=port) as client, aclosing(RedisDuplicateGuard(client)) as guard:
            assert not await guard.is_duplicate(HEADERS, b"a")
            assert await guard.is_duplicate(HEADERS, b"a")
    assert lost == 1


@pytest.mark.parametrize("ttl", [0, True, "1", float("nan"), 10**9])
def test_settings_are_checked(ttl: Any) -> None:
    """In words."""
    with pytest.raises(ConfigurationError, match="ttl must be a positive number of seconds, up to a year"):
        RedisDuplicateGuard("redis://localhost", ttl=ttl)
