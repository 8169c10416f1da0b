"""A row of the scoreboard: a measure, its target, and the finding."""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable
from typing import Final

import attrs

TAIL: Final = 12
"""Lines of a row's own output that are shown when it failed."""


@attrs.frozen(kw_only=True)
class Setting:
    """The settings of a measurement.

    Args:
        seed: Of every random choice.
        full: Whether rows are measured in their long form, if they have one.
    """

    seed: int
    full: bool = False

    def scaled(self, count: int) -> int:
        """Return the count of the long form, or a tenth of it for the short one."""
        return count if self.full else count // 10

    def rng(self, purpose: str) -> random.Random:
        """Return a generator for one purpose, so that one row's choices do not depend on another's."""
        return random.Random(f"{self.seed}:{purpose}")


@attrs.frozen(kw_only=True)
class Finding:
    """The result of measuring a row.

    Args:
        figure: The measured figure, in a few words.
        passed: Whether the target is reached.
        details: Lines that say why not, shown when the target is missed.
    """

    figure: str
    passed: bool
    details: tuple[str, ...] = ()


_IN_FULL: Final = 6
"""The time of the long form of a row with a star, as a multiple of that of its short form."""

Measure = Callable[[Setting], Awaitable[Finding]]


@attrs.frozen(kw_only=True)
class Row:
    """One measure with its target.

    Args:
        number: Its place in the table, for good.
        name: Its short name, for the names of tests.
        title: What is measured, in a few words.
        target: What the figure must be.
        measure: Takes the measure, in an event loop of its own.
        starred: Whether `make acceptance` runs it; the others are run by `make reliability` alone.
        time_limit: Seconds after which it is killed, and has failed; with a star, those of its short form.
        alone: Whether it measures time or memory, which other rows would disturb.
        early: Whether it takes so long that it is started before the others.
    """

    number: int
    name: str
    title: str
    target: str
    measure: Measure
    starred: bool = False
    time_limit: float = 60.0
    alone: bool = False
    early: bool = False

    def time_limit_of(self, setting: Setting) -> float:
        """Return the seconds after which it is killed in the form of a setting."""
        return self.time_limit * (_IN_FULL if self.starred and setting.full else 1)

    @property
    def test_id(self) -> str:
        """What pytest calls it: ``-k row_07`` selects row 7."""
        return f"row_{self.number:02}-{self.name}"
