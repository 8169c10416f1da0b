"""C4: a plan of 100,000 unchanged accounts, compared with their export: processor time, memory and requests.

``python -m benchmarks.plans`` plans the file that ``export`` wrote. The emulator runs in another process. It also
measures how much more memory the first plan needs than a client that has made one request.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Final

from benchmarks.measures import figure, figure_text, goal_text, ratio
from frontegg_async import AsyncFrontegg, RequestSnapshot
from frontegg_async.emulator import Emulator
from tests.support import large_environment, memory

ACCOUNTS: Final = 100_000
ROUNDS: Final = 5
MOST: Final = 1.6
MOST_MIB: Final = 64
_OF_ENVIRONMENT: Final = 1
"""The number of requests that a plan sends in addition to those of an export: the request for the environment."""


class _Requests:
    """A counter of requests."""

    def __init__(self) -> None:
        self.reads = self.writes = 0

    def __call__(self, request: RequestSnapshot) -> None:
        """Count a request, except the request for the token."""
        if request.operation != "auth.authenticate":
            self.reads += request.method == "GET"
            self.writes += request.method != "GET"

    def take(self) -> int:
        """Return the number of requests that read, and start at 0 again."""
        reads, self.reads = self.reads, 0
        return reads


async def _measure(rounds: int, path: Path) -> dict[str, Any]:
    requests = _Requests()
    exports, plans = list[float](), list[float]()
    more = 0
    async with AsyncFrontegg.from_env(on_request=requests) as frontegg:
        await frontegg.tenants.list(page_size=1).first()
        idle = memory.resident()
        memory.forget_peak()
        changes = len(await frontegg.plan(path))
        rise = memory.peak() - idle
        requests.take()
        for _ in range(rounds):
            started = time.process_time()
            await frontegg.export(path)
            middle, of_export = time.process_time(), requests.take()
            changes += len(await frontegg.plan(path))
            plans.append(time.process_time() - middle)
            exports.append(middle - started)
            more = requests.take() - of_export - _OF_ENVIRONMENT
    return {
        "exports": exports,
        "plans": plans,
        "rise": rise,
        "changes": changes,
        "more": more,
        "writes": requests.writes,
    }


async def _export(path: Path) -> None:
    async with AsyncFrontegg.from_env() as frontegg:
        await frontegg.export(path)


def main() -> int:
    """Measure and print; return 1 if a goal is missed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.plans", description=__doc__)
    parser.add_argument("--accounts", type=int, default=ACCOUNTS, help="the number of accounts (default: %(default)s)")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="the number of measurements (default: %(default)s)")
    parser.add_argument("--export", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--here", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.export is not None:
        asyncio.run(_export(options.export))
        return 0
    if options.here is not None:
        print(json.dumps(asyncio.run(_measure(options.rounds, options.here))))
        return 0
    with Emulator() as emulator, tempfile.TemporaryDirectory() as directory:
        large_environment.seed(emulator, options.accounts)
        path = Path(directory, "accounts.jsonl")
        argv = [sys.executable, "-m", "benchmarks.plans", f"--rounds={options.rounds}"]
        environment = {**os.environ, **large_environment.variables(emulator)}
        subprocess.run([*argv, f"--export={path}"], env=environment, check=True)
        done = subprocess.run([*argv, f"--here={path}"], env=environment, stdout=subprocess.PIPE, text=True, check=True)
    found = json.loads(done.stdout)
    measures = [
        ratio("of the export", found["plans"], found["exports"], most=MOST),
        figure("rise of the memory of the first plan", found["rise"], "MiB", most=MOST_MIB),
        figure("changes", found["changes"], "", most=0),
        figure("requests more than those of the export", found["more"], "", most=0),
        figure("requests that write", found["writes"], "", most=0),
    ]
    for measure in measures:
        print(f"{figure_text(measure.median)} {measure.unit} {measure.name} ({goal_text(measure)})")
    return int(any(measure.passed is False for measure in measures))


if __name__ == "__main__":
    sys.exit(main())
