"""`Clocks`: the clocks and the random numbers, which are passed to the code that needs them."""

from __future__ import annotations

import functools
import random
import sys
import time
from collections.abc import Callable
from typing import Final

import msgspec

from frontegg_async._core.runtime.forks import call_after_fork


class Clocks(msgspec.Struct, kw_only=True, frozen=True, eq=False):
    """The monotonic clock, the current time in seconds of the epoch, and random numbers from 0 to 1."""

    monotonic: Callable[[], float]
    wall: Callable[[], float]
    rng: Callable[[], float]


# The generator is seeded again after a fork. Otherwise, workers that a server forks in C would draw the same numbers.
_random: Final = random.Random()  # noqa: S311 - for jitter, not for secrets
call_after_fork(_random.seed)


def system_clocks() -> Clocks:
    """Return the clocks and the random numbers of this machine."""
    return Clocks(monotonic=time.monotonic, wall=time.time, rng=_random.random)


def with_suspensions(clocks: Clocks) -> Clocks:
    """Return clocks whose monotonic clock also runs while the machine is suspended.

    Python's monotonic clock runs during a suspension only on Windows. Do not compare the returned clock with the time
    of an event loop.

    Args:
        clocks: The clocks. Clocks other than those of this machine are returned unchanged.
    """
    number = getattr(time, "CLOCK_MONOTONIC" if sys.platform == "darwin" else "CLOCK_BOOTTIME", None)
    if number is None or clocks.monotonic is not time.monotonic:
        return clocks
    return msgspec.structs.replace(clocks, monotonic=functools.partial(time.clock_gettime, number))
