"""`folded`: the only way to compare addresses, domains, hosts and reserved names without regard to case."""

from __future__ import annotations

import string
from typing import Final

_LOWER: Final = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)


def folded(text: str) -> str:
    """Return a text with A to Z in lower case. All other characters stay unchanged.

    ``str.lower`` and ``str.casefold`` also change other letters: ``ß`` becomes ``ss``, and the Kelvin sign becomes
    ``k``. The service may treat such addresses as different, so that they belong to different people.
    """
    return text.translate(_LOWER)
