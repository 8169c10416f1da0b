"""A program that writes what a process of Python has into the file that its first argument names."""

from __future__ import annotations

import gc
import json
import locale
import os
import signal
import sys
import threading
import warnings
from pathlib import Path
from typing import TextIO


def _stream(stream: TextIO | None) -> object:
    if stream is None:
        return None
    wrapped = [type(each).__name__ for each in (stream, stream.buffer, getattr(stream.buffer, "raw", None))]
    names = ("name", "mode", "encoding", "errors", "newlines", "line_buffering", "write_through")
    return (*wrapped, stream.fileno(), stream.isatty(), *(getattr(stream, name) for name in names))


def _is_open(number: int) -> bool:
    try:
        os.fstat(number)
    except OSError:
        return False
    return True


def main() -> None:
    """Write the file."""
    streams = [(sys.stdin, sys.__stdin__), (sys.stdout, sys.__stdout__), (sys.stderr, sys.__stderr__)]
    mask = os.umask(0)
    found = {
        "arguments": sys.argv,
        "all arguments": sys.orig_argv,
        "descriptors": [number for number in range(256) if _is_open(number)],
        "directory": str(Path.cwd()),
        "flags": str(sys.flags),
        "garbage collection": (gc.isenabled(), gc.get_threshold()),
        "leads a session": os.getsid(0) == os.getpid(),
        "locale": locale.getlocale(),
        "main": (__name__, sys.modules["__main__"].__dict__ is globals(), __file__),
        "mask": mask,
        "path": sys.path,
        "registries": [name for name, each in sys.modules.items() if getattr(each, "__warningregistry__", None)],
        "signals": {number: str(signal.getsignal(number)) for number in signal.valid_signals()},
        "streams": [(_stream(stream), stream is usual) for stream, usual in streams],
        "threads": threading.active_count(),
        "variables": dict(os.environ),
        "warnings": str(warnings.filters),
    }
    Path(sys.argv[1]).write_text(json.dumps(found), encoding="utf-8")


if __name__ == "__main__":
    main()
