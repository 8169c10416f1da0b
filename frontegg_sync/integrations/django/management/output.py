"""How commands write: for readers that leave early, and in encodings that have few letters."""

from __future__ import annotations

import codecs
import os
import sys
from collections.abc import Iterable
from typing import TextIO


def write_lines(stdout: TextIO, lines: Iterable[str]) -> None:
    """Write lines as they come; letters that the output's encoding lacks are written as escapes.

    Args:
        stdout: The command's output, which ends each line.
        lines: The lines, or texts of several.

    Raises:
        SystemExit: The process's output is read no more, as by ``| head``.
    """
    encoding = _encoding_of(stdout)
    try:
        for line in lines:  # noqa: FURB122 - writelines() of Django's outputs does not end lines
            stdout.write(line.encode(encoding, "backslashreplace").decode(encoding))
        stdout.flush()
    except BrokenPipeError:
        if not _is_of_process(stdout):
            raise
        _discard(stdout)
        raise SystemExit(1) from None


def has_all_letters(stdout: TextIO) -> bool:
    """Return whether an output's encoding has all letters that there are.

    Args:
        stdout: The output.
    """
    return codecs.lookup(_encoding_of(stdout)).name.startswith("utf")


def _encoding_of(stdout: TextIO) -> str:
    # A text in memory, as tests have it, has none.
    return getattr(stdout, "encoding", None) or "utf-8"


def _is_of_process(stdout: TextIO) -> bool:
    try:
        return stdout.fileno() == sys.stdout.fileno()
    except OSError:  # one of them is no file
        return False


def _discard(stdout: TextIO) -> None:
    """Let what is written, or waits for it, go nowhere: Python would complain of it at the end of the process."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stdout.fileno())
    os.close(nowhere)
