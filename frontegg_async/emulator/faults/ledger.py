"""`FaultLedger`: the faults of an environment, each with the numbers of matching requests and of actions."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from typing import Final

import attrs

from frontegg_async.emulator.faults.spec import DELIVERY, FaultAction, Match, Stage

FAULT_SEED: Final = 0
"""The seed of the random numbers for probabilities. It is the same in every environment, so runs are repeatable."""


@attrs.frozen(kw_only=True)
class Fault:
    """A failure that the emulator produces on purpose: the matching requests, the stage and the action."""

    id: str
    match: Match
    stage: Stage
    action: FaultAction


def fires(match: Match, *, seen: int, fired: int, draw: float) -> bool:
    """Return whether a fault acts on a request whose method and path match.

    Args:
        match: The conditions of the fault.
        seen: The number of matching requests so far, including this request.
        fired: The number of times that the fault has acted so far.
        draw: A random number in the range from 0 (included) to 1 (excluded).
    """
    if match.times is not None and fired >= match.times:
        return False
    if match.nth is not None and seen != match.nth:
        return False
    return match.probability is None or draw < match.probability


@attrs.define
class _Armed:
    fault: Fault
    seen: int = 0
    fired: int = 0


@attrs.define
class FaultLedger:
    """The faults of one environment, or the faults that act on all environments."""

    _armed: dict[str, _Armed] = attrs.field(factory=dict[str, _Armed])
    _rng: random.Random = attrs.field(factory=lambda: random.Random(FAULT_SEED), eq=False)  # noqa: S311 - to be repeated

    def __bool__(self) -> bool:
        return bool(self._armed)

    def add(self, fault: Fault) -> None:
        """Add a fault, which acts from now on."""
        self._armed[fault.id] = _Armed(fault)

    def faults(self) -> list[tuple[Fault, int]]:
        """Return the faults in the order in which they were added, each with the number of times it has acted."""
        return [(armed.fault, armed.fired) for armed in self._armed.values()]

    def remove(self, fault_id: str) -> bool:
        """Remove a fault, and return whether a fault had the id."""
        return self._armed.pop(fault_id, None) is not None

    def clear(self) -> None:
        """Remove all faults, and restart the random numbers."""
        self._armed.clear()
        self._rng = random.Random(FAULT_SEED)  # noqa: S311 - to be repeated

    def count_request(self, method: str, path: str) -> dict[str, int]:
        """Count a request for every fault whose method and path match, whatever the fault's stage is.

        Returns:
            For each matching fault id, the number of matching requests so far.
        """
        return self._count(lambda fault: fault.stage != DELIVERY and fault.match.covers(method, path))

    def count_delivery(self, key: str) -> dict[str, int]:
        """Count the delivery of an event for every fault whose event key matches.

        Returns:
            For each matching fault id, the number of matching deliveries so far.
        """
        return self._count(lambda fault: fault.stage == DELIVERY and fault.match.covers_event(key))

    def _count(self, is_matched: Callable[[Fault], bool]) -> dict[str, int]:
        numbers: dict[str, int] = {}
        for armed in self._armed.values():
            if is_matched(armed.fault):
                armed.seen += 1
                numbers[armed.fault.id] = armed.seen
        return numbers

    def due(self, stage: Stage, numbers: Mapping[str, int]) -> Iterator[Fault]:
        """Yield the faults that act on a request at a stage.

        Args:
            stage: The stage that the request has reached.
            numbers: The result of `count_request` for the request.
        """
        for armed in list(self._armed.values()):
            seen = numbers.get(armed.fault.id)
            if armed.fault.stage != stage or seen is None:
                continue
            match = armed.fault.match
            draw = 0.0 if match.probability is None else self._rng.random()
            if fires(match, seen=seen, fired=armed.fired, draw=draw):
                armed.fired += 1
                yield armed.fault
