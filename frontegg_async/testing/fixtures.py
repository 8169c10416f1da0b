"""The fixtures of the pytest plugin. Each imports what it needs when it is used: pytest loads this module always."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from frontegg_async import AsyncFrontegg, AsyncFronteggUser
    from frontegg_async.emulator.blocking_handle import EmulatorHandle
    from frontegg_async.testing.clock import EmulatorClock
    from frontegg_async.testing.factory import Factory, SeededUser
    from frontegg_async.testing.faults import EmulatorFaults
    from frontegg_sync import Frontegg, FronteggUser


@pytest.fixture(scope="session")
def frontegg_emulator_server() -> Iterator[EmulatorHandle]:
    """Return the emulator of this process, which all tests share."""
    from frontegg_async.emulator import Emulator  # noqa: PLC0415 - only tests that use it need the extra

    with Emulator() as running:
        yield running


@pytest.fixture
def frontegg_emulator(frontegg_emulator_server: EmulatorHandle) -> EmulatorHandle:
    """Return a new environment, with its own credentials, state, clock, faults and journal."""
    return frontegg_emulator_server.create_environment()


@pytest.fixture
def frontegg_client(frontegg_emulator: EmulatorHandle) -> AsyncFrontegg:
    """Return an async client of the environment of the test; its session ends with the event loop."""
    from frontegg_async import AsyncFrontegg  # noqa: PLC0415 - only tests that use it need HTTP

    return AsyncFrontegg(frontegg_emulator.client_id, frontegg_emulator.secret, base_url=frontegg_emulator.url)


@pytest.fixture
def frontegg_sync_client(frontegg_emulator: EmulatorHandle) -> Iterator[Frontegg]:
    """Return a blocking client of the environment of the test; it is closed after the test."""
    with frontegg_emulator.client() as client:
        yield client


@pytest.fixture
def frontegg_factory(frontegg_emulator: EmulatorHandle) -> Factory:
    """Return a factory of tenants, trees of tenants, users and tokens in the environment of the test."""
    from frontegg_async.testing.factory import Factory  # noqa: PLC0415 - only tests that use it need the emulator

    return Factory(frontegg_emulator)


@pytest.fixture
def frontegg_faults(frontegg_emulator: EmulatorHandle) -> EmulatorFaults:
    """Return an object that adds faults to the environment of the test."""
    from frontegg_async.testing.faults import EmulatorFaults  # noqa: PLC0415 - as above

    return EmulatorFaults(frontegg_emulator)


@pytest.fixture
def frontegg_clock(frontegg_emulator: EmulatorHandle) -> EmulatorClock:
    """Return the clock of the environment of the test, which decides the expiry of tokens."""
    from frontegg_async.testing.clock import EmulatorClock  # noqa: PLC0415 - as above

    return EmulatorClock(frontegg_emulator)


@pytest.fixture
def frontegg_seeded_user(frontegg_factory: Factory) -> SeededUser:
    """Return a new user in a new tenant, with all permissions; override the fixture for another user."""
    return frontegg_factory.user()


@pytest.fixture
def frontegg_user(frontegg_emulator: EmulatorHandle, frontegg_seeded_user: SeededUser) -> AsyncFronteggUser:
    """Return the async self-service client of ``frontegg_seeded_user``."""
    from frontegg_async import AsyncFronteggUser  # noqa: PLC0415 - only tests that use it need HTTP

    return AsyncFronteggUser(base_url=frontegg_emulator.url, token=frontegg_seeded_user.token)


@pytest.fixture
def frontegg_sync_user(frontegg_emulator: EmulatorHandle, frontegg_seeded_user: SeededUser) -> Iterator[FronteggUser]:
    """Return the blocking self-service client of ``frontegg_seeded_user``; it is closed after the test."""
    from frontegg_sync import FronteggUser  # noqa: PLC0415 - only tests that use it need HTTP

    with FronteggUser(base_url=frontegg_emulator.url, token=frontegg_seeded_user.token) as client:
        yield client
