"""A program that applies a plan in processes that are killed, until one of them ends.

Usage: ``python -m tests.plans.applied_program URL CLIENT_ID SECRET PLAN LEDGER KILLS SEED``. Each process is forked
from this one, which has imported all. The program prints how many processes were killed, at most ``KILLS``.
"""

from __future__ import annotations

import asyncio
import importlib
import os
import random
import signal
import sys
import threading
from typing import Final

from frontegg_async import AsyncFrontegg, RequestSnapshot

_REQUESTS: Final = 80
"""The most requests of a process that is killed."""
_LONGEST: Final = 0.05
"""The most seconds that it lives after the last of them is sent."""


class Death:
    """Kills this process with SIGKILL, at a random moment after a random number of requests.

    Args:
        chance: Chooses both.
    """

    def __init__(self, chance: random.Random) -> None:
        self._left = chance.randrange(1, _REQUESTS)
        self._timer = threading.Timer(chance.uniform(0.0, _LONGEST), os.kill, (os.getpid(), signal.SIGKILL))
        self._timer.daemon = True

    def on_request(self, _: RequestSnapshot) -> None:
        """Count a request."""
        self._left -= 1
        if self._left == 0:
            self._timer.start()


async def apply(client: AsyncFrontegg, plan: str, ledger: str) -> None:
    """Apply the plan, or continue.

    Args:
        client: A client of the environment.
        plan: The path of the plan.
        ledger: The path of the ledger.
    """
    async with client:
        await client.apply(plan, ledger=ledger, concurrency=8)


def main() -> None:
    """Start processes until one ends."""
    url, client_id, secret, plan, ledger, kills, seed = sys.argv[1:]
    for name in ("plans.applying", "bulk.engine", "endpoints.account_settings", "resources.applications"):
        importlib.import_module(f"frontegg_async.{name}")
    chance = random.Random(seed)
    killed = 0
    while True:
        number = chance.random()
        pid = os.fork()
        if pid == 0:
            death = Death(random.Random(number)).on_request if killed < int(kills) else None
            client = AsyncFrontegg(client_id, secret, base_url=url, on_request=death)
            try:
                asyncio.run(apply(client, plan, ledger))
            except BaseException as error:  # noqa: BLE001 - the parent says so
                os.write(2, repr(error).encode())
                os._exit(1)
            os._exit(0)
        _, status = os.waitpid(pid, 0)
        if not os.WIFSIGNALED(status):
            break
        killed += 1
    sys.stdout.write(f"{killed}\n")
    sys.exit(os.waitstatus_to_exitcode(status))


if __name__ == "__main__":
    main()
