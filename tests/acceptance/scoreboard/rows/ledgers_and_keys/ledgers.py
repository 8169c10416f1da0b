"""Ledgers whose files are removed, linked, copied, edited and zeroed, and that several processes want."""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import shutil
import sqlite3
import sys
import tempfile
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any, Final

import attrs

from frontegg_async import AsyncFrontegg, FronteggError
from frontegg_async.bulk.sqlite_store import SqliteStore
from frontegg_async.bulk.store import Commit, NewRow
from frontegg_async.emulator import EmulatorHandle
from tests.acceptance.scoreboard.row import Setting
from tests.support.emulators import emulator_in_thread

_ROWS: Final = 40
_PAGE: Final = 4_096

_ENTER: Final = """
import sys
from frontegg_async import LedgerError
from frontegg_async.bulk.sqlite_store import SqliteStore
held = []
for path in sys.argv[1:]:
    for use in (lambda: SqliteStore._resume(path), lambda: SqliteStore._begin(path, "create", "here", {})):
        try:
            held.append(use())
            print("entered", path, flush=True)
        except LedgerError:
            pass
print("end", flush=True)
sys.stdin.read()
for each in held:
    each.close_now()
"""
"""Tries to enter ledgers in another process, and holds what it has until its input ends."""


@attrs.define
class Found:
    """What the attacks found."""

    entered: int = 0
    """Second writers of one ledger."""
    unexpected: int = 0
    """Errors that are none of the package's."""
    lost: int = 0
    """Committed rows that were lost."""
    cases: int = 0
    details: list[str] = attrs.field(factory=list[str])

    @property
    def wrong(self) -> int:
        """How much of it misses the target."""
        return self.entered + self.unexpected + self.lost


async def _sealed(path: Path, environment: str = "here") -> SqliteStore:
    ledger = await SqliteStore.begin(str(path), operation="create", environment=environment, settings={})
    rows = [f'{{"tenant_id": "t{n}", "name": "N"}}'.encode() for n in range(1, _ROWS + 1)]
    await ledger.add([NewRow(n, None, f"t{n}", None, row) for n, row in enumerate(rows, 1)])
    await ledger.seal()
    return ledger


async def attack_ledgers(setting: Setting) -> Found:
    """Attack ledgers in files.

    Args:
        setting: Its long form zeroes every page, and edits more cells.
    """
    found = Found()
    with tempfile.TemporaryDirectory() as directory:
        await _enter(Path(directory), found)
    await _race(3 if setting.full else 1, found)
    async with emulator_in_thread() as emulator:
        await _spoil(emulator, setting, found)
    return found


async def _enter(directory: Path, found: Found) -> None:
    """Try to enter a ledger that a run has, under all its names and without the files beside it."""
    path = directory / "l"
    ledger = await _sealed(path)
    await ledger.commit(Commit(most=8))
    names = [path, directory / "soft", directory / "dot" / ".." / "l", directory / "hard"]
    names[1].symlink_to(path)
    (directory / "dot").mkdir()
    for linked in (False, True):
        if linked:
            names[3].hardlink_to(path)
        for suffix in ("-lock", "-lck"):
            path.with_name(f"l{suffix}").unlink(missing_ok=True)
        tried = names if linked else names[:-1]
        found.cases += len(tried)
        said = await _other_process(*tried)
        found.entered += said.count("entered")
        found.details += [line for line in said.splitlines() if line.startswith("entered")]
        if linked:
            names[3].unlink()
    await ledger.commit(Commit(most=8))
    await ledger.close()
    again = await SqliteStore.resume(str(path))
    found.lost += 16 - (await again.counts()).in_flight
    await again.close()


async def _race(rounds: int, found: Found) -> None:
    """Let processes begin and resume one ledger at once: at most one has it."""
    for _ in range(rounds):
        with tempfile.TemporaryDirectory() as directory:
            path = Path(directory, "l")
            for _ in range(2):
                found.cases += 1
                many = [await _start(path) for _ in range(3)]
                said = [await _read(process) for process in many]
                entered = sum(text.count("entered") for text in said)
                found.entered += max(entered - 1, 0)
                if entered > 1:
                    found.details.append(f"{entered} of 3 processes entered")
                for process in many:
                    await process.communicate(b"")
                if not path.exists():  # noqa: ASYNC240 - of a measure
                    await (await _sealed(path)).close()


async def _start(*paths: Path) -> asyncio.subprocess.Process:
    pipe = asyncio.subprocess.PIPE
    return await asyncio.create_subprocess_exec(sys.executable, "-c", _ENTER, *paths, stdin=pipe, stdout=pipe)


async def _read(process: asyncio.subprocess.Process) -> str:
    assert process.stdout is not None
    return (await process.stdout.readuntil(b"end\n")).decode()


