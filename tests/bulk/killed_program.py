"""A program whose runs are killed: each run is a process of its own, forked from this one, which has imported all.

Usage: ``python -m tests.bulk.killed_program URL CLIENT_ID SECRET DIRECTORY ROWS KILLS SEED``. It prints the number of
finished jobs; each job ends whole, whatever the number of kills.
"""

from __future__ import annotations

import asyncio
import os
import random
import signal
import sys
from pathlib import Path

from frontegg_async import AsyncFrontegg, LedgerError
from frontegg_async.bulk.stores import read_report
from tests.bulk.killed_rows import rows_of

LONGEST = 0.2
"""Seconds after which a run is killed at the latest."""


async def run(url: str, client_id: str, secret: str, ledger: Path, rows: int) -> None:
    """Begin a job, or resume it."""
    async with AsyncFrontegg(client_id, secret, base_url=url) as client:
        try:
            begun = read_report(ledger).total > 0
        except LedgerError:
            begun = False
        if begun:
            await client.bulk.resume(ledger)
        else:
            await client.bulk.create(rows_of(ledger.stem, rows), ledger=ledger, concurrency=8, rate=600)


def main() -> None:
    """Run jobs, and kill each process after a while."""
    url, client_id, secret, directory, rows, kills, seed = sys.argv[1:]
    chance = random.Random(int(seed))
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGCHLD])
    killed = job = 0
    while killed < int(kills):
        job += 1
        ledger = Path(directory, f"job{job}.sqlite3")
        while True:
            pid = os.fork()
            if pid == 0:
                try:
                    asyncio.run(run(url, client_id, secret, ledger, int(rows)))
                except BaseException as error:  # noqa: BLE001 - the parent says so
                    os.write(2, repr(error).encode())
                    os._exit(1)
                os._exit(0)
            # On a busy machine, runs that are killed in time may never come to their rows.
            is_last = killed >= int(kills)
            if not is_last and signal.sigtimedwait([signal.SIGCHLD], chance.uniform(0.0, LONGEST)) is None:
                os.kill(pid, signal.SIGKILL)
            _, status = os.waitpid(pid, 0)
            signal.sigtimedwait([signal.SIGCHLD], 0)  # drop the signal of this process before the next run
            if os.WIFSIGNALED(status):
                killed += 1
                continue
            if status:
                sys.exit(1)
            break
    sys.stdout.write(f"{job}\n")


if __name__ == "__main__":
    main()
