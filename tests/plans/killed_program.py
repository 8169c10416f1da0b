"""A program that applies plans, each in a process that is killed at the next request of its own.

Usage: ``python -m tests.plans.killed_program URL CLIENT_ID SECRET DIRECTORY NUMBER``. The process of the plan ``0`` in
the directory is killed when it has sent one request, that of the plan ``1`` after two, and so on.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from pathlib import Path

from frontegg_async import AsyncFrontegg, RequestSnapshot


class Death:
    """Kills this process with SIGKILL at a request.

    Args:
        number: The number of the request.
    """

    def __init__(self, number: int) -> None:
        self._left = number

    def on_request(self, _: RequestSnapshot) -> None:
        """Count a request."""
        self._left -= 1
        if self._left == 0:
            os.kill(os.getpid(), signal.SIGKILL)


async def _apply(client: AsyncFrontegg, directory: Path, number: int) -> None:
    async with client:
        await client.apply(directory / f"{number}.jsonl", ledger=directory / f"{number}.sqlite3")


def main() -> None:
    """Apply the plans one after another."""
    url, client_id, secret, directory, count = sys.argv[1:]
    for number in range(int(count)):
        pid = os.fork()
        if pid == 0:
            client = AsyncFrontegg(client_id, secret, base_url=url, on_request=Death(number + 1).on_request)
            asyncio.run(_apply(client, Path(directory), number))
            os._exit(0)
        _, status = os.waitpid(pid, 0)
        sys.stdout.write("killed\n" if os.WIFSIGNALED(status) else "ended\n")


if __name__ == "__main__":
    main()
