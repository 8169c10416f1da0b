"""A PostgreSQL server of the system's package, in its own directory, on a Unix socket."""

from __future__ import annotations

import itertools
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import psycopg
import pytest
from psycopg.sql import SQL, Identifier

REASON: Final = "needs PostgreSQL: install the Debian package postgresql"
_USER: Final = "postgres" if os.name == "posix" and os.geteuid() == 0 else None
"""The user of the server's processes: they refuse to run as root."""


def _binaries() -> Path | None:
    """Return where the newest server is; Debian has it on no path."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    on_path = shutil.which("initdb")
    return found[-1].parent if found else Path(on_path).parent if on_path else None


class PostgresServer:
    """A server that can be stopped and started again, with its data.

    Args:
        binaries: Where its programs are.
        directory: The directory of its data and its socket.
    """

    def __init__(self, binaries: Path, directory: Path) -> None:
        self._binaries = binaries
        self._directory = directory
        self._numbers = itertools.count()
        self._run("initdb", "--auth=trust", "--username=bulk", "--encoding=UTF8", "--locale=C", "--no-sync")

    def start(self) -> None:
        """Start the server, and wait until it is ready."""
        # The processes end with the server, not with the machine: nothing has to reach a disk.
        options = f"-k {self._directory} -c listen_addresses= -c fsync=off -c max_connections=60"
        self._run("pg_ctl", "start", "--wait", f"--log={self._directory}/log", f"--options={options}")

    def stop(self, mode: str = "immediate") -> None:
        """End the server at once, as a crash does, or in another mode of ``pg_ctl``."""
        self._run("pg_ctl", "stop", "--wait", f"--mode={mode}")

    def new_address(self) -> str:
        """Return the address of a ledger that is not there yet."""
        return f"{self.conninfo()}&schema=ledger_{next(self._numbers)}"

    def new_database(self) -> str:
        """Make an empty database, and return its address."""
        name = f"database_{next(self._numbers)}"
        with psycopg.connect(self.conninfo(), autocommit=True) as connection:
            connection.execute(SQL("CREATE DATABASE {} TEMPLATE template0").format(Identifier(name)))
        return self.conninfo(name)

    def conninfo(self, database: str = "postgres") -> str:
        """Return the address of a database."""
        return f"postgresql://bulk@/{database}?host={self._directory}"

    def dump(self, database: str) -> str:
        """Return all that is in a database, as SQL that makes it again."""
        command = [str(self._binaries / "pg_dump"), self.conninfo(database)]
        dumped = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout
        # Newer releases put a random word into each dump.
        return "\n".join(line for line in dumped.splitlines() if not line.startswith(("\\restrict", "\\unrestrict")))

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(self._binaries / program), f"--pgdata={self._directory}/data", *arguments]
        # The server keeps what it is given as output.
        with (self._directory / "output").open("a+") as output:
            done = subprocess.run(
                command, user=_USER, cwd=self._directory, stdout=output, stderr=output, check=False, timeout=60
            )
            if done.returncode:
                output.seek(0)
                raise RuntimeError(output.read())


@contextmanager
def postgres_server() -> Iterator[PostgresServer]:
    """Run a server; skip the test where PostgreSQL is missing."""
    binaries = _binaries()
    if binaries is None:
        pytest.skip(REASON)
    # Not pytest's directory: the path of a socket is limited in length, and the server's user must reach it.
    with tempfile.TemporaryDirectory(prefix="fr-") as directory:
        if _USER is not None:
            shutil.chown(directory, _USER)
        server = PostgresServer(binaries, Path(directory))
        server.start()
        try:
            yield server
        finally:
            server.stop()
