"""What a command says to people: lines on standard error, without control characters, coloured where that is wanted."""

from __future__ import annotations

import os
import sys
import textwrap
import warnings
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import Final, TextIO

import click

from frontegg_async._values.printable import printable

_USUAL: Final = 80
"""The columns of a terminal that does not say how many it has."""


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
    return os.get_terminal_size(stream.fileno()).columns or _USUAL if is_terminal(stream) else None


def say(text: str, *, label: str = "", colour: str | None = None) -> None:
    """Write lines to standard error, folded where it is a terminal; a closed one is no reason to fail.

    Args:
        text: The lines. One that is a command line of this program stays whole, to be copied.
        label: What they begin with, as ``error``.
        colour: The colour of the label.
    """
    plain = f"{label}: " if label else ""
    lines = [printable(line) for line in f"{plain}{text}".splitlines()]
    try:
        if is_terminal(sys.stderr):
            width = width_of(sys.stderr) or _USUAL
            lines = [line if line.startswith("frontegg ") else _folded(line, width) for line in lines]
        rest = "\n".join(lines).removeprefix(plain)
        click.echo(click.style(plain, fg=colour, bold=True) + rest, err=True, color=has_colour(sys.stderr))
    except (OSError, ValueError):
        return


def _folded(line: str, width: int) -> str:
    return textwrap.fill(line, width, break_long_words=False, break_on_hyphens=False)


@contextmanager
def shown_warnings(is_quiet: Callable[[], bool]) -> Generator[None]:
    """Show warnings as a line for people, without the place in the code.

    Args:
        is_quiet: Returns whether they are not shown at all.
    """

    def show(message: Warning | str, *_: object, **__: object) -> None:
        if not is_quiet():
            say(str(message), label="warning", colour="yellow")

    with warnings.catch_warnings():
        warnings.showwarning = show
        warnings.simplefilter("default", UserWarning)
        yield
