"""Descriptions of wrong values for messages: the name of the type, with a hint at the probable intention."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import CoroutineType, NoneType
from typing import Final

_SHOWABLE: Final = r"[A-Za-z0-9 ._-]{0,24}"
"""The pattern of text that a message may quote. Such text is too short for a secret that was passed by mistake."""
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
    """Return the name of a value's type for a message, with a hint if one is known.

    Args:
        value: A value of the wrong type.
        argument: The name of the argument. If the value has an attribute with this name, the hint suggests the
            attribute.
    """
    name = type(value).__name__
    if isinstance(value, CoroutineType):
        return f"{name}: await the call that returned it"
    if name in _HINTS:
        return f"{name}: {_HINTS[name]}"
    attribute = argument.partition("[")[0].removesuffix("s") if "[" in argument else argument
    return f"{name}: give its {attribute}" if attribute and hasattr(type(value), attribute) else name


def kind_in_files(value: object) -> str:
    """Return a description of a value's type for a message, in words that fit every file format.

    Args:
        value: A value of the wrong type, read from a file.
    """
    return _IN_FILES.get(type(value), type(value).__name__)


def repr_by(instance: object, attribute: str) -> str:
    """Return the repr of an instance, built from one of its attributes.

    The instance may lack the attribute if its constructor raised an error. Tracebacks with local variables still show
    the instance.
    """
    value = getattr(instance, attribute, None)
    return f"{type(instance).__name__}({'' if value is None else repr(str(value))})"


def shown(value: object) -> str:
    """Return the text for a wrong value in a message.

    If the value is long or may be a secret, return its type or length.

    Args:
        value: The value of a setting, or of an argument that is neither a name nor a text that people wrote.
    """
    if isinstance(value, int) and value.bit_length() > _MOST_BITS:
        return f"a number of {value.bit_length()} bits"
    if isinstance(value, int | float) and not isinstance(value, bool):
        return repr(value)
    if not isinstance(value, str):
        return kind_of(value)
    return repr(value) if re.fullmatch(_SHOWABLE, value) else f"a text of {len(value)} characters"
