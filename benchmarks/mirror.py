"""M3 and M4: the first fill and a check of a mirror with 100,000 accounts, compared with an export and the driver.

``python -m benchmarks.mirror`` measures processor time:

- M3 compares a first fill with an export plus ``executemany`` of the driver for the same rows.
- M4 compares a check of a mirror without differences with an export after which the driver reads the same rows twice
  and hashes them.

The emulator runs in another process. The database is SQLite. With ``--postgres``, it is a PostgreSQL server of the
Debian package. The benchmark also measures how much more memory the first fill needs than an export.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import psycopg

from benchmarks.measures import figure, figure_text, goal_text, ratio
from frontegg_async import AsyncFrontegg
from frontegg_async.emulator import Emulator
from frontegg_async.mirror import AsyncMirror
from frontegg_async.mirror.account_rows import AccountRecord
from frontegg_async.mirror.tables import tables_of
from tests.support import large_environment, memory
from tests.support.postgres import postgres_server

ACCOUNTS: Final = 100_000
ROUNDS: Final = 3
MOST: Final = 1.3
MOST_MIB: Final = 64
_BATCH: Final = 1_000
_KEY: Final = "CREATE UNIQUE INDEX by_driver_key ON by_driver (environment_id, tenant_id)"
_INDEXES: Final = (
    "CREATE INDEX by_driver_parents ON by_driver (environment_id, parent_tenant_id)",
    "CREATE INDEX by_driver_tops ON by_driver (environment_id, tenant_id) WHERE may_have_children",
)
"""The indexes of the mirror's table."""


class _Driver:
    """The driver of the database, without the mirror, with a copy of the mirror's table and its indexes."""

    def __init__(self, url: str) -> None:
        path = url.removeprefix("sqlite:///")
        self._connection: Any = sqlite3.connect(path) if url.startswith("sqlite") else psycopg.connect(url)
        table = tables_of("sqlite" if url.startswith("sqlite") else "postgresql").accounts
        place = "?" if url.startswith("sqlite") else "%s"
        self._insert = f"INSERT INTO by_driver VALUES ({', '.join([place] * len(table.columns))})"
        self._like = f"CREATE TABLE by_driver AS SELECT * FROM {table.fullname} WHERE 1 = 0"
        self._rows = f"SELECT * FROM {table.fullname} ORDER BY tenant_id"

    def write(self) -> float:
        """Write the rows of the mirror to an empty table; return the processor time."""
        cursor = self._connection.cursor()
        for statement in ("DROP TABLE IF EXISTS by_driver", self._like, _KEY, *_INDEXES):
            cursor.execute(statement)
        rows = cursor.execute(self._rows).fetchall()
        self._connection.commit()
        started = time.process_time()
        for start in range(0, len(rows), _BATCH):
            cursor.executemany(self._insert, rows[start : start + _BATCH])
            self._connection.commit()
        return time.process_time() - started

    def read_and_hash(self) -> float:
        """Read all rows and hash their documents; return the processor time."""
        started = time.process_time()
        cursor = self._connection.cursor()
        cursor.execute(f"SELECT {', '.join(AccountRecord.__struct_fields__)} FROM by_driver")
        for row in cursor:
            sha256(row[1].encode()).hexdigest()
        self._connection.commit()
        return time.process_time() - started

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()


async def _measure(rounds: int, url: str, path: Path) -> dict[str, Any]:
    exports, fills, checks, writes, reads = ([] for _ in range(5))
    rise, wrong = 0.0, 0
    async with AsyncFrontegg.from_env() as frontegg:
        await frontegg.export(path)
        for number in range(rounds):
            started = time.process_time()
            await frontegg.export(path)
            exports.append(time.process_time() - started)
            async with AsyncMirror(frontegg, url) as mirror:
                await mirror.upgrade()
                await _empty(mirror)
                idle = memory.resident()
                memory.forget_peak()
                started = time.process_time()
                await mirror.refresh()
                fills.append(time.process_time() - started)
                rise = memory.peak() - idle if number == 0 else rise
                started = time.process_time()
                wrong += not (await mirror.check()).equal
                checks.append(time.process_time() - started)
            driver = _Driver(url)
            writes.append(driver.write())
            reads.append(driver.read_and_hash() + driver.read_and_hash())
            driver.close()
    return {
        "exports": exports,
        "fills": fills,
        "checks": checks,
        "writes": writes,
        "reads": reads,
        "rise": rise,
        "wrong": wrong,
    }


async def _empty(mirror: AsyncMirror) -> None:
    async with mirror._database.writing() as connection:  # noqa: SLF001 - prepares another first fill
        await connection.execute(mirror.table("accounts").delete())


@contextlib.contextmanager
def _database(directory: Path, *, is_postgres: bool) -> Iterator[str]:
    if not is_postgres:
        yield f"sqlite:///{directory / 'mirror.db'}"
        return
    with postgres_server() as server:
        yield server.new_database()


def main() -> int:
    """Measure and print; return 1 if a goal is missed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.mirror", description=__doc__)
    parser.add_argument("--accounts", type=int, default=ACCOUNTS, help="the number of accounts (default: %(default)s)")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="the number of measurements (default: %(default)s)")
    parser.add_argument("--postgres", action="store_true", help="use PostgreSQL instead of SQLite")
    parser.add_argument("--here", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.here is not None:
        with tempfile.TemporaryDirectory() as directory:
            path = Path(directory, "accounts.jsonl")
            print(json.dumps(asyncio.run(_measure(options.rounds, options.here, path))))
        return 0
    with (
        Emulator() as emulator,
        tempfile.TemporaryDirectory() as directory,
        _database(Path(directory), is_postgres=options.postgres) as url,
    ):
        large_environment.seed(emulator, options.accounts)
        argv = [sys.executable, "-m", "benchmarks.mirror", f"--rounds={options.rounds}", f"--here={url}"]
        environment = {**os.environ, **large_environment.variables(emulator)}
        done = subprocess.run(argv, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    found = json.loads(done.stdout)
    by_driver = [sum(each) for each in zip(found["exports"], found["writes"], strict=True)]
    by_reads = [sum(each) for each in zip(found["exports"], found["reads"], strict=True)]
    measures = [
        ratio("of an export and the same rows by the driver: first fill", found["fills"], by_driver, most=MOST),
        ratio("of an export and two reads with hashes by the driver: check", found["checks"], by_reads, most=MOST),
        figure("rise of the memory of the first fill", found["rise"], "MiB", most=MOST_MIB),
        figure("checks that were not equal", found["wrong"], "", most=0),
    ]
    for measure in measures:
        print(f"{figure_text(measure.median)} {measure.unit} {measure.name} ({goal_text(measure)})")
    return int(any(measure.passed is False for measure in measures))


if __name__ == "__main__":
    sys.exit(main())
