"""`Entry`, a resource of a client for lists that do not load the resource's methods."""

from __future__ import annotations

from typing import NamedTuple


class Entry(NamedTuple):
    """A resource of a client."""

    name: str
    """The noun of its commands."""
    module: str
    """The module of its `Noun`."""
    about: str
    """The subject of the resource, for operators."""
    section: str = ""
    """The heading above its command."""
