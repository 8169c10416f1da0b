"""The fixtures. Each imports what it needs when a test asks for it, since pytest loads this in every project."""

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


@pytest.fixture
def frontegg_factory(frontegg_emulator: EmulatorHandle) -> Factory:
    """Return what makes tenants, trees of tenants, users and their tokens in the test's environment."""
    from frontegg_async.testing.factory import Factory  # noqa: PLC0415 - only tests that ask for it need the emulator

    return Factory(frontegg_emulator)


@pytest.fixture
def frontegg_faults(frontegg_emulator: EmulatorHandle) -> EmulatorFaults:
    """Return what makes the service of the test's environment fail, slow or forgetful."""
    from frontegg_async.testing.faults import EmulatorFaults  # noqa: PLC0415 - as above

    return EmulatorFaults(frontegg_emulator)


@pytest.fixture
def frontegg_clock(frontegg_emulator: EmulatorHandle) -> EmulatorClock:
    """Return the clock of the test's environment, by which the emulator refuses expired tokens."""
    from frontegg_async.testing.clock import EmulatorClock  # noqa: PLC0415 - as above

    return EmulatorClock(frontegg_emulator)


@pytest.fixture
def frontegg_seeded_user(frontegg_factory: Factory) -> SeededUser:
    """Return a new user in a new tenant, who may do everything there; override it to have another."""
    return frontegg_factory.user()


@pytest.fixture
def frontegg_user(frontegg_emulator: EmulatorHandle, frontegg_seeded_user: SeededUser) -> AsyncFronteggUser:
    """Return the self-service client of ``frontegg_seeded_user``, to await."""
    from frontegg_async import AsyncFronteggUser  # noqa: PLC0415 - only tests that ask for it need HTTP

    return AsyncFronteggUser(base_url=frontegg_emulator.url, token=frontegg_seeded_user.token)


@pytest.fixture
def frontegg_sync_user(frontegg_emulator: EmulatorHandle, frontegg_seeded_user: SeededUser) -> Iterator[FronteggUser]:
    """Return the blocking self-service client of ``frontegg_seeded_user``; it is closed after the test."""
    from frontegg_sync import FronteggUser  # noqa: PLC0415 - only tests that ask for it need HTTP

    with FronteggUser(base_url=frontegg_emulator.url, token=frontegg_seeded_user.token) as client:
        yield client
