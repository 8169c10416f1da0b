"""The format of environment files: its version, and the syntax of variables."""

from __future__ import annotations

import re
from typing import Final

FORMAT: Final = "frontegg-environment/1"
"""The version of the format, which each file contains."""

FAMILY: Final = "frontegg-environment/"
"""The prefix of all versions of the format."""

NOT_MANAGED: Final = "not_managed"
"""The key in a file for the ids of objects that ``frontegg plan`` never writes."""

NAME: Final = "[A-Za-z_][A-Za-z0-9_]*"
"""The pattern of the name of a variable."""

UNNAMED: Final = "${"
"""The beginning of a variable. Without a name after this text, the text is not a variable."""

_ESCAPE: Final = "$${"

MARKS: Final = re.compile(rf"\$\$\{{|\$\{{({NAME})\}}|\$\{{")
"""The pattern of an escape, of a variable with a name, or of ``${`` without a name."""


def variable(name: str) -> str:
    """Return the text that stands for the value of a variable.

    Args:
        name: The name of the variable.
    """
    return f"{UNNAMED}{name}}}"


def escaped(text: str) -> str:
    """Return the escaped form of a literal text for a file.

    Args:
        text: The literal text, in which ``${`` does not begin a variable.
    """
    return text.replace(UNNAMED, _ESCAPE)


def unescaped(mark: str) -> str:
    """Return the literal text of an escape."""
    return mark.removeprefix("$")
