"""Programs that share state through Redis and exit, fork, or change their loop.

Each is a function, run by ``python -m tests.integrations.redis.programs NAME``; ``FLEET_REDIS`` and ``FLEET_KEY``
give the URL and the encryption key, and the client's environment variables give the environment.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import threading
from typing import Final

from frontegg_async import AsyncFrontegg
from frontegg_async.integrations.redis import Budget, RedisRateGate, RedisTokenStore
from frontegg_sync import Frontegg
from tests.integrations.redis.worker import be_patient
from tests.sync.scenarios import _done, _exit_status, _fork, _in_threads

_KEPT: Final[list[object]] = []
"""Objects that live until the interpreter exits."""


def _store() -> RedisTokenStore:
    return RedisTokenStore(os.environ["FLEET_REDIS"], encryption_key=os.environ["FLEET_KEY"])


def _gate() -> RedisRateGate:
    return RedisRateGate(os.environ["FLEET_REDIS"], budgets={"*": Budget(10_000, 1)})


def loops_end() -> None:
    """One store serves consecutive loops and two concurrent ones, and nothing is closed."""
    store, gate = _store(), _gate()
    _KEPT.extend((store, gate))

    async def work() -> None:
        client = AsyncFrontegg.from_env(token_store=store, rate_gate=gate)
        assert (await client.tenants.get("t1")).name == "First"

    for _ in range(2):
        asyncio.run(work())
    for thread in _in_threads(lambda: asyncio.run(work()), 4):
        thread.join()
    _done()


def blocking_forks() -> None:
    """Threads share a client; after a fork, parent and children continue with their own connections."""
    client = Frontegg.from_env(token_store=_store(), rate_gate=_gate())
    _KEPT.append(client)

    def work() -> None:
        for _ in range(5):
            assert client.tenants.get("t1").name == "First"

    for thread in _in_threads(work, 4):
        thread.join()

    def child() -> None:
        client.check()
        work()

    pids = [_fork(child), _fork(child), _fork(lambda: None)]
    work()
    assert [_exit_status(pid) for pid in pids] == [7] * 3
    client.check()
    work()
    _done()


def coroutine_forks() -> None:
    """A coroutine forks while its connections are open; the child has its own loop."""
    store, gate = _store(), _gate()

    async def work() -> None:
        client = AsyncFrontegg.from_env(token_store=store, rate_gate=gate)
        _KEPT.append(client)
        await client.check()
        assert (await client.tenants.get("t1")).name == "First"

    def child() -> None:
        asyncio.set_event_loop(None)
        thread = threading.Thread(target=lambda: asyncio.run(work()))
        thread.start()
        thread.join()

    async def parent() -> list[int]:
        await work()
        pids = [_fork(child)]
        await work()
        return pids

    assert [_exit_status(pid) for pid in asyncio.run(parent())] == [7]
    asyncio.run(work())
    _done()


def dies_with_a_lease() -> None:
    """A process is killed while it holds the lease for fetching a token."""

    async def begin() -> None:
        store = _store()
        assert await store.acquire(os.environ["FLEET_NAME"], 30.0) is not None
        os.kill(os.getpid(), signal.SIGKILL)

    asyncio.run(begin())


if __name__ == "__main__":
    be_patient()
    {each.__name__: each for each in (loops_end, blocking_forks, coroutine_forks, dies_with_a_lease)}[sys.argv[1]]()