async def _other_process(*paths: Path) -> str:
    process = await _start(*paths)
    said = await _read(process)
    await process.communicate(b"")
    return said


Spoil = Callable[[Path, random.Random], object]


def _zero(start: float, end: float) -> Spoil:
    def zero(path: Path, rng: random.Random) -> None:
        del rng
        content = bytearray(path.read_bytes())
        begin, stop = (int(len(content) * share) // 512 * 512 for share in (start, end))
        content[begin:stop] = bytes(stop - begin)
        path.write_bytes(content)

    return zero


def _cut(path: Path, rng: random.Random) -> None:
    os.truncate(path, rng.randrange(path.stat().st_size))


def _scatter(path: Path, rng: random.Random) -> None:
    content = bytearray(path.read_bytes())
    for _ in range(40):
        content[rng.randrange(100, len(content))] = rng.randrange(256)
    path.write_bytes(content)


def _zero_page(path: Path, rng: random.Random) -> None:
    content = bytearray(path.read_bytes())
    start = rng.randrange(1, max(len(content) // _PAGE, 2)) * _PAGE
    content[start : start + _PAGE] = bytes(_PAGE)
    path.write_bytes(content)


_VALUES: Final = ("NULL", "-1", "1e308", "9223372036854775807", "''", "'x'", "x'00ff'", "'{}'", "'[1]'", "'{\"a\": 1}'")
_COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "job": (
        "id",
        "operation",
        "environment",
        "created_at",
        "settings",
        "total",
        "is_sealed",
        "elapsed",
        "guard",
        "overridden",
    ),
    "item": ("line", "operation", "generation", "key", "parent", "created_at", "input"),
    "state": ("state", "attempts", "sent_at", "finished_at", "error", "status", "message", "is_unsent"),
    "taking": ("last", "sent_at"),
    "replaced": ("input",),
}


def _edit(path: Path, rng: random.Random) -> None:
    table = rng.choice(sorted(_COLUMNS))
    with closing(sqlite3.connect(path, isolation_level=None)) as connection, contextlib.suppress(sqlite3.Error):
        connection.execute("INSERT OR IGNORE INTO state (number, state, error) VALUES (3, 3, 'ConflictError')")
        connection.execute("INSERT OR IGNORE INTO replaced VALUES (3, '{}')")
        connection.execute(f"UPDATE {table} SET {rng.choice(_COLUMNS[table])} = {rng.choice(_VALUES)}")


def _drop(path: Path, rng: random.Random) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        table = rng.choice(("job", "item", "state", "taking", "replaced", "run"))
        connection.execute(rng.choice((f"DROP TABLE {table}", f"DELETE FROM {table}")))


SPOILS: Final[Mapping[str, tuple[Spoil, int, int]]] = {
    "first half zeroed": (_zero(0, 0.5), 1, 1),
    "second half zeroed": (_zero(0.5, 1), 1, 1),
    "all but the head zeroed": (_zero(0.03, 1), 1, 1),
    "page zeroed": (_zero_page, 4, 40),
    "cut off": (_cut, 4, 40),
    "bytes changed": (_scatter, 6, 200),
    "edited": (_edit, 40, 600),
    "dropped": (_drop, 6, 30),
}
"""What is done to ledgers, by name, and how often in the two forms."""


async def _spoil(emulator: EmulatorHandle, setting: Setting, found: Found) -> None:
    """Spoil ledgers in any way, and read and resume them: what is said is an error of the package."""
    rng = setting.rng("ledgers")
    async with AsyncFrontegg(emulator.client_id, emulator.secret, base_url=emulator.url) as client:
        with tempfile.TemporaryDirectory() as directory:
            whole = Path(directory, "whole")
            ledger = await _sealed(whole, client._environment.name)
            await ledger.commit(Commit(most=8))
            await ledger.close()
            for name, (spoil, few, many) in SPOILS.items():
                for number in range(many if setting.full else few):
                    path = Path(directory, f"{name} {number}")
                    shutil.copyfile(whole, path)
                    spoil(path, rng)
                    found.cases += 1
                    for use in (_report, _resume):
                        if (error := await _unexpected(use, client, path)) is not None:
                            found.unexpected += 1
                            found.details.append(f"{name} {number}, {use.__name__}: {error!r}"[:200])


async def _unexpected(use: Callable[[AsyncFrontegg, Path], Any], client: AsyncFrontegg, path: Path) -> Exception | None:
    try:
        await use(client, path)
    except FronteggError:
        return None
    except Exception as error:  # noqa: BLE001 - that is the measure
        return error
    return None


async def _report(client: AsyncFrontegg, path: Path) -> None:
    report = await client.bulk.report(path)
    str(report)
    report.to_records()
    report.to_json()
    report.to_csv(path.with_suffix(".csv"))


async def _resume(client: AsyncFrontegg, path: Path) -> None:
    await client.bulk.resume(path)
