"""The conversion of durations, which are numbers or `timedelta`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Final, TypeVar

V = TypeVar("V")

_SECOND: Final = timedelta(seconds=1)
_MINUTE: Final = timedelta(minutes=1)


def in_seconds(value: V | timedelta, name: str, error: Callable[[str], Exception]) -> V | float:
    """Return a duration in seconds. A value that is no `timedelta` is returned unchanged.

    Args:
        value: The number or duration.
        name: The name of the argument or setting, for the message.
        error: The error class to raise: `InvalidArgumentError` for calls, `ConfigurationError` otherwise.

    Raises:
        Exception: The duration is negative.
    """
    if isinstance(value, timedelta):
        _refuse_negative(value, name, error)
    return signed_seconds(value)


def signed_seconds(value: V | timedelta) -> V | float:
    """Return a duration in seconds, which may be negative. A value that is no `timedelta` is returned unchanged."""
    return value / _SECOND if isinstance(value, timedelta) else value


def in_whole_units(value: V | timedelta, name: str, error: Callable[[str], Exception]) -> V | int:
    """Return a duration in the unit of an argument. A value that is no `timedelta` is returned unchanged.

    Args:
        value: The number or duration.
        name: The name of the argument. The unit is a minute if the name ends with ``_minutes``, otherwise a second.
        error: The error class to raise, see `in_seconds`.

    Raises:
        Exception: The duration is negative, or is not a whole number of the unit.
    """
    if not isinstance(value, timedelta):
        return value
    _refuse_negative(value, name, error)
    unit, word = (_MINUTE, "minutes") if name.endswith("_minutes") else (_SECOND, "seconds")
    count, rest = divmod(value, unit)
    if rest:
        raise error(f"{name} must be a whole number of {word}, not {value}")
    return count


def _refuse_negative(value: timedelta, name: str, error: Callable[[str], Exception]) -> None:
    if value < timedelta():
        raise error(f"{name} must not be negative, not {value!r}")
