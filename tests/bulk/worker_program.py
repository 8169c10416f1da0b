"""A program that takes part in a job: ``python -m tests.bulk.worker_program LEDGER URL CLIENT_ID SECRET``."""

from __future__ import annotations

import asyncio
import sys

from frontegg_async import AsyncFrontegg
from frontegg_async.bulk.worker import worker


async def run(ledger: str, url: str, client_id: str, secret: str) -> None:
    """Work until the job is over, or the program is told to end; print how many rows are done."""
    async with AsyncFrontegg(client_id, secret, base_url=url) as client:
        report = await worker(ledger, client.bulk, stalled_after=2)
    sys.stdout.write(f"{report.succeeded}\n")


if __name__ == "__main__":
    asyncio.run(run(*sys.argv[1:]))
