"""`Clock`: the clock of an environment, which can be set and stopped. It decides when tokens expire."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache
from typing import Final

import attrs

LATEST: Final = datetime(9999, 1, 1, tzinfo=UTC).timestamp()
"""The end of the range of a clock, since later times have no RFC 3339 form."""
_MICROS: Final = 1_000_000


def timestamp(seconds: float) -> str:
    """Return seconds since the epoch in the service's format: RFC 3339 with milliseconds and ``Z``."""
    fraction, whole = math.modf(seconds)
    second, micros = divmod(int(whole) * _MICROS + round(fraction * _MICROS), _MICROS)  # rounded like `datetime`
    return f"{_second(second)}.{micros // 1000:03}Z"


@lru_cache(maxsize=64)
def _second(second: int) -> str:
    """Return a whole second without its zone. The result is cached, since each request needs its time."""
    return datetime.fromtimestamp(second, UTC).isoformat()[:-6]


def check_clock(offset: float, frozen: float | None) -> None:
    """Check the settings of a clock.

    Raises:
        ValueError: The time would be before 1970 or after 9998.
    """
    _check_moment(time.time() + offset)
    if frozen is not None:
        _check_moment(frozen)


def _check_moment(moment: float) -> None:
    if not 0 <= moment < LATEST:
        raise ValueError("the time of a clock must be between the years 1970 and 9998")


@attrs.define
class Clock:
    """The time of an environment, in seconds since the epoch.

    Args:
        source: The real clock.
        offset: The seconds by which it is ahead of the real clock.
        frozen: The time at which it is stopped; ``None`` while it runs.
    """

    source: Callable[[], float] = attrs.field(default=time.time, repr=False, eq=False)
    offset: float = 0.0
    frozen: float | None = None

    def now(self) -> float:
        """Return the time of the clock."""
        return self.source() + self.offset if self.frozen is None else self.frozen

    def timestamp(self) -> str:
        """Return the time of the clock in the service's format."""
        return timestamp(self.now())

    def advance(self, seconds: float) -> None:
        """Set the clock forward, or back if ``seconds`` is negative, whether it runs or not.

        Raises:
            ValueError: The time would be before 1970 or after 9998.
        """
        self.check_advance(seconds)
        if self.frozen is None:
            self.offset += seconds
        else:
            self.frozen += seconds

    def check_advance(self, seconds: float) -> None:
        """Check that the clock can be set forward by some seconds, without changing it.

        Raises:
            ValueError: ``seconds`` is not a number, or the time would be before 1970 or after 9998.
        """
        if isinstance(seconds, bool) or not isinstance(seconds, int | float):
            raise ValueError("advance must be a number of seconds")  # noqa: TRY004 - verbs raise one kind of error
        # Compare first, since a whole number may be too large to be added to a float.
        if not -LATEST <= seconds <= LATEST:
            _check_moment(math.inf)
        _check_moment(self.now() + seconds)

    def freeze(self, frozen: bool) -> None:
        """Stop the clock, or let it run on from the time at which it was stopped."""
        if frozen and self.frozen is None:
            self.frozen = self.now()
        elif not frozen and self.frozen is not None:
            self.offset = self.frozen - self.source()
            self.frozen = None

    def reset(self) -> None:
        """Set the clock to the real time, and let it run."""
        self.offset = 0.0
        self.frozen = None
