"""A process of the benchmarks of bulk work; see ``python -m benchmarks.bulk``."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from frontegg_async import AsyncFrontegg, LedgerError
from frontegg_async.bulk.stores import read_report

ROUNDS: Final = 6
EVERY: Final = 0.02


def rows(count: int, prefix: str = "t") -> Iterator[dict[str, str]]:
    """Yield rows with their own ids."""
    for number in range(count):
        yield {"tenant_id": f"{prefix}{number}", "name": f"Tenant {number}"}


async def run(client: AsyncFrontegg, ledger: Path, count: int, *, rate: float | None, reserve: float) -> None:
    """Begin or continue a job."""
    begun = False
    with contextlib.suppress(LedgerError):
        begun = read_report(ledger).total > 0
    if begun:
        await client.bulk.resume(ledger)
    else:
        await client.bulk.create(rows(count), ledger=ledger, rate=rate, reserve=reserve)


async def bare(client: AsyncFrontegg, count: int, prefix: str) -> None:
    """Make the same calls in a task group, without a ledger."""
    waiting = rows(count, prefix)

    async def work() -> None:
        for row in waiting:
            await client.tenants.create(tenant_id=row["tenant_id"], name=row["name"])

    async with asyncio.TaskGroup() as group:
        for _ in range(16):
            group.create_task(work())


async def cost(client: AsyncFrontegg, ledger: Path, count: int) -> None:
    """Do the same work without and with a ledger in turn, and print the processor seconds of each."""
    for turn in range(ROUNDS + 1):
        gc.collect()
        begun = time.process_time()
        await bare(client, count, f"bare-{turn}-")
        gc.collect()
        middle = time.process_time()
        await client.bulk.create(rows(count, f"run-{turn}-"), ledger=ledger.with_suffix(f".{turn}"), reserve=0)
        if turn:  # the first turn imports modules and connects
            print(middle - begun, time.process_time() - middle, flush=True)


async def paced(client: AsyncFrontegg, count: int, rate: float) -> None:
    """Make the same calls at a rate, without bulk work."""
    for row in rows(count, "paced-"):
        await client.tenants.create(tenant_id=row["tenant_id"], name=row["name"])
        await asyncio.sleep(1 / rate)


async def foreground(client: AsyncFrontegg) -> None:
    """Make a call for each input line, and print the duration of each call."""
    for line in sys.stdin:
        taken: list[float] = []
        end = time.monotonic() + float(line)
        while time.monotonic() < end:
            begun = time.perf_counter()
            await client.tenants.list(page_size=1).first_page()
            taken.append(time.perf_counter() - begun)
            await asyncio.sleep(EVERY)
        print(*taken, flush=True)


async def resume(client: AsyncFrontegg, ledger: Path) -> None:
    """Continue a large job for a short time."""
    before = _peak()
    task = asyncio.create_task(client.bulk.resume(ledger, rate=50))
    await asyncio.wait([task], timeout=15)
    task.cancel()
    await asyncio.wait([task])
    print((_peak() - before) / 1024, flush=True)


def _peak() -> int:
    """Return the peak memory of this program in kilobytes, without its parent's memory."""
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    return int(status.partition("VmHWM:")[2].split()[0])


async def main() -> None:
    """Run the function that the arguments name."""
    work, url, client_id, secret, ledger, count, rate, reserve = sys.argv[1:]
    async with AsyncFrontegg(client_id, secret, base_url=url) as client:
        await client.tenants.list().count()
        assert client.bulk is not None  # import the modules once, before the measurement
        if work == "cost":
            await cost(client, Path(ledger), int(count))
        elif work == "resume":
            await resume(client, Path(ledger))
        elif work == "foreground":
            await foreground(client)
        elif work == "paced":
            await paced(client, int(count), float(rate))
        else:
            await run(client, Path(ledger), int(count), rate=float(rate) or None, reserve=float(reserve))


if __name__ == "__main__":
    asyncio.run(main())
