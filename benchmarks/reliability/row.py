"""A row of the scoreboard: what is measured, the target, and what was found."""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable

import attrs


@attrs.frozen(kw_only=True)
class Setting:
    """What a row is taken with.

    Args:
        seed: Of every random choice.
        full: Whether the long form of a row is wanted, where it has two.
    """

    seed: int
    full: bool = False

    def rng(self, purpose: str) -> random.Random:
        """Return a generator for one purpose, so that one row's choices do not depend on another's."""
        return random.Random(f"{self.seed}:{purpose}")


@attrs.frozen(kw_only=True)
class Finding:
    """What a row found.

    Args:
        figure: What was measured, in a few words.
        passed: Whether it reaches the target.
        details: Lines that help to see why, shown when it does not.
    """

    figure: str
    passed: bool
    details: tuple[str, ...] = ()


Take = Callable[[Setting], Awaitable[Finding]]


@attrs.frozen(kw_only=True)
class Row:
    """One measure.

    Args:
        number: Its place in the table.
        measure: What is measured.
        target: What is to be reached.
        take: Takes it, in an event loop of its own.
        star: Whether it is one of the quick ones.
        seconds: The most that it may take.
        alone: Whether it measures time that other rows would take from it.
        early: Whether it takes so long that it is begun before the others, so as not to run last and without company.
    """

    number: int
    measure: str
    target: str
    take: Take
    star: bool = False
    seconds: float = 60.0
    alone: bool = False
    early: bool = False
