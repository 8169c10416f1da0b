"""A goal: what is measured, against what, and how far it got."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence

import attrs


@attrs.frozen(kw_only=True)
class Setting:
    """What a goal is measured with.

    Args:
        rounds: Rounds of each comparison, in each of which every candidate has its turn.
        seed: Of the order within the rounds.
    """

    rounds: int
    seed: int = 1


@attrs.frozen(kw_only=True)
class Measure:
    """One figure.

    Args:
        name: What it is, and of what.
        median: The figure; the median of the rounds.
        low: The least of the rounds.
        high: The most of the rounds.
        unit: ``x`` for a ratio; otherwise what is counted.
        most: The goal, if it is to be no more.
        least: The goal, if it is to be no less.
    """

    name: str
    median: float
    low: float
    high: float
    unit: str = "x"
    most: float | None = None
    least: float | None = None

    @property
    def passed(self) -> bool | None:
        """Whether it reaches its goal; ``None`` if it has none."""
        if self.most is None and self.least is None:
            return None
        return (self.most is None or self.median <= self.most) and (self.least is None or self.median >= self.least)


def ratio(
    name: str,
    ours: Sequence[float],
    theirs: Sequence[float],
    *,
    most: float | None = None,
    least: float | None = None,
) -> Measure:
    """Return the median of the ratios of two candidates, round by round.

    Args:
        name: What is compared.
        ours: A figure for each round.
        theirs: The other's, of the same rounds.
        most: The goal, if it is to be no more.
        least: The goal, if it is to be no less.
    """
    values = [our / their for our, their in zip(ours, theirs, strict=True)]
    return Measure(
        name=name, median=statistics.median(values), low=min(values), high=max(values), most=most, least=least
    )


def figure(
    name: str, value: float | Sequence[float], unit: str, *, most: float | None = None, least: float | None = None
) -> Measure:
    """Return a figure that is no ratio: of one reading, or the median of several."""
    values = [value] if isinstance(value, int | float) else value
    return Measure(
        name=name,
        median=statistics.median(values),
        low=min(values),
        high=max(values),
        unit=unit,
        most=most,
        least=least,
    )


Take = Callable[[Setting], Sequence[Measure]]


@attrs.frozen(kw_only=True)
class Goal:
    """One goal.

    Args:
        name: Its name, as ``P1``.
        work: What is done.
        take: Takes its measures, in a process that does nothing else.
        seconds: The most that it may take.
    """

    name: str
    work: str
    take: Take
    seconds: float = 300.0
