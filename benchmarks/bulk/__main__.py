"""Measure bulk work against its goals: ``python -m benchmarks.bulk [kills|cost|resume|limit|workers ...]``, or all.

- ``kills``: create accounts at a rate, while the process is killed every few seconds.
- ``cost``: compare the processor time with the same calls without a ledger, in turn in one process.
- ``resume``: measure the time and the memory to continue a ledger with a million rows.
- ``limit``: count the responses with 429 under a rate limit, and measure a foreground call beside the job. The emulator
  shares the machine, so the call is also measured beside the same calls without a job, in turn.
- ``workers``: create accounts at a rate with 4 processes on PostgreSQL. 3 processes are killed, and the server
  restarts.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import math
import random
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Final

from benchmarks.bulk.worker import rows
from frontegg_async import AsyncFrontegg
from frontegg_async.bulk.intake import Intake
from frontegg_async.bulk.operations import OPERATIONS
from frontegg_async.bulk.sqlite_store import SqliteStore
from frontegg_async.bulk.stores import read_report
from frontegg_async.emulator import Emulator, EmulatorHandle
from tests.bulk.crew import begin, harm, outcome
from tests.support.postgres import postgres_server

ROWS: Final = 20_000
RATE: Final = 400
EVERY: Final = 5.0
MILLION: Final = 1_000_000
LIMIT: Final = 600
RESERVE: Final = 0.2
TURNS: Final = 10
TURN: Final = 3.0
"""The duration of a turn, in seconds."""


def start(
    emulator: EmulatorHandle, work: str, ledger: Path, count: int = 0, *, rate: float = 0, reserve: float = 0
) -> subprocess.Popen[str]:
    """Start a process."""
    given = (emulator.url, emulator.client_id, emulator.secret, ledger, count, rate, reserve)
    command = [sys.executable, "-m", "benchmarks.bulk.worker", work, *map(str, given)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8")


def creates(emulator: EmulatorHandle) -> list[float]:
    """Return the times at which the emulator received the creations, in seconds since the epoch."""
    found = [entry.at for entry in emulator.journal() if entry.route == "tenants.create"]
    return [dt.datetime.fromisoformat(at).timestamp() for at in found]


def kills(emulator: EmulatorHandle, directory: Path) -> str:
    """B1: at least 95 % of the rate; a resumed process sends within 1 s; no account is created twice or lost."""
    ledger, sending, first, runs, seen = directory / "kills", 0.0, [], 0, 0
    while True:
        begun = time.time()
        process = start(emulator, "run", ledger, ROWS, rate=RATE)
        runs += 1
        try:
            process.wait(EVERY)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        moments = creates(emulator)[seen:]
        seen += len(moments)
        if moments:
            sending += moments[-1] - moments[0]
            first.append(moments[0] - begun)
        if process.returncode == 0:
            break
    created = Counter(
        tenant_id for entry in emulator.journal() if entry.effect is not None for tenant_id in entry.effect.created
    )
    return (
        f"{ROWS / sending / RATE:.1%} of {RATE} a second in {runs} processes; "
        f"first request after {max(first[1:], default=0):.2f} s at most; {seen - ROWS} sent twice; "
        f"{sum(created.values()) - len(created)} doubled; {ROWS - len(created)} lost; "
        f"{read_report(ledger).succeeded:,} done"
    )


def cost(emulator: EmulatorHandle, directory: Path) -> str:
    """B2: the ledger costs at most a tenth of the processor time."""
    printed, _ = start(emulator, "cost", directory / "cost", ROWS).communicate()
    rounds = [[float(each) for each in line.split()] for line in printed.splitlines()]
    ratios = sorted(run / bare for bare, run in rounds)
    least = min(run for _, run in rounds) / min(bare for bare, _ in rounds)
    return (
        f"{statistics.median(ratios):.3f} of the processor time without a ledger ({ratios[0]:.3f} to {ratios[-1]:.3f} "
        f"in {len(ratios)} rounds; {least:.3f} by the least of each)"
    )


async def _fill(emulator: EmulatorHandle, ledger: Path) -> None:
    async with AsyncFrontegg(emulator.client_id, emulator.secret, base_url=emulator.url) as client:
        settings = {"concurrency": 16, "rate": None, "reserve": 0.0, "max_failures": None}
        begun = await SqliteStore.begin(
            str(ledger),
            operation="create",
            environment=client._environment.name,  # noqa: SLF001
            settings=settings,
        )
        await Intake(client._caller, begun, OPERATIONS["create"], "raise").run(rows(MILLION))  # noqa: SLF001
        await begun.seal()
        half = "INSERT INTO state (number, state, attempts) SELECT number, 2, 1 FROM item WHERE number <= ?"
        begun._connection.execute(half, (MILLION // 2,))  # noqa: SLF001
        begun._connection.execute("INSERT INTO taking (last, sent_at) VALUES (?, 0)", (MILLION // 2,))  # noqa: SLF001
        await begun.close()


def resume(emulator: EmulatorHandle, directory: Path) -> str:
    """B2: a job of a million rows continues within 2 s, and needs at most 64 MB more than an idle process."""
    begun = time.perf_counter()
    asyncio.run(_fill(emulator, directory / "million"))
    filled = time.perf_counter() - begun
    started = time.time()
    process = start(emulator, "resume", directory / "million")
    more = float(process.communicate()[0].split()[0])
    first = creates(emulator)[0] - started
    return f"first request {first:.2f} s after the start, {more:.0f} MB more; filled in {filled:.0f} s"


def limit(emulator: EmulatorHandle, directory: Path) -> str:
    """B3: at most one 429 in each window; the p99 of a foreground call is at most 1.2 of the p99 without a job."""
    limited = emulator.create_environment(client_id="emu_limited", secret="emu_limited_secret", rate_limit=LIMIT)
    begun = time.monotonic()
    job = start(limited, "run", directory / "limit", 10 * LIMIT, reserve=RESERVE)
    time.sleep(125)  # by now, the job knows the limit
    paced = start(emulator, "paced", directory, 10 * LIMIT, rate=LIMIT * (1 - RESERVE) / 60)
    caller = start(emulator, "foreground", directory)
    beside: dict[str, subprocess.Popen[str] | None] = {"idle": None, "job": job, "paced": paced}
    taken: dict[str, list[float]] = {name: [] for name in beside}
    time.sleep(2)
    paced.send_signal(signal.SIGSTOP)
    job.send_signal(signal.SIGSTOP)
    assert caller.stdin is not None
    assert caller.stdout is not None
    for _ in range(TURNS):
        for name, other in beside.items():
            if other is not None:
                other.send_signal(signal.SIGCONT)
            print(TURN, file=caller.stdin, flush=True)
            taken[name] += map(float, caller.stdout.readline().split())
            if other is not None:
                other.send_signal(signal.SIGSTOP)
    for each in (job, paced, caller):
        each.kill()
        each.communicate()
    windows = math.ceil((time.monotonic() - begun) / 60)
    refused = sum(entry.status == 429 for entry in limited.journal())  # noqa: PLR2004 - the status
    p99 = {name: statistics.quantiles(each, n=100)[98] for name, each in taken.items()}
    idle = p99.pop("idle")
    return (
        f"{refused} responses with 429 in {windows} windows; a foreground call's p99 is {1000 * idle:.1f} ms idle, "
        f"{p99['job'] / idle:.2f} of that beside the job, {p99['paced'] / idle:.2f} beside the same calls without a job"
    )


def workers(emulator: EmulatorHandle, directory: Path) -> str:
    """B5: at least 90 % of the rate; no account is created twice or lost."""
    del directory
    with postgres_server() as server:
        ledger = server.new_address()
        asyncio.run(begin(emulator, ledger, ROWS // 2, RATE / 2))
        ended = harm(emulator, server, ledger, ROWS // 2, random.Random())
        found = outcome(emulator, ledger, ROWS // 2, RATE / 2, ended)
    return (
        f"{found.share:.1%} of {RATE // 2} a second; {found.twice} sent twice; {found.doubled} doubled; "
        f"{found.lost} lost; {found.succeeded:,} done"
    )


MEASURES: Final[dict[str, Callable[[EmulatorHandle, Path], str]]] = {
    "kills": kills,
    "cost": cost,
    "resume": resume,
    "limit": limit,
    "workers": workers,
}


def main() -> None:
    """Run the chosen measurements, each with its own emulator."""
    for name in sys.argv[1:] or MEASURES:
        with Emulator() as emulator, tempfile.TemporaryDirectory() as directory:
            print(f"{name}: {MEASURES[name].__doc__}\n  {MEASURES[name](emulator, Path(directory))}", flush=True)


if __name__ == "__main__":
    main()
