"""Benchmark the hand-over of an empty coroutine between threads: ``python -m benchmarks.thread_hop``.

The SDK's runner is compared with anyio's portal, and shown beside two threads that pass a byte to and fro: what the
system takes. Threads on one core wake each other in a different way from threads on two cores.
"""

from __future__ import annotations

import os
import statistics
import threading
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from typing import Final

import anyio.from_thread
import attrs

from benchmarks.performance import rounds
from benchmarks.performance.measures import Measure, ratio
from frontegg_sync import Runner

ROUNDS: Final = 30
CALLS: Final = 300

_OURS: Final = "Runner.call"
_PORTAL: Final = "BlockingPortal.call"
_BARE: Final = "two bare threads"


@attrs.frozen
class CorePlacement:
    """The cores of the threads.

    Args:
        name: The name of the placement.
        loop: The core of the loop's thread; ``None`` leaves the choice to the system.
        caller: The core of the calling thread.
        most: The goal of a hand-over, as a ratio.
    """

    name: str
    loop: int | None
    caller: int | None
    most: float

    def start(self) -> None:
        """Pin the process before the loop's thread starts."""
        rounds.pin(self.loop)

    def call(self) -> None:
        """Pin the calling thread after the loop's thread has started, before the first measured call."""
        rounds.pin(self.caller)


APART: Final = CorePlacement("a core each", 1, 0, 0.60)
"""Without pinning, the system may still keep both threads on one core."""

PLACES: Final = (CorePlacement("one core", 0, 0, 0.35), CorePlacement("two cores", None, None, 0.60), APART)


async def _nothing() -> None:
    pass


def _enter(stack: ExitStack) -> dict[str, Callable[[], object]]:
    """Return the candidates, by name."""
    runner = stack.enter_context(Runner())
    portal = stack.enter_context(anyio.from_thread.start_blocking_portal())
    return {_OURS: lambda: runner.call(_nothing), _PORTAL: lambda: portal.call(_nothing), _BARE: _enter_bare(stack)}


def _enter_bare(stack: ExitStack) -> Callable[[], object]:
    """Return a function that passes a byte to another thread and waits for it to come back."""
    there, back = os.pipe(), os.pipe()

    def answer() -> None:
        while byte := os.read(there[0], 1):
            os.write(back[1], byte)

    thread = threading.Thread(target=answer)

    def end() -> None:
        os.close(there[1])
        thread.join()
        for number in (there[0], *back):
            os.close(number)

    stack.callback(end)
    thread.start()

    def call() -> None:
        os.write(there[1], b"\0")
        os.read(back[0], 1)

    return call


def take(place: CorePlacement, *, turns: int = ROUNDS, seed: int = 1) -> tuple[rounds.Turns, Sequence[Measure]]:
    """Measure the hand-over.

    Args:
        place: The cores of the threads.
        turns: The number of turns of each candidate.
        seed: The seed of their order.

    Returns:
        The turns by name, and the ratios of the runner to the portal; the ratio of processor times has a goal.
    """
    with ExitStack() as stack:
        place.start()
        candidates = _enter(stack)
        for candidate in candidates.values():
            candidate()
        place.call()
        taken = rounds.take_turns(candidates, rounds=turns, calls=CALLS, seed=seed)
    ours, theirs = taken[_OURS], taken[_PORTAL]
    name = f"hand-over, of {_PORTAL}, {place.name}"
    return taken, [
        ratio(name, rounds.cpu(ours), rounds.cpu(theirs), most=place.most),
        ratio(f"{name}, wall", rounds.wall(ours), rounds.wall(theirs)),
    ]


def main() -> None:
    """Measure each placement and print the result."""
    for place in PLACES:
        taken, measures = take(place)
        print(f"a hand-over, {place.name}")
        for name, turns in taken.items():
            spent, lasted = (statistics.median(of(turns)) * 1e6 for of in (rounds.cpu, rounds.wall))
            print(f"  {name:<24} {spent:8.1f} µs of processor time {lasted:8.1f} µs")
        for measure in measures:
            aim = "" if measure.most is None else f"  (goal: <= {measure.most:g})"
            print(f"  {measure.median:.2f} x  {measure.name}{aim}")


if __name__ == "__main__":
    main()
