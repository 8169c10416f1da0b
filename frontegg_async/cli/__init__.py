"""The command line ``frontegg``, which the extra ``cli`` installs: ``frontegg <noun> <verb>``.

A command is added in two steps:

1. A module below `frontegg_async.cli.commands` has a function that returns the command. It takes the name that it is
   registered by, and makes a `Command`, or a `Group` with several verbs::

       def export(name: str) -> click.Command:
           @click.argument("file", type=click.Path(path_type=Path))
           def run(session: Session, file: Path) -> int: ...

           return Command(name, run, help="Write all accounts to a file.", examples=("export accounts.jsonl",))

2. ``COMMANDS`` of `frontegg_async.cli.app` has its name, where the function is, and a line for ``frontegg --help``. The
   module is imported when the command is used, and not before.

The function is given a `Session` first, which has the global options: ``session.run`` runs a coroutine function with a
client of the chosen environment, ``session.show`` and ``session.show_all`` write data in the chosen format,
``session.say`` talks, ``session.confirm`` asks before something is destroyed, and ``session.progress`` reports
progress. It returns an `ExitCode` (or ``None`` for 0), or raises a `CommandError` or any error of the SDK, whose exit
code and advice `frontegg_async.cli.failures` knows. ``make generate`` then adds the command to the reference page.
"""

from __future__ import annotations

import signal
import sys
from collections.abc import Sequence
from typing import NoReturn

from frontegg_async._core.runtime.ending_signals import ended_like_ctrl_c, signals_came
from frontegg_async._version import __version__
from frontegg_async.cli.extra import NEEDED, PACKAGES

__all__ = ["main", "run"]


def run(arguments: Sequence[str]) -> int:
    """Run a command line; return its exit code.

    Args:
        arguments: What follows the name of the program.
    """
    if list(arguments) == ["--version"]:
        try:
            print(f"frontegg {__version__}", flush=True)  # noqa: T201 - a closed output is none
        except OSError:
            pass  # which the program tells of, as of any command
        else:
            return 0
    try:
        from frontegg_async.cli import app  # noqa: PLC0415 - what --version does not need, and the extra installs
    except ModuleNotFoundError as error:
        if error.name not in PACKAGES:
            raise
        sys.stderr.write(f"frontegg: {NEEDED}\n")
        return 1
    except KeyboardInterrupt:
        return 130
    return app.execute(arguments)


def main() -> NoReturn:
    """Run the command line of this process, and end it: the console script ``frontegg``.

    SIGTERM, and SIGHUP of a terminal that is closed, end a command as Ctrl-C does, so that it cleans up, and then the
    process.
    """
    try:
        with ended_like_ctrl_c():
            code = run(sys.argv[1:])
    except KeyboardInterrupt:  # before the command began, or after its end
        code = 130
    # Nothing is left to clean up: from here on, a signal ends the process itself.
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    if signals := signals_came():
        signal.signal(signals[0], signal.SIG_DFL)
        signal.raise_signal(signals[0])
    sys.exit(code)
