"""``frontegg emulator``: the command line of the emulator."""

from __future__ import annotations

import signal
import sys

import click

from frontegg_async.cli.command import Command
from frontegg_async.cli.session import Session


class _PassedOn(Command):
    """Leaves all options, ``--help`` too, to another command line."""

    ignore_unknown_options = True
    allow_interspersed_args = False

    def get_params(self, ctx: click.Context) -> list[click.Parameter]:  # noqa: ARG002 - click gives it
        """Return the parameters: everything, as it is."""
        return self.params


def emulator(name: str) -> Command:
    """Return the command.

    Args:
        name: Its name.
    """

    @click.argument("arguments", nargs=-1, type=click.UNPROCESSED, metavar="[OPTIONS]")
    def run(_: Session, arguments: tuple[str, ...]) -> int:
        from frontegg_async.emulator.__main__ import main  # noqa: PLC0415 - it is a server

        if sys.platform != "win32":
            signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})  # it ends a server in the background too
        try:
            return main(arguments, "frontegg emulator")
        except SystemExit as ended:  # of --help, and of arguments that cannot be
            return ended.code if isinstance(ended.code, int) else 0

    return _PassedOn(
        name,
        run,
        help="Serve an emulator of the service on this machine, with the options of python -m frontegg_async.emulator.",
        examples=("emulator --demo", "emulator --port 8080 --persist state.sqlite3", "emulator --help"),
    )
