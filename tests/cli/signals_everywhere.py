"""A program that has one SIGTERM come at each line of a command whose streams nobody reads from then on.

The words of the command are its arguments. It prints the number of lines, and each at which the command did not end.
A signal that comes at a line does so in one of two ways: by itself, and in the finalizer of an object, where Python
drops what is raised.
"""

from __future__ import annotations

import asyncio.runners
import os
import select
import signal
import sys
import time
from collections.abc import Iterable
from itertools import count, product
from pathlib import Path
from types import FrameType
from typing import Final

from frontegg_async import cli
from frontegg_async._core.runtime import ending_signals
from frontegg_async.cli import app, streams
from frontegg_async.cli.commands import profiles

_LOOKED_AT: Final = frozenset(str(each.__file__) for each in (cli, ending_signals, app, streams, asyncio.runners))
_AT_ONCE: Final = 24
_SECONDS: Final = 60.0


class _Dropped:
    def __del__(self) -> None:
        signal.raise_signal(signal.SIGTERM)


class Tracer:
    """Counts the lines of the looked-at files, each once, and has a signal come at one of them."""

    def __init__(self, target: int, *, is_dropped: bool) -> None:
        self._target = target
        self._is_dropped = is_dropped
        self.seen: list[tuple[str, int]] = []

    def __call__(self, frame: FrameType, event: str, _: object) -> Tracer | None:
        """Trace a frame."""
        if frame.f_code.co_filename not in _LOOKED_AT:
            return None
        where = (frame.f_code.co_filename, frame.f_lineno)
        if event == "line" and where not in self.seen and _has_handler():
            self.seen.append(where)
            if len(self.seen) == self._target:
                sys.settrace(None)
                fill(1)
                if self._is_dropped:
                    _Dropped()
                else:
                    signal.raise_signal(signal.SIGTERM)
        return self


def _has_handler() -> bool:
    return signal.getsignal(signal.SIGTERM) is not signal.SIG_DFL


def fill(pipe: int) -> None:
    """Write to a pipe until it takes no more."""
    while select.select([], [pipe], [], 0)[1]:
        os.write(pipe, b"x" * 4096)


def begun(words: list[str], tracer: Tracer, result: int) -> int:
    """Begin a command in a process whose standard output and error are one pipe without a reader."""
    if number := os.fork():
        return number
    pipe = os.pipe()
    os.dup2(pipe[1], 1)
    os.dup2(pipe[1], 2)
    sys.argv[1:] = words
    sys.settrace(tracer)
    try:
        cli.main()
    except SystemExit:
        sys.settrace(None)
        os.write(result, "\n".join(f"{Path(file).name}:{line}" for file, line in tracer.seen).encode())
        os._exit(0)
    finally:
        sys.settrace(None)
    os._exit(1)


def ended(numbers: Iterable[int]) -> dict[int, int]:
    """Wait for processes; return how each ended, after killing those that hang."""
    status: dict[int, int] = {}
    waited = {os.pidfd_open(number): number for number in numbers}
    until = time.monotonic() + _SECONDS
    while waited:
        ready, _, _ = select.select(list(waited), [], [], max(0.0, until - time.monotonic()))
        for descriptor in ready or list(waited):
            number = waited.pop(descriptor)
            os.close(descriptor)
            if not ready:
                os.kill(number, signal.SIGKILL)
            status[number] = os.waitstatus_to_exitcode(os.waitpid(number, 0)[1])
    return status


def main(words: list[str]) -> None:
    """Look at each line."""
    profiles.profiles("profiles")  # imports are no part of what is looked at
    read, write = os.pipe()
    ended([begun(words, Tracer(0, is_dropped=False), write)])
    places = os.read(read, 65_536).decode().splitlines()
    points = list(product(range(1, len(places) + 1), (False, True)))
    for first in count(0, _AT_ONCE):
        tracers: dict[int, tuple[int, bool]] = {}
        for target, is_dropped in points[first : first + _AT_ONCE]:
            tracer = Tracer(target, is_dropped=is_dropped)
            tracers[begun(words, tracer, write)] = (target, is_dropped)
        if not tracers:
            break
        for number, code in ended(tracers).items():
            if code != -signal.SIGTERM:
                target, is_dropped = tracers[number]
                print(f"{places[target - 1]}, {'dropped' if is_dropped else 'raised'}: exit code {code}")  # noqa: T201
    print(len(places))  # noqa: T201 - the result


if __name__ == "__main__":
    main(sys.argv[1:])
