"""How things are measured: candidates interleaved in random order, medians of rounds, ratios to the first."""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable, Mapping

ROUNDS = 60


def compare(candidates: Mapping[str, Callable[[], object]], *, calls: int = 3, seed: int = 1) -> dict[str, float]:
    """Return the median seconds of one call of each candidate.

    Args:
        candidates: What to measure, by name.
        calls: Calls of a candidate in each round.
        seed: Of the order within the rounds.
    """
    rng = random.Random(seed)
    times: dict[str, list[float]] = {name: [] for name in candidates}
    for candidate in candidates.values():
        candidate()
    for _ in range(ROUNDS):
        for name in rng.sample(list(candidates), len(candidates)):
            candidate = candidates[name]
            started = time.perf_counter()
            for _ in range(calls):
                candidate()
            times[name].append((time.perf_counter() - started) / calls)
    return {name: statistics.median(values) for name, values in times.items()}


def show(title: str, seconds: Mapping[str, float]) -> None:
    """Print a table of times and of ratios to the first row."""
    print(title)
    base = next(iter(seconds.values()))
    for name, value in seconds.items():
        print(f"  {name:<44} {value * 1e6:12.1f} µs {value / base:8.2f} x")
