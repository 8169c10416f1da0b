"""A nursery: a program that has imported another one, and forks a child for each run.

Usage: ``python -m tests.support.nursery ADDRESS MODULE IMPORTED...``: it listens at a Unix socket until its standard
input ends. Each child becomes ``python -m MODULE`` with the streams, arguments, variables and directory that
``tests.support.nursery.stand_in`` sends. A child has what a program that is started has, and nothing else:

- The nursery only imports, so that it has no event loop, no random numbers and no warnings that were shown. It checks
  that it has no other thread, and no module of pytest or of hypothesis. Python seeds ``random`` in each child.
- A child closes every descriptor but the streams, and makes ``sys.stdin``, ``sys.stdout`` and ``sys.stderr`` anew, as
  Python does: they are ``None`` where the descriptor is closed, and buffer lines on a terminal.
- A child replaces ``os.environ`` before the program runs. Python and the C library read some variables only at their
  start, as those of the locale. A program that has others than the nursery is refused.
- Signals have their default, or are ignored as by the stand-in, which passes on those that it gets.
- ``sys.argv``, ``sys.path`` and ``__main__`` are those of ``python -W error -m MODULE``.

Two things differ: programs of one nursery have one seed of hashes, and have modules that they did not import. A test
about either starts Python. ``tests/cli/test_nursery.py`` compares both kinds of programs.
"""

from __future__ import annotations

import gc
import importlib
import io
import marshal
import os
import runpy
import select
import signal
import socket
import sys
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any, Final, NamedTuple

_AT_START: Final = ("PYTHON", "LC_", "LANG", "TZ", "MALLOC_", "LD_")
"""The beginnings of names of variables that a program reads when it starts, and not again."""
_LATER: Final = ("PYTHONPATH", "PYTHON_KEYRING_BACKEND")
"""Variables of such names that it reads later, or that say where modules are which the nursery has found."""
_MOST_FILES: Final = 65_536


class Run(NamedTuple):
    """What a stand-in sends: its arguments, and what else a program inherits."""

    words: list[str]
    variables: dict[str, str]
    directory: str
    streams: Sequence[int]
    ignored: Sequence[int]
    mask: int
    leads: bool
    """Whether it leads a session of its own."""


def main(address: str, module: str, imported: Sequence[str]) -> tuple[Run, list[int]] | None:
    """Fork a program for each connection; return its run and streams in each of them, and nothing after the last.

    Args:
        address: The address to listen at.
        module: The module that the programs run.
        imported: The modules that the nursery imports.
    """
    for name in imported:
        importlib.import_module(name)
    assert {"pytest", "hypothesis", "tests.conftest", f"{module}.__main__"}.isdisjoint({*sys.modules} - {*imported})
    assert threading.active_count() == 1
    gc.collect()
    gc.freeze()  # each program would search at its end what was imported
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(address)
        listener.listen()
        print("ready", flush=True)  # noqa: T201 - the tests wait for it
        while sys.stdin not in select.select([listener, sys.stdin], [], [])[0]:
            with listener.accept()[0] as connection:
                if os.fork() == 0:
                    return _begun(connection)
            with suppress(ChildProcessError):
                while os.waitpid(-1, os.WNOHANG)[0]:
                    pass
    return None


def _begun(connection: socket.socket) -> tuple[Run, list[int]]:
    """Fork a program, and return in it; answer with its process id and with how it ended."""
    size, files, _, _ = socket.recv_fds(connection, 4, 3)
    with connection.makefile("rb") as stream:
        run = Run(*marshal.loads(stream.read(int.from_bytes(size, "big"))))
    program = os.fork()
    if program == 0:
        return run, files
    for file in files:
        os.close(file)
    connection.sendall(b"%d\n" % program)
    is_over = threading.Lock()
    threading.Thread(target=_kill_with, args=(connection, program, is_over), daemon=True).start()
    os.waitid(os.P_PID, program, os.WEXITED | os.WNOWAIT)
    with is_over:
        _, status = os.waitpid(program, 0)
        with suppress(BrokenPipeError):
            connection.sendall(b"%d\n" % os.waitstatus_to_exitcode(status))
        os._exit(0)


def _kill_with(connection: socket.socket, program: int, is_over: threading.Lock) -> None:
    """Kill a program when its stand-in is killed."""
    with suppress(ConnectionError):
        connection.recv(1)
    with is_over:
        os.kill(program, signal.SIGKILL)


def become(module: str, run: Run, files: Sequence[int], given: Mapping[str, str]) -> None:
    """Run a program in this process.

    Args:
        module: Its module.
        run: Its arguments, and what else it inherits.
        files: Its streams.
        given: The variables of the nursery.
    """
    for number in range(3):
        os.close(number)
    for file, number in zip(files, run.streams, strict=True):
        os.dup2(file, number)
    os.closerange(3, _MOST_FILES)
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        stream = _stream(number, getattr(sys, name)) if number in run.streams else None
        setattr(sys, name, stream)
        setattr(sys, f"__{name}__", stream)
    others = sorted(name for name, _ in _read_at_start(run.variables) ^ _read_at_start(given))
    assert not others, f"start a program with such variables anew: {', '.join(others)}"
    if run.leads:
        os.setsid()
    for number in run.ignored:
        signal.signal(number, signal.SIG_IGN)
    os.umask(run.mask)
    os.chdir(run.directory)
    os.environ.clear()
    os.environ.update(run.variables)
    sys.path[0] = run.directory
    sys.argv[1:] = run.words
    sys.orig_argv[sys.orig_argv.index("-m") :] = ["-m", module, *run.words]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


def _read_at_start(variables: Mapping[str, str]) -> set[tuple[str, str]]:
    return {each for each in variables.items() if each[0].startswith(_AT_START) and each[0] not in _LATER}


def _stream(number: int, like: io.TextIOWrapper) -> object:
    """Return a standard stream as Python makes it when it starts, with the name and encoding of another one."""
    is_buffered = not like.write_through  # as PYTHONUNBUFFERED says
    mode, buffering = ("wb", -1 if is_buffered else 0) if number else ("rb", -1)
    buffer: Any = open(number, mode, buffering, closefd=False)  # noqa: SIM115 - a descriptor that stays open
    getattr(buffer, "raw", buffer).name = like.name
    stream: Any = io.TextIOWrapper(
        buffer,
        encoding=like.encoding,
        errors=like.errors,
        newline="\n",
        line_buffering=is_buffered and (buffer.isatty() or number == 2),
        write_through=not is_buffered,
    )
    stream.mode = like.mode
    return stream


if __name__ == "__main__":
    begun = main(sys.argv[1], sys.argv[2], sys.argv[3:])
    if begun is not None:
        become(sys.argv[2], *begun, dict(os.environ))
