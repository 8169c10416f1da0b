"""B4: the processor time of an export, compared with reading every field of every account.

``python -m benchmarks.exports`` exports 100,000 accounts, each time to the same bytes. It also prints the memory. The
emulator runs in another process.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Final

import attrs

from benchmarks.measures import figure, figure_text, goal_text, ratio
from frontegg_async import AsyncFrontegg, Tenant
from frontegg_async.emulator import Emulator
from tests.support import large_environment, memory

ACCOUNTS: Final = 100_000
ROUNDS: Final = 5
MOST: Final = 2.0
MOST_MIB: Final = 100
"""The limit in MiB. The file has 88 MiB, and up to 64 MiB are sorted in memory."""
_FIELDS: Final = tuple(field.name for field in attrs.fields(Tenant))


async def _measure(rounds: int, directory: Path) -> dict[str, Any]:
    path = directory / "accounts.jsonl"
    hashes: set[str] = set()
    exports, readings, rises = list[float](), list[float](), list[float]()
    async with AsyncFrontegg.from_env() as frontegg:
        for turn in range(rounds + 1):
            started = time.process_time()
            async for tenant in frontegg.tenants.list():
                for name in _FIELDS:
                    getattr(tenant, name)
            middle = time.process_time()
            memory.forget_peak()
            before = memory.resident()
            await frontegg.export(path)
            if turn:  # the first turn imports modules and connects
                readings.append(middle - started)
                exports.append(time.process_time() - middle)
                rises.append(memory.peak() - before)
            with path.open("rb") as file:
                hashes.add(hashlib.file_digest(file, "sha256").hexdigest())
    return {"exports": exports, "readings": readings, "rises": rises, "files": len(hashes)}


def main() -> int:
    """Measure and print; return 1 if a goal is missed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.exports", description=__doc__)
    parser.add_argument("--accounts", type=int, default=ACCOUNTS, help="the number of accounts (default: %(default)s)")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="the number of measurements (default: %(default)s)")
    parser.add_argument("--here", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.here is not None:
        print(json.dumps(asyncio.run(_measure(options.rounds, options.here))))
        return 0
    with Emulator() as emulator, tempfile.TemporaryDirectory() as directory:
        large_environment.seed(emulator, options.accounts)
        argv = [sys.executable, "-m", "benchmarks.exports", f"--rounds={options.rounds}", f"--here={directory}"]
        environment = {**os.environ, **large_environment.variables(emulator)}
        done = subprocess.run(argv, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    found = json.loads(done.stdout)
    measures = [
        ratio("of reading every field of every account", found["exports"], found["readings"], most=MOST),
        figure("rise of the memory", max(found["rises"]), "MiB", most=MOST_MIB),
        figure("different files", found["files"], "", most=1),
    ]
    for measure in measures:
        print(f"{figure_text(measure.median)} {measure.unit} {measure.name} ({goal_text(measure)})")
    return int(any(measure.passed is False for measure in measures))


if __name__ == "__main__":
    sys.exit(main())
