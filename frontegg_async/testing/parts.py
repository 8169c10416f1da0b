"""Makes what the fixtures return, from an environment of the emulator.

Each function imports what it needs when it is called: pytest loads this module always.
"""
# ruff: noqa: PLC0415 - as above

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    import frontegg_sync
    from frontegg_async import AsyncAccessTokenVerifier, AsyncFrontegg, AsyncFronteggUser, AsyncTokenVerifier
    from frontegg_async.emulator.blocking_handle import EmulatorHandle
    from frontegg_async.testing.clock import EmulatorClock
    from frontegg_async.testing.factory import Factory, SeededUser
    from frontegg_async.testing.faults import EmulatorFaults

    # The modules of fixtures import these types from here: no other module of this package imports the blocking one.
    Frontegg: TypeAlias = "frontegg_sync.Frontegg"
    FronteggUser: TypeAlias = "frontegg_sync.FronteggUser"
    SyncAccessTokenVerifier: TypeAlias = "frontegg_sync.AccessTokenVerifier"
    SyncTokenVerifier: TypeAlias = "frontegg_sync.TokenVerifier"


def client(emulator: EmulatorHandle) -> AsyncFrontegg:
    """Return an async client; its session ends with the event loop."""
    from frontegg_async import AsyncFrontegg

    return AsyncFrontegg(emulator.client_id, emulator.secret, base_url=emulator.url)


def user(emulator: EmulatorHandle, seeded: SeededUser) -> AsyncFronteggUser:
    """Return the async self-service client of a user; its session ends with the event loop."""
    from frontegg_async import AsyncFronteggUser

    return AsyncFronteggUser(base_url=emulator.url, token=seeded.token)


def sync_user(emulator: EmulatorHandle, seeded: SeededUser) -> FronteggUser:
    """Return the blocking self-service client of a user, to be closed."""
    from frontegg_sync import FronteggUser

    return FronteggUser(base_url=emulator.url, token=seeded.token)


def verifier(emulator: EmulatorHandle) -> AsyncTokenVerifier:
    """Return an async token verifier that follows the clock; its session ends with the event loop."""
    from frontegg_async import AsyncTokenVerifier

    return AsyncTokenVerifier(issuer=emulator.url, audience=emulator.client_id, clock=emulator.time)


def sync_verifier(emulator: EmulatorHandle) -> SyncTokenVerifier:
    """Return a blocking token verifier that follows the clock, to be closed."""
    from frontegg_sync import TokenVerifier

    return TokenVerifier(issuer=emulator.url, audience=emulator.client_id, clock=emulator.time)


def access_token_verifier(emulator: EmulatorHandle, frontegg: AsyncFrontegg) -> AsyncAccessTokenVerifier:
    """Return an async verifier of access tokens that follows the clock; it lives as long as the client."""
    from frontegg_async import AsyncAccessTokenVerifier

    return AsyncAccessTokenVerifier(frontegg, issuer=emulator.url, audience=emulator.client_id, clock=emulator.time)


def sync_access_token_verifier(emulator: EmulatorHandle, frontegg: Frontegg) -> SyncAccessTokenVerifier:
    """Return a blocking verifier of access tokens that follows the clock, to be closed."""
    from frontegg_sync import AccessTokenVerifier

    return AccessTokenVerifier(frontegg, issuer=emulator.url, audience=emulator.client_id, clock=emulator.time)


def factory(emulator: EmulatorHandle) -> Factory:
    """Return a factory of tenants, trees of tenants, users and tokens."""
    from frontegg_async.testing.factory import Factory

    return Factory(emulator)


def faults(emulator: EmulatorHandle) -> EmulatorFaults:
    """Return an object that adds faults."""
    from frontegg_async.testing.faults import EmulatorFaults

    return EmulatorFaults(emulator)


def clock(emulator: EmulatorHandle) -> EmulatorClock:
    """Return an object that sets the clock."""
    from frontegg_async.testing.clock import EmulatorClock

    return EmulatorClock(emulator)
