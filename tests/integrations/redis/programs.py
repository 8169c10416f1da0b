"""Programs that share through Redis and end, fork, or change their loop.

Each is a function, run by ``python -m tests.integrations.redis.programs NAME``; ``FLEET_REDIS`` and ``FLEET_KEY`` say
where and by which key they share, and the variables of the client which environment they manage.
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
from tests.sync.scenarios import _done, _exit_status, _fork, _in_threads

_KEPT: Final[list[object]] = []
"""What lives until the interpreter ends."""


def _store() -> RedisTokenStore:
    return RedisTokenStore(os.environ["FLEET_REDIS"], encryption_key=os.environ["FLEET_KEY"])


def _gate() -> RedisRateGate:
    return RedisRateGate(os.environ["FLEET_REDIS"], budgets={"*": Budget(10_000, 1)})


def loops_end() -> None:
    """One store serves one loop after the other and two beside each other, and nobody closes anything."""
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
    """Threads share a client; parent and children go on with it, each with connections of its own."""
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
    """A coroutine forks while its connections are open; the child has a loop of its own."""
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
    """A process is killed when it has begun to fetch a token, for all who have its name."""

    async def begin() -> None:
        store = _store()
        assert await store.acquire(os.environ["FLEET_NAME"], 30.0) is not None
        os.kill(os.getpid(), signal.SIGKILL)

    asyncio.run(begin())


if __name__ == "__main__":
    {each.__name__: each for each in (loops_end, blocking_forks, coroutine_forks, dies_with_a_lease)}[sys.argv[1]]()
