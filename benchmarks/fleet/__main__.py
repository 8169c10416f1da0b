"""Measure what a fleet shares and print the figures: ``python -m benchmarks.fleet``. It needs ``redis-server``."""

from __future__ import annotations

import shutil
import sys
import time
from collections.abc import Iterable, Sequence
from typing import Final

from benchmarks.fleet.fleet import Fleet, Outcome
from frontegg_async.emulator import Emulator, EmulatorHandle
from tests.support.redis import REASON, RedisServer, redis_server

COLD: Final = (8, 1_000)
BUDGET: Final = (200, 1.0, 10)
PROCESSES: Final = 4
WIDTH: Final = 8
SECONDS: Final = 3.0
CLOSED: Final = 3
PAUSE: Final = 300


def most_in(seconds: float, moments: Iterable[float]) -> int:
    """Return the most moments that are within so many seconds."""
    ordered = sorted(moments)
    most = first = 0
    for last, moment in enumerate(ordered):
        while ordered[first] <= moment - seconds:
            first += 1
        most = max(most, last - first + 1)
    return most


def cold_start(emulator: EmulatorHandle, redis: RedisServer | None) -> str:
    """Have processes make many calls at once of which none has a token."""
    processes, calls = COLD
    with Fleet(emulator, redis, processes=processes, work=("calls", calls)) as fleet:
        fleet.say()
        outcomes = fleet.outcomes()
        requests = fleet.requests()
    return (
        f"{requests['auth.authenticate']} authentication(s) for {requests['tenants.get']:,} calls "
        f"of {processes} processes, in {max(outcome.seconds for outcome in outcomes):.1f} s; {_failures(outcomes)}"
    )


def budget(emulator: EmulatorHandle, redis: RedisServer) -> str:
    """Have busy processes share a budget of requests."""
    requests, seconds, burst = BUDGET
    with Fleet(
        emulator, redis, processes=PROCESSES, work=("flow", WIDTH), budget=f"{requests} {seconds} {burst}"
    ) as fleet:
        fleet.say()
        time.sleep(SECONDS)
        fleet.say()
        outcomes = fleet.outcomes()
    counts = [len(outcome.moments) for outcome in outcomes]
    moments = [moment for outcome in outcomes for moment in outcome.moments]
    shares = " ".join(f"{count / sum(counts):.1%}" for count in counts)
    lasted = max(moments) - min(moments)
    return (
        f"a budget of {requests} in {seconds:g} s: {sum(counts) / lasted:.0f} a second over {lasted:.1f} s, at most "
        f"{most_in(seconds, moments)} answers within {seconds:g} s; shares {shares}; {_failures(outcomes)}"
    )


def closure(emulator: EmulatorHandle, redis: RedisServer | None) -> str:
    """Have the service limit a route of busy processes for a while."""
    with Fleet(emulator, redis, processes=COLD[0], work=("walk", PAUSE)) as fleet:
        fleet.say()
        fleet.wait_for(100)
        emulator.add_fault(
            stage="accept",
            action={"type": "rate_limit", "reset_in": CLOSED, "with_header": True},
            match={"path": "/tenants/resources/tenants/v2/*"},
        )
        time.sleep(CLOSED / 2)
        refusals = fleet.refusals()
        emulator.delete_faults()
        fleet.say()
        fleet.outcomes()
    return f"{refusals} request(s) of {COLD[0]} processes were answered with 429 before all waited"


def outage(emulator: EmulatorHandle, redis: RedisServer) -> str:
    """Have Redis go away and come back under busy processes."""
    with Fleet(emulator, redis, processes=PROCESSES, work=("flow", WIDTH)) as fleet:
        fleet.say()
        fleet.wait_for(100)
        redis.stop()
        time.sleep(1)
        redis.start()
        time.sleep(11)
        fleet.say()
        outcomes = fleet.outcomes()
    counts = sum(len(outcome.moments) for outcome in outcomes)
    lines = "; ".join(", ".join(f"{n} {level}" for level, n in outcome.lines.items()) for outcome in outcomes)
    return f"{counts:,} calls while Redis was killed and started again; {_failures(outcomes)}; lines logged: {lines}"


def _failures(outcomes: Sequence[Outcome]) -> str:
    failures = [outcome.failure for outcome in outcomes if outcome.failure]
    return f"{len(failures)} failed" + (f" ({failures[0]})" if failures else "")


def main() -> int:
    """Take all measures."""
    if shutil.which("redis-server") is None:
        print(REASON)
        return 1
    with redis_server() as redis, Emulator() as emulator:
        print("cold start, sharing   ", cold_start(emulator.create_environment(), redis), flush=True)
        print("cold start, each alone", cold_start(emulator.create_environment(), None), flush=True)
        print("budget                ", budget(emulator.create_environment(), redis), flush=True)
        print("limit, sharing        ", closure(emulator.create_environment(), redis), flush=True)
        print("limit, each alone     ", closure(emulator.create_environment(), None), flush=True)
        print("outage                ", outage(emulator.create_environment(), redis), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
