"""The format of environment files: its version, and texts with variables."""

from __future__ import annotations

import re
from typing import Final

FORMAT: Final = "frontegg-environment/1"
"""The version of the format, which each file has."""

FAMILY: Final = "frontegg-environment/"
"""The prefix of every version of the format."""

NOT_MANAGED: Final = "not_managed"
"""The member of a file with the ids of objects that no plan writes."""

NAME: Final = "[A-Za-z_][A-Za-z0-9_]*"
"""The pattern of the name of a variable."""

UNNAMED: Final = "${"
"""How a variable begins, and a mark that names none."""

_ESCAPE: Final = "$${"

MARKS: Final = re.compile(rf"\$\$\{{|\$\{{({NAME})\}}|\$\{{")
"""The pattern of an escape, of a variable with its name, and of a mark that is neither."""


def variable(name: str) -> str:
    """Return the text that stands for the value of a variable.

    Args:
        name: The name of the variable.
    """
    return f"{UNNAMED}{name}}}"


def escaped(text: str) -> str:
    """Return a text that a file has for a literal text.

    Args:
        text: The text, in which ``${`` begins no variable.
    """
    return text.replace(UNNAMED, _ESCAPE)


def unescaped(mark: str) -> str:
    """Return the literal text of an escape."""
    return mark.removeprefix("$")
