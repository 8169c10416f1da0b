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
        least: The lower limit that is the goal, if any.
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


def goal_text(measure: Measure) -> str:
    """Return the goal of a measure as text; empty if it has none."""
    if measure.passed is None:
        return ""
    if measure.most == measure.least:
        return f"= {measure.most:,g}"
    return f"<= {measure.most:,g}" if measure.most is not None else f">= {measure.least:,g}"


def figure_text(value: float) -> str:
    """Return a figure as text, with three digits that count if it is less than 100."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}" if value < 1 else f"{value:.2f}"  # noqa: PLR2004


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
        ours: The figure of the first candidate in each round.
        theirs: The figure of the second candidate in the same rounds.
        most: The upper limit that is the goal, if any.
        least: The lower limit that is the goal, if any.
    """
    values = [our / their for our, their in zip(ours, theirs, strict=True)]
    return Measure(
        name=name, median=statistics.median(values), low=min(values), high=max(values), most=most, least=least
    )


def figure(
    name: str, value: float | Sequence[float], unit: str, *, most: float | None = None, least: float | None = None
) -> Measure:
    """Return a figure that is not a ratio: a single value, or the median of several."""
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


def either(name: str, *measures: Measure, most: Sequence[float]) -> Measure:
    """Return the least share of its own limit that a measure has: up to 1, one of the measures reaches its goal.

    Args:
        name: Which limits of which measures.
        measures: The measures.
        most: The upper limit of each.
    """
    shares = [measure.median / limit for measure, limit in zip(measures, most, strict=True)]
    return figure(name, min(shares), "x", most=1.0)


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
