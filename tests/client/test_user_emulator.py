"""Users against the emulator with both clients: rotating sessions; tenants are switched, locked and deleted."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from frontegg_async import AsyncFronteggUser, NotFoundError, PermissionDeniedError, RotatingTokens, TokenPair
from frontegg_async.emulator import AsyncEmulatorHandle, Emulator
from frontegg_async.endpoints import sessions
from frontegg_async.errors import AuthenticationError, InvalidArgumentError
from frontegg_async.models.sessions import UserLogin
from frontegg_sync import FronteggUser

pytestmark = pytest.mark.anyio

SEED = {
    "tenants": [
        {"tenantId": "acme", "name": "Acme", "isReseller": True},
        {"tenantId": "labs", "name": "Acme Labs", "parentTenantId": "acme"},
        {"tenantId": "blue", "name": "Blue Door"},
        {"tenantId": "other", "name": "Other"},
    ],
    "users": [
        {
            "id": "ada",
            "email": "ada@acme.example",
            "password": "correct horse",
            "tenantId": "acme",
            "tenantIds": ["blue"],
            "permissions": ["fe.secure.*", "fe.account-settings.delete.account"],
        },
        {"id": "bob", "email": "bob@acme.example", "password": "battery staple", "tenantId": "acme"},
    ],
}


@pytest.fixture
async def emulator() -> AsyncIterator[AsyncEmulatorHandle]:
    """Yield an emulator with some tenants and users."""
    async with Emulator(seed=SEED) as emulator:
        yield emulator


async def _sign_in(
    emulator: AsyncEmulatorHandle, email: str = "ada@acme.example", password: str = "correct horse"
) -> TokenPair:
    """Return the tokens of a user that signs in with a password, as a browser would."""
    async with AsyncFronteggUser(base_url=emulator.url, token="a.e30.c") as anybody:
        answer = (await anybody.send(sessions.LOGIN, body=UserLogin(email=email, password=password))).value
    assert answer.refresh_token is not None
    return TokenPair(access_token=answer.access_token, refresh_token=answer.refresh_token, expires_in=answer.expires_in)


async def test_a_session_rotates_for_as_long_as_it_is_used(emulator: AsyncEmulatorHandle) -> None:
    """Each pair is kept by the hook; the one before is of no use any more, and its use ends the session."""
    pair = await _sign_in(emulator)
    kept: list[TokenPair] = []
    credential = RotatingTokens(access_token=pair.access_token, refresh_token=pair.refresh_token, on_rotate=kept.append)
    async with AsyncFronteggUser(base_url=emulator.url, credential=credential) as user:
        for _ in range(3):
            assert [tenant.tenant_id for tenant in await user.tenants.list().all()] == ["acme", "blue"]
            await emulator.clock(advance=pair.expires_in + 60)
        assert len(kept) == 2
        stolen = RotatingTokens(refresh_token=pair.refresh_token)
        async with AsyncFronteggUser(base_url=emulator.url, credential=stolen) as thief:
            with pytest.raises(AuthenticationError, match="sign in again"):
                await thief.tenants.list().all()
        with pytest.raises(AuthenticationError, match="sign in again"):
            await user.tenants.list().all()


async def test_a_wrong_password_is_no_session(emulator: AsyncEmulatorHandle) -> None:
    """The service says no more than that."""
    with pytest.raises(AuthenticationError):
        await _sign_in(emulator, password="wrong")


async def test_switching_the_tenant_moves_the_session(emulator: AsyncEmulatorHandle) -> None:
    """The client gets a token for the new tenant by itself."""
    pair = await _sign_in(emulator)
    credential = RotatingTokens(access_token=pair.access_token, refresh_token=pair.refresh_token)
    async with AsyncFronteggUser(base_url=emulator.url, credential=credential) as user:
        profile = await user.tenants.switch("blue")
        assert (profile.id, profile.tenant_id) == ("ada", "blue")
        with pytest.raises(InvalidArgumentError, match="blue"):
            await user.tenant.delete_current(confirm_tenant_id="acme")
        await user.tenant.delete_current(confirm_tenant_id="blue")
    async with emulator.client() as frontegg:
        assert {tenant.tenant_id async for tenant in frontegg.tenants.list()} == {"acme", "labs", "other"}


async def test_a_tenant_that_is_not_ones_own_cannot_be_entered(emulator: AsyncEmulatorHandle) -> None:
    """Whether it exists or not, and the error names the tenant of the token."""
    pair = await _sign_in(emulator)
    async with AsyncFronteggUser(base_url=emulator.url, token=pair.access_token) as user:
        with pytest.raises(PermissionDeniedError, match="the user token is for tenant acme of acme, blue"):
            await user.tenants.switch("other")
        with pytest.raises(NotFoundError):
            await user.tenants.switch("nowhere")


async def test_a_locked_tenant_holds_its_users_back(emulator: AsyncEmulatorHandle) -> None:
    """No refresh, no sign-in, no switch; unlocked, sessions go on and users sign in again."""
    pair = await _sign_in(emulator)
    async with emulator.client() as frontegg:
        await frontegg.tenants.lock(["acme", "blue"])
        credential = RotatingTokens(refresh_token=pair.refresh_token)
        async with AsyncFronteggUser(base_url=emulator.url, credential=credential) as session:
            with pytest.raises(PermissionDeniedError, match="locked"):
                await session.tenants.list().all()
            with pytest.raises((AuthenticationError, PermissionDeniedError)):
                await _sign_in(emulator)
            with pytest.raises(PermissionDeniedError):
                await frontegg.as_user(pair.access_token).tenants.switch("blue")
            await frontegg.tenants.unlock(["acme", "blue"])
            await session.tenants.list().all()
            await _sign_in(emulator)


async def test_a_user_without_the_permission_deletes_nothing(emulator: AsyncEmulatorHandle) -> None:
    """The tenant is still there."""
    pair = await _sign_in(emulator, "bob@acme.example", "battery staple")
    async with emulator.client() as frontegg:
        user = frontegg.as_user(pair.access_token)
        with pytest.raises(PermissionDeniedError):
            await user.tenant.delete_current(confirm_tenant_id="acme")
        assert (await frontegg.tenants.get("acme")).name == "Acme"


async def test_the_hierarchy_of_a_user_comes_as_it_is(emulator: AsyncEmulatorHandle) -> None:
    """It has the tenants that the user belongs to."""
    pair = await _sign_in(emulator)
    async with AsyncFronteggUser(base_url=emulator.url, token=pair.access_token) as user:
        assert "acme" in str(await user.tenants.get_hierarchy())


async def test_the_same_blocking(emulator: AsyncEmulatorHandle) -> None:
    """Sessions, switching and deleting, from a thread."""
    pair = await _sign_in(emulator)
    kept: list[TokenPair] = []

    def use() -> None:
        credential = RotatingTokens(refresh_token=pair.refresh_token, on_rotate=kept.append)
        with FronteggUser(base_url=emulator.url, credential=credential) as user:
            assert [tenant.name for tenant in user.tenants.list()] == ["Acme", "Blue Door"]
            assert "acme" in str(user.tenants.get_hierarchy())
            assert user.tenants.switch("blue").tenant_id == "blue"
            with pytest.raises(InvalidArgumentError):
                user.tenant.delete_current(confirm_tenant_id="acme")
            user.tenant.delete_current(confirm_tenant_id="blue")

    await asyncio.to_thread(use)
    assert len(kept) == 2
