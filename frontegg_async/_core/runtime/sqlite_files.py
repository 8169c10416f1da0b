"""The files that SQLite creates beside a database. SQLite overwrites and removes other files with these names."""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Sequence
from pathlib import Path
from typing import Final

SUFFIXES: Final = ("-journal", "-wal", "-shm")

_JOURNAL: Final = (b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7", bytes(8))
_LOG: Final = (b"\x37\x7f\x06\x82", b"\x37\x7f\x06\x83")
_PAGE: Final = 4_096
"""The number of bytes by which the index of a write-ahead log grows. An unused index has up to 3 bytes."""


def beside(path: str) -> Sequence[str]:
    """Return the existing files with such names beside a database. The database may be missing."""
    return [name for name in (path + suffix for suffix in SUFFIXES) if os.path.lexists(name)]


def foreign_beside(path: str) -> str | None:
    """Return a file beside a database that SQLite would destroy although SQLite did not create it, or ``None``.

    Args:
        path: The database.
    """
    for name in beside(path):
        # A file that is missing by now belonged to a connection.
        with contextlib.suppress(FileNotFoundError):
            if not _is_of_sqlite(name):
                return name
    return None


def _is_of_sqlite(name: str) -> bool:
    found = Path(name).lstat()
    if not stat.S_ISREG(found.st_mode):
        return False
    if name.endswith("-shm"):
        # Do not open the file, because closing it would end SQLite's locks.
        return found.st_size % _PAGE == 0 or found.st_size <= 3  # noqa: PLR2004 - see above
    if not found.st_size:
        return True
    with Path(name).open("rb") as file:
        return file.read(32).startswith(_JOURNAL if name.endswith("-journal") else _LOG)
