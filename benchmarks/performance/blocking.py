"""P5 and P6: one tenant, by one thread that waits and by 16 on one client."""

from __future__ import annotations

import random
import statistics
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from typing import Final

import attrs

from benchmarks import hop
from benchmarks.performance import rounds, service
from benchmarks.performance.blocking_clients import OURS, REQUESTS, REQUESTS_BARE, Candidates, enter
from benchmarks.performance.goal import Goal, Measure, Setting, figure, ratio

CALLS: Final = 50
THREADS: Final = 16
CALLS_OF_THREAD: Final = 25
_MOST: Final = 0.45
_MOST_OF_TIME: Final = 0.15
_LEAST: Final = {REQUESTS: 3.0, REQUESTS_BARE: 2.6}


def take_one(setting: Setting) -> Sequence[Measure]:
    """P5."""
    measures: list[Measure] = []
    with service.running(core=1) as running:
        for place in hop.PLACES:
            for tls in (False, True):
                with ExitStack() as stack:
                    place.start()
                    chosen = enter(stack, running, tls=tls)
                    chosen[OURS]()
                    place.call()
                    turns = rounds.take_turns(chosen, rounds=setting.rounds, calls=CALLS, seed=setting.seed)
                way = f"{'TLS' if tls else 'plain'}, {place.name}"
                ours = rounds.cpu(turns[OURS])
                most = {REQUESTS: None if place is hop.APART else _MOST}
                measures += [
                    ratio(f"of {name}, {way}", ours, rounds.cpu(theirs), most=most.get(name))
                    for name, theirs in turns.items()
                    if name != OURS
                ]
            measures += hop.take(place, turns=setting.rounds, seed=setting.seed)[1]
    return measures


@attrs.frozen
class Crowd:
    """What the calls of many threads took.

    Args:
        rate: Calls a second.
        slow: The seconds that 99 of 100 calls did not exceed.
        cpu: Seconds of processor time for each call.
    """

    rate: float
    slow: float
    cpu: float


def crowd(candidate: Callable[[], object]) -> Crowd:
    """Have threads make calls all at once."""
    barrier = threading.Barrier(THREADS + 1)
    took: list[float] = []

    def make_calls() -> None:
        barrier.wait()
        for _ in range(CALLS_OF_THREAD):
            started = time.perf_counter()
            candidate()
            took.append(time.perf_counter() - started)

    threads = [threading.Thread(target=make_calls) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    barrier.wait()
    started, spent = time.perf_counter(), time.process_time()
    for thread in threads:
        thread.join()
    seconds, spent = time.perf_counter() - started, time.process_time() - spent
    return Crowd(len(took) / seconds, statistics.quantiles(took, n=100)[-1], spent / len(took))


def take_crowds(candidates: Candidates, setting: Setting) -> dict[str, list[Crowd]]:
    """Have each candidate called by many threads, in turns."""
    rng = random.Random(setting.seed)
    for candidate in candidates.values():
        crowd(candidate)
    crowds: dict[str, list[Crowd]] = {name: [] for name in candidates}
    for _ in range(setting.rounds):
        for name in rng.sample(list(candidates), len(candidates)):
            crowds[name].append(crowd(candidates[name]))
    return crowds


def take_many(setting: Setting) -> Sequence[Measure]:
    """P6."""
    with service.running(core=None) as running, ExitStack() as stack:
        crowds = take_crowds(enter(stack, running, tls=False, threads=THREADS), setting)
    ours = crowds.pop(OURS)
    measures = [figure("calls a second", [found.rate for found in ours], "")]
    for name, theirs in crowds.items():
        rates = [found.rate for found in ours], [found.rate for found in theirs]
        slow = [found.slow for found in ours], [found.slow for found in theirs]
        spent = [found.cpu for found in ours], [found.cpu for found in theirs]
        measures += [
            ratio(f"throughput, of {name}", *rates, least=_LEAST.get(name)),
            ratio(f"p99, of {name}", *slow, most=_MOST_OF_TIME if name == REQUESTS else None),
            ratio(f"processor time, of {name}", *spent),
        ]
    return measures


GOALS: Final = (
    Goal(name="P5", work="one tenant, by one thread", take=take_one, seconds=600),
    Goal(name="P6", work=f"one tenant, by {THREADS} threads on one client", take=take_many),
)
