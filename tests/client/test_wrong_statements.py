"""Statements of the other package: each is refused with the one to write."""

from __future__ import annotations

from typing import Any, cast

import pytest

from frontegg_async import (
    AsyncAccessTokenVerifier,
    AsyncFrontegg,
    AsyncFronteggUser,
    AsyncTokenVerifier,
    RotatingTokens,
)
from frontegg_sync import AccessTokenVerifier as SyncAccessTokenVerifier
from frontegg_sync import Frontegg, FronteggUser, Runner
from frontegg_sync import TokenVerifier as SyncTokenVerifier

pytestmark = pytest.mark.anyio


def _awaited(client: AsyncFrontegg) -> list[Any]:
    return [
        client,
        AsyncFronteggUser(credential=RotatingTokens(refresh_token="emu_refresh"), base_url="http://127.0.0.1:9"),
        AsyncTokenVerifier(audience="emu_client", issuer="http://127.0.0.1:9"),
        AsyncAccessTokenVerifier(client),
    ]


def _blocking(client: Frontegg) -> list[Any]:
    return [
        client,
        FronteggUser(credential=RotatingTokens(refresh_token="emu_refresh"), base_url="http://127.0.0.1:9"),
        SyncTokenVerifier(audience="emu_client", issuer="http://127.0.0.1:9"),
        SyncAccessTokenVerifier(client),
        Runner(),
    ]


async def test_with_says_async_with(frontegg_client: AsyncFrontegg) -> None:
    """Before anything is entered."""
    for each in _awaited(frontegg_client):
        name = type(each).__name__
        message = rf"write 'async with {name}\(\.\.\.\)', not 'with'.*frontegg_sync"
        with pytest.raises(TypeError, match=message), each:
            pass


async def test_async_with_says_with(frontegg_sync_client: Frontegg) -> None:
    """Before anything is entered."""
    for each in _blocking(frontegg_sync_client):
        name = type(each).__name__
        with pytest.raises(TypeError, match=rf"write 'with {name}\(\.\.\.\)', not 'async with'.*frontegg_async"):
            async with each:
                pass


@pytest.mark.parametrize("kind", ["listing", "progress"])
async def test_loops_of_the_other_package(
    frontegg_client: AsyncFrontegg, frontegg_sync_client: Frontegg, kind: str
) -> None:
    """And an ``await`` of what is iterated names the call that reads all of it."""
    client, blocking = cast("Any", frontegg_client), cast("Any", frontegg_sync_client)
    awaited = client.tenants.list() if kind == "listing" else client.migrations.wait("m1")
    blocked = blocking.tenants.list() if kind == "listing" else blocking.migrations.wait("m1")
    whole = "all" if kind == "listing" else "result"

    with pytest.raises(TypeError, match="write 'async for', not 'for'"):
        for _ in awaited:
            pass
    with pytest.raises(TypeError, match=rf"without 'await', or 'await \w+\.{whole}\(\)'"):
        await awaited
    with pytest.raises(TypeError, match="write 'for', not 'async for'"):
        async for _ in blocked:
            pass
    with pytest.raises(TypeError, match=rf"'\w+\.{whole}\(\)' without 'await'"):
        await blocked


@pytest.mark.slow
async def test_progress_bars_take_both_listings(
    frontegg_client: AsyncFrontegg, frontegg_sync_client: Frontegg, capsys: pytest.CaptureFixture[str]
) -> None:
    """``tqdm.auto`` asks whether what it is given is for ``async for``; the wrong loop is refused as without it."""
    auto = pytest.importorskip("tqdm.auto", reason="tqdm is tested where the group notebooks is installed")
    frontegg_sync_client.tenants.create(tenant_id="acme", name="Acme")
    listing = frontegg_sync_client.tenants.list()

    assert [each.tenant_id for each in auto.tqdm(listing, total=listing.count())] == ["acme"]
    assert [each.tenant_id async for each in auto.tqdm(frontegg_client.tenants.list(), total=1)] == ["acme"]
    with pytest.raises(TypeError, match="write 'for', not 'async for': Pages"):
        async for _ in auto.tqdm(listing):
            pass
    assert "1/1" in capsys.readouterr().err
