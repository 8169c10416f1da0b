"""The pytest plugin: an emulator for the whole run, and an environment of its own for each test.

It is found by pytest where ``frontegg-async[emulator]`` is installed. Nothing is imported or started before a test
asks for one of the fixtures. Tests may run in parallel: environments do not see each other, and each process has an
emulator.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from frontegg_async import AsyncFrontegg
    from frontegg_async.emulator.blocking import EmulatorHandle
    from frontegg_sync import Frontegg


@pytest.fixture(scope="session")
def frontegg_emulator_server() -> Iterator[EmulatorHandle]:
    """Return the emulator of this process, which all tests share."""
    from frontegg_async.emulator import Emulator  # noqa: PLC0415 - only tests that ask for it need the extra

    with Emulator() as running:
        yield running


@pytest.fixture
def frontegg_emulator(frontegg_emulator_server: EmulatorHandle) -> EmulatorHandle:
    """Return a new environment of the emulator: its own credentials, state, clock, faults and journal."""
    return frontegg_emulator_server.create_environment()


@pytest.fixture
def frontegg_client(frontegg_emulator: EmulatorHandle) -> AsyncFrontegg:
    """Return a client of the test's environment, to await; its session ends with the test's event loop."""
    from frontegg_async import AsyncFrontegg  # noqa: PLC0415 - only tests that ask for it need HTTP

    return AsyncFrontegg(frontegg_emulator.client_id, frontegg_emulator.secret, base_url=frontegg_emulator.url)


@pytest.fixture
def frontegg_sync_client(frontegg_emulator: EmulatorHandle) -> Iterator[Frontegg]:
    """Return a blocking client of the test's environment; it is closed after the test."""
    with frontegg_emulator.client() as client:
        yield client
