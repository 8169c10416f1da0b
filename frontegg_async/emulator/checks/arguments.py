"""What people hand in, held against what it may be; what is wrong is a `ValueError` that names the argument."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final, TypeVar

from frontegg_async.emulator.checks.json_input import is_text

T = TypeVar("T")

MAX_TTL: Final = 10 * 365 * 86_400.0
MAX_PORT: Final = 65_535


def seconds(value: float, name: str) -> float:
    """Return how long something lasts.

    Raises:
        ValueError: It is no number, not above 0, or longer than ten years.
    """
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= MAX_TTL:
        raise ValueError(f"{name} must be a number of seconds above 0 and at most {MAX_TTL:.0f}")
    return float(value)


def text(value: str, name: str) -> str:
    """Return a text.

    Raises:
        ValueError: It is none, or has a lone surrogate, which no JSON in UTF-8 can hold.
    """
    if not isinstance(value, str):
        raise ValueError(f"{name} must be text, not {type(value).__name__}")  # noqa: TRY004 - one kind of error
    if not is_text(value):
        raise ValueError(f"{name} must not have a lone surrogate, which UTF-8 cannot hold")
    return value


def flag(value: bool, name: str) -> bool:
    """Return a flag.

    Raises:
        ValueError: It is neither ``True`` nor ``False``.
    """
    if not isinstance(value, bool):
        raise ValueError(f"{name} must be True or False, not {type(value).__name__}")  # noqa: TRY004 - one kind of error
    return value


def optional_text(value: str | None, name: str) -> str | None:
    """Return a text, or ``None``.

    Raises:
        ValueError: It is neither, or has a lone surrogate.
    """
    return None if value is None else text(value, name)


def mapping(value: Mapping[str, T], name: str) -> dict[str, T]:
    """Return an object as a dictionary.

    Raises:
        ValueError: It is no mapping.
    """
    if not isinstance(value, Mapping):
        raise ValueError(f"{name} must be a mapping, not {type(value).__name__}")  # noqa: TRY004 - one kind of error
    return dict(value)


def texts(values: Iterable[str], name: str) -> list[str]:
    """Return texts as a list.

    Raises:
        ValueError: It is a single text, which would be taken apart, or one of them is no text or has a lone surrogate.
    """
    if isinstance(values, str) or not isinstance(values, Iterable):
        raise ValueError(f"{name} must be a list of texts, not {type(values).__name__}")  # noqa: TRY004 - one kind of error
    found: list[str] = list(values)
    for index, value in enumerate(found):
        text(value, f"{name}[{index}]")
    return found


def path(value: Path | str, name: str) -> Path:
    """Return the path of a file.

    Raises:
        ValueError: It is none, or empty.
    """
    if not isinstance(value, Path | str) or not str(value):
        raise ValueError(f"{name} must be the path of a file, not {value!r}")
    return Path(value)


def whole(value: int, name: str, least: int, most: int | None = None) -> int:
    """Return a whole number.

    Raises:
        ValueError: It is none, or out of its range.
    """
    if isinstance(value, bool) or not isinstance(value, int) or value < least or (most is not None and value > most):
        span = f"of at least {least}" if most is None else f"from {least} to {most}"
        raise ValueError(f"{name} must be a whole number {span}")
    return value
