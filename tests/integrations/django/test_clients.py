"""The clients of a process: one for plain code, and one for each running loop."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.test import override_settings

from frontegg_async import AsyncFrontegg, ClientClosedError, ReadOnlyError
from frontegg_async.emulator import EmulatorHandle
from frontegg_async.errors import WrongLoopError
from frontegg_sync.integrations.django import close_clients, get_async_client, get_client, get_verifier

pytestmark = pytest.mark.usefixtures("site")


def _authentications(emulator: EmulatorHandle) -> int:
    return [entry.route for entry in emulator.journal()].count("auth.authenticate")


def test_all_threads_share_one_client(frontegg_emulator: EmulatorHandle) -> None:
    """Threads that ask at the same moment get the same client."""
    together = threading.Barrier(8)

    def ask(_: int) -> tuple[int, int, str]:
        together.wait()
        client = get_client()
        return id(client), id(get_verifier()), client.tenants.get("north").name

    with ThreadPoolExecutor(8) as threads:
        found = set(threads.map(ask, range(8)))

    assert len(found) == 1
    assert _authentications(frontegg_emulator) == 1


def test_new_settings_make_new_clients(given: dict[str, Any]) -> None:
    """The clients of the old settings are closed."""
    old, old_verifier = get_client(), get_verifier()
    with override_settings(FRONTEGG={**given, "OPTIONS": {"timeout": 2}}):
        assert get_client() is not old
        assert get_client().options.timeout == 2
        with pytest.raises(ClientClosedError):
            old.tenants.get("north")
        with pytest.raises(ClientClosedError):
            old_verifier.verify("token")
    with override_settings(DEBUG=True):
        assert get_client() is get_client()


@pytest.mark.parametrize("options", [{}, {"OPTIONS": {"read_only": False}}])
def test_a_variable_refuses_writes(
    given: dict[str, Any], options: dict[str, Any], monkeypatch: pytest.MonkeyPatch, frontegg_emulator: EmulatorHandle
) -> None:
    """Whatever the settings say, and for awaited clients too; reads work."""
    monkeypatch.setenv("FRONTEGG_READ_ONLY", "1")
    with override_settings(FRONTEGG={**given, **options}):
        assert get_client().tenants.get("north").name == "North"
        with pytest.raises(ReadOnlyError, match="FRONTEGG_READ_ONLY"):
            get_client().tenants.create(name="East")
        with pytest.raises(ReadOnlyError, match="FRONTEGG_READ_ONLY"):
            asyncio.run(_create())
    assert "tenants.create" not in [entry.route for entry in frontegg_emulator.journal()]


async def _create() -> None:
    await get_async_client().tenants.create(name="East")


def test_new_clients_after_closing() -> None:
    """Closing twice, or closing clients that were never made, does nothing."""
    old = get_client()
    close_clients()
    close_clients()

    assert get_client() is not old
    assert get_client().tenants.get("north").name == "North"


def test_a_loop_has_one_client() -> None:
    """Repeated calls in a loop return the same client."""

    async def ask() -> bool:
        return get_async_client() is get_async_client()

    assert asyncio.run(ask())


def test_the_client_of_a_closed_loop_serves_the_next(frontegg_emulator: EmulatorHandle) -> None:
    """Under WSGI each request of an async view has its own loop; the token is fetched once."""

    async def ask() -> tuple[int, str]:
        client = get_async_client()
        return id(client), (await client.tenants.get("north")).name

    found = {async_to_sync(ask)() for _ in range(3)} | {asyncio.run(ask())}

    assert len(found) == 1
    assert _authentications(frontegg_emulator) == 1


def test_concurrent_loops_have_their_own_clients() -> None:
    """A client is open in one loop only."""
    together = threading.Barrier(2)

    async def ask() -> tuple[int, str]:
        client = get_async_client()
        name = (await client.tenants.get("north")).name
        together.wait()
        return id(client), name

    with ThreadPoolExecutor(2) as threads:
        found = set(threads.map(lambda _: asyncio.run(ask()), range(2)))

    assert len(found) == 2


def test_the_client_of_a_running_loop_is_closed_in_it(given: dict[str, Any]) -> None:
    """When the settings change while a loop runs, its old client is closed in that loop."""

    async def ask() -> tuple[AsyncFrontegg, AsyncFrontegg]:
        old = get_async_client()
        await old.tenants.get("north")
        with override_settings(FRONTEGG={**given, "APP": "other"}):
            new = get_async_client()
            await new.tenants.get("north")
            # The closing of the old client was scheduled in this loop before.
            await asyncio.sleep(0)
            with pytest.raises(ClientClosedError):
                await old.tenants.get("north")
        return old, new

    old, new = asyncio.run(ask())
    assert old is not new


def test_plain_code_has_no_async_client() -> None:
    """The error names the function for plain code."""
    with pytest.raises(WrongLoopError, match=r"use get_client\(\)"):
        get_async_client()
