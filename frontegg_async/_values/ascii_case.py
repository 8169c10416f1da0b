"""`folded`: the one way in which addresses, domains, hosts and reserved names are compared without regard to case."""

from __future__ import annotations

import string
from typing import Final

_LOWER: Final = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)


def folded(text: str) -> str:
    """Return a text with A to Z in lower case, and all else as it is.

    ``str.lower`` and ``str.casefold`` change other letters too: for them, ``ß`` is ``ss``, and the Kelvin sign is
    ``k``. The service may keep such addresses apart, so that they are two people's.
    """
    return text.translate(_LOWER)
