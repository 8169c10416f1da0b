"""Numbers that people hand in, held against their ranges; what is wrong is a `ValueError` that names the argument."""

from __future__ import annotations

from typing import Final

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


def whole(value: int, name: str, least: int, most: int | None = None) -> int:
    """Return a whole number.

    Raises:
        ValueError: It is none, or out of its range.
    """
    if isinstance(value, bool) or not isinstance(value, int) or value < least or (most is not None and value > most):
        span = f"of at least {least}" if most is None else f"from {least} to {most}"
        raise ValueError(f"{name} must be a whole number {span}")
    return value
