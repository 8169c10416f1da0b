"""`Clock`: the clock of an environment. It can be set and stopped, and it decides when tokens expire."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache
from typing import Final

import attrs

LATEST: Final = datetime(9999, 1, 1, tzinfo=UTC).timestamp()
"""The end of the range of a clock. Later times cannot be written in RFC 3339 format."""
_MICROS: Final = 1_000_000


def timestamp(seconds: float) -> str:
    """Return seconds since the epoch in the service's format: RFC 3339 with milliseconds and ``Z``."""
    fraction, whole = math.modf(seconds)
    second, micros = divmod(int(whole) * _MICROS + round(fraction * _MICROS), _MICROS)  # `datetime` rounds the same way
    return f"{_second(second)}.{micros // 1000:03}Z"


@lru_cache(maxsize=64)
def _second(second: int) -> str:
    """Return the text of a whole second without a time zone. The text is cached, since each request needs it."""
    return datetime.fromtimestamp(second, UTC).isoformat()[:-6]


def check_clock(offset: float, frozen: float | None) -> None:
    """Check that the settings of a clock give a valid time.

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
    """The clock of an environment. Its time is in seconds since the epoch.

    Args:
        source: The function that returns the real time.
        offset: The number of seconds by which this clock is ahead of the real clock.
        frozen: The time at which this clock is stopped, or ``None`` if it runs.
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
        """Set the clock forward, or back if ``seconds`` is negative. The clock may run or be stopped.

        Raises:
            ValueError: The time would be before 1970 or after 9998.
        """
        self.check_advance(seconds)
        if self.frozen is None:
            self.offset += seconds
        else:
            self.frozen += seconds

    def check_advance(self, seconds: float) -> None:
        """Check that the clock can be set forward by some seconds. The clock does not change.

        Raises:
            ValueError: ``seconds`` is not a number, or the time would be before 1970 or after 9998.
        """
        if isinstance(seconds, bool) or not isinstance(seconds, int | float):
            raise ValueError("advance must be a number of seconds")  # noqa: TRY004 - verbs raise one kind of error
        # Compare first, since an integer may be too large to be added to a float.
        if not -LATEST <= seconds <= LATEST:
            _check_moment(math.inf)
        _check_moment(self.now() + seconds)

    def freeze(self, frozen: bool) -> None:
        """Stop the clock, or let it continue from the time at which it was stopped."""
        if frozen and self.frozen is None:
            self.frozen = self.now()
        elif not frozen and self.frozen is not None:
            self.offset = self.frozen - self.source()
            self.frozen = None

    def reset(self) -> None:
        """Set the clock to the real time, and let it run."""
        self.offset = 0.0
        self.frozen = None
