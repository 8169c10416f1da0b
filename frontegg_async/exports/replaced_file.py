"""`ReplacedFile`: a file that appears under its name when it is complete, and not before."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import IO, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


class ReplacedFile:
    """Writes to a temporary file in the directory of a file, and replaces that file by it at the end.

    A new file is for its owner only, since it has data of people; one that is replaced keeps its mode.

    Args:
        path: The file. A symbolic link stays, and what it points to is replaced.

    Attributes:
        path: The file.
    """

    def __init__(self, path: Path) -> None:
        self.path: Path = path
        self._target = path.resolve()
        self._temporary: Path | None = None
        self._file: IO[bytes]

    def open(self) -> None:
        """Make the temporary file.

        Raises:
            OSError: No file can be made in the directory; the error names ``path``.
        """
        handle, name = self.naming(tempfile.mkstemp)(".part", f".{self.path.name}.", self.directory)
        self._temporary = Path(name)
        self._file = os.fdopen(handle, "wb")

    @property
    def directory(self) -> Path:
        """Where the file is."""
        return self._target.parent

    def write(self, data: bytes) -> None:
        """Write bytes.

        Raises:
            OSError: They cannot be written; the error names ``path``.
        """
        self.naming(self._file.write)(data)

    def commit(self) -> None:
        """Put the file in its place, once the disk has it.

        Raises:
            OSError: It cannot be written; the error names ``path``.
        """
        if self._temporary is not None:
            self.naming(self._replace)(self._temporary)

    def _replace(self, temporary: Path) -> None:
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        with suppress(FileNotFoundError):
            shutil.copymode(self._target, temporary)
        temporary.replace(self._target)

    def discard(self) -> None:
        """Remove the temporary file, if it was not put in its place."""
        if self._temporary is None:
            return
        with suppress(OSError):  # what the buffer still has cannot be written to a full disk
            self._file.close()
        self._temporary.unlink(missing_ok=True)

    def naming(self, function: Callable[P, T]) -> Callable[P, T]:
        """Return a function whose errors of the system name the file, and not a temporary one."""

        def call(*args: P.args, **kwargs: P.kwargs) -> T:
            try:
                return function(*args, **kwargs)
            except OSError as error:
                raise OSError(error.errno, error.strerror, str(self.path)) from None

        return call
