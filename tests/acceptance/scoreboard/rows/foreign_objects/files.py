"""Whatever writes, replaces or removes files, run in directories with files of others."""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from typing import Final

from frontegg_async import FronteggError, Secret
from frontegg_async._core.runtime.replaced_file import ReplacedFile
from frontegg_async.bulk import stores
from frontegg_async.bulk.store import NewRow, Store
from frontegg_async.cli.failures import CommandError
from frontegg_async.cli.profiles import Profile, Profiles
from frontegg_async.cli.secret_files import new_secret_file
from frontegg_async.conformance.made import Made
from frontegg_async.conformance.report import Report, write_report
from frontegg_async.emulator.__main__ import write_ready_file
from frontegg_async.emulator.world.emulated_environment import EmulatedSettings
from frontegg_async.emulator.world.sqlite_store import open_store
from frontegg_async.fleet.files import FileTokenStore
from frontegg_async.fleet.tokens import StoredToken

_ROOT: Final = Path(__file__).parents[5]
_TEXT: Final = b"of another program\n"
_OF_SQLITE: Final = ("-wal", "-shm", "-journal")

Use = Callable[[Path], Awaitable[object]]


async def _begun(path: Path) -> Store:
    ledger = (await stores.begin_ledger(path, operation="create", environment="here", settings={})).store
    await ledger.add([NewRow(1, None, "t1", None, b"{}")])
    return ledger


async def _discard(path: Path) -> None:
    await (await _begun(path)).close(is_removed=True)


async def _begin_again(path: Path) -> None:
    await (await _begun(path)).close()
    await (await _begun(path)).close(is_removed=True)


async def _resume(path: Path) -> None:
    if not os.path.lexists(path):  # noqa: ASYNC240 - of a measure
        ledger = await _begun(path)
        await ledger.seal()
        await ledger.close()
    await (await stores.resume_ledger(path)).store.close()
    stores.read_report(path)


async def _report(path: Path) -> None:
    ledger = await _begun(path.with_name("kept"))
    try:
        report = stores.read_report(path.with_name("kept"))
        report.to_csv(path)
        report.to_json(path)
    finally:
        await ledger.close(is_removed=True)


async def _persist(path: Path) -> None:
    open_store(path, EmulatedSettings()).close()


async def _ready(path: Path) -> None:
    write_ready_file(path, "ready")


async def _export(path: Path) -> None:
    for is_kept in (True, False):
        file = ReplacedFile(path)
        try:
            file.open()
            file.write(b"{}")
            if is_kept:
                file.commit()
        finally:
            file.discard()


async def _conformance(path: Path) -> None:
    made = Made.begin(path, "place")
    made.account("a")
    made.end()


async def _conformance_report(path: Path) -> None:
    write_report(Report(results=(), environment=None, place="eu", writes=False, requests=0), path)


async def _profiles(path: Path) -> None:
    profiles = Profiles(path.parent)
    profiles.put(Profile(name="new", client_id="id"), Secret("hunter2"), "file")
    profiles.remove("new")


async def _secret(path: Path) -> None:
    with new_secret_file(path):
        pass


async def _tokens(path: Path) -> None:
    await FileTokenStore(path.parent).put("a" * 64, StoredToken(Secret("token"), 9.0, 9.0))


async def _environment(path: Path) -> None:
    subprocess.run(["sh", "tools/venv.sh", path.parent, "none"], cwd=_ROOT, capture_output=True, check=False)  # noqa: ASYNC221


USES: Final[Mapping[str, Use]] = {
    "ledger": _discard,
    "ledger begun again": _begin_again,
    "ledger resumed": _resume,
    "report": _report,
    "persistence file": _persist,
    "ready file": _ready,
    "export": _export,
    "record of a conformance run": _conformance,
    "report of a conformance run": _conformance_report,
    "profiles": _profiles,
    "secret file": _secret,
    "token store": _tokens,
    "environment of tools": _environment,
}
"""What is run, by name, with the path of the file that it is told of."""

