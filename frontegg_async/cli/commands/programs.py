"""``frontegg emulator`` and ``frontegg conformance``: programs with their own command lines."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable

import click
from click.core import ParameterSource

from frontegg_async.cli import streams
from frontegg_async.cli.command import Command, GlobalOption
from frontegg_async.cli.failures import CommandError, ExitCode
from frontegg_async.cli.session import Session


class _PassedOn(Command):
    """A command that passes all options, including ``--help``, to another program."""

    ignore_unknown_options = True
    allow_interspersed_args = False

    def get_params(self, ctx: click.Context) -> list[click.Parameter]:  # noqa: ARG002 - click gives it
        """Return the only parameter, which takes all words."""
        return self.params


def _refuse_global_options(name: str, place: str) -> None:
    """Refuse options before the name of a program, since they do not reach the program."""
    outer = click.get_current_context().parent
    if outer is None:
        return
    given = [
        each.opts[0]
        for each in outer.command.get_params(outer)
        if isinstance(each, GlobalOption) and outer.get_parameter_source(each.name) is ParameterSource.COMMANDLINE
    ]
    if given:
        options = ", ".join(given)
        raise CommandError(f"{options} must not be before {name!r}: {place}", ExitCode.USAGE)


def _passed_on(
    name: str, main: Callable[[tuple[str, ...]], int], *, place: str, about: str, examples: tuple[str, ...]
) -> _PassedOn:
    @click.argument("arguments", nargs=-1, type=click.UNPROCESSED, metavar="[OPTIONS]")
    def run(_: Session, arguments: tuple[str, ...]) -> int:
        _refuse_global_options(name, place)
        streams.let_output_fail()
        try:
            return main(arguments)
        except SystemExit as ended:  # from --help, and from invalid arguments
            return ended.code if isinstance(ended.code, int) else 0
        except BrokenPipeError:  # the reader of the output has left, for example during --version
            return 0

    command = _PassedOn(name, run, help=about, examples=examples)
    command.options_metavar = None  # the usage line shows the options as an argument
    return command


def emulator(name: str) -> Command:
    """Return the command that serves the emulator.

    Args:
        name: The name of the command.
    """

    def main(arguments: tuple[str, ...]) -> int:
        from frontegg_async.emulator.__main__ import main  # noqa: PLC0415 - it imports a server

        if sys.platform != "win32":
            signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})  # a shell blocks it for background processes
        return main(arguments, "frontegg emulator")

    return _passed_on(
        name,
        main,
        place="the emulator has environments of its own; write options of the program after its name",
        about="Serve an emulator of the service on this machine, with the options of "
        "python -m frontegg_async.emulator.",
        examples=("emulator --demo", "emulator --port 8080 --persist state.sqlite3", "emulator --help"),
    )


def conformance(name: str) -> Command:
    """Return the command that runs the conformance kit.

    Args:
        name: The name of the command.
    """

    def main(arguments: tuple[str, ...]) -> int:
        from frontegg_async.conformance.__main__ import main  # noqa: PLC0415 - its checks import all operations

        return main(arguments, program="frontegg conformance")

    return _passed_on(
        name,
        main,
        place="the variables FRONTEGG_... select the environment; write options of the program after its name",
        about="Check whether the service behaves as this SDK expects, with the options of "
        "python -m frontegg_async.conformance.\n\n"
        "The variables FRONTEGG_... select the environment. Profiles are not used. "
        "The exit code is 1 if the service behaves differently.",
        examples=("conformance", "conformance --write --report report.md", "conformance --help"),
    )
