"""Without an asyncio loop, for example under trio, each awaitable raises a helpful error."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest
import trio

from frontegg_async import ApiToken, AsyncFrontegg, AsyncFronteggUser, AsyncTokenVerifier, Options
from frontegg_async.emulator import EmulatorHandle
from frontegg_async.errors import WrongLoopError
from frontegg_sync import Frontegg


async def _iterate(client: AsyncFrontegg) -> None:
    async for _ in client.tenants.list():
        raise AssertionError


async def _enter(client: AsyncFrontegg) -> None:
    async with client:
        await client.tenants.get("t1")


@pytest.mark.parametrize(
    "use",
    [
        lambda client: client.tenants.get("t1"),
        lambda client: client.tenants.create(name="First", options=Options(deadline=None)),
        lambda client: client.tenants.update("t1", timezone="Europe/Nowhere"),
        lambda client: client.tenants.list().all(),
        lambda client: client.migrations.start(["t1"]),
        lambda client: client.check(),
        lambda client: client.aclose(),
        _iterate,
        _enter,
    ],
)
def test_a_client_under_trio(
    use: Callable[[AsyncFrontegg], Awaitable[object]], frontegg_emulator: EmulatorHandle
) -> None:
    """It names asyncio, and what to do instead; nothing is sent."""
    client = AsyncFrontegg(frontegg_emulator.client_id, frontegg_emulator.secret, base_url=frontegg_emulator.url)

    async def main() -> None:
        await use(client)

    with pytest.raises(WrongLoopError, match=r"asyncio.*trio"):
        trio.run(main)
    assert frontegg_emulator.journal() == []


def test_users_and_verifiers_under_trio(frontegg_emulator: EmulatorHandle) -> None:
    """They need the loop too, also for the credential and the keys alone."""
    emulator = frontegg_emulator
    user = AsyncFronteggUser(base_url=emulator.url, credential=ApiToken("emu_id", "emu_secret"))
    verifier = AsyncTokenVerifier(issuer=emulator.url, audience=emulator.client_id)

    async def main() -> None:
        with pytest.raises(WrongLoopError, match=r"asyncio.*trio"):
            await user.tenants.list().all()
        with pytest.raises(WrongLoopError, match=r"asyncio.*trio"):
            await verifier.check()

    trio.run(main)


def test_the_blocking_client_in_a_thread_of_trio(frontegg_emulator: EmulatorHandle) -> None:
    """That is what the message says to do."""
    frontegg_emulator.seed(tenants=[{"tenantId": "t1", "name": "First"}])
    with Frontegg(frontegg_emulator.client_id, frontegg_emulator.secret, base_url=frontegg_emulator.url) as client:
        tenant = trio.run(trio.to_thread.run_sync, client.tenants.get, "t1")

    assert tenant.name == "First"
