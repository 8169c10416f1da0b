"""Users who signed in to the emulator, with clients that refresh: switches, locks, reuse and deletion."""

from __future__ import annotations

import http.client
import json
from typing import Any
from urllib.parse import urlsplit

import pytest

from frontegg_async import (
    AsyncFrontegg,
    AsyncFronteggUser,
    AuthenticationError,
    FronteggError,
    NotFoundError,
    PermissionDeniedError,
    RotatingTokens,
    TokenPair,
)
from frontegg_async.emulator import EmulatorHandle
from frontegg_sync import Frontegg, FronteggUser

TENANTS = [{"tenantId": tenant_id, "name": tenant_id.title()} for tenant_id in ("north", "acme", "other")]
ANN = {
    "id": "ann",
    "email": "ann@north.example",
    "password": "emu_ann",
    "tenantId": "north",
    "tenantIds": ["north", "acme"],
    "permissions": ["fe.secure.*"],
}
DAY = 86_401


@pytest.fixture
def emulator(frontegg_emulator: EmulatorHandle) -> EmulatorHandle:
    """An environment with a user of two tenants."""
    frontegg_emulator.seed(tenants=TENANTS, users=[ANN])
    return frontegg_emulator


def sign_in(emulator: EmulatorHandle) -> Any:
    """Sign the user in, as an application does."""
    connection = http.client.HTTPConnection(urlsplit(emulator.url).netloc, timeout=30)
    try:
        body = json.dumps({"email": ANN["email"], "password": ANN["password"]})
        headers = {"content-type": "application/json", "frontegg-vendor-host": emulator.client_id}
        connection.request("POST", "/identity/resources/auth/v1/user", body, headers)
        response = connection.getresponse()
        assert response.status == 200
        return json.loads(response.read())
    finally:
        connection.close()


def credential(emulator: EmulatorHandle, pairs: list[TokenPair] | None = None) -> RotatingTokens:
    """The tokens of a new session, and what receives the next ones."""
    session = sign_in(emulator)
    return RotatingTokens(
        access_token=session["accessToken"],
        refresh_token=session["refreshToken"],
        on_rotate=None if pairs is None else pairs.append,
    )


@pytest.mark.anyio
async def test_a_session_goes_on_and_follows_a_switch(emulator: EmulatorHandle) -> None:
    """Expired tokens are renewed; after a switch the next token is for the other tenant."""
    pairs: list[TokenPair] = []
    async with AsyncFronteggUser(base_url=emulator.url, credential=credential(emulator, pairs)) as ann:
        assert [tenant.name for tenant in await ann.tenants.list().all()] == ["North", "Acme"]
        emulator.clock(advance=DAY)
        assert (await ann.account_settings.get()).tenant_id == "north"
        assert len(pairs) == 1
        assert (await ann.tenants.switch("acme")).tenant_id == "acme"
        assert (await ann.account_settings.get()).tenant_id == "acme"
        assert len(pairs) == 2
        with pytest.raises(PermissionDeniedError):
            await ann.tenants.switch("other")
        with pytest.raises(NotFoundError):
            await ann.tenants.switch("nobody")
        assert isinstance(await ann.tenants.get_hierarchy(), list)


def test_a_session_goes_on_and_follows_a_switch_blocking(emulator: EmulatorHandle) -> None:
    """The same without awaiting."""
    pairs: list[TokenPair] = []
    with FronteggUser(base_url=emulator.url, credential=credential(emulator, pairs)) as ann:
        assert [tenant.tenant_id for tenant in ann.tenants.list()] == ["north", "acme"]
        emulator.clock(advance=DAY)
        assert ann.account_settings.get().tenant_id == "north"
        assert ann.tenants.switch("acme").tenant_id == "acme"
        assert ann.account_settings.get().tenant_id == "acme"
        assert len(pairs) == 2
        with pytest.raises(PermissionDeniedError):
            ann.tenants.switch("other")
        with pytest.raises(NotFoundError):
            ann.tenants.switch("nobody")
        assert isinstance(ann.tenants.get_hierarchy(), list)


@pytest.mark.anyio
async def test_a_locked_tenant_lets_nobody_go_on_until_it_is_unlocked(
    emulator: EmulatorHandle, frontegg_client: AsyncFrontegg
) -> None:
    """The refresh token is not used up, and a switch into the tenant is refused."""
    async with AsyncFronteggUser(base_url=emulator.url, credential=credential(emulator)) as ann:
        await frontegg_client.tenants.lock(["acme"])
        with pytest.raises(PermissionDeniedError):
            await ann.tenants.switch("acme")
        await frontegg_client.tenants.lock(["north"])
        emulator.clock(advance=DAY)
        with pytest.raises(FronteggError):
            await ann.tenants.list().all()
        await frontegg_client.tenants.unlock(["north"])
        assert len(await ann.tenants.list().all()) == 2


def test_a_locked_tenant_lets_nobody_go_on_until_it_is_unlocked_blocking(
    emulator: EmulatorHandle, frontegg_sync_client: Frontegg
) -> None:
    """The same without awaiting."""
    with FronteggUser(base_url=emulator.url, credential=credential(emulator)) as ann:
        frontegg_sync_client.tenants.lock(["north"])
        emulator.clock(advance=DAY)
        with pytest.raises(FronteggError):
            ann.tenants.list().all()
        frontegg_sync_client.tenants.unlock(["north"])
        assert len(ann.tenants.list().all()) == 2


@pytest.mark.anyio
async def test_two_clients_with_one_pair(emulator: EmulatorHandle) -> None:
    """A refresh token is good for one use: the second client ends the session of both."""
    shared = credential(emulator)
    async with (
        AsyncFronteggUser(base_url=emulator.url, credential=shared) as first,
        AsyncFronteggUser(base_url=emulator.url, credential=shared) as second,
    ):
        emulator.clock(advance=DAY)
        await first.tenants.list().all()
        with pytest.raises(AuthenticationError, match="sign in again"):
            await second.tenants.list().all()
        emulator.clock(advance=DAY)
        with pytest.raises(AuthenticationError, match="sign in again"):
            await first.tenants.list().all()


@pytest.mark.anyio
async def test_a_user_that_is_deleted(emulator: EmulatorHandle, frontegg_client: AsyncFrontegg) -> None:
    """The session goes on in another tenant of the user, and ends with the last one."""
    async with AsyncFronteggUser(base_url=emulator.url, credential=credential(emulator)) as ann:
        await frontegg_client.tenants.delete("north")
        assert [tenant.tenant_id for tenant in await ann.tenants.list().all()] == ["acme"]
        await frontegg_client.tenants.delete("acme")
        with pytest.raises(AuthenticationError):
            await ann.tenants.list().all()
