"""Name the kind of a value that is not allowed, and what was probably meant."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import CoroutineType, NoneType
from typing import Final

_SHOWABLE: Final = r"[A-Za-z0-9 ._-]{0,24}"
"""Text that a message may show: too short for a secret that is given in the wrong place."""
_HINTS: Final = {"UUID": "give its str()", "URL": "give its str()"}
_MOST_BITS: Final = 64
_IN_FILES: Final[Mapping[type, str]] = {
    dict: "a mapping",
    list: "a list",
    str: "text",
    bool: "true or false",
    int: "a number",
    float: "a number",
    NoneType: "null",
}


def kind_of(value: object, argument: str = "") -> str:
    """Return the name of a value's type for a message, with what to do if that is known.

    Args:
        value: A value of the wrong type.
        argument: The name of the argument. If the value is an object that has an attribute of this name, that was
            probably meant.
    """
    name = type(value).__name__
    if isinstance(value, CoroutineType):
        return f"{name}: await the call that returned it"
    if name in _HINTS:
        return f"{name}: {_HINTS[name]}"
    attribute = argument.partition("[")[0].removesuffix("s") if "[" in argument else argument
    return f"{name}: give its {attribute}" if attribute and hasattr(type(value), attribute) else name


def kind_in_files(value: object) -> str:
    """Return what a value is for a message, in words that every format of files has.

    Args:
        value: A value of the wrong type, as a file has it.
    """
    return _IN_FILES.get(type(value), type(value).__name__)


def repr_by(instance: object, attribute: str) -> str:
    """Return the repr of an instance by one of its attributes.

    Tracebacks that show locals also ask instances whose constructor raised, and these have no attributes.
    """
    value = getattr(instance, attribute, None)
    return f"{type(instance).__name__}({'' if value is None else repr(str(value))})"


def shown(value: object) -> str:
    """Return a value that is not allowed for a message, or only its type or length if it is odd or could be a secret.

    Args:
        value: The value of a setting or of an argument that names none and holds no text of people.
    """
    if isinstance(value, int) and value.bit_length() > _MOST_BITS:
        return f"a number of {value.bit_length()} bits"
    if isinstance(value, int | float) and not isinstance(value, bool):
        return repr(value)
    if not isinstance(value, str):
        return kind_of(value)
    return repr(value) if re.fullmatch(_SHOWABLE, value) else f"a text of {len(value)} characters"
