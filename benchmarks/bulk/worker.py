"""One process of the measures of bulk work; see ``python -m benchmarks.bulk``."""

from __future__ import annotations

import asyncio
import contextlib
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from frontegg_async import AsyncFrontegg, LedgerError
from frontegg_async.bulk.stores import read_report


def rows(count: int) -> Iterator[dict[str, str]]:
    """Yield rows with their own ids."""
    for number in range(count):
        yield {"tenant_id": f"t{number}", "name": f"Tenant {number}"}


async def run(client: AsyncFrontegg, ledger: Path, count: int, rate: float | None) -> None:
    """Begin a job, or go on with it."""
    begun = False
    with contextlib.suppress(LedgerError):
        begun = read_report(ledger).total > 0
    if begun:
        await client.bulk.resume(ledger)
    else:
        await client.bulk.create(rows(count), ledger=ledger, rate=rate, reserve=0)


async def bare(client: AsyncFrontegg, count: int) -> None:
    """Make the same calls in a task group, without a ledger."""
    waiting = rows(count)

    async def work() -> None:
        for row in waiting:
            await client.tenants.create(tenant_id=row["tenant_id"], name=row["name"])

    async with asyncio.TaskGroup() as group:
        for _ in range(16):
            group.create_task(work())


async def resume(client: AsyncFrontegg, ledger: Path) -> None:
    """Go on with a large job for a moment."""
    before = _peak()
    task = asyncio.create_task(client.bulk.resume(ledger, rate=50))
    await asyncio.wait([task], timeout=15)
    task.cancel()
    await asyncio.wait([task])
    print((_peak() - before) / 1024, flush=True)


def _peak() -> int:
    """Return the most memory that this program has had, in kilobytes; that of its parent is not in it."""
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    return int(status.partition("VmHWM:")[2].split()[0])


async def main() -> None:
    """Do what the arguments say; print the seconds of the processor."""
    work, url, client_id, secret, ledger, count, rate = sys.argv[1:]
    async with AsyncFrontegg(client_id, secret, base_url=url) as client:
        await client.tenants.list().count()
        assert client.bulk is not None  # imports are paid once
        begun = time.process_time()
        if work == "bare":
            await bare(client, int(count))
        elif work == "resume":
            await resume(client, Path(ledger))
        else:
            await run(client, Path(ledger), int(count), float(rate) or None)
        print(time.process_time() - begun, flush=True)


if __name__ == "__main__":
    asyncio.run(main())
