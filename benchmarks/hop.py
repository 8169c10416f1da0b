"""The hand-over between threads alone, of a coroutine that does nothing: ``python -m benchmarks.hop``.

Our runner against the portal of anyio as it comes. Threads that share a core wake each other in another way than
threads on two.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from typing import Final

import anyio.from_thread
import attrs

from benchmarks.performance import rounds
from benchmarks.performance.goal import Measure, ratio
from frontegg_sync import Runner

ROUNDS: Final = 30
CALLS: Final = 300

_OURS: Final = "Runner.call"
_PORTAL: Final = "BlockingPortal.call"


@attrs.frozen
class Place:
    """Where threads are: each stays on the cores that the thread that started it was kept on.

    Args:
        name: What it is called.
        loop: The core of the loop's thread; ``None`` for whichever the system chooses.
        caller: That of the thread that calls.
        most: The goal of a hand-over.
    """

    name: str
    loop: int | None
    caller: int | None
    most: float

    def start(self) -> None:
        """Come before the loop's thread is started."""
        rounds.pin(self.loop)

    def call(self) -> None:
        """Come before the first call that is measured, after the loop's thread was started."""
        rounds.pin(self.caller)


APART: Final = Place("a core each", 1, 0, 0.60)
"""On two cores the system may still keep the threads together; here it cannot."""

PLACES: Final = (Place("one core", 0, 0, 0.35), Place("two cores", None, None, 0.60), APART)


async def _nothing() -> None:
    pass


def _enter(stack: ExitStack) -> dict[str, Callable[[], object]]:
    """Return who hands a call over, by name."""
    runner = stack.enter_context(Runner())
    portal = stack.enter_context(anyio.from_thread.start_blocking_portal())
    return {_OURS: lambda: runner.call(_nothing), _PORTAL: lambda: portal.call(_nothing)}


def take(place: Place, *, turns: int = ROUNDS, seed: int = 1) -> tuple[rounds.Turns, Sequence[Measure]]:
    """Measure the hand-over.

    Args:
        place: Where the threads are.
        turns: How many each candidate has.
        seed: Of their order.

    Returns:
        The turns by name, and the ratios of ours to the other; that of the processor time has a goal.
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
    """Measure and print."""
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
