"""Row 57: a later version upgrades tables with many rows, while another transaction has them and others write."""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Awaitable
from pathlib import Path
from typing import Final

import psycopg

from frontegg_async.emulator import Emulator
from frontegg_async.mirror import AsyncMirror
from tests.acceptance.scoreboard.row import Finding, Row, Setting
from tests.mirror.later_version import later_migrations
from tests.support.postgres import postgres_server

_ROWS: Final = 1_000_000
_LONGEST: Final = 1.0
_READING: Final = 3.0
"""The seconds for which another transaction has the table."""
_IDLE: Final = 1.0
_FILL: Final = """
INSERT INTO frontegg_mirror.accounts
SELECT 'e', 'account-' || number, '{}', md5(number::text), 1, now(), NULL, 'Name ' || number, NULL, false, false
FROM generate_series(1, %s) AS number
"""
_WRITE: Final = """
UPDATE frontegg_mirror.accounts SET read_number = read_number + 1 WHERE environment_id = 'e' AND tenant_id = %s
"""


async def measure(setting: Setting) -> Finding:
    """Upgrade; the longest pause of a writer is the longest time for which the table was locked."""
    rows = setting.scaled(_ROWS)
    with postgres_server() as server, tempfile.TemporaryDirectory() as directory:
        url = server.new_database()
        async with Emulator() as emulator, emulator.client() as client, AsyncMirror(client, url) as mirror:
            await mirror.upgrade()
            async with await psycopg.AsyncConnection.connect(url) as connection:
                await connection.execute(_FILL, [rows])
            idle = await _longest_write(url, asyncio.sleep(_IDLE))
            with later_migrations(Path(directory)):
                started = time.perf_counter()
                locked = await _longest_write(url, _upgrade_after_reader(mirror, url))
                took = time.perf_counter() - started
        async with await psycopg.AsyncConnection.connect(url) as connection:
            valid = "SELECT indisvalid FROM pg_index WHERE indexrelid = 'frontegg_mirror.accounts_by_name'::regclass"
            found = await (await connection.execute(valid)).fetchone()
    return Finding(
        figure=f"{rows:,} rows, a new column and a new index in {took:.1f} s: a write took at most {locked:.2f} s,"
        f" and {idle:.2f} s without an upgrade",
        passed=locked <= _LONGEST and found == (True,),
    )


async def _upgrade_after_reader(mirror: AsyncMirror, url: str) -> None:
    """Upgrade while a transaction that has read the table is left open for some seconds."""
    async with await psycopg.AsyncConnection.connect(url) as reader:
        await reader.execute("SELECT 1 FROM frontegg_mirror.accounts LIMIT 1")
        upgrading = asyncio.create_task(mirror.upgrade())
        await asyncio.sleep(_READING)
    await upgrading


async def _longest_write(url: str, work: Awaitable[None]) -> float:
    """Write a row again and again while some work is done; return the seconds of the longest write."""
    longest, task = 0.0, asyncio.ensure_future(work)
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
        while not task.done():
            started = time.perf_counter()
            await connection.execute(_WRITE, ["account-7"])
            longest = max(longest, time.perf_counter() - started)
            await asyncio.sleep(0.002)
    await task
    return longest


ROWS: Final = (
    Row(
        number=57,
        name="upgrades-of-mirrors",
        title="a column and an index are added to a mirror of 1,000,000 accounts, in full, while a transaction has read"
        " the table and others write",
        target="no write takes longer than 1 s",
        measure=measure,
        starred=True,
        time_limit=120.0,
    ),
)
