"""The types of goals and measures, and the computation of ratios."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence

import attrs


@attrs.frozen(kw_only=True)
class RunSettings:
    """The settings of a measurement.

    Args:
        rounds: The rounds of each comparison. Each candidate has one turn in a round.
        seed: The seed of the order within the rounds.
    """

    rounds: int
    seed: int = 1


@attrs.frozen(kw_only=True)
class Measure:
    """A measured figure.

    Args:
        name: The measured quantity and its reference.
        median: The median of the rounds.
        low: The lowest figure of the rounds.
        high: The highest figure of the rounds.
        unit: The unit; ``x`` for a ratio.
        most: The goal, an upper limit; ``None`` without a goal.
    """

    name: str
    median: float
    low: float
    high: float
    unit: str = "x"
    most: float | None = None

    @property
    def passed(self) -> bool | None:
        """Whether the figure reaches its goal; ``None`` without a goal."""
        return None if self.most is None else self.median <= self.most


def goal_text(measure: Measure) -> str:
    """Return the goal of a measure as text; empty without a goal."""
    return "" if measure.most is None else f"<= {measure.most:,g}"


def figure_text(value: float) -> str:
    """Return a figure as text; below 100, with three significant digits."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}" if value < 1 else f"{value:.2f}"  # noqa: PLR2004


def ratio(name: str, ours: Sequence[float], theirs: Sequence[float], *, most: float | None = None) -> Measure:
    """Return the median of the ratios of two candidates, round by round.

    Args:
        name: The compared quantity.
        ours: The figure of the first candidate in each round.
        theirs: The figure of the second candidate in the same rounds.
        most: The goal, an upper limit; ``None`` without a goal.
    """
    return figure(name, [our / their for our, their in zip(ours, theirs, strict=True)], "x", most=most)


def figure(name: str, value: float | Sequence[float], unit: str, *, most: float | None = None) -> Measure:
    """Return a figure: a single value, or the median of several."""
    values = [value] if isinstance(value, int | float) else value
    return Measure(name=name, median=statistics.median(values), low=min(values), high=max(values), unit=unit, most=most)


Take = Callable[[RunSettings], Sequence[Measure]]


@attrs.frozen(kw_only=True)
class Goal:
    """A goal.

    Args:
        name: The name, such as ``P1``.
        work: The measured work.
        take: Measures the work, in its own process.
        seconds: The time limit.
    """

    name: str
    work: str
    take: Take
    seconds: float = 300.0
