"""The console script ``frontegg``: the command line, which Ctrl-C also ends while its packages are imported.

A module outside of the packages: theirs import a good part of Python first, for a tenth of a second and more.
"""

import sys


def main() -> None:
    """Run the command line of this process, and end it."""
    try:
        from frontegg_async.cli import main as run  # noqa: PLC0415 - Ctrl-C may come before it is imported

        run()
    except KeyboardInterrupt:
        sys.exit(130)
