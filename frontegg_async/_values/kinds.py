"""Name the kind of a value that is not allowed, and what was probably meant."""

from __future__ import annotations

from types import CoroutineType


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
    attribute = argument.partition("[")[0].removesuffix("s") if "[" in argument else argument
    return f"{name}: give its {attribute}" if attribute and hasattr(type(value), attribute) else name
