"""The lock of a ledger in SQLite, and the ledgers that this process has open.

On POSIX, closing any descriptor of a file releases all locks of the process on the file, including the locks of SQLite.
Another process could then assume that no connection is left, and remove the log with committed rows. So no descriptor
of a ledger is closed while this process has a connection to the ledger.
"""

from __future__ import annotations

import contextlib
import errno
import os
import sqlite3
import stat
import threading
from collections import Counter, defaultdict
from collections.abc import Generator
from pathlib import Path
from typing import Final, TypeAlias

from frontegg_async._core.runtime.forks import call_after_fork
from frontegg_async.bulk.sqlite_file import check_file, check_links, check_place, in_use, name_of
from frontegg_async.errors import LedgerError, LedgerInUseError, UnusableLedgerError

_File: TypeAlias = tuple[int, int]
"""The device and the inode number of a file."""

_ATTEMPTS: Final = 10
_NO_LOCKS: Final = frozenset({errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP, errno.ENOTSUP, errno.EINVAL})
"""The errors of file systems that do not support these locks."""


class _Process:
    """The locks and connections of this process."""

    def __init__(self) -> None:
        self.guard = threading.Lock()
        self.locks: dict[_File, LedgerLock] = {}
        self.uses: Counter[_File] = Counter()
        """The number of locks and connections, by file."""
        self.idle: defaultdict[_File, list[int]] = defaultdict(list)
        """The descriptors that must stay open until the last connection to their file is closed, by file."""

    def let_go(self, file: _File, descriptor: int | None) -> None:
        """Close a descriptor now, or after the last connection to the file."""
        if descriptor is not None and self.uses[file]:
            self.idle[file].append(descriptor)
        elif descriptor is not None:
            os.close(descriptor)

    def end_use(self, file: _File) -> None:
        """Note that a lock or a connection was closed."""
        self.uses[file] -= 1
        if self.uses[file] <= 0:
            del self.uses[file]
            for descriptor in self.idle.pop(file, ()):
                os.close(descriptor)


class LedgerLock:
    """The lock of a ledger, created with `take`. The system releases the lock when the process ends.

    The lock is on the file of the ledger. So it protects the file under all its names, and nobody can remove a separate
    lock file. If the system does not support such locks, a transaction on a separate file replaces the lock.

    Args:
        path: The ledger.
        file: The device and inode of the ledger.
        descriptor: The locked descriptor; ``None`` with a transaction.
        neighbour: The connection of the transaction; ``None`` without a transaction.
        is_made: Whether this run created the file. If so, the file is removed with the ledger.
    """

    def __init__(
        self,
        path: str,
        file: _File,
        descriptor: int | None,
        neighbour: sqlite3.Connection | None,
        *,
        is_made: bool,
    ) -> None:
        self.is_made = is_made
        self._path = path
        self._file = file
        self.descriptor: Final = descriptor
        self._neighbour = neighbour

    def check(self) -> None:
        """Check that the ledger still exists under its name, and that this process holds its lock.

        Raises:
            LedgerError: The ledger was removed or replaced, or the process was forked.
        """
        if _here.locks.get(self._file) is not self:
            raise LedgerError(f"the ledger {name_of(self._path)} belongs to the parent of this forked process")
        if not self.is_in_place():
            raise LedgerError(f"the ledger {name_of(self._path)} was removed or replaced while a run worked on it")

    def is_in_place(self) -> bool:
        """Return whether the path still names the locked file."""
        return _file_at(self._path) == self._file

    def close(self) -> None:
        """Release the lock, after the connections to the ledger were closed."""
        with _here.guard:
            if _here.locks.get(self._file) is not self:
                return
            del _here.locks[self._file]
            if self._neighbour is not None:
                self._neighbour.close()
            if self.descriptor is not None:
                # Unlock the file before it is closed, since a child process that C code forked may still have the
                # descriptor.
                _unlock(self.descriptor)
            _here.let_go(self._file, self.descriptor)
            _here.end_use(self._file)


_here = _Process()


def _start_anew() -> None:
    """Close the parent's descriptors in a forked child, so that the child does not prolong the locks."""
    global _here
    before, _here = _here, _Process()
    descriptors = [lock.descriptor for lock in before.locks.values()]
    for descriptor in (*descriptors, *(each for idle in before.idle.values() for each in idle)):
        if descriptor is not None:
            with contextlib.suppress(OSError):
                os.close(descriptor)


call_after_fork(_start_anew)


