"""Functions that create the objects that the fixtures return, for an environment of the emulator.

Pytest always loads this module, so each function imports the modules that it needs when it is called.
"""
# ruff: noqa: PLC0415 - each function imports the modules that it needs

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final, TypeAlias

if TYPE_CHECKING:
    import pytest

    import frontegg_sync
    from frontegg_async import AsyncAccessTokenVerifier, AsyncFrontegg, AsyncFronteggUser, AsyncTokenVerifier
    from frontegg_async.emulator.blocking_handle import EmulatorHandle
    from frontegg_async.testing.clock import EmulatorClock
    from frontegg_async.testing.events import PostEvent
    from frontegg_async.testing.factory import Factory, SeededUser
    from frontegg_async.testing.faults import EmulatorFaults

    # Only this module of the package imports the blocking package. The modules with fixtures import the types from this
    # module.
    Frontegg: TypeAlias = "frontegg_sync.Frontegg"
    FronteggUser: TypeAlias = "frontegg_sync.FronteggUser"
    SyncAccessTokenVerifier: TypeAlias = "frontegg_sync.AccessTokenVerifier"
    SyncTokenVerifier: TypeAlias = "frontegg_sync.TokenVerifier"

_OF_THE_SERVICE: Final = frozenset(
    {
        "AUDIENCE",
        "DOMAIN",
        "ENVIRONMENT_ID",
        "JWKS_URL",
        "JWT_SECRET",
        "PREFIX",
        "PROXY",
        "PUBLIC_KEY",
        "REGION",
        "SSL",
    }
)
"""The keys of Django's setting ``FRONTEGG`` that are about the real service."""


def client(emulator: EmulatorHandle) -> AsyncFrontegg:
    """Return an async client. Its HTTP session is closed when the event loop closes."""
    from frontegg_async import AsyncFrontegg

    return AsyncFrontegg(emulator.client_id, emulator.secret, base_url=emulator.url)


def user(emulator: EmulatorHandle, seeded: SeededUser) -> AsyncFronteggUser:
    """Return the async self-service client of a user. Its HTTP session is closed when the event loop closes."""
    from frontegg_async import AsyncFronteggUser

    return AsyncFronteggUser(base_url=emulator.url, token=seeded.token)


def sync_user(emulator: EmulatorHandle, seeded: SeededUser) -> FronteggUser:
    """Return the blocking self-service client of a user. The caller closes the client."""
    from frontegg_sync import FronteggUser

    return FronteggUser(base_url=emulator.url, token=seeded.token)


def verifier(emulator: EmulatorHandle) -> AsyncTokenVerifier:
    """Return an async token verifier with the clock of the environment.

    Its HTTP session is closed when the event loop closes.
    """
    from frontegg_async import AsyncTokenVerifier

    return AsyncTokenVerifier(issuer=emulator.url, audience=emulator.client_id, clock=emulator.time)


def sync_verifier(emulator: EmulatorHandle) -> SyncTokenVerifier:
    """Return a blocking token verifier with the clock of the environment. The caller closes the verifier."""
    from frontegg_sync import TokenVerifier

    return TokenVerifier(issuer=emulator.url, audience=emulator.client_id, clock=emulator.time)


def access_token_verifier(emulator: EmulatorHandle, frontegg: AsyncFrontegg) -> AsyncAccessTokenVerifier:
    """Return an async verifier of access tokens with the clock of the environment.

    The verifier needs an open client.
    """
    from frontegg_async import AsyncAccessTokenVerifier

    return AsyncAccessTokenVerifier(frontegg, issuer=emulator.url, audience=emulator.client_id, clock=emulator.time)


def sync_access_token_verifier(emulator: EmulatorHandle, frontegg: Frontegg) -> SyncAccessTokenVerifier:
    """Return a blocking verifier of access tokens with the clock of the environment. The caller closes the verifier."""
    from frontegg_sync import AccessTokenVerifier

    return AccessTokenVerifier(frontegg, issuer=emulator.url, audience=emulator.client_id, clock=emulator.time)


def factory(emulator: EmulatorHandle) -> Factory:
    """Return a factory of tenants, trees of tenants, users and tokens."""
    from frontegg_async.testing.factory import Factory

    return Factory(emulator)


def faults(emulator: EmulatorHandle) -> EmulatorFaults:
    """Return an object that adds faults to an environment."""
    from frontegg_async.testing.faults import EmulatorFaults

    return EmulatorFaults(emulator)


def clock(emulator: EmulatorHandle) -> EmulatorClock:
    """Return an object that sets the clock of an environment."""
    from frontegg_async.testing.clock import EmulatorClock

    return EmulatorClock(emulator)


def post_event(emulator: EmulatorHandle) -> PostEvent:
    """Return a function that posts signed events. The signature has the time of the environment's clock."""
    from frontegg_async.testing.events import PostEvent

    return PostEvent(emulator)


def set_environ(emulator: EmulatorHandle, patch: pytest.MonkeyPatch) -> dict[str, str]:
    """Set the variables that ``from_env()`` needs, and unset its other variables. Return the set variables."""
    from frontegg_async._core.checks.settings import VARIABLES

    for name in VARIABLES:
        patch.delenv(name, raising=False)
    variables = emulator.environ()
    for name, value in variables.items():
        patch.setenv(name, value)
    return variables


@contextmanager
def override_django(emulator: EmulatorHandle) -> Generator[dict[str, object]]:
    """Override Django's setting ``FRONTEGG``, and yield the new value."""
    from django.conf import settings
    from django.test import override_settings

    given: dict[str, object] = {
        **{key: value for key, value in getattr(settings, "FRONTEGG", {}).items() if key not in _OF_THE_SERVICE},
        "CLIENT_ID": emulator.client_id,
        "SECRET": emulator.secret,
        "BASE_URL": emulator.url,
        "ISSUER": emulator.url,
        "CLOCK": emulator.time,
    }
    with override_settings(FRONTEGG=given):
        yield given
