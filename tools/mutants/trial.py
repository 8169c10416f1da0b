"""Trials: a fork of a process that has collected the tests applies one mutant and runs its tests."""

from __future__ import annotations

import ctypes
import enum
import os
import resource
import signal
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import CodeType, FunctionType
from typing import Final

import pytest

from mutants.mutant import Mutant

_SURVIVED: Final = 0
_KILLED: Final = 3
_UNFIT: Final = 4
_QUIET: Final = 75.0
"""Seconds without processor use after which a waiting test counts as hung: longer than any wait of a policy here."""
_START: Final = 60
"""Seconds of processor time within which a fork must start its tests."""
_SET_PARENT_DEATH_SIGNAL: Final = 1
_TICKS: Final = os.sysconf("SC_CLK_TCK")


class Verdict(enum.Enum):
    """The result of a trial."""

    KILLED = "killed"
    LOOPS = "loops"
    HANGS = "hangs"
    SURVIVED = "survived"
    UNCOVERED = "uncovered"
    UNFIT = "unfit"
    """The mutant cannot be applied to a running process."""


@dataclass
class Child:
    """A running trial."""

    mutant: Mutant
    pid: int
    used: float = 0.0
    busy_at: float = 0.0

    def works(self, now: float, idle: float) -> bool:
        """Return whether it used the processor within some seconds."""
        return not self.busy_at or now - self.busy_at < idle

    def poll(self) -> Verdict | None:
        """Return the verdict; ``None`` while the trial runs."""
        pid, status = os.waitpid(self.pid, os.WNOHANG)
        if pid:
            return _verdict(status)
        used = _processor_time(self.pid)
        now = time.monotonic()
        if used > self.used + 0.02 or not self.busy_at:
            self.used, self.busy_at = used, now
        if now - self.busy_at < _QUIET:
            return None
        os.killpg(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        return Verdict.HANGS


def _verdict(status: int) -> Verdict:
    if os.WIFSIGNALED(status):
        return Verdict.LOOPS if os.WTERMSIG(status) == signal.SIGXCPU else Verdict.KILLED
    return {_SURVIVED: Verdict.SURVIVED, _UNFIT: Verdict.UNFIT}.get(os.WEXITSTATUS(status), Verdict.KILLED)


def _processor_time(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return sum(map(int, fields[11:15])) / _TICKS


def spawn(mutant: Mutant, work: Callable[[], bool]) -> Child:
    """Start a trial.

    Args:
        mutant: The mutant.
        work: Applies the mutant and runs the tests, in the fork; returns whether it survived.
    """
    pid = os.fork()
    if pid:
        return Child(mutant, pid)
    code = _KILLED
    try:
        os.setpgid(0, 0)
        end_with_parent()
        resource.setrlimit(resource.RLIMIT_CPU, (_START, resource.RLIM_INFINITY))
        nothing = os.open(os.devnull, os.O_RDWR)
        for descriptor in (0, 1, 2):
            os.dup2(nothing, descriptor)
        code = _SURVIVED if work() else _KILLED
    except UnfitError:
        code = _UNFIT
    finally:
        os._exit(code)


def end_with_parent() -> None:
    """Have the kernel end this process together with its parent, so that no trial outlives a run."""
    ctypes.CDLL(None).prctl(_SET_PARENT_DEATH_SIGNAL, signal.SIGKILL)


class UnfitError(Exception):
    """A mutant cannot be applied to a running process."""


def run_items(items: Sequence[pytest.Item], seconds: dict[str, float]) -> bool:
    """Run tests until one fails; return whether none did. The kernel ends the process if a test works for too long."""
    session = items[0].session
    for position, item in enumerate(items):
        used = resource.getrusage(resource.RUSAGE_SELF)
        limit = used.ru_utime + used.ru_stime + 10.0 + 20.0 * seconds.get(item.nodeid, 1.0)
        resource.setrlimit(resource.RLIMIT_CPU, (int(limit), resource.RLIM_INFINITY))
        following = items[position + 1] if position + 1 < len(items) else None
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        if session.testsfailed:
            return False
    return True


def apply_mutant(mutant: Mutant) -> None:
    """Replace a function of this process by its mutant.

    Raises:
        UnfitError: The function cannot be replaced here.
    """
    function = _function(mutant)
    code = mutant.compile()
    for name in mutant.place:
        code = next((each for each in code.co_consts if isinstance(each, CodeType) and each.co_name == name), code)
    if code.co_qualname != function.__code__.co_qualname or code.co_freevars != function.__code__.co_freevars:
        raise UnfitError
    function.__code__ = code


def _function(mutant: Mutant) -> FunctionType:
    found: object = sys.modules[mutant.dotted]
    for name in mutant.place:
        found = vars(found).get(name)
    if isinstance(found, property):
        found = found.fget
    while hasattr(found, "__wrapped__"):
        found = found.__wrapped__
    if not isinstance(found, FunctionType):
        raise UnfitError
    return found
