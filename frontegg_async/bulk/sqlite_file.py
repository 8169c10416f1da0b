"""Check that a file is a ledger in SQLite, and explain why a file is unusable."""

from __future__ import annotations

import contextlib
import errno
import os
import sqlite3
import struct
from collections.abc import Generator
from pathlib import Path
from typing import Final

from frontegg_async._core.runtime.sqlite_files import foreign_beside
from frontegg_async.errors import FronteggError, LedgerError, LedgerInUseError, UnusableLedgerError

APPLICATION: Final = 0x46726C67
"""The value of SQLite's ``application_id`` in a ledger: ``Frlg``."""

VERSION: Final = 3
"""The version of the format; frontegg-async 0.2.0 wrote version 2."""

_MAGIC: Final = b"SQLite format 3\0"
_HEADER: Final = 100
_PAGE_SIZE: Final = struct.Struct(">16xH")
_PAGES: Final = struct.Struct(">28xI")
_USER_VERSION: Final = struct.Struct(">60xI")
_APPLICATION_ID: Final = struct.Struct(">68xI")
_READ_ONLY: Final = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})
_LARGEST_PAGE: Final = 65_536


def name_of(path: str) -> str:
    """Return a path relative to the current directory, if possible."""
    with contextlib.suppress(OSError, ValueError):  # the path is elsewhere, or the current directory no longer exists
        return str(Path(path).relative_to(Path.cwd()))
    return path


UNEXPLAINED: Final = (sqlite3.Error, OSError, ValueError, TypeError, LookupError)
"""The errors of SQLite and of the system, and the errors from decoding damaged values."""


def failure_of(path: str, error: Exception, *, is_begun: bool) -> LedgerError:
    """Convert an error of SQLite or of the system into an error of this library.

    Args:
        path: The ledger.
        error: The error.
        is_begun: Whether rows may have been sent.
    """
    name = getattr(error, "sqlite_errorname", None) or ""
    if isinstance(error, FileNotFoundError) and not Path(path).parent.is_dir():
        said = "cannot be made: there is no such directory"
    elif isinstance(error, OSError) and error.errno in _READ_ONLY:
        said = "cannot be written: the file or its directory is read-only"
    elif isinstance(error, OSError):
        said = f"cannot be used: {error.strerror}"
    elif name.startswith("SQLITE_FULL"):
        said = f"cannot be written: the disk is full. Make room, and {'resume' if is_begun else 'try again'}"
    elif name.startswith("SQLITE_CANTOPEN") and not Path(path).parent.is_dir():
        said = "cannot be made: there is no such directory"
    elif name.startswith(("SQLITE_READONLY", "SQLITE_PERM", "SQLITE_CANTOPEN")):
        said = "cannot be written: the file or its directory is read-only"
    elif name.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB")) or not isinstance(error, sqlite3.Error):
        said = "is damaged: it is incomplete, or is not a ledger"
    else:
        said = f"cannot be used: {error}"
    return (LedgerError if is_begun else UnusableLedgerError)(f"the ledger {name_of(path)} {said}")


@contextlib.contextmanager
def explained(path: str, *, is_begun: bool = False) -> Generator[None]:
    """Convert errors of SQLite, and errors from damaged values, into errors of this library.

    Args:
        path: The ledger.
        is_begun: Whether rows may have been sent.
    """
    try:
        yield
    except FronteggError:
        raise
    except UNEXPLAINED as error:
        failure = failure_of(path, error, is_begun=is_begun)
    else:
        return
    raise failure


def check_place(path: str) -> None:
    """Check the path of a ledger without opening the file.

    Raises:
        UnusableLedgerError: The file does not exist, is not a regular file, or has hard links. Or a file of another
            program has a name that SQLite needs.
    """
    with explained(path):
        if not Path(path).exists():
            raise UnusableLedgerError(f"there is no ledger {name_of(path)}: a new job creates its ledger")
        if not Path(path).is_file():
            raise UnusableLedgerError(f"{name_of(path)} is not a ledger: it is another file")
        check_links(path, Path(path).stat())
        check_beside(path)


def check_file(path: str) -> None:
    """Refuse a file that is not a complete ledger of a known version.

    Raises:
        UnusableLedgerError: The file belongs to another program, has another version, or is cut off.
    """
    with explained(path), Path(path).open("rb") as file:
        head = file.read(_HEADER)
        size = file.seek(0, os.SEEK_END)
    if not head.startswith(_MAGIC[:size]):
        raise UnusableLedgerError(f"{name_of(path)} is not a ledger: it is another file")
    if len(head) < _HEADER:
        raise UnusableLedgerError(f"{name_of(path)} is not a ledger: the file is incomplete")
    if _APPLICATION_ID.unpack_from(head)[0] != APPLICATION:
        raise UnusableLedgerError(f"{name_of(path)} is not a ledger, but another program's SQLite database")
    version = _USER_VERSION.unpack_from(head)[0]
    if version < VERSION:
        raise UnusableLedgerError(
            f"the ledger {name_of(path)} has version {version} of the format, of an older frontegg-async; this"
            f" program needs version {VERSION}: resume the job with frontegg-async 0.2.0, or begin a new job with"
            " another ledger"
        )
    if version != VERSION:
        raise UnusableLedgerError(
            f"the ledger {name_of(path)} has version {version} of the format; this program needs version {VERSION}"
        )
    page_size = _PAGE_SIZE.unpack_from(head)[0]
    check_size(path, _PAGES.unpack_from(head)[0] * (_LARGEST_PAGE if page_size == 1 else page_size))


def check_size(path: str, size: int) -> None:
    """Refuse a file that is too short.

    Raises:
        UnusableLedgerError: The file is shorter than ``size``.
    """
    if Path(path).stat().st_size < size and not has_log(path):
        raise UnusableLedgerError(
            f"the ledger {name_of(path)} is incomplete: copy the whole file, and with it the file that ends in -wal"
        )


def has_log(path: str) -> bool:
    """Return whether the write-ahead log contains pages, for example after a full disk."""
    log = Path(f"{path}-wal")
    return log.exists() and log.stat().st_size > 0


def in_use(path: str) -> LedgerInUseError:
    """Return the error for a ledger that another run uses."""
    return LedgerInUseError(f"another run uses the ledger {name_of(path)}")


def check_links(path: str, found: os.stat_result) -> None:
    """Refuse a file that has hard links.

    SQLite finds the log by the name of the file. Under another name, rows in the log would be missing.

    Raises:
        UnusableLedgerError: The file has hard links.
    """
    if found.st_nlink > 1:
        raise UnusableLedgerError(
            f"the ledger {name_of(path)} has {found.st_nlink} hard links: remove the other links, or use a copy"
        )


def check_beside(path: str) -> None:
    """Refuse a ledger if SQLite would destroy files of other programs in the same directory.

    Raises:
        UnusableLedgerError: Such a file exists.
    """
    if (foreign := foreign_beside(path)) is not None:
        raise UnusableLedgerError(f"{name_of(foreign)} must be moved: SQLite needs a file of this name for the ledger")


def writable(path: str) -> sqlite3.Connection:
    """Open a writable connection; an empty path opens a temporary ledger."""
    connection = sqlite3.connect(path, timeout=5, isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA busy_timeout = 5000")
    return connection
