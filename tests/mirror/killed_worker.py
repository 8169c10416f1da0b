"""A program that runs ``frontegg mirror run`` in processes that are killed, one after the other.

Usage: ``python -m tests.mirror.killed_worker URL KILLS SEED``. Each process is forked from this one, which has imported
all. Once as many were killed, the program prints ``killed`` and runs the command itself, until SIGTERM.
"""

from __future__ import annotations

import importlib
import os
import random
import signal
import sys
import time
from typing import Final

from frontegg_async import cli

_LONGEST: Final = 1.6
"""The most seconds that a process lives."""
_MODULES: Final = ("psycopg", "sqlalchemy.dialects.postgresql.psycopg", "frontegg_async.cli.commands.mirror")


def main() -> None:
    """Start and kill the processes."""
    url, kills, seed = sys.argv[1:]
    for name in (*_MODULES, "frontegg_async.mirror.mirror"):
        importlib.import_module(name)
    sys.argv = ["frontegg", "mirror", "run", url]
    chance = random.Random(seed)
    killed = 0
    while killed < int(kills):
        pid = os.fork()
        if pid == 0:
            try:
                cli.main()
            finally:
                os._exit(1)
        time.sleep(chance.uniform(0.0, _LONGEST))
        os.kill(pid, signal.SIGKILL)
        _, status = os.waitpid(pid, 0)
        killed += os.WIFSIGNALED(status)  # one that found no database has ended by itself
    sys.stdout.write("killed\n")
    sys.stdout.flush()
    cli.main()


if __name__ == "__main__":
    main()
