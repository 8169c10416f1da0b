"""The lock of a ledger in a file: whoever has it is alone, whatever becomes of names, copies and forks."""

from __future__ import annotations

import os
import signal
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from frontegg_async import LedgerError
from frontegg_async.bulk import sqlite_lock
from frontegg_async.bulk.ledger import Counts, RowState
from frontegg_async.bulk.sqlite_store import SqliteStore
from frontegg_async.bulk.store import Commit, NewRow, RowOutcome
from frontegg_async.bulk.stores import read_report
from frontegg_async.errors import LedgerInUseError, UnusableLedgerError

pytestmark = [
    pytest.mark.anyio,
    pytest.mark.skipif(sys.platform == "win32", reason="Windows has other locks"),
]

TRY = """
import sys
from frontegg_async import LedgerError
from frontegg_async.bulk.sqlite_store import SqliteStore
for path in sys.argv[1:]:
    for use in ("_resume", "_begin"):
        try:
            getattr(SqliteStore, use)(path, *(["create", "here", {}] if use == "_begin" else ())).close_now()
            print(path, "taken")
        except LedgerError as error:
            print(path, type(error).__name__)
"""
"""Tries to take ledgers in another process."""

READ = "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute('SELECT * FROM item').fetchall(); c.close()"


async def begin(path: Path) -> SqliteStore:
    return await SqliteStore.begin(str(path), operation="create", environment="here", settings={})


async def sealed(path: Path, rows: int = 3) -> SqliteStore:
    ledger = await begin(path)
    await ledger.add([NewRow(n, None, f"t{n}", None, b"{}") for n in range(1, rows + 1)])
    await ledger.seal()
    return ledger


def names_in(directory: Path) -> list[str]:
    return sorted(each.name for each in directory.iterdir())


