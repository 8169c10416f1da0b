"""Questions to the person at the terminal. Without a terminal, no question is asked."""

from __future__ import annotations

import getpass
import sys
import unicodedata

from frontegg_async._formats.terminal import is_terminal
from frontegg_async._values.printable import printable
from frontegg_async.cli.failures import CommandError, ExitCode
from frontegg_async.cli.production import Standing


def can_ask() -> bool:
    """Return whether a person can be asked: standard input and standard error are a terminal."""
    return is_terminal(sys.stdin) and is_terminal(sys.stderr)


def ask(question: str, *, hidden: bool = False) -> str:
    """Ask a person, and return the typed text without spaces around it.

    Args:
        question: The question. It goes to standard error, since standard output is for data.
        hidden: Whether to hide the typed text, for a secret.

    Raises:
        CommandError: The input ends, for example by Ctrl-D, or is not UTF-8.
    """
    try:
        line = getpass.getpass(question, sys.stderr) if hidden else _shown(question)
        line.encode()  # Python may have kept bytes that are not UTF-8 as surrogates
    except EOFError:
        sys.stderr.write("\n")
        raise CommandError("nothing was done: the input ended") from None
    except UnicodeError:
        raise CommandError("nothing was done: the typed text is not UTF-8", ExitCode.USAGE) from None
    return line.strip()


def _shown(question: str) -> str:
    sys.stderr.write(question)
    sys.stderr.flush()
    line = sys.stdin.readline()
    if not line:
        raise EOFError
    return line


def _plain(name: str) -> str:
    """Return a name in the Unicode form for comparisons: keyboards and services compose letters differently."""
    return " ".join(unicodedata.normalize("NFC", name).split())


def check_terminal(action: str, standing: Standing) -> None:
    """Check that a person can be asked.

    Args:
        action: The action with its number, such as ``Delete 3 accounts``.
        standing: The environment.

    Raises:
        CommandError: There is no terminal to ask at.
    """
    if not can_ask():
        raise CommandError(
            f"{action} in {standing}: refused without a terminal to ask at",
            ExitCode.USAGE,
            "--yes runs the command without a question.",
        )


def confirm(action: str, standing: Standing, *, typed: bool) -> None:
    """Ask a person to confirm an action.

    Args:
        action: The action with its number, such as ``Delete 3 accounts``.
        standing: The environment.
        typed: Whether the person must type the environment's name instead of yes.

    Raises:
        CommandError: The answer is no, or there is no terminal to ask at.
    """
    check_terminal(action, standing)
    shown = printable(f"{action} in {standing}")
    if typed:
        answer = ask(f"{shown}.\nType the environment's name, {printable(standing.name)}, to go on: ")
        agreed = answer != "" and _plain(answer) == _plain(standing.name)
    else:
        agreed = ask(f"{shown}? [y/N] ").lower() in ("y", "yes")
    if not agreed:
        raise CommandError("nothing was done: the action was not confirmed")
