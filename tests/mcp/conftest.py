"""An environment with accounts in and out of a scope."""

from __future__ import annotations

from collections.abc import AsyncGenerator

import pytest

from frontegg_async import AsyncFrontegg
from frontegg_async.emulator import AsyncEmulatorHandle, Emulator
from tests.mcp.world import fill


@pytest.fixture
async def emulator() -> AsyncGenerator[AsyncEmulatorHandle]:
    """The environment."""
    async with Emulator() as emulator:
        await fill(emulator)
        yield emulator


@pytest.fixture
async def reader(emulator: AsyncEmulatorHandle) -> AsyncGenerator[AsyncFrontegg]:
    """A client of it."""
    async with emulator.client() as client:
        yield client
