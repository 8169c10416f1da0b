"""`ReplacedFile`: a file that appears under its name only after it is complete."""

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
"""The flag for a file without a name. The system removes such a file when the process ends."""
_DATABASE: Final = b"SQLite format 3\0"
"""The first bytes of a SQLite database."""


class ReplacedFile:
    """Writes a temporary file in the directory of a file. At the end, the temporary file replaces the file.

    If the system allows files without a name, the temporary file gets its name only at the end. So a process that is
    killed leaves no file. Only the owner can read a new file, because it may contain personal data. A file that is
    replaced keeps its mode.

    Args:
        path: The file. A symbolic link stays, and its target is replaced.
        is_private: Whether only the owner can read the file, even if other users could read the file that is replaced.

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
        """Create the temporary file.

        Raises:
            InvalidArgumentError: ``path`` is a SQLite database.
            OSError: No file can be created in the directory, or ``path`` is a special file, such as a device, which
                must not be replaced. The error names ``path``.
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
        """Open a file without a name. It can get a name later."""
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
            OSError: The bytes cannot be written. The error names ``path``.
        """
        assert self._file is not None  # noqa: S101 - it is open
        self.naming(self._file.write)(data)

    def commit(self) -> None:
        """Flush the file to the disk, then move it to ``path``.

        Raises:
            InvalidArgumentError: A SQLite database was created at ``path`` meanwhile.
            OSError: The file cannot be written. The error names ``path``.
        """
        assert self._file is not None  # noqa: S101 - it is open
        check_no_database(self.path)
        self.naming(self._replace)(self._file)

    def _replace(self, file: IO[bytes]) -> None:
        file.flush()
        os.fsync(file.fileno())
        if self._temporary is None:
            temporary = self.directory / f".{self.path.name}.{secrets.token_hex(8)}.part"
            # The argument ``src_dir_fd`` is not needed for an absolute path, but with it `os.link` follows links.
            os.link(_handle_path(file.fileno()), temporary, src_dir_fd=file.fileno())
            self._temporary = temporary
        file.close()
        with suppress(FileNotFoundError):
            if not self._is_private:
                shutil.copymode(self._target, self._temporary)
        self._temporary.replace(self._target)

    def discard(self) -> None:
        """Remove the temporary file, unless it has replaced the file."""
        with suppress(OSError):  # on a full disk, the rest of the buffer cannot be written
            if self._file is not None:
                self._file.close()
        if self._temporary is not None:
            self._temporary.unlink(missing_ok=True)

    def naming(self, function: Callable[P, T]) -> Callable[P, T]:
        """Return the function with changed errors: an `OSError` names the file instead of the temporary file."""

        def call(*args: P.args, **kwargs: P.kwargs) -> T:
            try:
                return function(*args, **kwargs)
            except OSError as error:
                raise OSError(error.errno, error.strerror, str(self.path)) from None

        return call


def replace_file(path: Path, text: str, *, is_private: bool = False) -> None:
    """Write a text file completely or not at all.

    Args:
        path: The file. An existing file is replaced.
        text: The content.
        is_private: Whether only the owner can read the file, even if other users could read the file that is replaced.

    Raises:
        InvalidArgumentError: A SQLite database exists at ``path``.
        OSError: The file cannot be written. The error names ``path``.
    """
    file = ReplacedFile(path, is_private=is_private)
    try:
        file.open()
        file.write(text.encode())
        file.commit()
    finally:
        file.discard()


def check_no_database(path: Path) -> None:
    """Refuse to replace a SQLite database, because it may be the ledger of a running bulk job.

    Args:
        path: The file to replace. It may be missing.

    Raises:
        InvalidArgumentError: The file is a SQLite database.
        OSError: The file cannot be read. The error names ``path``.
    """
    if not path.is_file():
        return  # reading from a pipe would take data from it, or never end
    with suppress(FileNotFoundError), path.open("rb") as file:
        if file.read(len(_DATABASE)) == _DATABASE:
            raise InvalidArgumentError(
                f"{path} is a SQLite database, such as the ledger of a job, and is not replaced: name another file"
            )


def _followed(path: Path) -> Path:
    """Return the target of the symbolic links of a path."""
    target = Path(os.path.realpath(path))
    if target.is_symlink():
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), str(path))
    return target


def _handle_path(handle: int) -> Path:
    return Path(f"/proc/self/fd/{handle}")
