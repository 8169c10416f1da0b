"""Properties of output streams, such as the width of a terminal, and a rich console that writes to a stream."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final, TextIO

if TYPE_CHECKING:
    from rich.console import Console

USUAL_WIDTH: Final = 80
"""The width in columns that is assumed for a terminal that does not report its width."""

WITHOUT_LIMIT: Final = 100_000
"""The width in columns that is assumed for a pipe."""

_HEIGHT: Final = 24


def is_terminal(stream: TextIO) -> bool:
    """Return whether a stream is a terminal. A closed stream is no terminal."""
    try:
        return stream.isatty()
    except ValueError:
        return False


def has_colour(stream: TextIO) -> bool:
    """Return whether a stream is a terminal that shows colours, and the variable ``NO_COLOR`` is not set."""
    return is_terminal(stream) and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def width_of(stream: TextIO) -> int | None:
    """Return the width of a terminal in columns; ``None`` for a pipe, whose width is unlimited."""
    if os.environ.get("COLUMNS", "").isdecimal():
        return int(os.environ["COLUMNS"])
    return os.get_terminal_size(stream.fileno()).columns or USUAL_WIDTH if is_terminal(stream) else None


def console_of(stream: TextIO) -> Console:
    """Return a rich console for a stream, as wide as the terminal. Without a terminal, the width is unlimited.

    Args:
        stream: The stream.
    """
    from rich.console import Console  # noqa: PLC0415 - only formats for people need it

    terminal, colour = is_terminal(stream), has_colour(stream)
    return Console(
        file=stream,
        width=width_of(stream) or WITHOUT_LIMIT,
        height=_HEIGHT,  # without a height, rich assumes 80 columns on a dumb terminal
        force_terminal=terminal,
        no_color=not colour,
        color_system="auto" if colour else None,
        highlight=False,
        markup=False,
        emoji=False,
    )
