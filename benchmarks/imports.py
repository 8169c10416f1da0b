"""Import times in fresh interpreters: ``python -m benchmarks.imports``."""

from __future__ import annotations

import random
import statistics
import subprocess
import sys
import time

CANDIDATES = {
    "aiohttp, attrs, cattrs, anyio": "import aiohttp, attrs, cattrs, anyio",
    "frontegg_async": "import frontegg_async",
    "frontegg_sync": "import frontegg_sync",
    "frontegg_async, and its client": "from frontegg_async import AsyncFrontegg",
}
ROUNDS = 21


def measure(code: str) -> float:
    """Return the seconds of an interpreter that runs some code."""
    started = time.perf_counter()
    subprocess.run([sys.executable, "-c", code], check=True)
    return time.perf_counter() - started


def main() -> None:
    """Measure and print what each import adds to a bare interpreter."""
    rng = random.Random(1)
    codes = {"(nothing)": "pass", **CANDIDATES}
    times: dict[str, list[float]] = {name: [] for name in codes}
    for code in codes.values():
        measure(code)
    for _ in range(ROUNDS):
        for name in rng.sample(list(codes), len(codes)):
            times[name].append(measure(codes[name]))
    bare = statistics.median(times.pop("(nothing)"))
    above = {name: statistics.median(values) - bare for name, values in times.items()}
    base = next(iter(above.values()))
    print(f"import, above a bare interpreter of {bare * 1e3:.0f} ms")
    for name, value in above.items():
        print(f"  {name:<32} {value * 1e3:8.1f} ms {value / base:8.2f} x")


if __name__ == "__main__":
    main()
