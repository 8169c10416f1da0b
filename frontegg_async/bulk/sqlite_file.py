"""The file of a ledger in SQLite: whether it is one, and errors that say what is wrong with it."""

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
"""What SQLite's ``application_id`` is of a ledger: ``Frlg``."""

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
    """Return a path as it is written in the current directory."""
    with contextlib.suppress(OSError, ValueError):  # the directory is gone, or another
        return str(Path(path).relative_to(Path.cwd()))
    return path


UNEXPLAINED: Final = (sqlite3.Error, OSError, ValueError, TypeError, LookupError)
"""What SQLite and the system raise, and what decodes values that were edited, or are zeros."""


def failure_of(path: str, error: Exception, *, is_begun: bool) -> LedgerError:
    """Return the error of ours for one of these.

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
        said = "is damaged: it was cut off, or is no ledger"
    else:
        said = f"cannot be used: {error}"
    return (LedgerError if is_begun else UnusableLedgerError)(f"the ledger {name_of(path)} {said}")


@contextlib.contextmanager
def explained(path: str, *, is_begun: bool = False) -> Generator[None]:
    """Raise what SQLite raises, and what a damaged value does, as an error of ours.

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
    """Refuse a ledger that is no file of its own; it is not opened.

    Raises:
        UnusableLedgerError: It is not there, is no regular file, has other names, or has files of others beside it.
    """
    with explained(path):
        if not Path(path).exists():
            raise UnusableLedgerError(f"there is no ledger {name_of(path)}: it is made when a job begins")
        if not Path(path).is_file():
            raise UnusableLedgerError(f"{name_of(path)} is no ledger: it is another file")
        check_links(path, Path(path).stat())
        check_beside(path)


def check_file(path: str) -> None:
    """Refuse a file that is no whole ledger of a known version.

    Raises:
        UnusableLedgerError: It is foreign, of another version or cut off.
    """
    with explained(path), Path(path).open("rb") as file:
        head = file.read(_HEADER)
        size = file.seek(0, os.SEEK_END)
    if not head.startswith(_MAGIC[:size]):
        raise UnusableLedgerError(f"{name_of(path)} is no ledger: it is another file")
    if len(head) < _HEADER:
        raise UnusableLedgerError(f"{name_of(path)} is no ledger: it is cut off")
    if _APPLICATION_ID.unpack_from(head)[0] != APPLICATION:
        raise UnusableLedgerError(f"{name_of(path)} is no ledger, but another program's SQLite database")
    version = _USER_VERSION.unpack_from(head)[0]
    if version < VERSION:
        raise UnusableLedgerError(
            f"the ledger {name_of(path)} has version {version} of the format, of an older frontegg-async, and this"
            f" program works with {VERSION} only: resume the job with frontegg-async 0.2.0, or begin it anew with"
            " another ledger"
        )
    if version != VERSION:
        raise UnusableLedgerError(
            f"the ledger {name_of(path)} has version {version} of the format; this program works with {VERSION} only"
        )
    page_size = _PAGE_SIZE.unpack_from(head)[0]
    check_size(path, _PAGES.unpack_from(head)[0] * (_LARGEST_PAGE if page_size == 1 else page_size))


def check_size(path: str, size: int) -> None:
    """Refuse a file that is shorter than it should be.

    Raises:
        UnusableLedgerError: It is.
    """
    if Path(path).stat().st_size < size and not has_log(path):
        raise UnusableLedgerError(
            f"the ledger {name_of(path)} is cut off: take the whole file, with the one that ends in -wal beside it"
        )


def has_log(path: str) -> bool:
    """Whether pages are in the file beside it, as when the disk was full while they were moved into the ledger."""
    log = Path(f"{path}-wal")
    return log.exists() and log.stat().st_size > 0


def in_use(path: str) -> LedgerInUseError:
    """Return the error for a ledger that another run has."""
    return LedgerInUseError(f"another run holds the ledger {name_of(path)}")


def check_links(path: str, found: os.stat_result) -> None:
    """Refuse a file that has other names: the log of SQLite is found by the name, and rows in it would be missed.

    Raises:
        UnusableLedgerError: It has.
    """
    if found.st_nlink > 1:
        raise UnusableLedgerError(
            f"the ledger {name_of(path)} has {found.st_nlink} names (hard links): remove the others, or use a copy"
        )


def check_beside(path: str) -> None:
    """Refuse a ledger beside which SQLite would destroy files of others.

    Raises:
        UnusableLedgerError: There is one.
    """
    if (foreign := foreign_beside(path)) is not None:
        raise UnusableLedgerError(f"{name_of(foreign)} is in the way: a file of this name is a part of the ledger")


def writable(path: str) -> sqlite3.Connection:
    """Return a connection that writes; without a path, to a temporary ledger."""
    connection = sqlite3.connect(path, timeout=5, isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA busy_timeout = 5000")
    return connection
