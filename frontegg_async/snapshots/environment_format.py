"""The format of environment files: its version, and the syntax of variables."""

from __future__ import annotations

import re
from typing import Final

FORMAT: Final = "frontegg-environment/1"
"""The version of the format, which each file contains."""

FAMILY: Final = "frontegg-environment/"
"""The prefix of all versions of the format."""

NOT_MANAGED: Final = "not_managed"
"""The member of a file with the ids of objects that plans never write."""

NAME: Final = "[A-Za-z_][A-Za-z0-9_]*"
"""The pattern of the name of a variable."""

UNNAMED: Final = "${"
"""The beginning of a variable, and the text of a mark that names no variable."""

_ESCAPE: Final = "$${"

MARKS: Final = re.compile(rf"\$\$\{{|\$\{{({NAME})\}}|\$\{{")
"""The pattern of an escape, of a variable with its name, or of a mark that is neither."""


def variable(name: str) -> str:
    """Return the text that stands for the value of a variable.

    Args:
        name: The name of the variable.
    """
    return f"{UNNAMED}{name}}}"


def escaped(text: str) -> str:
    """Return the text that stands for a literal text in a file.

    Args:
        text: The literal text, in which ``${`` does not begin a variable.
    """
    return text.replace(UNNAMED, _ESCAPE)


def unescaped(mark: str) -> str:
    """Return the literal text of an escape."""
    return mark.removeprefix("$")
