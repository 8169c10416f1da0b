"""A Redis server for each test process. It is emptied for each test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from frontegg_async.fleet import circuit_breaker
from frontegg_async.integrations.redis import connections
from tests.integrations.redis.worker import PATIENCE
from tests.support.redis import RedisServer, redis_server


@pytest.fixture(scope="session")
def _server() -> Iterator[RedisServer]:
    with redis_server() as server:
        yield server


@pytest.fixture
def redis(_server: RedisServer) -> RedisServer:
    """Return an empty Redis."""
    _server.reset()
    return _server


@pytest.fixture(autouse=True)
def _patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Use a long timeout for Redis, here and in the processes of a fleet: other tests load the machine."""
    monkeypatch.setattr(connections, "_PATIENCE", 10.0)
    monkeypatch.setattr(circuit_breaker, "PATIENCE", 10.0)
    monkeypatch.setenv(PATIENCE, "10")
