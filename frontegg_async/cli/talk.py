"""Messages for people: lines on standard error, without control characters, with colours if the terminal has them."""

from __future__ import annotations

import sys
import textwrap
import warnings
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager, suppress

import click

from frontegg_async._formats.json_text import json_line
from frontegg_async._formats.terminal import USUAL_WIDTH, has_colour, is_terminal, width_of
from frontegg_async._values.printable import printable


def say(text: str, *, label: str = "", colour: str | None = None) -> None:
    """Write lines to standard error, wrapped on a terminal. A closed standard error is ignored.

    Args:
        text: The lines. A line with a command line of this program is not wrapped, so that it can be copied.
        label: The label of the message, such as ``error``.
        colour: The colour of the label.
    """
    plain = f"{label}: " if label else ""
    lines = [printable(line) for line in f"{plain}{text}".splitlines()]
    try:
        if is_terminal(sys.stderr):
            width = width_of(sys.stderr) or USUAL_WIDTH
            lines = [line if line.startswith("frontegg ") else _folded(line, width) for line in lines]
        rest = "\n".join(lines).removeprefix(plain)
        click.echo(click.style(plain, fg=colour, bold=True) + rest, err=True, color=has_colour(sys.stderr))
    except (OSError, ValueError):
        return


def say_record(record: Mapping[str, object]) -> None:
    """Write a record to standard error as a line of JSON. A closed standard error is ignored.

    Args:
        record: Names and JSON values.
    """
    with suppress(OSError, ValueError):
        click.echo(json_line(record), err=True)


def _folded(line: str, width: int) -> str:
    return textwrap.fill(line, width, break_long_words=False, break_on_hyphens=False)


@contextmanager
def shown_warnings(is_quiet: Callable[[], bool], reword: Callable[[str], str]) -> Generator[None]:
    """Show each warning as a line for people, without the place of the warning in the code.

    Args:
        is_quiet: Returns whether to hide warnings.
        reword: Returns a warning with the names of options instead of Python's names.
    """

    def show(message: Warning | str, *_: object, **__: object) -> None:
        if not is_quiet():
            say(reword(str(message)), label="warning", colour="yellow")

    with warnings.catch_warnings():
        warnings.showwarning = show
        warnings.simplefilter("default", UserWarning)
        yield
