"""Fixtures: an emulator for each process, and a separate environment for each test."""

from __future__ import annotations

from collections.abc import AsyncIterator

import aiohttp
import pytest

from frontegg_async.emulator import Emulator
from tests.emulator.hook_stage import Stage, receiver
from tests.emulator.support import Service


@pytest.fixture
async def service(anyio_backend: str) -> AsyncIterator[Service]:
    """An emulator with a separate environment, and a token for it."""
    del anyio_backend
    async with Emulator() as emulator, aiohttp.ClientSession() as session:
        service = Service(await emulator.create_environment(), session)
        await service.authenticate()
        yield service


@pytest.fixture
async def stage(anyio_backend: str) -> AsyncIterator[Stage]:
    """An emulator with a receiver of its calls."""
    del anyio_backend
    async with receiver() as made, Emulator() as emulator, emulator.client() as frontegg:
        yield Stage(emulator, frontegg, made)
