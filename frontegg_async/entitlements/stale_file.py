"""The file with the last good snapshot, for a start while the service cannot be reached.

The first line identifies the file. The other lines are the JSON of the snapshot, exactly as the service sent it. The
first line contains the time of the last confirmation in a fixed width. So a new confirmation overwrites only the time.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import stat
from collections.abc import Generator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Final, Literal

import attrs

from frontegg_async._core.runtime.replaced_file import ReplacedFile
from frontegg_async.endpoints.entitlements import MAX_BODY

_FORMAT: Final = "frontegg-entitlements/1"
_BEGINNING: Final = f'{{"format": "{_FORMAT}"'
_HEAD: Final = re.compile(
    re.escape(_BEGINNING) + r', "environment": "(?P<environment>[ -~]*)"'
    r', "confirmed_at": "(?P<confirmed_at>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)"'
    r', "offset_sha256": "(?P<offset>[0-9a-f]{64})", "sha256": "(?P<body>[0-9a-f]{64})"\}\n'
)
_LONGEST_HEAD: Final = 65_536
_HAS_OWNERS: Final = os.name == "posix"


class UnusableFileError(ValueError):
    """A file cannot be used. The message contains the cause."""


@attrs.frozen
class Kept:
    """The content of a file."""

    body: bytes
    """The JSON of the snapshot."""
    confirmed_at: float
    """The time of the service's confirmation, in seconds since 1970 by the system clock."""


