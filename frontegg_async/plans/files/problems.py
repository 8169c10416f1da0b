"""`Problem`: what is wrong in a row of a file, and the words for it."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import Final

import attrs

from frontegg_async.plans.files.places import Path

LONGEST: Final = 60
"""The most characters of an unknown name that a message shows."""


@attrs.frozen
class Problem:
    """What is wrong in a row."""

    path: Path
    """The path of the value, with the names that the row has."""
    message: str
    of_name: bool = False
    """Whether the name is wrong, and not the value."""


def unknown_field(name: str, known: Iterable[str], noun: str = "field") -> str:
    """Return the message for a field that is not known, with the nearest that is."""
    shown = name[:LONGEST]
    nearest = difflib.get_close_matches(shown, sorted(known), 1)
    return f"unknown {noun} {shown!r}" + (f"; did you mean {nearest[0]!r}?" if nearest else "")
