"""Check the time settings of verifiers: the clock, and the leeway (the allowed difference between clocks)."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable
from typing import Final, cast

import msgspec

from frontegg_async._core.runtime.clocks import Clocks, system_clocks
from frontegg_async._values.durations import in_seconds
from frontegg_async._values.kinds import kind_of
from frontegg_async.errors import ConfigurationError

MAX_LEEWAY: Final = 60.0
"""The largest leeway, in seconds."""


def check_clock(value: object) -> Clocks:
    """Return the clocks of a verifier. They use the given clock for the expiry of tokens.

    Raises:
        ConfigurationError: The value is not a function that returns seconds. The clocks also raise this error in later
            calls.
    """
    if not callable(value):
        raise ConfigurationError(f"clock must be a function such as time.time, not {type(value).__name__}")
    clock = functools.partial(_read_clock, cast("Callable[[], object]", value))
    clock()
    return msgspec.structs.replace(system_clocks(), wall=clock)


def _read_clock(clock: Callable[[], object]) -> float:
    """Return the time of a clock. NaN is refused, because no token would ever expire.

    Raises:
        ConfigurationError: The function raises an exception, or does not return a finite number of seconds.
    """
    try:
        now = clock()
    except Exception as error:  # noqa: BLE001 - a function of the application may raise anything
        kind = type(error).__name__
    else:
        if isinstance(now, int | float) and not isinstance(now, bool) and -math.inf < now < math.inf:
            return now
        found = repr(now) if isinstance(now, float) else kind_of(now)
        raise ConfigurationError(f"clock must return seconds of the epoch as time.time does, not {found}")
    raise ConfigurationError(f"the function given as clock raised {kind}")


def check_leeway(value: object) -> float:
    """Return the allowed difference between clocks, in seconds.

    Raises:
        ConfigurationError: The value is not a number from 0 to `MAX_LEEWAY`.
    """
    value = in_seconds(value, "leeway", ConfigurationError)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= MAX_LEEWAY:
        raise ConfigurationError(f"leeway must be a number of seconds from 0 to {MAX_LEEWAY:g}")
    return float(value)