def tried(*paths: Path) -> list[str]:
    """Return what another process says that tries to take ledgers."""
    command = [sys.executable, "-c", TRY, *map(str, paths)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()


@pytest.mark.slow
async def test_no_second_run_enters(tmp_path: Path) -> None:
    """By no other name, and not if the files beside it are removed; what was committed stays."""
    path, link, symlink = (tmp_path / name for name in ("l", "hard", "soft"))
    ledger = await sealed(path)
    await ledger.commit(Commit(most=2))
    os.link(path, link)
    symlink.symlink_to(path)
    (tmp_path / "l-lock").unlink(missing_ok=True)
    for name in (path, symlink, link):
        for use in (SqliteStore.resume(str(name)), begin(name)):
            with pytest.raises(LedgerError):
                await use
    with pytest.raises(UnusableLedgerError, match="has 2 hard links"):
        read_report(link)
    assert tried(link) == [f"{link} UnusableLedgerError"] * 2
    link.unlink()
    assert read_report(path).pending == 1
    # Opening and closing the file here did not end SQLite's locks: another process leaves the log.
    assert tried(path, symlink) == [f"{name} LedgerInUseError" for name in (path, path, symlink, symlink)]
    subprocess.run([sys.executable, "-c", READ, path], check=True)  # noqa: ASYNC221
    assert (tmp_path / "l-wal").stat().st_size
    await ledger.commit(Commit(outcomes=[RowOutcome(1, RowState.DONE, 1)]))
    await ledger.close()
    assert read_report(path).succeeded == 1
    assert "l-lock" not in names_in(tmp_path)


@pytest.mark.parametrize("remove", [Path.unlink, lambda path: path.rename(path.with_name("moved"))])
@pytest.mark.parametrize("put", [lambda _: None, Path.touch, lambda path: path.write_text("of another program")])
async def test_a_ledger_that_is_not_in_its_place(
    tmp_path: Path, remove: Callable[[Path], object], put: Callable[[Path], object]
) -> None:
    """The run ends, and does nothing to what is there now."""
    path = tmp_path / "l"
    ledger = await sealed(path)
    remove(path)
    put(path)
    before = path.read_bytes() if path.exists() else None
    with pytest.raises(LedgerError, match="was removed or replaced"):
        await ledger.commit(Commit(most=1))
    await ledger.close(is_removed=True)
    assert (path.read_bytes() if path.exists() else None) == before


async def test_a_run_that_lost_its_ledger(tmp_path: Path) -> None:
    """It can commit nothing from the moment on when another one has begun, whatever the lock says."""
    ledger = await sealed(tmp_path / "l")
    await ledger.commit(Commit(most=1))
    with closing(sqlite3.connect(tmp_path / "l", isolation_level=None)) as other:
        other.execute("INSERT INTO run DEFAULT VALUES")
    with pytest.raises(LedgerError, match="another run has taken the ledger"):
        await ledger.commit(Commit(outcomes=[RowOutcome(1, RowState.DONE, 1)], most=1))
    assert ledger.reader().summary()[1] == Counts(pending=2, in_flight=1)
    await ledger.close()


FORK = """
import asyncio, os, signal, sys
from frontegg_async import LedgerError
from frontegg_async.bulk.store import Commit
from frontegg_async.bulk.sqlite_store import SqliteStore
ledger = asyncio.run(SqliteStore.resume(sys.argv[1]))
if not os.fork():
    try:
        asyncio.run(ledger.commit(Commit(most=1)))
    except LedgerError as error:
        print(error, flush=True)
    os.read(0, 1)
    os._exit(0)
signal.pause()
"""


@pytest.mark.slow
async def test_a_child_does_not_hold_the_ledger(tmp_path: Path) -> None:
    """A run that is killed leaves it, although a child that it has forked lives on."""
    await (await sealed(tmp_path / "l")).close()
    command = [sys.executable, "-c", FORK, str(tmp_path / "l")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:  # noqa: ASYNC220
        assert process.stdout is not None
        assert "belongs to the parent of this forked process" in process.stdout.readline()
        with pytest.raises(LedgerInUseError):
            await SqliteStore.resume(str(tmp_path / "l"))
        process.send_signal(signal.SIGKILL)
        process.wait()
        ledger = await SqliteStore.resume(str(tmp_path / "l"))
        assert len((await ledger.commit(Commit(most=3))).items) == 3
        await ledger.close()
        process.communicate("x")


async def test_a_file_that_was_there_empty(tmp_path: Path) -> None:
    """It gets the mode of a ledger, and stays where nothing was sent."""
    path = tmp_path / "l"
    path.touch()
    path.chmod(0o666)
    ledger = await sealed(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    await ledger.close(is_removed=True)
    assert path.read_bytes() == b""
    assert names_in(tmp_path) == ["l"]


@pytest.mark.slow
@pytest.mark.parametrize("suffix", ["-wal", "-shm", "-journal"])
@pytest.mark.parametrize("is_there", [False, True])
async def test_files_of_others_beside_a_ledger(tmp_path: Path, suffix: str, *, is_there: bool) -> None:
    """SQLite would destroy them; nothing is begun, resumed or read beside them."""
    path, theirs = tmp_path / "l", tmp_path / f"l{suffix}"
    if is_there:
        await (await sealed(path)).close()
    theirs.write_text("of another program")
    for use in (begin(path), SqliteStore.resume(str(path))):
        with pytest.raises(UnusableLedgerError):
            await use
    with pytest.raises(UnusableLedgerError):
        read_report(path)
    assert theirs.read_text() == "of another program"
    assert path.exists() == is_there


async def test_where_files_have_no_locks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file beside the ledger is locked, unless it is of others."""
    monkeypatch.setattr(sqlite_lock, "_try_lock", lambda _: False)
    (tmp_path / "l-lock").write_text("theirs")
    with pytest.raises(UnusableLedgerError, match="l-lock must be moved"):
        await begin(tmp_path / "l")
    assert names_in(tmp_path) == ["l-lock"]
    (tmp_path / "l-lock").unlink()
    ledger = await sealed(tmp_path / "l")
    with closing(sqlite3.connect(tmp_path / "l-lock", timeout=0)) as lock, pytest.raises(sqlite3.OperationalError):
        lock.execute("BEGIN IMMEDIATE")
    with pytest.raises(LedgerInUseError):
        await SqliteStore.resume(str(tmp_path / "l"))
    await ledger.close()
    await (await SqliteStore.resume(str(tmp_path / "l"))).close()
