"""What a stream is: a terminal, its colours and its width, and a console of rich that writes to it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final, TextIO

if TYPE_CHECKING:
    from rich.console import Console

USUAL_WIDTH: Final = 80
"""The columns of a terminal that does not say how many it has."""

WITHOUT_LIMIT: Final = 100_000
"""The columns of a pipe."""

_HEIGHT: Final = 24


def is_terminal(stream: TextIO) -> bool:
    """Return whether a stream is a terminal; a closed one is none."""
    try:
        return stream.isatty()
    except ValueError:
        return False


def has_colour(stream: TextIO) -> bool:
    """Return whether a stream takes colours: it is a terminal that can, and ``NO_COLOR`` is not set."""
    return is_terminal(stream) and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def width_of(stream: TextIO) -> int | None:
    """Return the columns of a terminal, also of one that does not say; ``None`` of a pipe, which has no end."""
    if os.environ.get("COLUMNS", "").isdecimal():
        return int(os.environ["COLUMNS"])
    return os.get_terminal_size(stream.fileno()).columns or USUAL_WIDTH if is_terminal(stream) else None


def console_of(stream: TextIO) -> Console:
    """Return a console of rich for a stream: as wide as its terminal, or without a limit where there is none.

    Args:
        stream: The stream.
    """
    from rich.console import Console  # noqa: PLC0415 - of people's formats alone

    terminal, colour = is_terminal(stream), has_colour(stream)
    return Console(
        file=stream,
        width=width_of(stream) or WITHOUT_LIMIT,
        height=_HEIGHT,  # without one, rich takes 80 columns for the width of a dumb terminal
        force_terminal=terminal,
        no_color=not colour,
        color_system="auto" if colour else None,
        highlight=False,
        markup=False,
        emoji=False,
    )
