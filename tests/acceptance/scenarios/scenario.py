"""The definition of a scenario, and the report of a run."""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable
from pathlib import Path

import attrs


@attrs.frozen(kw_only=True)
class Setting:
    """The settings of a run.

    Args:
        seed: Of every random choice.
        seconds: How long the load lasts.
        rate: Requests a second, at most.
        is_rate_given: Whether it is what was asked for, however slow this machine is.
        directory: For its files; it is removed afterwards.
    """

    seed: int
    seconds: float
    rate: float
    is_rate_given: bool
    directory: Path

    def rng(self, purpose: str) -> random.Random:
        """Return a generator for one purpose, so that one choice does not depend on another."""
        return random.Random(f"{self.seed}:{purpose}")


@attrs.frozen(kw_only=True)
class Report:
    """The findings of a run.

    Args:
        figures: What was measured, a line each.
        failures: What is not as it must be, a line each; empty when all is well.
    """

    figures: tuple[str, ...]
    failures: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether all is as it must be."""
        return not self.failures


@attrs.frozen(kw_only=True)
class Scenario:
    """One scenario.

    Args:
        name: Its name on the command line.
        summary: What happens in it.
        run: Runs it.
        seconds: How long the load lasts unless something else is asked for.
        rate: Requests a second unless something else is asked for.
        grace: Seconds that it may take beside the load, before it is ended.
    """

    name: str
    summary: str
    run: Callable[[Setting], Awaitable[Report]]
    seconds: float = 60.0
    rate: float = 100.0
    grace: float = 60.0
