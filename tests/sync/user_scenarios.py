"""Programs with clients of users that end, fork, or change their loop.

Each is a function, run by ``python -m tests.sync.user_scenarios NAME`` with the emulator in the environment variables.
"""

from __future__ import annotations

import asyncio
import atexit
import contextlib
import gc
import os
import sys
import threading
import time
from typing import Final

import frontegg_async
from frontegg_sync import (
    ApiToken,
    ClientClosedError,
    ConfigurationError,
    Frontegg,
    FronteggUser,
    RotatingTokens,
    TokenPair,
)
from frontegg_sync._bridge.runner import _end_at_exit
from tests.sync.scenarios import _done, _exit_status, _fork, _in_threads
from tests.sync.verifier_scenarios import _admin, _token

_KEPT: Final[list[object]] = []
"""What lives until the interpreter ends."""


def _url() -> str:
    return os.environ["FRONTEGG_BASE_URL"]


def _api_token() -> ApiToken:
    with Frontegg.from_env() as frontegg:
        made = frontegg.api_tokens.create("t1", permission_ids=["fe.secure.read.accountSettings"])
    return ApiToken(made.client_id, made.secret.reveal())


def _user_token() -> str:
    token: str = _admin("user-tokens", {"tenantId": "t1", "permissions": ["fe.secure.*"]})["accessToken"]
    return token


def never_closed() -> None:
    """Clients with each kind of credential live until the end; others were dropped, one outlives its maker's name."""
    token = _user_token()
    session = _admin("user-tokens", {"tenantId": "t1", "email": "ann@x.example"})

    async def later() -> str:
        return token

    users = [
        Frontegg.from_env().as_user(token),
        Frontegg.from_env().as_user(later),
        FronteggUser(base_url=_url(), token=lambda: token),
        FronteggUser(base_url=_url(), credential=_api_token()),
    ]
    _KEPT.extend(users)
    gc.collect()
    assert {user.account_settings.get().tenant_id for user in users} == {"t1"}
    rotating = RotatingTokens(refresh_token=session["refreshToken"])
    assert FronteggUser(base_url=_url(), credential=rotating).tenants.list().all()
    gc.collect()
    _done()


def forks() -> None:
    """Parent and child go on with the same clients, while threads of the parent are in the middle of calls."""
    _fork_beside(4)


def forks_when_idle() -> None:
    """Parent and child go on, and no thread but this one makes calls."""
    _fork_beside(0)


def _fork_beside(count: int) -> None:
    """Fork while so many threads are in the middle of calls."""
    frontegg = Frontegg.from_env()
    clients = (
        frontegg.as_user(_user_token()),
        FronteggUser(base_url=_url(), token=_user_token()),
        FronteggUser(base_url=_url(), credential=_api_token()),
    )
    _KEPT.extend((frontegg, clients))
    stop = threading.Event()

    def ask() -> None:
        for client in clients:
            assert client.account_settings.get().tenant_id == "t1"

    def work() -> None:
        while not stop.is_set():
            ask()

    ask()
    threads = _in_threads(work, count)
    for _ in range(4):
        assert _exit_status(_fork(ask)) == 7
    stop.set()
    for thread in threads:
        thread.join()
    ask()
    _done()


def forks_with_a_session() -> None:
    """The session stays the parent's: its child is told to make one of its own, which works, and the parent goes on."""
    session = _admin("user-tokens", {"tenantId": "t1", "email": "ann@x.example"})
    user = FronteggUser(base_url=_url(), credential=RotatingTokens(refresh_token=session["refreshToken"]))
    _KEPT.append(user)
    assert user.tenants.list().all()

    def child() -> None:
        with contextlib.suppress(ConfigurationError):
            user.tenants.list().all()
            raise AssertionError
        user.close()
        own = _admin("user-tokens", {"tenantId": "t1", "email": "ann@x.example"})
        with FronteggUser(base_url=_url(), credential=RotatingTokens(refresh_token=own["refreshToken"])) as ours:
            assert ours.tenants.list().all()

    assert _exit_status(_fork(child)) == 7
    assert user.tenants.list().all()
    _done()


def exits_while_a_pair_is_kept() -> None:
    """The end of the program waits for the function that keeps it, closed or not."""
    kept: list[str] = []
    begun = threading.Event()

    def keep(pair: TokenPair) -> None:
        begun.set()
        time.sleep(0.3)
        kept.append(pair.refresh_token)

    def begin(user: FronteggUser) -> None:
        def call() -> None:
            with contextlib.suppress(ClientClosedError):
                user.tenants.list().all()

        begun.clear()
        _in_threads(call, 1, daemon=True)
        begun.wait()

    def look() -> None:
        assert len(kept) == 2, kept

    # Exits run in the opposite order: the runners wait for their loops before this looks.
    atexit.unregister(_end_at_exit)
    atexit.register(look)
    atexit.register(_end_at_exit)
    for closes in (True, False):
        session = _admin("user-tokens", {"tenantId": "t1", "email": "ann@x.example"})
        credential = RotatingTokens(refresh_token=session["refreshToken"], on_rotate=keep)
        user = FronteggUser(base_url=_url(), credential=credential)
        _KEPT.append(user)
        begin(user)
        if closes:
            user.close()
    _done()


def two_loops() -> None:
    """Each run of a program's coroutines has a loop of its own; nothing is closed."""
    frontegg = frontegg_async.AsyncFrontegg.from_env()
    users = (
        frontegg.as_user(_token()),
        frontegg_async.AsyncFronteggUser(base_url=_url(), credential=_api_token()),
    )
    _KEPT.extend((frontegg, users))

    async def ask() -> None:
        await asyncio.gather(*(user.account_settings.get_public() for user in users))

    asyncio.run(ask())
    asyncio.run(ask())
    _done()


if __name__ == "__main__":
    globals()[sys.argv[1]]()
