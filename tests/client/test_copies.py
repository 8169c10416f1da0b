"""Clients refuse to be pickled or copied, and a closed client cannot be entered."""

from __future__ import annotations

import copy
import pickle
import traceback
from collections.abc import Callable
from typing import Final

import attrs
import pytest

import frontegg_async
import frontegg_sync
from frontegg_async import AsyncFrontegg, AsyncFronteggUser, ClientClosedError, FileTokenStore, FronteggError, Outcome
from frontegg_sync import Frontegg, FronteggUser, Runner
from tests.support.flavours import do
from tests.support.traceback_frames import shown_by_frames

URL: Final = "http://127.0.0.1:9"
SECRET: Final = "canary-secret-of-32-bytes-or-more"
WAYS: Final[tuple[Callable[[object], object], ...]] = (pickle.dumps, copy.copy, copy.deepcopy)


def _token() -> str:
    return "never asked"


def _client() -> AsyncFrontegg:
    return AsyncFrontegg("id", SECRET, base_url=URL)


def _blocking() -> Frontegg:
    return Frontegg("id", SECRET, base_url=URL)


MAKERS: Final[dict[str, Callable[[], object]]] = {
    "AsyncFrontegg": _client,
    "AsyncFrontegg of with_options": lambda: _client().with_options(timeout=1),
    "AsyncFronteggUser": lambda: AsyncFronteggUser(base_url=URL, token=_token),
    "AsyncTenantView": lambda: _client().for_tenant("t1"),
    "AsyncTokenVerifier": lambda: frontegg_async.AsyncTokenVerifier(domain="app-acme", audience="id", secret=SECRET),
    "AsyncTokenVerifier of published keys": lambda: frontegg_async.AsyncTokenVerifier(domain="app-acme", audience="id"),
    "AsyncAccessTokenVerifier": lambda: frontegg_async.AsyncAccessTokenVerifier(_client()),
    "Frontegg": _blocking,
    "Frontegg of with_options": lambda: _blocking().with_options(timeout=1),
    "FronteggUser": lambda: FronteggUser(base_url=URL, token=_token),
    "TenantView": lambda: _blocking().for_tenant("t1"),
    "TokenVerifier": lambda: frontegg_sync.TokenVerifier(domain="app-acme", audience="id", secret=SECRET),
    "AccessTokenVerifier": lambda: frontegg_sync.AccessTokenVerifier(_blocking()),
    "Runner": Runner,
}


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
@pytest.mark.parametrize("name", MAKERS)
def test_a_client_is_neither_pickled_nor_copied(name: str, way: Callable[[object], object]) -> None:
    """The error names it and says what to do."""
    with pytest.raises(
        TypeError, match=rf"^{name.split(maxsplit=1)[0].strip(',')} cannot be pickled or copied: make one "
    ) as caught:
        way(MAKERS[name]())
    assert SECRET not in str(caught.value)


@pytest.mark.parametrize("way", [pickle.dumps, copy.deepcopy], ids=lambda way: way.__name__)
@pytest.mark.parametrize("client", [_client, _blocking])
def test_nor_is_what_belongs_to_it(
    client: Callable[[], AsyncFrontegg | Frontegg], way: Callable[[object], object]
) -> None:
    """Resources and listings make their calls by it."""
    for part in (client().tenants, client().tenants.list(), client().for_tenant("t1").sso):
        with pytest.raises(TypeError, match=r"^an object of a client, .* cannot be pickled or copied: make one "):
            way(part)


@attrs.frozen
class _Blocking:
    """A blocking client and how it is entered and closed, as one that is awaited."""

    client: Frontegg | FronteggUser | frontegg_sync.TokenVerifier | frontegg_sync.AccessTokenVerifier | Runner

    async def aclose(self) -> None:
        self.client.close()

    async def __aenter__(self) -> object:
        return self.client.__enter__()

    async def __aexit__(self, *exception: object) -> None:
        self.client.close()


CLOSABLE: Final = {
    "AsyncFrontegg": _client,
    "AsyncFronteggUser": lambda: AsyncFronteggUser(base_url=URL, token=_token),
    "AsyncTokenVerifier": lambda: frontegg_async.AsyncTokenVerifier(domain="app-acme", audience="id"),
    "AsyncAccessTokenVerifier": lambda: frontegg_async.AsyncAccessTokenVerifier(_client()),
    "Frontegg": lambda: _Blocking(_blocking()),
    "FronteggUser": lambda: _Blocking(FronteggUser(base_url=URL, token=_token)),
    "TokenVerifier": lambda: _Blocking(frontegg_sync.TokenVerifier(domain="app-acme", audience="id")),
    "AccessTokenVerifier": lambda: _Blocking(frontegg_sync.AccessTokenVerifier(_blocking())),
    "Runner": lambda: _Blocking(Runner()),
}


@pytest.mark.anyio
@pytest.mark.parametrize("name", CLOSABLE)
async def test_what_is_closed_is_not_entered(name: str) -> None:
    """It would look open, and the first call would fail."""
    closable = CLOSABLE[name]()
    async with closable:
        pass
    with pytest.raises(ClientClosedError, match=r"^the (client|verifier) is closed"):
        async with closable:
            pass


@pytest.mark.anyio
async def test_a_view_of_what_is_closed_is_not_entered() -> None:
    """Neither one with other options, nor the client of a user over its session; of a runner, none of its clients."""
    client = AsyncFrontegg("id", SECRET, base_url=URL)
    await client.aclose()
    blocking = _blocking()
    blocking.close()
    runner = Runner()
    on_runner = Frontegg("id", SECRET, base_url=URL, runner=runner)
    runner.close()
    for call in (client.tenants.get, blocking.tenants.get):
        with pytest.raises(ClientClosedError) as caught:
            await do(call, "acme")
        assert caught.value.outcome is Outcome.NOT_SENT
    for view in (client.with_options(timeout=1), client.as_user(_token)):
        with pytest.raises(ClientClosedError):
            await view.__aenter__()
    for other in (blocking.with_options(timeout=1), blocking.as_user(_token), on_runner):
        with pytest.raises(ClientClosedError):
            other.__enter__()


UNMADE: Final[dict[str, Callable[[], object]]] = {
    "AsyncFrontegg": lambda: AsyncFrontegg("id", SECRET, region="xx"),  # type: ignore[arg-type]
    "Frontegg": lambda: Frontegg("id", SECRET, region="xx"),  # type: ignore[arg-type]
    "AsyncFronteggUser": lambda: AsyncFronteggUser(base_url=URL),
    "AsyncFronteggUser of as_user": lambda: _client().as_user("nonsense"),
    "FronteggUser": lambda: FronteggUser(base_url=URL),
    "FronteggUser of as_user": lambda: _blocking().as_user("nonsense"),
    "AsyncTenantView": lambda: _client().for_tenant(".."),
    "AsyncTokenVerifier": lambda: frontegg_async.AsyncTokenVerifier(audience="id"),
    "TokenVerifier": lambda: frontegg_sync.TokenVerifier(audience="id"),
    "FileTokenStore": lambda: FileTokenStore("relative", encryption_key="k"),
}


@pytest.mark.parametrize("name", UNMADE)
def test_what_was_not_made_is_shown_in_tracebacks(name: str) -> None:
    """Error reporters show the locals of the constructor, which hold the instance."""
    with pytest.raises(FronteggError) as caught:
        UNMADE[name]()
    shown = "".join(traceback.TracebackException.from_exception(caught.value, capture_locals=True).format())
    assert "<exception" not in shown
    assert all(shown_by_frames(caught.value))
