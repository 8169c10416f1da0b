"""The check of boolean flags for arguments, options and settings."""

from __future__ import annotations

from collections.abc import Callable

from frontegg_async._values.kinds import kind_of


def check_flag(value: object, name: str, error: Callable[[str], Exception]) -> bool:
    """Check a boolean flag, and return the flag.

    Args:
        value: The given value.
        name: The name of the argument, option or setting, for the message.
        error: The error class to raise: `InvalidArgumentError` for calls, `ConfigurationError` otherwise.

    Raises:
        Exception: ``value`` is neither ``True`` nor ``False``.
    """
    if not isinstance(value, bool):
        raise error(f"{name} must be True or False, not {kind_of(value)}")
    return value
