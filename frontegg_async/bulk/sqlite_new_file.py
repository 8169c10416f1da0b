"""Create and remove the SQLite file of a new ledger, without damage to files of other programs."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from frontegg_async._core.runtime.sqlite_files import beside
from frontegg_async.bulk.sqlite_file import check_beside, in_use, name_of, writable
from frontegg_async.bulk.sqlite_lock import LedgerLock, connecting, take
from frontegg_async.bulk.sqlite_reader import job_of
from frontegg_async.errors import LedgerExistsError, UnusableLedgerError


def make_room(path: str) -> LedgerLock:
    """Create or reuse an empty file that only its owner may read, and lock it.

    Args:
        path: The file, as a real path.

    Returns:
        The lock.

    Raises:
        LedgerExistsError: The path already contains a ledger.
        LedgerError: The path contains another file, or SQLite would destroy another file in the same directory.
    """
    file = Path(path)
    if was_ledger := file.exists() and (not file.is_file() or file.stat().st_size > 0):
        with connecting(path):
            pass
    lock = take(path, may_make=True)
    try:
        _check_room(path, lock, was_ledger=was_ledger)
        if was_ledger:
            _clear(path)
        # An existing file, for example from mktemp, may have another mode.
        file.chmod(0o600)
    except BaseException:
        if lock.is_made:
            file.unlink()
        lock.close()
        raise
    lock.is_made = lock.is_made or was_ledger
    return lock


def _check_room(path: str, lock: LedgerLock, *, was_ledger: bool) -> None:
    """Refuse a file that another run has begun to use, or that SQLite cannot use without destroying other files."""
    if not was_ledger and Path(path).stat().st_size:
        raise in_use(path)
    check_beside(path)
    if lock.is_made and (others := beside(path)):
        raise UnusableLedgerError(f"{name_of(others[0])} must be removed: it belongs to a ledger that no longer exists")


def _clear(path: str) -> None:
    """Empty an incomplete ledger, from which nothing was sent.

    Raises:
        LedgerExistsError: The ledger contains its whole input.
    """
    with contextlib.closing(writable(path)) as connection:
        # SQLite rolls back the tables if their process was killed while it created them, so the file may have no
        # tables.
        is_begun = connection.execute("SELECT 1 FROM sqlite_master").fetchone() is not None
        if is_begun and job_of(connection).is_sealed:
            raise LedgerExistsError(
                f"the ledger {name_of(path)} already exists: resume() continues its job; a new job needs a new ledger"
            )
    _empty(path)


def _empty(path: str) -> None:
    for name in beside(path):
        Path(name).unlink(missing_ok=True)
    os.truncate(path, 0)


def remove(path: str, lock: LedgerLock) -> None:
    """Remove a ledger from which nothing was sent. A file that existed before the ledger becomes empty again.

    Args:
        path: The file.
        lock: The lock of the ledger.
    """
    if not lock.is_in_place():
        return
    _empty(path)
    if lock.is_made:
        Path(path).unlink()
