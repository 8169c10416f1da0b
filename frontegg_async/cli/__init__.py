"""The command line ``frontegg``, which the extra ``cli`` installs: ``frontegg <noun> <verb>``.

A command is added in two steps:

1. Write a function in a module below `frontegg_async.cli.commands`. The function takes the name of the command, and
   returns a `Command`, or a `Group` with several verbs::

       def export(name: str) -> click.Command:
           @click.argument("file", type=click.Path(path_type=Path))
           def run(session: Session, file: Path) -> int: ...

           return Command(name, run, help="Write all accounts to a file.", examples=("export accounts.jsonl",))

2. Add an entry to ``COMMANDS`` in `frontegg_async.cli.app`: the name, the place of the function, and a line for
   ``frontegg --help``. The module is imported only when the command is used.

The function ``run`` receives a `Session`, which has the global options:

- ``session.run`` runs a coroutine function with a client of the chosen environment.
- ``session.show`` and ``session.show_all`` write data in the chosen format.
- ``session.say`` writes a message for people.
- ``session.confirm`` asks before something is destroyed.
- ``session.progress`` reports progress.

The function returns an `ExitCode`, or ``None`` for 0. It may raise a `CommandError` or any error of the SDK:
`frontegg_async.cli.failures` has their exit codes and advice. ``make generate`` adds the command to the reference page.
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
        arguments: The words after the name of the program.
    """
    if list(arguments) == ["--version"]:
        try:
            print(f"frontegg {__version__}", flush=True)  # noqa: T201 - printing can fail if standard output is closed
        except OSError:
            pass  # the program below reports the error
        else:
            return 0
    try:
        from frontegg_async.cli import app  # noqa: PLC0415 - --version works without the extra
    except ModuleNotFoundError as error:
        if error.name not in PACKAGES:
            raise
        sys.stderr.write(f"frontegg: {NEEDED}\n")
        return 1
    except KeyboardInterrupt:
        return 130
    return app.execute(arguments)


def main() -> NoReturn:
    """Run the command line of this process, then exit. The console script ``frontegg`` calls this function.

    SIGTERM and SIGHUP end a command as Ctrl-C does: the command cleans up, and then the process ends. A terminal that
    closes sends SIGHUP.
    """
    try:
        with ended_like_ctrl_c():
            code = run(sys.argv[1:])
    except KeyboardInterrupt:  # before the command began, or after its end
        code = 130
    # Nothing is left to clean up: from here on, a signal ends the process at once.
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    if signals := signals_came():
        signal.signal(signals[0], signal.SIG_DFL)
        signal.raise_signal(signals[0])
    sys.exit(code)
