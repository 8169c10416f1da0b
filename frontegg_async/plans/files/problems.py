"""`Problem`: a problem in a row of a file, with its path and its message."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import Final

import attrs

from frontegg_async.plans.files.places import Path

LONGEST: Final = 60
"""The maximum number of characters of an unknown name in a message."""


@attrs.frozen
class Problem:
    """A problem in a row."""

    path: Path
    """The path of the value, in the spelling of the row."""
    message: str
    of_name: bool = False
    """Whether the problem is in the name of the value, not in the value itself."""


def unknown_field(name: str, known: Iterable[str], noun: str = "field") -> str:
    """Return the message for an unknown field, with the most similar known field."""
    shown = name[:LONGEST]
    nearest = difflib.get_close_matches(shown, sorted(known), 1)
    return f"unknown {noun} {shown!r}" + (f"; did you mean {nearest[0]!r}?" if nearest else "")
