"""The number of all items of a listing, as a page tells it."""

from __future__ import annotations

import re
from typing import Final, cast

_MOST: Final = 2**53
"""A larger number is no count: JSON cannot tell it from its neighbours."""
_DIGITS: Final = re.compile(r"[0-9]{1,16}", re.ASCII)


def total_of(about: object) -> int | None:
    """Return the total that a page gives, or ``None`` if it gives none that can be used.

    A whole number is taken in each form that JSON has for it: ``450``, ``450.0`` and ``"450"``.

    Args:
        about: What the page says of all pages, ``_metadata``; anything.
    """
    if not isinstance(about, dict):
        return None
    total = cast("dict[str, object]", about).get("totalItems")
    if isinstance(total, str):
        if not _DIGITS.fullmatch(total):
            return None
        total = int(total)
    if isinstance(total, bool) or not isinstance(total, int | float) or not 0 <= total <= _MOST or total != int(total):
        return None
    return int(total)
