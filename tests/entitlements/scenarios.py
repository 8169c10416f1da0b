"""Programs that decide about entitlements and end, or fork.

Each is a function, run by ``python -m tests.entitlements.scenarios NAME`` with the emulator in the environment
variables.
"""

from __future__ import annotations

import asyncio
import sys
import threading
from collections.abc import Callable
from typing import Final

from frontegg_async import AsyncEntitlements, AsyncFrontegg
from frontegg_async.entitlements import EntitlementsEvent
from frontegg_sync import Entitlements, Frontegg
from tests.support.waiting import until
from tests.sync.scenarios import _done, _exit_status, _fork

_KEPT: Final[list[object]] = []
"""What lives until the interpreter ends."""
_PERIOD: Final = 0.1


def _opened(period: float = _PERIOD) -> tuple[Frontegg, Entitlements]:
    client = Frontegg.from_env()
    entitlements = Entitlements(client, refresh=period)
    entitlements.open()
    _KEPT.extend((client, entitlements))
    assert entitlements.features_of(tenant_id="acme") == {"reports"}
    return client, entitlements


def never_closed() -> None:
    """The task works when the program ends."""
    _opened()
    _done()


def closed() -> None:
    """Everything is closed, in the order in which it was opened."""
    client, entitlements = _opened()
    client.close()
    entitlements.close()
    _done()


def forks() -> None:
    """Parent and children each refresh; what a child changes, all learn."""
    _fork_from(*_opened())


def forks_when_idle() -> None:
    """The task of the parent sleeps at that moment."""
    _fork_from(*_opened(period=2.0))


def _fork_from(client: Frontegg, entitlements: Entitlements) -> None:
    events: list[EntitlementsEvent] = []
    entitlements.listen(events.append)

    def child() -> None:
        assert entitlements.features_of(tenant_id="acme") == {"reports"}
        client.plan_assignments.remove(["a1"])
        _until(lambda: not entitlements.features_of(tenant_id="acme"))
        _until(lambda: any(each.kind == "changed" for each in events))
        assert entitlements.age < 60

    def closing_child() -> None:
        entitlements.close()
        with Entitlements(client) as another:
            another.features_of(tenant_id="acme")

    pids = [_fork(child), _fork(closing_child), _fork(lambda: None)]
    assert [_exit_status(pid) for pid in pids] == [7, 7, 7]
    _until(lambda: not entitlements.features_of(tenant_id="acme"))
    _done()


def forks_between_loops() -> None:
    """A server opens entitlements in a loop, and its workers use them in loops of their own."""
    client = AsyncFrontegg.from_env()
    entitlements = AsyncEntitlements(client, refresh=_PERIOD)
    _KEPT.extend((client, entitlements))
    asyncio.run(entitlements.open())

    async def work() -> None:
        asyncio.get_running_loop().slow_callback_duration = 600
        assert entitlements.features_of(tenant_id="acme") == {"reports"}
        await client.plan_assignments.remove(["a1"])
        await until(lambda: not entitlements.features_of(tenant_id="acme"))
        await entitlements.aclose()
        await client.aclose()

    assert _exit_status(_fork(lambda: asyncio.run(work()))) == 7
    _done()


def decides_in_many_threads() -> None:
    """Of a child, whose first decisions come at the same moment."""
    _, entitlements = _opened()

    def child() -> None:
        barrier = threading.Barrier(8)

        def decide() -> None:
            barrier.wait()
            for _ in range(100):
                entitlements.decide(tenant_id="acme", feature="reports")

        threads = [threading.Thread(target=decide) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        refresher = entitlements._async._refresher
        _until(lambda: refresher._task is not None)

    assert _exit_status(_fork(child)) == 7
    _done()


def _until(condition: Callable[[], bool]) -> None:
    """Wait for a condition; the program is killed after a minute."""
    while not condition():
        pass


if __name__ == "__main__":
    globals()[sys.argv[1]]()
