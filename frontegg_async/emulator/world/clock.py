"""`Clock`: the clock of an environment, which can be set and stopped; tokens expire by it."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache
from typing import Final

import attrs

LATEST: Final = datetime(9999, 1, 1, tzinfo=UTC).timestamp()
"""The end of the range of a clock: later moments have no RFC 3339 form."""
_MICROS: Final = 1_000_000


def timestamp(seconds: float) -> str:
    """Return seconds since the epoch as the service writes them: RFC 3339, milliseconds, ``Z``."""
    fraction, whole = math.modf(seconds)
    second, micros = divmod(int(whole) * _MICROS + round(fraction * _MICROS), _MICROS)  # rounded as `datetime` does
    return f"{_second(second)}.{micros // 1000:03}Z"


@lru_cache(maxsize=64)
def _second(second: int) -> str:
    """Return a whole second without its zone; cached, since each request has its time."""
    return datetime.fromtimestamp(second, UTC).isoformat()[:-6]


def check_clock(offset: float, frozen: float | None) -> None:
    """Check the settings of a clock.

    Raises:
        ValueError: Its time would be before 1970 or after 9998.
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
        offset: How many seconds it is ahead of the real clock.
        frozen: The time at which it is stopped; ``None`` while it runs.
    """

    source: Callable[[], float] = attrs.field(default=time.time, repr=False, eq=False)
    offset: float = 0.0
    frozen: float | None = None

    def now(self) -> float:
        """Return the current time."""
        return self.source() + self.offset if self.frozen is None else self.frozen

    def timestamp(self) -> str:
        """Return the current time as the service writes it."""
        return timestamp(self.now())

    def advance(self, seconds: float) -> None:
        """Set it forward, or back if ``seconds`` is negative, whether it runs or not.

        Raises:
            ValueError: The time would be before 1970 or after 9998.
        """
        self.check_advance(seconds)
        if self.frozen is None:
            self.offset += seconds
        else:
            self.frozen += seconds

    def check_advance(self, seconds: float) -> None:
        """Check that it can be set forward by some seconds, and do not change it.

        Raises:
            ValueError: ``seconds`` is not a number, or the time would be before 1970 or after 9998.
        """
        if isinstance(seconds, bool) or not isinstance(seconds, int | float):
            raise ValueError("advance must be a number of seconds")  # noqa: TRY004 - verbs raise one kind of error
        # Compared before it is added: a whole number may be too large for a float.
        if not -LATEST <= seconds <= LATEST:
            _check_moment(math.inf)
        _check_moment(self.now() + seconds)

    def freeze(self, frozen: bool) -> None:
        """Stop it, or let it run on from where it was stopped."""
        if frozen and self.frozen is None:
            self.frozen = self.now()
        elif not frozen and self.frozen is not None:
            self.offset = self.frozen - self.source()
            self.frozen = None

    def reset(self) -> None:
        """Set it to the real time."""
        self.offset = 0.0
        self.frozen = None
