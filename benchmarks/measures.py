"""The types of a goal and its measures, and how ratios are computed."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence

import attrs


@attrs.frozen(kw_only=True)
class RunSettings:
    """How a goal is measured.

    Args:
        rounds: Rounds of each comparison; each candidate has one turn per round.
        seed: The seed of the order within the rounds.
    """

    rounds: int
    seed: int = 1


@attrs.frozen(kw_only=True)
class Measure:
    """One figure.

    Args:
        name: What is measured, and against what.
        median: The figure; the median of the rounds.
        low: The lowest of the rounds.
        high: The highest of the rounds.
        unit: ``x`` for a ratio; otherwise the unit.
        most: The upper limit that is the goal, if any.
    """

    name: str
    median: float
    low: float
    high: float
    unit: str = "x"
    most: float | None = None

    @property
    def passed(self) -> bool | None:
        """Whether it reaches its goal; ``None`` if it has none."""
        return None if self.most is None else self.median <= self.most


def goal_text(measure: Measure) -> str:
    """Return the goal of a measure as text; empty if it has none."""
    return "" if measure.most is None else f"<= {measure.most:,g}"


def figure_text(value: float) -> str:
    """Return a figure as text, with three digits that count if it is less than 100."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}" if value < 1 else f"{value:.2f}"  # noqa: PLR2004


def ratio(name: str, ours: Sequence[float], theirs: Sequence[float], *, most: float | None = None) -> Measure:
    """Return the median of the ratios of two candidates, round by round.

    Args:
        name: What is compared.
        ours: The figure of the first candidate in each round.
        theirs: The figure of the second candidate in the same rounds.
        most: The upper limit that is the goal, if any.
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
        name: Its name, such as ``P1``.
        work: The work that is measured.
        take: Measures it, in a process that does nothing else.
        seconds: The time limit.
    """

    name: str
    work: str
    take: Take
    seconds: float = 300.0
