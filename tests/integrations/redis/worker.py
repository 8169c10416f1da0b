"""One process of a fleet: ``python -m tests.integrations.redis.worker calls 1000``, or ``... flow 8``.

It prints ``ready``, begins when it reads a line, and prints the error of its calls, or an empty line; a flow continues
until it reads another line. ``FLEET_REDIS`` and ``FLEET_KEY`` are the URL and the encryption key of what it shares,
``FLEET_BUDGET`` is the budget, as ``200 1 10``; the variables of the client are those of its environment. With
``FLEET_PATIENCE`` it waits so many seconds for Redis and for other processes, however long applications do.
"""

from __future__ import annotations

import asyncio
import os
import sys

from frontegg_async import AsyncFrontegg, FronteggError
from frontegg_async.fleet import circuit_breaker, tokens
from frontegg_async.integrations.redis import Budget, RedisRateGate, RedisTokenStore, connections

TENANT = "t1"
PATIENCE = "FLEET_PATIENCE"


def be_patient() -> None:
    """Wait as long as the variable says, if it is there."""
    if PATIENCE in os.environ:
        seconds = float(os.environ[PATIENCE])
        for module, name in ((connections, "_PATIENCE"), (circuit_breaker, "PATIENCE"), (tokens, "PEER_PATIENCE")):
            setattr(module, name, seconds)


def _client() -> AsyncFrontegg:
    url = os.environ["FLEET_REDIS"]
    requests, seconds, burst = os.environ["FLEET_BUDGET"].split()
    budgets = {"tenants.get": Budget(int(requests), float(seconds), int(burst))} if int(requests) else None
    return AsyncFrontegg.from_env(
        token_store=RedisTokenStore(url, encryption_key=os.environ["FLEET_KEY"]),
        rate_gate=RedisRateGate(url, budgets=budgets),
    )


async def _calls(client: AsyncFrontegg, count: int) -> None:
    """Make so many calls at once."""
    await asyncio.gather(*(client.tenants.get(TENANT) for _ in range(count)))


async def _flow(client: AsyncFrontegg, width: int) -> None:
    """Make one call after the other, so many side by side, until a line comes."""
    stop = asyncio.ensure_future(asyncio.to_thread(sys.stdin.readline))

    async def work() -> None:
        while not stop.done():
            await client.tenants.get(TENANT)

    await asyncio.gather(*(work() for _ in range(width)))


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


async def _main(what: str, count: int) -> None:
    async with _client() as client:
        _say("ready")
        await asyncio.to_thread(sys.stdin.readline)
        failure = ""
        try:
            await {"calls": _calls, "flow": _flow}[what](client, count)
        except FronteggError as error:
            failure = str(error)
    _say(failure.replace("\n", " "))


if __name__ == "__main__":
    be_patient()
    asyncio.run(_main(sys.argv[1], int(sys.argv[2])))
