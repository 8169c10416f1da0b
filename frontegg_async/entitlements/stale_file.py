"""The file with the last good snapshot, which is used at a start without the service.

The first line says what the file is. The JSON of the snapshot follows, as the service sent it. The time of the last
confirmation has a fixed place and width, so that a confirmation overwrites the time alone.
"""

from __future__ import annotations

import hashlib
import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, cast

import attrs

from frontegg_async._core.runtime.replaced_file import ReplacedFile
from frontegg_async.endpoints.entitlements import MAX_BODY

_FORMAT: Final = "frontegg-entitlements/1"
_LONGEST_HEAD: Final = 8_192
_TIME: Final = re.compile(rb'"confirmed_at": "([^"]{24})"')


class UnusableFileError(ValueError):
    """A file cannot be used; the message says why."""


@attrs.frozen
class Kept:
    """The content of a file."""

    body: bytes
    """The JSON of the snapshot."""
    confirmed_at: float
    """When the service confirmed it, in seconds since 1970 by the clock of that time."""


@attrs.frozen
class _Head:
    """The first line of a file."""

    offset: object
    digest: str
    confirmed_at: str


@attrs.frozen
class StaleFile:
    """A file with the last good snapshot of an environment. Its methods block.

    Args:
        path: The file.
        environment: The name of the environment.
    """

    path: Path
    environment: str

    def check(self) -> None:
        """Refuse a place where the file must not be.

        Raises:
            UnusableFileError: There is no such directory, or what is there is no file of this environment.
        """
        if not self.path.parent.is_dir():
            raise UnusableFileError(f"there is no directory {self.path.parent}")
        if not self.path.exists():
            return
        if not self.path.is_file():
            raise UnusableFileError(f"{self.path} is no regular file")
        try:
            with self.path.open("rb") as file:
                line = file.readline(_LONGEST_HEAD)
        except OSError as error:
            raise UnusableFileError(f"{self.path} cannot be read: {error.strerror}") from None
        if line:
            self._head(line)

    def read(self) -> Kept:
        """Return the content.

        Raises:
            UnusableFileError: There is no file, it is broken, or it is of another environment.
        """
        try:
            with self.path.open("rb") as file:
                head = self._head(file.readline(_LONGEST_HEAD))
                body = file.read(MAX_BODY + 1)
        except OSError as error:
            raise UnusableFileError(f"{self.path} cannot be read: {error.strerror}") from None
        if head.digest != hashlib.sha256(body).hexdigest():
            raise UnusableFileError(f"{self.path} is damaged: it is not complete, or was changed")
        try:
            return Kept(body, datetime.fromisoformat(head.confirmed_at).timestamp())
        except ValueError:
            raise UnusableFileError(f"{self.path} is damaged: confirmed_at is no time") from None

    def write(self, body: bytes, offset: object, confirmed_at: float) -> None:
        """Replace the file, whole or not at all; only its owner may read it.

        Args:
            body: The JSON of the snapshot.
            offset: Its offset.
            confirmed_at: When the service confirmed it.

        Raises:
            UnusableFileError: What is there is no file of this environment.
            InvalidArgumentError: A SQLite database is there.
            OSError: It cannot be written.
        """
        self.check()
        head = {
            "format": _FORMAT,
            "environment": self.environment,
            "confirmed_at": _text_of(confirmed_at),
            "offset": offset,
            "sha256": hashlib.sha256(body).hexdigest(),
        }
        file = ReplacedFile(self.path, is_private=True)
        try:
            file.open()
            file.write(json.dumps(head).encode() + b"\n")
            file.write(body)
            file.commit()
        finally:
            file.discard()

    def confirm(self, offset: object, confirmed_at: float) -> bool:
        """Note in the file that the service confirmed the snapshot with an offset.

        Args:
            offset: The offset. A file with another one stays: a process wrote it that knows more, or less.
            confirmed_at: When the service confirmed it.

        Returns:
            Whether there is a file.

        Raises:
            UnusableFileError: What is there is no file of this environment.
            OSError: It cannot be read or written.
        """
        try:
            with self.path.open("r+b") as file:
                line = file.readline(_LONGEST_HEAD)
                if not line:
                    return False
                head, place, text = self._head(line), _TIME.search(line), _text_of(confirmed_at)
                if head.offset == offset and place is not None and head.confirmed_at < text:
                    file.seek(place.start(1))
                    file.write(text.encode())
        except FileNotFoundError:
            return False
        return True

    def _head(self, line: bytes) -> _Head:
        try:
            read: object = json.loads(line)
        except ValueError:
            read = None
        found = cast("dict[str, object]", read) if isinstance(read, dict) else {}
        if found.get("format") != _FORMAT:
            raise UnusableFileError(f"{self.path} is no file of entitlements ({_FORMAT}), and is not touched")
        environment, digest, confirmed_at = (found.get(name) for name in ("environment", "sha256", "confirmed_at"))
        if environment != self.environment:
            raise UnusableFileError(
                f"{self.path} is of another environment, {environment}, and not of {self.environment}"
            )
        if not isinstance(digest, str) or not isinstance(confirmed_at, str):
            raise UnusableFileError(f"{self.path} is damaged: its first line is not complete")
        return _Head(found.get("offset"), digest, confirmed_at)


def _text_of(time: float) -> str:
    return datetime.fromtimestamp(time, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
