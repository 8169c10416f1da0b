"""`Entry`, a resource of a client in a list of resources. The list does not import the methods of a resource."""

from __future__ import annotations

from typing import NamedTuple


class Entry(NamedTuple):
    """A resource of a client."""

    name: str
    """The noun: the first word of the commands of the resource, such as ``tenants``."""
    module: str
    """The name of the module that contains the `Noun` of the resource."""
    about: str
    """The description of the resource for users of the command line."""
    section: str = ""
    """The heading above the noun in the list of commands."""
