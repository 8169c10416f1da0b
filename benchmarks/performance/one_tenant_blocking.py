"""P5 and P6: get one tenant with a blocking client, from one thread and from 16 threads.

aiohttp behind a thread is the same without the SDK: its own ratios show whether a goal is above what aiohttp and two
threads take. What `requests` takes differs most between versions of Python, so the goal of P5 is also reached beside
`urllib3`, on which `requests` is built.
"""

from __future__ import annotations

import random
import statistics
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from typing import Final

import attrs

from benchmarks import thread_hop
from benchmarks.performance import canned_server, rounds
from benchmarks.performance.bare_thread import BARE
from benchmarks.performance.blocking_clients import OURS, REQUESTS, REQUESTS_BARE, URLLIB3, Candidates, enter
from benchmarks.performance.measures import Goal, Measure, RunSettings, either, figure, ratio

CALLS: Final = 100
THREADS: Final = 16
CALLS_OF_THREAD: Final = 25
_MOST: Final = {REQUESTS: 0.45, URLLIB3: 0.85}
_MOST_OF_TIME: Final = 0.15
_LEAST: Final = {REQUESTS: 3.0, REQUESTS_BARE: 2.6}


def take_one(settings: RunSettings) -> Sequence[Measure]:
    """Measure P5."""
    measures: list[Measure] = []
    with canned_server.running(core=1) as running:
        for place in thread_hop.PLACES:
            for tls in (False, True):
                with ExitStack() as stack:
                    place.start()
                    chosen = enter(stack, running, tls=tls)
                    chosen[OURS]()
                    place.call()
                    turns = rounds.take_turns(chosen, rounds=settings.rounds, calls=CALLS, seed=settings.seed)
                way = f"{'TLS' if tls else 'plain'}, {place.name}"
                measures += _compare(turns, way, has_goal=place is not thread_hop.APART)
            measures += thread_hop.take(place, turns=settings.rounds, seed=settings.seed)[1]
    return measures


def _compare(turns: rounds.Turns, way: str, *, has_goal: bool) -> list[Measure]:
    times = {name: rounds.cpu(taken) for name, taken in turns.items()}
    ours = times.pop(OURS)
    found = {name: ratio(f"of {name}, {way}", ours, theirs) for name, theirs in times.items()}
    bare = [ratio(f"{found[name].name}, the same without {OURS}", times[BARE], times[name]) for name in _MOST]
    goals = " or ".join(f"{most} of {name}" for name, most in _MOST.items())
    reached = either(f"of the goal of {goals}, {way}", *(found[name] for name in _MOST), most=[*_MOST.values()])
    return [*([reached] if has_goal else []), *found.values(), *bare]


@attrs.frozen
class Crowd:
    """The cost of calls from many threads.

    Args:
        rate: Calls per second.
        slow: The 99th percentile of the duration, in seconds.
        cpu: Seconds of processor time per call.
    """

    rate: float
    slow: float
    cpu: float


def crowd(candidate: Callable[[], object]) -> Crowd:
    """Let threads make calls at the same time."""
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


def take_crowds(candidates: Candidates, settings: RunSettings) -> dict[str, list[Crowd]]:
    """Let many threads call each candidate, in turns."""
    rng = random.Random(settings.seed)
    for candidate in candidates.values():
        crowd(candidate)
    crowds: dict[str, list[Crowd]] = {name: [] for name in candidates}
    for _ in range(settings.rounds):
        for name in rng.sample(list(candidates), len(candidates)):
            crowds[name].append(crowd(candidates[name]))
    return crowds


def take_many(settings: RunSettings) -> Sequence[Measure]:
    """Measure P6."""
    with canned_server.running(core=None) as running, ExitStack() as stack:
        crowds = take_crowds(enter(stack, running, tls=False, threads=THREADS), settings)
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
