"""`Entry`: a resource of a client, for those who list them without loading their methods."""

from __future__ import annotations

from typing import NamedTuple


class Entry(NamedTuple):
    """A resource of a client."""

    name: str
    """The noun of its commands."""
    module: str
    """The module of its `Noun`."""
    about: str
    """What it is about, for operators."""
    section: str = ""
    """The heading that its command stands below."""
