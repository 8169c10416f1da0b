"""An environment with accounts inside and outside a scope."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping

import pytest

from frontegg_async import AsyncFrontegg
from frontegg_async._values.json_values import JsonValue
from frontegg_async.emulator import AsyncEmulatorHandle, Emulator
from tests.mcp.world import fill, log

_filled: list[Mapping[str, JsonValue]] = []
"""The state of the environment, after a test has filled it."""


@pytest.fixture
async def emulator() -> AsyncGenerator[AsyncEmulatorHandle]:
    """The environment."""
    async with Emulator() as emulator:
        if _filled:
            await emulator.restore(_filled[0])
        else:
            await fill(emulator)
            _filled.append(await emulator.snapshot())
        await log(emulator)
        yield emulator


@pytest.fixture
async def reader(emulator: AsyncEmulatorHandle) -> AsyncGenerator[AsyncFrontegg]:
    """A client of the environment."""
    async with emulator.client() as client:
        yield client
