"""Programs with clients of users that end, fork, or change their loop.

Each is a function, run by ``python -m tests.sync.user_scenarios NAME`` with the emulator in the environment variables.
"""

from __future__ import annotations

import asyncio
import gc
import os
import sys
import threading
from typing import Final

import frontegg_async
from frontegg_sync import ApiToken, Frontegg, FronteggUser, RotatingTokens
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
    assert FronteggUser(base_url=_url(), credential=rotating).me.tenants()
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


def two_loops() -> None:
    """Each run of a program's coroutines has a loop of its own; nothing is closed."""
    frontegg = frontegg_async.AsyncFrontegg.from_env()
    users = (
        frontegg.as_user(_token()),
        frontegg_async.AsyncFronteggUser(base_url=_url(), credential=_api_token()),
    )
    _KEPT.extend((frontegg, users))

    async def ask() -> None:
        await asyncio.gather(*(user.account_settings.public() for user in users))

    asyncio.run(ask())
    asyncio.run(ask())
    _done()


if __name__ == "__main__":
    globals()[sys.argv[1]]()
