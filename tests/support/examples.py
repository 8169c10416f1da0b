"""The number of examples of a test of properties, in proportion to the profile."""

from __future__ import annotations

from typing import Final

from hypothesis import settings

_LEAST: Final = 3
_USUAL: Final = 100
"""Those of a test without a number of its own, where all are drawn."""


def examples(count: int) -> settings:
    """Return settings with a number of examples; profiles that draw fewer of all tests draw fewer of these too.

    Args:
        count: How many, where all examples are drawn.
    """
    return settings(max_examples=max(min(count, _LEAST), count * settings().max_examples // _USUAL))
