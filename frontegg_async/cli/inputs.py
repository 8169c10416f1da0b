"""Read files and standard input in bounded memory, even if the input or a line is endless."""

from __future__ import annotations

import errno
import io
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO, AnyStr, Final

from frontegg_async.cli.failures import CommandError, ExitCode

MAX_LINE: Final = 2**20
"""The maximum number of characters in a line with an id."""
MAX_BYTES: Final = 16 * 2**20
"""The maximum number of bytes in a text, and in a line that is copied."""


def lines_of(source: IO[AnyStr], name: str, most: int = MAX_LINE) -> Iterator[AnyStr]:
    """Yield the lines of an open file, with their line ends.

    Args:
        source: The file.
        name: The name of the file in messages.
        most: The maximum length of a line: characters of a text file, or bytes of a binary file.

    Raises:
        CommandError: A line is longer than ``most``.
    """
    number = 0
    while line := source.readline(most + 1):
        number += 1
        if len(line) > most:
            unit = "characters" if isinstance(line, str) else "bytes"
            raise CommandError(f"{name}, line {number:,}: the line has more than {most:,} {unit}", ExitCode.USAGE)
        yield line


def read_text(name: str) -> str:
    """Return the text of a file in UTF-8, with LF at the ends of lines.

    Args:
        name: The path, or ``-`` for standard input.

    Raises:
        OSError: The file cannot be read, or has more than `MAX_BYTES`.
        UnicodeDecodeError: The file is not UTF-8.
    """
    if name == "-":
        data = sys.stdin.buffer.read(MAX_BYTES + 1)
    else:
        with Path(name).open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise OSError(errno.EFBIG, f"the input has more than {MAX_BYTES:,} bytes")
    return io.TextIOWrapper(io.BytesIO(data), encoding="utf-8-sig").read()
