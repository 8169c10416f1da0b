"""`RowStream`: the rows of files in order. A method skips rows that are equal to known lines."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import msgspec

from frontegg_async.plans.files.sources import FileRow, Source


class _Id(msgspec.Struct, gc=False):
    tenant_id: str


_id_of: Final = msgspec.json.Decoder(_Id).decode


class RowStream:
    """Provides the rows of files one by one. The methods block.

    Args:
        rows: The rows, ordered by id.
    """

    def __init__(self, rows: Iterator[FileRow]) -> None:
        self._rows = rows
        self._head: FileRow | None = None
        self._is_read = False

    @property
    def head(self) -> FileRow | None:
        """The next row; ``None`` at the end.

        Raises:
            FilesError: A file was changed after it was read.
            OSError: A temporary file cannot be read.
        """
        if not self._is_read:
            self._head, self._is_read = self._next(), True
        return self._head

    def advance(self) -> None:
        """Discard the next row."""
        if not self._is_read:
            self._next()
        self._head, self._is_read = None, False

    def skip(self, lines: bytes) -> bool:
        """Skip the next rows if they are equal to the given lines, and return whether they were skipped.

        Args:
            lines: Rows as JSON Lines.
        """
        del lines
        return False

    def _next(self) -> FileRow | None:
        return next(self._rows, None)


class LineStream(RowStream):
    """Provides the rows of a file that is exactly in the form of an export.

    Args:
        source: The file.
        blocks: The text of the file, in blocks of lines.
    """

    def __init__(self, source: Source, blocks: Iterator[bytes]) -> None:
        super().__init__(iter(()))
        self._source = source
        self._blocks = blocks
        self._text = b""
        self._at = 0
        self._number = 1

    def skip(self, lines: bytes) -> bool:
        """Skip the next rows if they are equal to the given lines, and return whether they were skipped.

        Args:
            lines: Rows as JSON Lines.
        """
        if self._is_read:
            return False
        while len(self._text) - self._at < len(lines) and self._read():
            pass
        if not self._text.startswith(lines, self._at):
            return False
        self._at += len(lines)
        self._number += lines.count(b"\n")
        return True

    def _read(self) -> bool:
        """Read the next block; return whether there was another block."""
        block = next(self._blocks, None)
        if block is None:
            return False
        self._text = self._text[self._at :] + block
        self._at = 0
        return True

    def _next(self) -> FileRow | None:
        end = self._text.find(b"\n", self._at)
        if end < 0:
            return self._next() if self._read() else None
        line = self._text[self._at : end]
        self._at = end + 1
        self._number += 1
        return FileRow(_id_of(line).tenant_id, line, self._source, self._number - 1, 1)
