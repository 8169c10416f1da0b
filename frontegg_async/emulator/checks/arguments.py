"""Checks of the arguments of admin verbs. Every failed check raises a `ValueError` that names the argument."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Final, TypeVar

from frontegg_async._values.durations import signed_seconds
from frontegg_async.emulator.checks.json_input import is_text

T = TypeVar("T")

MAX_TTL: Final = 10 * 365 * 86_400.0
MAX_PORT: Final = 65_535


def seconds(value: float, name: str) -> float:
    """Check a duration in seconds, and return it.

    Raises:
        ValueError: The value is not a number above 0, or is longer than ten years.
    """
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= MAX_TTL:
        raise ValueError(f"{name} must be a number of seconds above 0 and at most {MAX_TTL:.0f}")
    return float(value)


def lifetime(value: float | timedelta, name: str) -> float:
    """Check the lifetime of a token in seconds, and return it. A token with a lifetime of 0 or less has expired.

    Raises:
        ValueError: The value is not a number, or is above ten years or below minus ten years.
    """
    value = signed_seconds(value)
    if isinstance(value, bool) or not isinstance(value, int | float) or not -MAX_TTL <= value <= MAX_TTL:
        raise ValueError(f"{name} must be a number of seconds from -{MAX_TTL:.0f} to {MAX_TTL:.0f}")
    return float(value)


def text(value: str, name: str) -> str:
    """Check a text, and return it.

    Raises:
        ValueError: The value is not text, or contains a lone surrogate, which UTF-8 cannot encode.
    """
    if not isinstance(value, str):
        raise ValueError(f"{name} must be text, not {type(value).__name__}")  # noqa: TRY004 - one kind of error
    if not is_text(value):
        raise ValueError(f"{name} must not have a lone surrogate, which UTF-8 cannot encode")
    return value


def flag(value: bool, name: str) -> bool:
    """Check a flag, and return it.

    Raises:
        ValueError: The value is neither ``True`` nor ``False``.
    """
    if not isinstance(value, bool):
        raise ValueError(f"{name} must be True or False, not {type(value).__name__}")  # noqa: TRY004 - one kind of error
    return value


def optional_text(value: str | None, name: str) -> str | None:
    """Check a text or ``None``, and return it.

    Raises:
        ValueError: The value is neither a text nor ``None``, or contains a lone surrogate.
    """
    return None if value is None else text(value, name)


def mapping(value: Mapping[str, T], name: str) -> dict[str, T]:
    """Check a mapping, and return it as a dictionary.

    Raises:
        ValueError: The value is not a mapping.
    """
    if not isinstance(value, Mapping):
        raise ValueError(f"{name} must be a mapping, not {type(value).__name__}")  # noqa: TRY004 - one kind of error
    return dict(value)


def texts(values: Iterable[str], name: str) -> list[str]:
    """Check texts, and return them as a list.

    Raises:
        ValueError: The argument is a single text, or one of its items is not text or contains a lone surrogate.
    """
    if isinstance(values, str) or not isinstance(values, Iterable):
        raise ValueError(f"{name} must be a list of texts, not {type(values).__name__}")  # noqa: TRY004 - one kind of error
    found: list[str] = list(values)
    for index, value in enumerate(found):
        text(value, f"{name}[{index}]")
    return found


def path(value: Path | str, name: str) -> Path:
    """Check the path of a file, and return it.

    Raises:
        ValueError: The value is not a path, or is empty.
    """
    if not isinstance(value, Path | str) or not str(value):
        raise ValueError(f"{name} must be the path of a file, not {value!r}")
    return Path(value)


def whole(value: int, name: str, least: int, most: int | None = None) -> int:
    """Check an integer, and return it.

    Raises:
        ValueError: The value is not an integer, or is out of range.
    """
    if isinstance(value, bool) or not isinstance(value, int) or value < least or (most is not None and value > most):
        span = f"of at least {least}" if most is None else f"from {least} to {most}"
        raise ValueError(f"{name} must be a whole number {span}")
    return value
