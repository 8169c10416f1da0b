"""`FileBytes`: reads a file in blocks of complete lines, computes its digest, and detects changes between two reads."""

from __future__ import annotations

import codecs
import hashlib
from bisect import bisect_right
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Final

from frontegg_async.plans.files.places import MAX_ROW, BrokenTextError, Spot
from frontegg_async.snapshots.files import check_readable

LONG_ROW: Final = f"the row has more than {MAX_ROW:,} bytes"
CHANGED: Final = "the file changed while it was read"

_BLOCK: Final = 2**18
_MOST: Final = 64 * 2**20
"""The maximum size in bytes of a file that is read as a whole."""
_OTHER_BOMS: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


class FileBytes:
    """The lines of a file. A line ends with a line feed. A BOM is not part of a line.

    Args:
        path: The file.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.digest: str = ""
        """The SHA-256 of the bytes, after all bytes were read."""
        self._starts: list[Spot] = [(1, 0)]
        """The number of the first line of each block, and the offset of the block."""

    def blocks(self) -> Generator[tuple[int, bytes], None, None]:
        """Yield blocks of lines, each with the number of its first line. The digest is known after the last block.

        Raises:
            BrokenTextError: The file is UTF-16, has a very long line, or was changed after the first read.
            OSError: The file cannot be read, or is a directory, a pipe or a device.
        """
        check_readable(self.path)
        digest = hashlib.sha256()
        number, kept = 1, b""
        starts: list[Spot] = []
        with self.path.open("rb") as file:
            while part := file.read(_BLOCK):
                digest.update(part)
                if not starts:
                    begin = _begin(part)
                    starts, part = [(1, begin)], part[begin:]
                end = part.rfind(b"\n") + 1
                block, kept = (kept + part[:end], part[end:]) if end else (b"", kept + part)
                if len(kept) > MAX_ROW:
                    raise BrokenTextError((number + block.count(b"\n"), 1), LONG_ROW)
                if block:
                    yield number, block
                    number += block.count(b"\n")
                    starts.append((number, file.tell() - len(kept)))
            if kept:
                yield number, kept
        if self.digest not in ("", digest.hexdigest()):
            raise BrokenTextError(None, CHANGED)
        self.digest, self._starts = digest.hexdigest(), starts or self._starts

    def whole(self) -> bytes:
        """Return all bytes of the file.

        Raises:
            BrokenTextError: The file is UTF-16, or has more than 64 MiB.
            OSError: The file cannot be read, or is a directory, a pipe or a device.
        """
        check_readable(self.path)
        with self.path.open("rb") as file:
            text = file.read(_MOST + 1)
        if len(text) > _MOST:
            raise BrokenTextError(None, f"the file has more than {_MOST:,} bytes: write one row per line as .jsonl")
        begin = _begin(text)
        self.digest, self._starts = hashlib.sha256(text).hexdigest(), [(1, begin)]
        return text[begin:]

    def lines_from(self, number: int) -> Iterator[bytes]:
        """Yield the lines that begin with a line number, to find places in the file.

        Raises:
            OSError: The file cannot be read.
        """
        first, position = self._starts[bisect_right(self._starts, (number, 2**63)) - 1]
        with self.path.open("rb") as file:
            file.seek(position)
            for at, line in enumerate(iter(lambda: file.readline(_MOST), b""), first):
                if at >= number:
                    yield line


def _begin(text: bytes) -> int:
    """Return the offset of the text of a file, after its BOM.

    Raises:
        BrokenTextError: The file is UTF-16.
    """
    if text.startswith(_OTHER_BOMS):
        raise BrokenTextError(None, "the file is UTF-16: save it as UTF-8")
    return len(codecs.BOM_UTF8) if text.startswith(codecs.BOM_UTF8) else 0


def text_of(block: bytes, number: int) -> str:
    """Return lines as text.

    Args:
        block: The lines.
        number: The number of the first line.

    Raises:
        BrokenTextError: The lines are not UTF-8.
    """
    try:
        return block.decode()
    except UnicodeDecodeError as error:
        before = block[: error.start]
        column = len(before[before.rfind(b"\n") + 1 :].decode()) + 1
    raise BrokenTextError((number + before.count(b"\n"), column), "the text is not UTF-8")
