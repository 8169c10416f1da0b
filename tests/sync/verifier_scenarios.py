"""Programs that verify tokens and end, fork, or change their loop.

Each is a function, run by ``python -m tests.sync.verifier_scenarios NAME`` with the emulator in the environment
variables.
"""

from __future__ import annotations

import asyncio
import gc
import json
import os
import sys
import threading
import urllib.request
from collections.abc import Mapping
from typing import Any, Final

import frontegg_async
from frontegg_sync import AccessTokenVerifier, Frontegg, TokenVerifier
from tests.sync.scenarios import _done, _exit_status, _fork, _in_threads

_KEPT: Final[list[object]] = []
"""What lives until the interpreter ends."""


def _admin(verb: str, body: Mapping[str, object]) -> Any:
    address = os.environ["FRONTEGG_BASE_URL"]
    url = f"{address}/_emulator/v1/environments/{os.environ['FRONTEGG_CLIENT_ID']}/{verb}"
    with urllib.request.urlopen(urllib.request.Request(url, json.dumps(body).encode())) as answer:
        return json.load(answer)


def _token() -> str:
    token: str = _admin("user-tokens", {"tenantId": "t1"})["accessToken"]
    return token


def _access_token() -> str:
    token: str = _admin("access-tokens", {"tenantId": "t1"})["secret"]
    return token


def _settings() -> dict[str, Any]:
    return {"issuer": os.environ["FRONTEGG_BASE_URL"], "audience": os.environ["FRONTEGG_CLIENT_ID"]}


def never_closed() -> None:
    """Verifiers live until the end, one of them was dropped before."""
    token, key = _token(), _access_token()
    kept = TokenVerifier(**_settings())
    access = AccessTokenVerifier(Frontegg.from_env())
    _KEPT.extend((kept, access, TokenVerifier(**_settings())))
    assert kept.verify(token).tenant_id == "t1"
    assert access.verify(key).tenant_id == "t1"
    assert TokenVerifier(**_settings(), client=Frontegg.from_env()).verify(token).tenant_id == "t1"
    gc.collect()
    _done()


def forks() -> None:
    """Parent and child go on with the same verifiers, while threads of the parent are in the middle of calls."""
    _fork_beside(4)


def forks_when_idle() -> None:
    """Parent and child go on, and no thread but this one makes calls."""
    _fork_beside(0)


def _fork_beside(count: int) -> None:
    """Fork while so many threads are in the middle of calls."""
    token, key = _token(), _access_token()
    client = Frontegg.from_env()
    tokens = TokenVerifier(**_settings())
    by_client = TokenVerifier(**_settings(), client=client)
    access = AccessTokenVerifier(client, ttl=0)
    _KEPT.extend((client, tokens, by_client, access))
    stop = threading.Event()

    def verify() -> None:
        assert tokens.verify(token).tenant_id == "t1"
        assert by_client.verify(token).tenant_id == "t1"
        assert access.verify(key).tenant_id == "t1"

    def work() -> None:
        while not stop.is_set():
            verify()
            tokens.check()

    def child() -> None:
        verify()
        tokens.check()
        by_client.check()
        verify()

    verify()
    threads = _in_threads(work, count)
    for _ in range(4):
        assert _exit_status(_fork(child)) == 7
    stop.set()
    for thread in threads:
        thread.join()
    assert _exit_status(_fork(lambda: None)) == 7
    verify()
    _done()


def two_loops() -> None:
    """Each run of a program's coroutines has a loop of its own; one ends while keys are read."""
    token, key = _token(), _access_token()
    client = frontegg_async.AsyncFrontegg.from_env()
    tokens = frontegg_async.AsyncTokenVerifier(**_settings())
    access = frontegg_async.AsyncAccessTokenVerifier(client, ttl=0)
    _KEPT.extend((client, tokens, access))

    async def verify() -> None:
        await tokens.verify(token)
        await access.verify(key)

    async def begin() -> None:
        _KEPT.append(asyncio.ensure_future(tokens.check()))
        _KEPT.append(asyncio.ensure_future(access.verify(key)))
        await asyncio.sleep(0)
        await asyncio.sleep(0)

    asyncio.run(begin())
    asyncio.run(verify())
    asyncio.run(begin())
    asyncio.run(verify())
    _done()


if __name__ == "__main__":
    globals()[sys.argv[1]]()
