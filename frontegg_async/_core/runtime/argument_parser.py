"""`ArgumentParser`: the parser of argparse, with help and errors in the usual form of commands."""

from __future__ import annotations

import argparse
import difflib
from collections.abc import Sequence
from typing import Final, NoReturn

from frontegg_async._values.printable import printable

USAGE: Final = 2
"""The exit status for an invalid command line."""


class ArgumentParser(argparse.ArgumentParser):
    """Parses the arguments of a program.

    Args:
        program: The name of the program.
        about: The description in its help.
        epilog: The text after the options in its help.
        examples: Command lines without the name of the program.
    """

    def __init__(self, program: str, about: str, epilog: str, examples: Sequence[str]) -> None:
        lines = "".join(f"\n  {program} {example}" for example in examples)
        super().__init__(
            prog=program,
            usage="%(prog)s [OPTIONS]",
            description=about,
            epilog=f"{epilog}\nExamples:{lines}",
            formatter_class=_Formatter,
            allow_abbrev=False,
            add_help=False,
        )
        self._optionals.title = "Options"
        self.add_argument("-h", "--help", action="help", help="show this message and exit")

    def format_help(self) -> str:
        """Return the help. Its first word is ``Usage``, as in other commands."""
        return super().format_help().replace("usage:", "Usage:", 1)

    def parse_args(self, args: Sequence[str] | None = None, namespace: None = None) -> argparse.Namespace:  # type: ignore[override]  # no program passes a namespace
        """Return the arguments. An unknown argument ends the program with a suggestion."""
        found, unknown = self.parse_known_args(args, namespace)
        if unknown:
            name = unknown[0].partition("=")[0]
            kind = "option" if name.startswith("-") else "argument"
            near = difflib.get_close_matches(name, self._option_string_actions, 1)
            self.error(f"there is no {kind} {name!r}" + (f": did you mean {near[0]!r}?" if near else ""))
        return found

    def error(self, message: str) -> NoReturn:
        """End the program with a message. Control characters in arguments are escaped in the message."""
        self.exit(USAGE, f"error: {printable(message)}\n'{self.prog} --help' shows how to use the command.\n")


class _Formatter(argparse.RawDescriptionHelpFormatter):
    """Writes the help of an option as a sentence."""

    def _get_help_string(self, action: argparse.Action) -> str | None:
        text = super()._get_help_string(action)
        return f"{text[0].upper()}{text[1:]}." if text else text
