"""An environment with plans, and clients with a clock that only the test advances."""

from __future__ import annotations

from collections.abc import AsyncGenerator

import pytest

from frontegg_async.emulator import AsyncEmulatorHandle, Emulator
from tests.entitlements.stepped import PLANS, Stepped


@pytest.fixture
async def emulator() -> AsyncGenerator[AsyncEmulatorHandle]:
    """An emulator with a plan that ``acme`` has."""
    async with Emulator() as emulator:
        await emulator.seed({"tenants": [{"tenantId": "acme", "name": "Acme"}], "tables": PLANS})
        yield emulator


@pytest.fixture
async def stepped(emulator: AsyncEmulatorHandle) -> AsyncGenerator[Stepped]:
    """A client of the environment, and its clock."""
    stepped = Stepped(emulator)
    async with stepped.client:
        yield stepped