def take(path: str, *, may_make: bool) -> LedgerLock:
    """Lock a ledger, before SQLite opens it.

    Args:
        path: The ledger, as a real path.
        may_make: Whether to create a missing file. Only its owner may read the file, since rows contain data of
            customers.

    Raises:
        LedgerInUseError: Another run uses the ledger.
        UnusableLedgerError: The file is not a regular file, or has hard links.
        OSError: The file cannot be opened.
    """
    for _ in range(_ATTEMPTS):
        with _here.guard:
            lock = _take(path, may_make=may_make)
        if lock.is_in_place():
            return lock
        # Another run has removed or replaced the file between two steps of this run.
        lock.close()
    raise in_use(path)


def _take(path: str, *, may_make: bool) -> LedgerLock:
    if _file_at(path) in _here.locks:
        raise in_use(path)
    descriptor, is_made = _open(path, may_make=may_make)
    found = os.fstat(descriptor)
    file = found.st_dev, found.st_ino
    try:
        neighbour = _locked(path, descriptor, found)
    except BaseException as error:
        _here.let_go(file, descriptor)
        if is_made and not isinstance(error, LedgerInUseError):
            Path(path).unlink()
        raise
    if neighbour is not None:
        # Windows cannot remove an open file.
        _here.let_go(file, descriptor)
    lock = LedgerLock(path, file, None if neighbour else descriptor, neighbour, is_made=is_made)
    _here.locks[file] = lock
    _here.uses[file] += 1
    return lock


def _locked(path: str, descriptor: int, found: os.stat_result) -> sqlite3.Connection | None:
    """Lock an open file. If the system does not support such locks, return a transaction on a separate file instead.

    Raises:
        LedgerInUseError: Another run uses the ledger.
        UnusableLedgerError: The file is not a regular file, or has hard links.
    """
    if not stat.S_ISREG(found.st_mode):
        raise UnusableLedgerError(f"{name_of(path)} is not a ledger: it is another file")
    check_links(path, found)
    try:
        return None if _try_lock(descriptor) else _transaction_beside(path)
    except BlockingIOError:
        busy = in_use(path)
    raise busy


def _open(path: str, *, may_make: bool) -> tuple[int, bool]:
    """Open a file; return its descriptor, and whether the file was created."""
    if may_make:
        with contextlib.suppress(FileExistsError):
            return os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), True
    return os.open(path, os.O_RDWR | getattr(os, "O_NONBLOCK", 0)), False


def _file_at(path: str) -> _File | None:
    with contextlib.suppress(OSError):
        found = Path(path).stat()
        return found.st_dev, found.st_ino
    return None


def _try_lock(descriptor: int) -> bool:
    """Lock a file; return whether the system supports such locks.

    Raises:
        BlockingIOError: Another process holds the lock.
    """
    try:
        import fcntl  # noqa: PLC0415 - Windows has none
    except ImportError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno not in _NO_LOCKS:
            raise
        return False
    return True


def _unlock(descriptor: int) -> None:
    import fcntl  # noqa: PLC0415 - Windows has none

    with contextlib.suppress(OSError):
        fcntl.flock(descriptor, fcntl.LOCK_UN)


def _transaction_beside(path: str) -> sqlite3.Connection:
    """Begin a transaction on an empty database next to a ledger.

    Raises:
        LedgerInUseError: Another run uses the ledger.
        UnusableLedgerError: The file belongs to another program.
    """
    beside = Path(f"{path}-lock")
    if beside.exists() and beside.stat().st_size:
        raise UnusableLedgerError(f"{name_of(str(beside))} must be moved: the ledger needs this name for its lock")
    neighbour = sqlite3.connect(beside, timeout=0, isolation_level=None, check_same_thread=False)
    try:
        neighbour.execute("BEGIN EXCLUSIVE")
    except sqlite3.OperationalError as error:
        neighbour.close()
        if not getattr(error, "sqlite_errorname", "").startswith("SQLITE_BUSY"):
            raise
        busy = in_use(path)
    except BaseException:
        neighbour.close()
        raise
    else:
        return neighbour
    raise busy


@contextlib.contextmanager
def connecting(path: str) -> Generator[None]:
    """Check a ledger, and allow connections to it within the block.

    Args:
        path: The ledger, as a real path.

    Raises:
        UnusableLedgerError: The ledger does not exist or cannot be used.
    """
    with _here.guard:
        check_place(path)
        file = _file_at(path)
        if file is None or not _here.uses[file]:
            # `check_file` opens and closes the file, so call it only without connections.
            check_file(path)
        if file is not None:
            _here.uses[file] += 1
    try:
        yield
    finally:
        if file is not None:
            with _here.guard:
                _here.end_use(file)
