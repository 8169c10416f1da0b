"""The error for attempts to pickle or copy an object such as a client. The message suggests an alternative."""

from __future__ import annotations

from typing import Final, NoReturn

IN_EACH_PROCESS: Final = "make one in each process; it also works after a fork"
"""The alternative to pickling a client."""

PARTS: Final = "an object of a client, such as a resource or a listing,"
"""The words for objects that make their calls through a client."""


def refuse_copies(what: str, instead: str = IN_EACH_PROCESS) -> NoReturn:
    """Raise the error. ``__reduce__``, which ``pickle`` and ``copy`` call, calls this function.

    Args:
        what: The kind of object, for the message.
        instead: The alternative, for the message.

    Raises:
        TypeError: Always.
    """
    raise TypeError(f"{what} cannot be pickled or copied: {instead}")
