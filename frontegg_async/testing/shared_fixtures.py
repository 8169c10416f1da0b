"""The fixtures of the pytest plugin for a module or a whole run, in which several tests share an environment.

``frontegg_module_*`` and ``frontegg_session_*`` are what ``frontegg_*`` are for one test. The tests see what the others
have changed.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from frontegg_async.testing import parts

if TYPE_CHECKING:
    from frontegg_async import AccessTokenVerifier, AsyncFrontegg, AsyncFronteggUser, TokenVerifier
    from frontegg_async.emulator.blocking_handle import EmulatorHandle
    from frontegg_async.testing.clock import EmulatorClock
    from frontegg_async.testing.factory import Factory, SeededUser
    from frontegg_async.testing.faults import EmulatorFaults
    from frontegg_sync import AccessTokenVerifier as SyncAccessTokenVerifier
    from frontegg_sync import Frontegg, FronteggUser
    from frontegg_sync import TokenVerifier as SyncTokenVerifier


@pytest.fixture(scope="module")
def frontegg_module_emulator(frontegg_emulator_server: EmulatorHandle) -> EmulatorHandle:
    """Return a new environment for the tests of a module, with its own credentials, state and clock."""
    return frontegg_emulator_server.create_environment()


@pytest.fixture(scope="module")
def frontegg_module_client(frontegg_module_emulator: EmulatorHandle) -> AsyncFrontegg:
    """Return an async client of the environment of the module; its session ends with the event loop."""
    return parts.client(frontegg_module_emulator)


@pytest.fixture(scope="module")
def frontegg_module_sync_client(frontegg_module_emulator: EmulatorHandle) -> Iterator[Frontegg]:
    """Return a blocking client of the environment of the module; it is closed after the module."""
    with frontegg_module_emulator.client() as client:
        yield client


@pytest.fixture(scope="module")
def frontegg_module_factory(frontegg_module_emulator: EmulatorHandle) -> Factory:
    """Return a factory of tenants, trees of tenants, users and tokens in the environment of the module."""
    return parts.factory(frontegg_module_emulator)


@pytest.fixture(scope="module")
def frontegg_module_faults(frontegg_module_emulator: EmulatorHandle) -> EmulatorFaults:
    """Return an object that adds faults to the environment of the module."""
    return parts.faults(frontegg_module_emulator)


@pytest.fixture(scope="module")
def frontegg_module_clock(frontegg_module_emulator: EmulatorHandle) -> EmulatorClock:
    """Return the clock of the environment of the module, which decides the expiry of tokens."""
    return parts.clock(frontegg_module_emulator)


@pytest.fixture(scope="module")
def frontegg_module_seeded_user(frontegg_module_factory: Factory) -> SeededUser:
    """Return a new user in a new tenant, with all permissions; override the fixture for another user."""
    return frontegg_module_factory.user()


@pytest.fixture(scope="module")
def frontegg_module_user(
    frontegg_module_emulator: EmulatorHandle, frontegg_module_seeded_user: SeededUser
) -> AsyncFronteggUser:
    """Return the async self-service client of ``frontegg_module_seeded_user``."""
    return parts.user(frontegg_module_emulator, frontegg_module_seeded_user)


@pytest.fixture(scope="module")
def frontegg_module_sync_user(
    frontegg_module_emulator: EmulatorHandle, frontegg_module_seeded_user: SeededUser
) -> Iterator[FronteggUser]:
    """Return the blocking self-service client of ``frontegg_module_seeded_user``; it is closed after the module."""
    with parts.sync_user(frontegg_module_emulator, frontegg_module_seeded_user) as client:
        yield client


@pytest.fixture(scope="module")
def frontegg_module_verifier(frontegg_module_emulator: EmulatorHandle) -> TokenVerifier:
    """Return an async verifier of the tokens of the environment, which follows its clock."""
    return parts.verifier(frontegg_module_emulator)


@pytest.fixture(scope="module")
def frontegg_module_sync_verifier(frontegg_module_emulator: EmulatorHandle) -> Iterator[SyncTokenVerifier]:
    """Return a blocking verifier of the tokens of the environment, which follows its clock."""
    with parts.sync_verifier(frontegg_module_emulator) as verifier:
        yield verifier


@pytest.fixture(scope="module")
def frontegg_module_access_token_verifier(
    frontegg_module_emulator: EmulatorHandle, frontegg_module_client: AsyncFrontegg
) -> AccessTokenVerifier:
    """Return an async verifier of the access tokens of the environment, which follows its clock."""
    return parts.access_token_verifier(frontegg_module_emulator, frontegg_module_client)


@pytest.fixture(scope="module")
def frontegg_module_sync_access_token_verifier(
    frontegg_module_emulator: EmulatorHandle, frontegg_module_sync_client: Frontegg
) -> Iterator[SyncAccessTokenVerifier]:
    """Return a blocking verifier of the access tokens of the environment, which follows its clock."""
    with parts.sync_access_token_verifier(frontegg_module_emulator, frontegg_module_sync_client) as verifier:
        yield verifier


@pytest.fixture(scope="session")
def frontegg_session_emulator(frontegg_emulator_server: EmulatorHandle) -> EmulatorHandle:
    """Return a new environment for all tests of the process, with its own credentials, state and clock."""
    return frontegg_emulator_server.create_environment()


@pytest.fixture(scope="session")
def frontegg_session_client(frontegg_session_emulator: EmulatorHandle) -> AsyncFrontegg:
    """Return an async client of the environment of the run; its session ends with the event loop."""
    return parts.client(frontegg_session_emulator)


@pytest.fixture(scope="session")
def frontegg_session_sync_client(frontegg_session_emulator: EmulatorHandle) -> Iterator[Frontegg]:
    """Return a blocking client of the environment of the run; it is closed after the run."""
    with frontegg_session_emulator.client() as client:
        yield client


@pytest.fixture(scope="session")
def frontegg_session_factory(frontegg_session_emulator: EmulatorHandle) -> Factory:
    """Return a factory of tenants, trees of tenants, users and tokens in the environment of the run."""
    return parts.factory(frontegg_session_emulator)


@pytest.fixture(scope="session")
def frontegg_session_faults(frontegg_session_emulator: EmulatorHandle) -> EmulatorFaults:
    """Return an object that adds faults to the environment of the run."""
    return parts.faults(frontegg_session_emulator)


@pytest.fixture(scope="session")
def frontegg_session_clock(frontegg_session_emulator: EmulatorHandle) -> EmulatorClock:
    """Return the clock of the environment of the run, which decides the expiry of tokens."""
    return parts.clock(frontegg_session_emulator)


@pytest.fixture(scope="session")
def frontegg_session_seeded_user(frontegg_session_factory: Factory) -> SeededUser:
    """Return a new user in a new tenant, with all permissions; override the fixture for another user."""
    return frontegg_session_factory.user()


@pytest.fixture(scope="session")
def frontegg_session_user(
    frontegg_session_emulator: EmulatorHandle, frontegg_session_seeded_user: SeededUser
) -> AsyncFronteggUser:
    """Return the async self-service client of ``frontegg_session_seeded_user``."""
    return parts.user(frontegg_session_emulator, frontegg_session_seeded_user)


@pytest.fixture(scope="session")
def frontegg_session_sync_user(
    frontegg_session_emulator: EmulatorHandle, frontegg_session_seeded_user: SeededUser
) -> Iterator[FronteggUser]:
    """Return the blocking self-service client of ``frontegg_session_seeded_user``; it is closed after the run."""
    with parts.sync_user(frontegg_session_emulator, frontegg_session_seeded_user) as client:
        yield client


@pytest.fixture(scope="session")
def frontegg_session_verifier(frontegg_session_emulator: EmulatorHandle) -> TokenVerifier:
    """Return an async verifier of the tokens of the environment, which follows its clock."""
    return parts.verifier(frontegg_session_emulator)


@pytest.fixture(scope="session")
def frontegg_session_sync_verifier(frontegg_session_emulator: EmulatorHandle) -> Iterator[SyncTokenVerifier]:
    """Return a blocking verifier of the tokens of the environment, which follows its clock."""
    with parts.sync_verifier(frontegg_session_emulator) as verifier:
        yield verifier


@pytest.fixture(scope="session")
def frontegg_session_access_token_verifier(
    frontegg_session_emulator: EmulatorHandle, frontegg_session_client: AsyncFrontegg
) -> AccessTokenVerifier:
    """Return an async verifier of the access tokens of the environment, which follows its clock."""
    return parts.access_token_verifier(frontegg_session_emulator, frontegg_session_client)


@pytest.fixture(scope="session")
def frontegg_session_sync_access_token_verifier(
    frontegg_session_emulator: EmulatorHandle, frontegg_session_sync_client: Frontegg
) -> Iterator[SyncAccessTokenVerifier]:
    """Return a blocking verifier of the access tokens of the environment, which follows its clock."""
    with parts.sync_access_token_verifier(frontegg_session_emulator, frontegg_session_sync_client) as verifier:
        yield verifier