REPLACING: Final = frozenset({"report", "ready file", "export", "report of a conformance run"})
"""Those that are asked to replace the file that they are told of, unless it is a database."""


def _log(path: Path) -> None:
    """Make a database of another program that was killed: rows are in its log."""
    with contextlib.closing(sqlite3.connect(path.with_name("other"))) as other:
        other.execute("PRAGMA journal_mode = WAL")
        other.execute("CREATE TABLE theirs (a)")
        other.commit()
        for suffix in ("", "-wal"):
            shutil.copyfile(f"{other.execute('PRAGMA database_list').fetchone()[2]}{suffix}", f"{path}{suffix}")
    path.with_name("other").unlink()


def _directory(path: Path) -> None:
    path.mkdir()
    (path / "theirs").write_bytes(_TEXT)


TARGETS: Final[Mapping[str, Callable[[Path], object]]] = {
    "none": lambda _: None,
    "text": lambda path: path.write_bytes(_TEXT),
    "database": _log,
    "link": lambda path: path.symlink_to("theirs"),
    "directory": _directory,
}
"""What is there under the name that a use is told, by name."""


def surround(path: Path, *, of_sqlite: Sequence[str]) -> None:
    """Put files of others beside a file, with names that a program may use for itself.

    Args:
        path: The file.
        of_sqlite: Which of SQLite's names.
    """
    name, process = path.name, os.getpid()
    others = [f"{name}.{process}", f".{name}.{process}", f".{name}.part", f"{name}.part", f"{name}.tmp", f"{name}~"]
    others += [f"{name}-lock", f"{name}.new", ".profiles.toml.part", f".profiles.toml.{process}", "made", "theirs"]
    for each in (*others, *(name + suffix for suffix in of_sqlite)):
        if not os.path.lexists(path.with_name(each)):
            path.with_name(each).write_bytes(_TEXT)
    path.with_name("secrets").mkdir()
    path.with_name("secrets").joinpath("profile-theirs").write_bytes(_TEXT)
    path.with_name(f"{name}.link").symlink_to("theirs")


def state(path: Path, use: str) -> dict[str, tuple[object, ...]]:
    """Return what is in the directory of a file, by path, with all that may not change.

    Args:
        path: The file.
        use: What is run: a file that it is asked to replace is not among them, but a database is.
    """
    found: dict[str, tuple[object, ...]] = {}
    is_database = path.is_file() and path.read_bytes().startswith(b"SQLite format 3")
    for each in path.parent.rglob("*"):
        if each == path and use in REPLACING and not path.is_symlink() and not is_database:
            continue
        if use in REPLACING and path.is_symlink() and each.name == "theirs":
            continue  # the target of the link is replaced, and the link stays
        info = each.lstat()
        content = each.readlink() if each.is_symlink() else each.read_bytes() if each.is_file() else b""
        size_and_time = () if each.is_dir() else (info.st_size, info.st_mtime_ns, info.st_nlink)
        found[str(each.relative_to(path.parent))] = (info.st_ino, info.st_mode, *size_and_time, content)
    return found


async def changed(directory: Path, use: str, target: str, *of_sqlite: str) -> list[str]:
    """Run a use, and return the files of others that it has changed.

    Args:
        directory: An empty directory.
        use: One of `USES`.
        target: One of `TARGETS`.
        of_sqlite: Which of SQLite's names there are files with beside it.
    """
    path = directory / "file"
    TARGETS[target](path)
    surround(path, of_sqlite=of_sqlite)
    before = state(path, use)
    with contextlib.suppress(FronteggError, CommandError, OSError):
        await USES[use](path)
    after = state(path, use)
    return [name for name, found in before.items() if after.get(name) != found]


CROWDS: Final = ((), *((suffix,) for suffix in _OF_SQLITE), _OF_SQLITE)
