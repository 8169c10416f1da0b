"""Refuse to pickle or copy objects such as clients, with an error that says what to do instead."""

from __future__ import annotations

from typing import Final, NoReturn

IN_EACH_PROCESS: Final = "make one in each process; one that was made before a fork works after it too"
"""What to do instead of pickling a client."""

PARTS: Final = "what belongs to a client, such as its resources and listings,"
"""Objects that make their calls through a client."""


def refuse_copies(what: str, instead: str = IN_EACH_PROCESS) -> NoReturn:
    """Raise from ``__reduce__``, which ``pickle`` and ``copy`` call.

    Args:
        what: The kind of object, for the message.
        instead: What to do instead.

    Raises:
        TypeError: Always.
    """
    raise TypeError(f"{what} cannot be pickled or copied: {instead}")
