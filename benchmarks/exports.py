"""Measure exports: ``python -m benchmarks.exports``. Their processor time is compared with that of listing alone.

Goal B4: an export of 100,000 accounts twice is the same bytes, for at most 1.3 times the processor time of listing
them: of ``async for`` over the accounts with nothing done to them. Two more bases show what an export can be at best:
reading what it reads, which is the listing and a tree of each reseller at the top (it reads trees twice), and writing a
line of JSON for each account that is listed. The rest of an export goes to metadata, which are parsed and written with
sorted keys, to fields that the service does not give, and to the order: what is more than 64 MiB is written and read
twice. The emulator is in another process.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Final

from benchmarks.performance import memory
from frontegg_async import AsyncFrontegg
from frontegg_async.emulator import Emulator, EmulatorHandle

ACCOUNTS: Final = 100_000
RESELLERS: Final = 100
ROUNDS: Final = 5
MOST: Final = 1.3
LISTING: Final = "/tenants/resources/tenants/v2"
TREE: Final = "/tenants/resources/hierarchy/v1/tree"


def seed(emulator: EmulatorHandle, accounts: int) -> None:
    """Fill an environment with accounts, of which some are resellers with all others below them.

    Args:
        emulator: The environment.
        accounts: Their number.
    """
    emulator.seed(
        tenants=[
            {
                "tenantId": f"t-{number * 7919 % accounts:07}",
                "name": f"Account {number}",
                "metadata": {"plan": "team", "seats": number, "billing": {"currency": "EUR", "monthly": True}},
                "status": "active",
                **(
                    {"isReseller": True}
                    if number < RESELLERS
                    else {"parentTenantId": f"t-{number % RESELLERS * 7919 % accounts:07}"}
                ),
            }
            for number in range(accounts)
        ]
    )


async def _measure(rounds: int, directory: Path) -> dict[str, object]:
    path = directory / "accounts.jsonl"
    hashes: set[str] = set()
    async with AsyncFrontegg.from_env() as frontegg:

        async def listing() -> None:
            async for _ in frontegg.tenants.list():
                pass

        async def reading() -> None:
            tops = [each.tenant_id async for each in frontegg.tenants.list() if each.is_reseller]
            for tenant_id in tops:
                await frontegg.hierarchy.tree(tenant_id)

        async def lines() -> None:
            with (directory / "lines.jsonl").open("w", encoding="utf-8") as file:
                async for tenant in frontegg.tenants.list():
                    file.write(f"{tenant.to_json()}\n")

        async def export() -> None:
            await frontegg.export(path)

        works: dict[str, Callable[[], Awaitable[None]]]
        works = {"listing": listing, "reading": reading, "lines": lines, "export": export}
        times: dict[str, list[float]] = {name: [] for name in works}
        await listing()
        rise = 0.0
        for _ in range(rounds):
            for name, work in works.items():
                memory.forget_peak()
                before, started = memory.resident(), time.process_time()
                await work()
                times[name].append(time.process_time() - started)
                rise = max(rise, memory.peak() - before) if name == "export" else rise
            with path.open("rb") as file:
                hashes.add(hashlib.file_digest(file, "sha256").hexdigest())
    return {"times": times, "hashes": sorted(hashes), "size": path.stat().st_size, "mib": rise}


def main() -> int:
    """Measure and print; return 1 if two exports differ."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.exports", description=__doc__)
    parser.add_argument("--accounts", type=int, default=ACCOUNTS, help="how many (default: %(default)s)")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="how often each is measured (default: %(default)s)")
    parser.add_argument("--here", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.here is not None:
        print(json.dumps(asyncio.run(_measure(options.rounds, options.here))))
        return 0
    with Emulator() as emulator, tempfile.TemporaryDirectory() as directory:
        seed(emulator, options.accounts)
        variables = {
            "FRONTEGG_BASE_URL": emulator.url,
            "FRONTEGG_CLIENT_ID": emulator.client_id,
            "FRONTEGG_SECRET_KEY": emulator.secret,
        }
        argv = [sys.executable, "-m", "benchmarks.exports", f"--rounds={options.rounds}", f"--here={directory}"]
        done = subprocess.run(argv, env={**os.environ, **variables}, stdout=subprocess.PIPE, text=True, check=True)
        requests = Counter(entry.path for entry in emulator.journal())
    found = json.loads(done.stdout)
    times = found["times"]
    alone = -(-options.accounts // 200) + (options.accounts % 200 == 0)
    listings = (requests[LISTING] - (1 + 3 * options.rounds) * alone) // options.rounds
    trees = requests[TREE] // options.rounds - RESELLERS
    print(f"{options.accounts:,} accounts, {found['size']:,} bytes, {found['mib']:.0f} MiB above the process before")
    print(f"requests of an export: {listings} listings, {trees} trees")
    for name, took in times.items():
        print(f"{name:<8} {statistics.median(took):6.2f} s of processor time")
    for name, base in {
        "listing": f"listing alone (goal: {MOST})",
        "reading": "reading the same",
        "lines": "lines",
    }.items():
        ratios = sorted(mine / its for mine, its in zip(times["export"], times[name], strict=True))
        print(f"export / {base}: {statistics.median(ratios):.2f} ({ratios[0]:.2f} to {ratios[-1]:.2f})")
    print(f"SHA-256: {', '.join(found['hashes'])}")
    return int(len(found["hashes"]) != 1)


if __name__ == "__main__":
    sys.exit(main())