@attrs.frozen
class StaleFile:
    """The file with the last good snapshot of an environment. The methods block.

    Files of other programs, environments or users are never changed. An empty file, or a file with a damaged first
    line, is treated as missing.

    Args:
        path: The file.
        environment: The name of the environment.
    """

    path: Path
    environment: str

    def check(self) -> None:
        """Check that the file can be written to its path.

        Raises:
            UnusableFileError: The directory does not exist, or the path cannot be read. Or the path has a file of
                another program, environment or user.
        """
        with self._naming():
            if not self.path.parent.is_dir():
                raise UnusableFileError(f"there is no directory {self.path.parent}")
            with suppress(FileNotFoundError), self._open("rb") as file:
                self._head(file)

    def read(self) -> Kept:
        """Return the content of the file.

        Raises:
            UnusableFileError: The file does not exist, is damaged, belongs to another environment or user, or other
                users may write it.
        """
        with self._naming(), self._open("rb") as file:
            self._check_writers(file)
            head = self._head(file)
            body = file.read(MAX_BODY + 1)
        if head is None:
            raise UnusableFileError(f"{self.path} is damaged: its first line is not complete")
        if head["body"] != _digest(body):
            raise UnusableFileError(f"{self.path} is damaged: the file is not complete, or was changed")
        try:
            return Kept(body, datetime.fromisoformat(head["confirmed_at"]).timestamp())
        except ValueError:
            raise UnusableFileError(f"{self.path} is damaged: confirmed_at is not a time") from None

    def write(self, body: bytes, offset: object, confirmed_at: float, now: float) -> None:
        """Replace the file atomically. Only its owner may read the new file.

        A file with the snapshot of another offset is not replaced if the service confirmed that snapshot later.

        Args:
            body: The JSON of the snapshot.
            offset: The snapshot's offset.
            confirmed_at: The time when the service confirmed the snapshot.
            now: The current time.

        Raises:
            UnusableFileError: The file belongs to another program, environment or user, or other users may write the
                new file.
            InvalidArgumentError: A SQLite database exists at the path.
            OSError: The file cannot be written.
        """
        with suppress(FileNotFoundError), self._open("rb") as file:
            found = None if _others_may_write(file) else self._head(file)
            if found is not None and found["offset"] != _offset_digest(offset) and _is_later(found, confirmed_at, now):
                return
        head = {
            "format": _FORMAT,
            "environment": self.environment,
            "confirmed_at": _text_of(confirmed_at),
            "offset_sha256": _offset_digest(offset),
            "sha256": _digest(body),
        }
        replaced = ReplacedFile(self.path, is_private=True)
        try:
            replaced.open()
            replaced.write(json.dumps(head).encode() + b"\n")
            replaced.write(body)
            replaced.commit()
        finally:
            replaced.discard()
        with self._open("rb") as file:
            self._check_writers(file)  # some file systems have no modes

    def confirm(self, offset: object, confirmed_at: float, now: float) -> bool:
        """Record in the file that the service confirmed the snapshot with an offset.

        A time in the future comes from a wrong clock, and is overwritten.

        Args:
            offset: The offset.
            confirmed_at: The time when the service confirmed the snapshot.
            now: The current time.

        Returns:
            Whether the file contains this snapshot, or a snapshot that was confirmed later. If ``False``, the whole
            file must be written.

        Raises:
            UnusableFileError: The file belongs to another program, environment or user.
            OSError: The file cannot be read or written.
        """
        with suppress(FileNotFoundError), self._open("r+b") as file:
            head = self._head(file)
            if head is None or _others_may_write(file):
                return False
            is_later = _is_later(head, confirmed_at, now)
            if head["offset"] != _offset_digest(offset):
                return is_later
            if not is_later:
                file.seek(head.start("confirmed_at"))
                file.write(_text_of(confirmed_at).encode())
            if _HAS_OWNERS and _mode(file) & 0o077:
                os.fchmod(file.fileno(), 0o600)
            return True
        return False

    @contextmanager
    def _naming(self) -> Generator[None]:
        """Add the file's name to errors of the operating system."""
        try:
            yield
        except OSError as error:
            raise UnusableFileError(f"{self.path} cannot be read: {error.strerror}") from None

    @contextmanager
    def _open(self, mode: Literal["rb", "r+b"]) -> Generator[IO[bytes]]:
        """Open the file if it is a regular file of this user. Opening a pipe would block forever."""
        if self.path.exists() and not self.path.is_file():
            raise UnusableFileError(f"{self.path} is not a regular file")
        with self.path.open(mode) as file:
            if _HAS_OWNERS and os.fstat(file.fileno()).st_uid != os.geteuid():
                raise UnusableFileError(
                    f"{self.path} belongs to another user: it must belong to the user of this process"
                )
            yield file

    def _check_writers(self, file: IO[bytes]) -> None:
        if _others_may_write(file):
            raise UnusableFileError(
                f"others may write {self.path}: make it writable only by its owner (chmod 600), because it determines "
                "who may use what"
            )

    def _head(self, file: IO[bytes]) -> re.Match[str] | None:
        """Return the parsed first line. ``None`` if the line is damaged or the file is empty."""
        line = file.readline(_LONGEST_HEAD).decode("latin-1")
        if not line.startswith(_BEGINNING) and not _BEGINNING.startswith(line):
            raise UnusableFileError(f"{self.path} is not a file of entitlements ({_FORMAT}), and is not changed")
        head = _HEAD.fullmatch(line)
        if head is not None and head["environment"] != json.dumps(self.environment)[1:-1]:
            raise UnusableFileError(
                f"{self.path} belongs to another environment, {head['environment']}, and not to {self.environment}"
            )
        return head


def _mode(file: IO[bytes]) -> int:
    return stat.S_IMODE(os.fstat(file.fileno()).st_mode)


def _others_may_write(file: IO[bytes]) -> bool:
    return _HAS_OWNERS and bool(_mode(file) & 0o022)


def _is_later(head: re.Match[str], confirmed_at: float, now: float) -> bool:
    """Return whether the file was confirmed at the given time or later, and not in the future."""
    return _text_of(confirmed_at) <= head["confirmed_at"] <= _text_of(now)


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _offset_digest(offset: object) -> str:
    """Return the hash of an offset for the file. Offsets may be texts of any length."""
    return _digest(json.dumps(offset).encode())


def _text_of(time: float) -> str:
    return datetime.fromtimestamp(time, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
