"""Clocks and randomness as a value, which is passed to the code that needs it."""

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
    """The monotonic clock, the time of day in seconds of the epoch, and random numbers from 0 to 1."""

    monotonic: Callable[[], float]
    wall: Callable[[], float]
    rng: Callable[[], float]


# An own generator, reseeded after a fork. Otherwise workers that a server forks in C would draw the same numbers.
_random: Final = random.Random()  # noqa: S311 - for jitter, not for secrets
call_after_fork(_random.seed)


def system_clocks() -> Clocks:
    """Return the clocks and the random numbers of this machine."""
    return Clocks(monotonic=time.monotonic, wall=time.time, rng=_random.random)


def with_suspensions(clocks: Clocks) -> Clocks:
    """Return clocks whose monotonic clock also counts the time in which the machine is suspended.

    The monotonic clock of Python counts it only on Windows. The returned clock must not be compared with the time of an
    event loop.

    Args:
        clocks: The clocks. Only the clocks of this machine change.
    """
    number = getattr(time, "CLOCK_MONOTONIC" if sys.platform == "darwin" else "CLOCK_BOOTTIME", None)
    if number is None or clocks.monotonic is not time.monotonic:
        return clocks
    return msgspec.structs.replace(clocks, monotonic=functools.partial(time.clock_gettime, number))
