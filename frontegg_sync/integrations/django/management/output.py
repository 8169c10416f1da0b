"""Write output of commands: handle closed pipes and limited encodings."""

from __future__ import annotations

import codecs
import csv
import io
import os
import sys
from collections.abc import Iterable, Iterator, Sequence

from django.core.management.base import OutputWrapper


def write_lines(stdout: OutputWrapper, lines: Iterable[str]) -> None:
    """Write lines one by one. Characters that the output's encoding lacks are escaped.

    Args:
        stdout: The command's output, which ends each line.
        lines: The lines, or texts of several lines.

    Raises:
        SystemExit: The reader of the process's output is gone, for example ``| head``.
    """
    encoding = _encoding_of(stdout)
    try:
        for line in lines:
            stdout.write(line.encode(encoding, "backslashreplace").decode(encoding))
        stdout.flush()
    except BrokenPipeError:
        if not _is_of_process(stdout):
            raise
        _discard(stdout)
        raise SystemExit(1) from None


def csv_lines(names: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """Yield a table as CSV (RFC 4180), with the names of its columns first.

    Args:
        names: The names of the columns.
        rows: The values of each row; ``None`` is an empty field.
    """
    yield _csv_line(names)
    for row in rows:
        yield _csv_line(row)


def _csv_line(row: Sequence[object]) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="").writerow(row)
    return line.getvalue()


def has_all_letters(stdout: OutputWrapper) -> bool:
    """Return whether an output's encoding has all of Unicode.

    Args:
        stdout: The output.
    """
    return codecs.lookup(_encoding_of(stdout)).name.startswith("utf")


def _encoding_of(stdout: OutputWrapper) -> str:
    # An in-memory stream of a test has no encoding.
    return getattr(stdout, "encoding", None) or "utf-8"


def _is_of_process(stdout: OutputWrapper) -> bool:
    try:
        return stdout.fileno() == sys.stdout.fileno()
    except OSError:  # one of them is not a file
        return False


def _discard(stdout: OutputWrapper) -> None:
    """Redirect the remaining output to the null device: Python would otherwise report the closed pipe at exit."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stdout.fileno())
    os.close(nowhere)
