"""One process of a fleet: ``python -m benchmarks.fleet.worker calls 1000``, ``... flow 8`` or ``... walk 50``.

It says ``ready``, begins when it gets a line, and says how it went as JSON; the latter two go on until another line.
``FLEET_REDIS`` and ``FLEET_KEY`` say where and by which key it shares, ``FLEET_BUDGET`` within which budget, as
``200 1 10``; the variables of the client say which environment it manages. With ``FLEET_PATIENCE`` it waits so many
seconds for Redis and for other processes, however long applications do.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import random
import sys
import time
from collections import Counter

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


class Lines(logging.Handler):
    """Counts the lines of the log by their level."""

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self.levels: Counter[str] = Counter()

    def emit(self, record: logging.LogRecord) -> None:
        """Count a line of what is shared."""
        if "token store" in record.getMessage() or "rate gate" in record.getMessage():
            self.levels[record.levelname] += 1


def _client() -> AsyncFrontegg:
    url = os.environ.get("FLEET_REDIS")
    if not url:
        return AsyncFrontegg.from_env()
    requests, seconds, burst = os.environ.get("FLEET_BUDGET", "0 0 0").split()
    budgets = {"tenants.get": Budget(int(requests), float(seconds), int(burst))} if int(requests) else None
    return AsyncFrontegg.from_env(
        token_store=RedisTokenStore(url, encryption_key=os.environ["FLEET_KEY"]),
        rate_gate=RedisRateGate(url, budgets=budgets),
    )


async def _calls(client: AsyncFrontegg, count: int) -> list[float]:
    """Make so many calls at once."""
    await asyncio.gather(*(client.tenants.get(TENANT) for _ in range(count)))
    return []


async def _walk(client: AsyncFrontegg, pause: int) -> list[float]:
    """Make one call after the other, with a pause of so many milliseconds between them, until a line comes."""
    stop = asyncio.ensure_future(asyncio.to_thread(sys.stdin.readline))
    while not stop.done():
        await client.tenants.get(TENANT)
        await asyncio.wait([stop], timeout=random.random() * 2 * pause / 1_000)
    return []


async def _flow(client: AsyncFrontegg, width: int) -> list[float]:
    """Make one call after the other, so many side by side, until a line comes; return when each had its answer."""
    stop = asyncio.ensure_future(asyncio.to_thread(sys.stdin.readline))
    moments: list[float] = []

    async def work() -> None:
        while not stop.done():
            await client.tenants.get(TENANT)
            moments.append(time.time())

    await asyncio.gather(*(work() for _ in range(width)))
    return moments


async def _main(what: str, count: int) -> None:
    lines = Lines()
    logging.getLogger("frontegg_async").addHandler(lines)
    logging.getLogger("frontegg_async").setLevel(logging.INFO)
    async with _client() as client:
        print("ready", flush=True)
        await asyncio.to_thread(sys.stdin.readline)
        begun, failure, moments = time.monotonic(), "", list[float]()
        try:
            moments = await {"calls": _calls, "walk": _walk, "flow": _flow}[what](client, count)
        except FronteggError as error:
            failure = str(error)
        seconds = time.monotonic() - begun
    print(json.dumps({"seconds": seconds, "failure": failure, "moments": moments, "lines": lines.levels}), flush=True)


if __name__ == "__main__":
    be_patient()
    asyncio.run(_main(sys.argv[1], int(sys.argv[2])))
