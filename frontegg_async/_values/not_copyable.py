"""What cannot be pickled or copied says so, and what to do instead."""

from __future__ import annotations

from typing import Final, NoReturn

IN_EACH_PROCESS: Final = "make one in each process; one that was made before a fork works after it too"
"""What to do instead of sending a client to another process."""

PARTS: Final = "what belongs to a client, as its resources and listings,"
"""What cannot be copied since it makes its calls by a client."""


def refuse_copies(what: str, instead: str = IN_EACH_PROCESS) -> NoReturn:
    """Refuse to be pickled or copied: to be called by ``__reduce__``, which ``pickle`` and ``copy`` ask.

    Args:
        what: What cannot be, for the message.
        instead: What to do instead.

    Raises:
        TypeError: Always.
    """
    raise TypeError(f"{what} cannot be pickled or copied: {instead}")
