"""`ReplacedFile`: a file that appears under its name only when it is complete."""

from __future__ import annotations

import errno
import os
import secrets
import shutil
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import IO, Final, ParamSpec, TypeVar

from frontegg_async.errors import InvalidArgumentError

P = ParamSpec("P")
T = TypeVar("T")


_UNNAMED: Final = getattr(os, "O_TMPFILE", 0)
"""The flag for a file without a name, which the system removes when the process ends in any way."""
_DATABASE: Final = b"SQLite format 3\0"
"""The first bytes of a SQLite database."""


class ReplacedFile:
    """Writes to a temporary file in the directory of a file, and replaces the file with it at the end.

    If the system allows it, the temporary file has no name before the end, so that a killed process leaves no file.
    Only the owner can read a new file, since it has personal data. A replaced file keeps its mode.

    Args:
        path: The file. A symbolic link stays, and its target is replaced.
        is_private: Whether only the owner can read the file, even if others could read the replaced one.

    Raises:
        OSError: ``path`` is a symbolic link that leads to itself.

    Attributes:
        path: The file.
    """

    def __init__(self, path: Path, *, is_private: bool = False) -> None:
        self.path: Path = path
        self._is_private = is_private
        self._target = _followed(path)
        self._temporary: Path | None = None
        self._file: IO[bytes] | None = None

    def open(self) -> None:
        """Make the temporary file.

        Raises:
            InvalidArgumentError: ``path`` is a SQLite database.
            OSError: No file can be made in the directory, or ``path`` is a device or another special file, which must
                not be replaced; the error names ``path``.
        """
        if self._target.exists() and not self._target.is_file():
            raise OSError(errno.EINVAL, "not a regular file", str(self.path))
        check_no_database(self.path)
        handle = self._unnamed()
        if handle is None:
            handle, name = self.naming(tempfile.mkstemp)(".part", f".{self.path.name}.", self.directory)
            self._temporary = Path(name)
        self._file = os.fdopen(handle, "wb")

    def _unnamed(self) -> int | None:
        """Open a file without a name, which can get a name later."""
        if not _UNNAMED:
            return None
        try:
            handle = os.open(self.directory, _UNNAMED | os.O_WRONLY, 0o600)
        except OSError:
            return None
        if _handle_path(handle).exists():
            return handle
        os.close(handle)
        return None

    @property
    def directory(self) -> Path:
        """The directory of the file."""
        return self._target.parent

    def write(self, data: bytes) -> None:
        """Write bytes.

        Raises:
            OSError: The bytes cannot be written; the error names ``path``.
        """
        assert self._file is not None  # noqa: S101 - it is open
        self.naming(self._file.write)(data)

    def commit(self) -> None:
        """Put the file in its place after it is on the disk.

        Raises:
            InvalidArgumentError: A SQLite database was made there meanwhile.
            OSError: The file cannot be written; the error names ``path``.
        """
        assert self._file is not None  # noqa: S101 - it is open
        check_no_database(self.path)
        self.naming(self._replace)(self._file)

    def _replace(self, file: IO[bytes]) -> None:
        file.flush()
        os.fsync(file.fileno())
        if self._temporary is None:
            temporary = self.directory / f".{self.path.name}.{secrets.token_hex(8)}.part"
            # With the number of a directory, which an absolute path does not need, links are followed.
            os.link(_handle_path(file.fileno()), temporary, src_dir_fd=file.fileno())
            self._temporary = temporary
        file.close()
        with suppress(FileNotFoundError):
            if not self._is_private:
                shutil.copymode(self._target, self._temporary)
        self._temporary.replace(self._target)

    def discard(self) -> None:
        """Remove the temporary file unless it was put in its place."""
        with suppress(OSError):  # the rest of the buffer cannot be written to a full disk
            if self._file is not None:
                self._file.close()
        if self._temporary is not None:
            self._temporary.unlink(missing_ok=True)

    def naming(self, function: Callable[P, T]) -> Callable[P, T]:
        """Return a function whose system errors name the file instead of the temporary file."""

        def call(*args: P.args, **kwargs: P.kwargs) -> T:
            try:
                return function(*args, **kwargs)
            except OSError as error:
                raise OSError(error.errno, error.strerror, str(self.path)) from None

        return call


def replace_file(path: Path, text: str, *, is_private: bool = False) -> None:
    """Write a text file completely or not at all.

    Args:
        path: The file; an existing file is replaced.
        text: The content.
        is_private: Whether only the owner can read the file, even if others could read the replaced one.

    Raises:
        InvalidArgumentError: The path has a SQLite database.
        OSError: The file cannot be written; the error names ``path``.
    """
    file = ReplacedFile(path, is_private=is_private)
    try:
        file.open()
        file.write(text.encode())
        file.commit()
    finally:
        file.discard()


def check_no_database(path: Path) -> None:
    """Refuse to replace a SQLite database, since it may be the ledger of a job, even of a running one.

    Args:
        path: The file to replace; it need not exist.

    Raises:
        InvalidArgumentError: The file is a SQLite database.
        OSError: The file cannot be read; the error names ``path``.
    """
    if not path.is_file():
        return  # reading from a pipe would take data from it, or never end
    with suppress(FileNotFoundError), path.open("rb") as file:
        if file.read(len(_DATABASE)) == _DATABASE:
            raise InvalidArgumentError(
                f"{path} is a SQLite database, as ledgers are, and is not replaced: name another file"
            )


def _followed(path: Path) -> Path:
    """Return the target of the symbolic links of a path."""
    target = Path(os.path.realpath(path))
    if target.is_symlink():
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), str(path))
    return target


def _handle_path(handle: int) -> Path:
    return Path(f"/proc/self/fd/{handle}")
