"""Read the times in the claims of a JSON Web Token (``NumericDate``, RFC 7519)."""

from __future__ import annotations

from typing import Final

_END_OF_TIME: Final = 253_402_300_800.0
"""The beginning of the year 10,000, in seconds of the epoch. Python's dates end there."""


def seconds_of(claim: object) -> float | None:
    """Return the seconds of the epoch in a claim, or ``None`` if it is not a time from 1970 to 9999."""
    if isinstance(claim, bool) or not isinstance(claim, int | float) or not 0 <= claim < _END_OF_TIME:
        return None
    return float(claim)
