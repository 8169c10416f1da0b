"""Programs with clients to await that end, fork, or change their loop.

Each is a function, run by ``python -m tests.sync.async_scenarios NAME`` with the emulator in the environment variables.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import os
import sys
import threading
from collections.abc import Coroutine
from typing import Final, TypeVar

from frontegg_async import AsyncFrontegg, ClientClosedError
from frontegg_async.errors import WrongLoopError
from tests.sync.processes import STALLED, fork
from tests.sync.scenarios import _done, _exit_status, _fork, _in_threads, _wait_until_under_way
from tests.sync.verifier_scenarios import _admin

T = TypeVar("T")

_KEPT: Final[list[object]] = []
"""What lives until the interpreter ends."""

_LOOPS: Final = 8


def _client() -> AsyncFrontegg:
    client = AsyncFrontegg.from_env()
    _KEPT.append(client)
    return client


def _run(work: Coroutine[object, object, T]) -> T:
    """Run a loop that says nothing about slow steps: how fast a busy machine takes one is not what this is about."""
    return asyncio.run(work, debug=False)


async def _name(client: AsyncFrontegg) -> str:
    return (await client.tenants.get("t1")).name


def never_closed() -> None:
    """A client is left open when its loop ends, and another is never used."""
    _client()
    assert _run(_name(_client())) == "First"
    _done()


def ends_with_calls_under_way() -> None:
    """The loop ends while calls wait for responses that never come."""
    client = _client()

    async def main() -> None:
        _KEPT.extend(asyncio.ensure_future(client.tenants.get(STALLED)) for _ in range(4))
        await asyncio.to_thread(_wait_until_under_way, 4)

    _run(main())
    assert _run(_name(client)) == "First"
    _done()


def is_closed_during_calls() -> None:
    """Every call in flight is told that the client was closed, and so is a later one."""
    client = _client()

    async def main() -> list[object]:
        calls = [asyncio.ensure_future(client.tenants.get(STALLED)) for _ in range(4)]
        await asyncio.to_thread(_wait_until_under_way, 4)
        await client.aclose()
        with contextlib.suppress(ClientClosedError):
            await client.tenants.get("t1")
            raise AssertionError
        return list(await asyncio.gather(*calls, return_exceptions=True))

    assert {type(outcome) for outcome in _run(main())} == {ClientClosedError}
    _done()


def loops_in_threads() -> None:
    """Each thread has a loop and a client of its own, all of one environment."""
    names: list[str] = []
    threads = _in_threads(lambda: names.append(_run(_name(_client()))), _LOOPS)
    for thread in threads:
        thread.join()
    assert names == ["First"] * _LOOPS
    _done()


def another_loop_at_the_same_time() -> None:
    """A client that is open in one loop says so in another, and goes on in its own."""
    client = _client()

    async def main() -> list[object]:
        assert await _name(client) == "First"
        outcomes: list[object] = []

        def elsewhere() -> None:
            try:
                outcomes.append(_run(_name(client)))
            except WrongLoopError as error:
                outcomes.append(type(error))

        await asyncio.to_thread(elsewhere)
        return [*outcomes, await _name(client)]

    assert _run(main()) == [WrongLoopError, "First"]
    _done()


def forks_in_a_loop() -> None:
    """A coroutine forks; the child has a loop of its own for the same client, and the parent goes on."""
    client = _client()

    async def main() -> None:
        assert await _name(client) == "First"
        pids: list[int] = []
        for _ in range(3):
            pid = fork()
            if not pid:
                os._exit(7 if _run(_name(client)) == "First" else 1)
            pids.append(pid)
        assert await _name(client) == "First"
        assert [await asyncio.to_thread(_exit_status, pid) for pid in pids] == [7, 7, 7]
        assert await _name(client) == "First"

    _run(main())
    _done()


def forks_beside_a_loop() -> None:
    """The program forks while a thread's loop fetches tokens and makes calls without a pause."""
    client = _client()
    begun, stop = threading.Event(), threading.Event()

    async def work() -> None:
        while not stop.is_set():
            client.reset_auth()
            assert set(await asyncio.gather(*(_name(client) for _ in range(8)))) == {"First"}
            begun.set()

    def child() -> None:
        if _run(_name(client)) != "First":
            sys.exit(1)

    thread = threading.Thread(target=lambda: _run(work()))
    thread.start()
    begun.wait()  # asyncio holds a lock of its own while it makes the first loop, which the child would wait for
    pids = [_fork(child) for _ in range(6)]
    assert [_exit_status(pid) for pid in pids] == [7] * 6
    stop.set()
    thread.join()
    assert _run(_name(client)) == "First"
    _done()


def forks_while_a_call_waits() -> None:
    """A call waits for the time of its next attempt; the child closes the client, or uses it, and ends."""
    client = _client()
    limit = {"type": "status", "status": 503, "headers": {"Retry-After": "20"}}
    path = "/tenants/resources/tenants/v2/waits"

    async def main() -> None:
        assert await _name(client) == "First"
        _admin("faults", {"stage": "accept", "action": limit, "match": {"path": path}})
        call = asyncio.ensure_future(client.tenants.get("waits"))
        while not client._environment.context.waits._waiting:  # noqa: ASYNC110 - it tells nobody
            await asyncio.sleep(0)
        pids = [_fork_in_loop(client.aclose()), _fork_in_loop(_name(client))]
        assert [await asyncio.to_thread(_exit_status, pid) for pid in pids] == [7, 7]
        call.cancel()
        assert await _name(client) == "First"

    _run(main())
    _done()


def _fork_in_loop(work: Coroutine[object, object, object]) -> int:
    """Fork in a coroutine; the child does something in a loop of its own, with status 7 if that comes to an end."""
    pid = fork()
    if pid:
        work.close()
        return pid
    done: list[object] = []
    thread = threading.Thread(target=lambda: done.append(_run(work)))
    thread.start()
    thread.join()
    gc.collect()
    # Exit at once: a normal exit would end the parent's loop, whose selector both processes share.
    os._exit(7 if done else 1)


if __name__ == "__main__":
    globals()[sys.argv[1]]()
