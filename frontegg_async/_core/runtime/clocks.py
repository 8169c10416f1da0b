"""Time and randomness, which are passed to whatever needs them."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from typing import Final

import msgspec

from frontegg_async._core.runtime.forks import call_after_fork


class Clocks(msgspec.Struct, kw_only=True, frozen=True, eq=False):
    """Time and randomness, as they are passed in: the monotonic clock, the time of day, and numbers from 0 to 1."""

    monotonic: Callable[[], float]
    wall: Callable[[], float]
    rng: Callable[[], float]


# Of the package's own: the workers that a server forks in C would otherwise all draw the same numbers, and wait alike.
_random: Final = random.Random()  # noqa: S311 - it spreads waits, and keeps no secret
call_after_fork(_random.seed)


def system_clocks() -> Clocks:
    """Return the clocks and the randomness of this machine."""
    return Clocks(monotonic=time.monotonic, wall=time.time, rng=_random.random)
