"""An environment in an emulator, and a mirror of the environment in each kind of database."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterator
from pathlib import Path

import pytest

from frontegg_async.client import AsyncFrontegg
from frontegg_async.emulator import AsyncEmulatorHandle, Emulator
from frontegg_async.mirror import AsyncMirror
from tests.support.postgres import PostgresServer, postgres_server


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A server for all tests."""
    with postgres_server() as server:
        yield server


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'mirror.db'}"
    server: PostgresServer = request.getfixturevalue("postgres")
    return server.new_database()


@pytest.fixture
async def emulator() -> AsyncGenerator[AsyncEmulatorHandle]:
    """An emulator with some accounts."""
    async with Emulator() as emulator:
        await emulator.seed(
            tenants=[
                {"tenantId": "acme", "name": "Acme", "isReseller": True, "metadata": {"plan": "pro"}},
                {"tenantId": "acme-north", "name": "North", "parentTenantId": "acme"},
                {"tenantId": "zebra", "name": "Zebra"},
            ]
        )
        yield emulator


@pytest.fixture
async def client(emulator: AsyncEmulatorHandle) -> AsyncGenerator[AsyncFrontegg]:
    """A client of the environment."""
    async with emulator.client() as client:
        yield client


@pytest.fixture
async def mirror(client: AsyncFrontegg, url: str) -> AsyncGenerator[AsyncMirror]:
    """A mirror with its tables and without rows."""
    async with AsyncMirror(client, url, settle=0) as mirror:
        await mirror.upgrade()
        yield mirror
