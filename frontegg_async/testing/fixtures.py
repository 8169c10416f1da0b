"""The pytest fixtures for one test. Pytest always loads this module, so `parts` imports what the fixtures need."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from frontegg_async.testing import parts

if TYPE_CHECKING:
    from frontegg_async import AsyncAccessTokenVerifier, AsyncFrontegg, AsyncFronteggUser, AsyncTokenVerifier
    from frontegg_async.emulator.blocking_handle import EmulatorHandle
    from frontegg_async.testing.clock import EmulatorClock
    from frontegg_async.testing.events import PostEvent
    from frontegg_async.testing.factory import Factory, SeededUser
    from frontegg_async.testing.faults import EmulatorFaults
    from frontegg_async.testing.parts import Frontegg, FronteggUser, SyncAccessTokenVerifier, SyncTokenVerifier


@pytest.fixture(scope="session")
def frontegg_emulator_server() -> Iterator[EmulatorHandle]:
    """Return the emulator of this process, which all tests share."""
    from frontegg_async.emulator import Emulator  # noqa: PLC0415 - only tests that use this fixture need the extra

    with Emulator() as running:
        yield running


@pytest.fixture
def frontegg_emulator(frontegg_emulator_server: EmulatorHandle) -> EmulatorHandle:
    """Return a new environment for the test, with its own credentials, state, clock, faults and journal."""
    return frontegg_emulator_server.create_environment()


@pytest.fixture
def frontegg_client(frontegg_emulator: EmulatorHandle) -> AsyncFrontegg:
    """Return an async client of the test's environment. Its HTTP session is closed when the event loop closes."""
    return parts.client(frontegg_emulator)


@pytest.fixture
def frontegg_sync_client(frontegg_emulator: EmulatorHandle) -> Iterator[Frontegg]:
    """Return a blocking client of the test's environment. The fixture closes it after the test."""
    with frontegg_emulator.client() as client:
        yield client


@pytest.fixture
def frontegg_factory(frontegg_emulator: EmulatorHandle) -> Factory:
    """Return a factory of tenants, users and tokens in the test's environment."""
    return parts.factory(frontegg_emulator)


@pytest.fixture
def frontegg_faults(frontegg_emulator: EmulatorHandle) -> EmulatorFaults:
    """Return an object that adds faults to the environment of the test."""
    return parts.faults(frontegg_emulator)


@pytest.fixture
def frontegg_clock(frontegg_emulator: EmulatorHandle) -> EmulatorClock:
    """Return the clock of the test's environment, which decides when tokens expire."""
    return parts.clock(frontegg_emulator)


@pytest.fixture
def frontegg_seeded_user(frontegg_factory: Factory) -> SeededUser:
    """Return a new user with all permissions in a new tenant. To get another user, override this fixture."""
    return frontegg_factory.user()


@pytest.fixture
def frontegg_user(frontegg_emulator: EmulatorHandle, frontegg_seeded_user: SeededUser) -> AsyncFronteggUser:
    """Return the async self-service client of ``frontegg_seeded_user``."""
    return parts.user(frontegg_emulator, frontegg_seeded_user)


@pytest.fixture
def frontegg_sync_user(frontegg_emulator: EmulatorHandle, frontegg_seeded_user: SeededUser) -> Iterator[FronteggUser]:
    """Return the blocking self-service client of ``frontegg_seeded_user``. It is closed after the test."""
    with parts.sync_user(frontegg_emulator, frontegg_seeded_user) as client:
        yield client


@pytest.fixture
def frontegg_verifier(frontegg_emulator: EmulatorHandle) -> AsyncTokenVerifier:
    """Return an async verifier of users' tokens. The verifier uses the clock of the test's environment."""
    return parts.verifier(frontegg_emulator)


@pytest.fixture
def frontegg_sync_verifier(frontegg_emulator: EmulatorHandle) -> Iterator[SyncTokenVerifier]:
    """Return a blocking verifier of users' tokens. The verifier uses the clock of the test's environment."""
    with parts.sync_verifier(frontegg_emulator) as verifier:
        yield verifier


@pytest.fixture
def frontegg_access_token_verifier(
    frontegg_emulator: EmulatorHandle, frontegg_client: AsyncFrontegg
) -> AsyncAccessTokenVerifier:
    """Return an async verifier of access tokens. The verifier uses the clock of the test's environment."""
    return parts.access_token_verifier(frontegg_emulator, frontegg_client)


@pytest.fixture
def frontegg_sync_access_token_verifier(
    frontegg_emulator: EmulatorHandle, frontegg_sync_client: Frontegg
) -> Iterator[SyncAccessTokenVerifier]:
    """Return a blocking verifier of access tokens. The verifier uses the clock of the test's environment."""
    with parts.sync_access_token_verifier(frontegg_emulator, frontegg_sync_client) as verifier:
        yield verifier


@pytest.fixture
def frontegg_environ(frontegg_emulator: EmulatorHandle) -> Iterator[dict[str, str]]:
    """Set the environment variables that ``from_env()`` needs in the test, and unset its other variables."""
    with pytest.MonkeyPatch.context() as patch:
        yield parts.set_environ(frontegg_emulator, patch)


@pytest.fixture
def frontegg_django(frontegg_emulator: EmulatorHandle) -> Iterator[dict[str, object]]:
    """Override Django's setting ``FRONTEGG`` for the test. Keys that are not about the service keep their values."""
    with parts.override_django(frontegg_emulator) as given:
        yield given


@pytest.fixture
def frontegg_post_event(frontegg_emulator: EmulatorHandle) -> PostEvent:
    """Return a function that posts an event to an app, signed at the time of the clock of the test's environment."""
    return parts.post_event(frontegg_emulator)
