"""A Redis server per process, emptied for each test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from benchmarks.fleet.worker import PATIENCE, be_patient
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
    """Wait long for Redis and for other processes, here and in the processes of a fleet: others load the machine."""
    monkeypatch.setenv(PATIENCE, "30")
    be_patient(monkeypatch.setattr)
