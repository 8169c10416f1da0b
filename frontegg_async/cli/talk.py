"""What a command says to people: lines on standard error, without control characters, coloured where that is wanted."""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import TextIO

import click


def printable(text: str) -> str:
    """Return a text that does nothing to a terminal: control characters are shown as escapes."""
    return text if text.isprintable() else "".join(map(_shown, text))


def _shown(character: str) -> str:
    return character if character.isprintable() else character.encode("unicode_escape").decode("ascii")


def is_terminal(stream: TextIO) -> bool:
    """Return whether a stream is a terminal; a closed one is none."""
    try:
        return stream.isatty()
    except ValueError:
        return False


def has_colour(stream: TextIO) -> bool:
    """Return whether a stream takes colours: it is a terminal that can, and ``NO_COLOR`` is not set."""
    return is_terminal(stream) and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def say(text: str, *, label: str = "", colour: str | None = None) -> None:
    """Write lines to standard error; a closed one is no reason to fail.

    Args:
        text: The lines.
        label: What they begin with, as ``error``.
        colour: The colour of the label.
    """
    lines = "\n".join(map(printable, text.splitlines()))
    start = click.style(f"{label}: ", fg=colour, bold=True) if label else ""
    try:
        click.echo(start + lines, err=True, color=has_colour(sys.stderr))
    except (OSError, ValueError):
        return


@contextmanager
def told_warnings(is_quiet: Callable[[], bool]) -> Generator[None]:
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
