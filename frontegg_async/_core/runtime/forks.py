"""What a new process does not share with the one that it was forked from.

Python runs handlers in the children of ``os.fork``. A program that forks in C runs none unless it is told to, as uWSGI:
there the first use in the child notices it, by the process id. To compare two ids takes a fraction of a microsecond.
"""

from __future__ import annotations

import os
import threading
import weakref
from collections.abc import Callable
from typing import Final, Protocol


class Inherited(Protocol):
    """What has parts that belong to one process."""

    def after_fork(self) -> None:
        """Begin anew in a child, and leave what is the parent's alone.

        It may be called again before it has ended, if a signal interrupts it.
        """
        ...


class ProcessLock:
    """A reentrant lock of which each process has its own.

    A thread that held the lock at the moment of a fork does not exist in the child and would never open it there. So
    what the lock protects must be whole after each step that is taken under it.
    """

    __slots__ = ("_by_process",)

    def __init__(self) -> None:
        self._by_process: dict[int, threading.RLock] = {}

    def of_process(self) -> threading.RLock:
        """Return the lock of this process."""
        process = os.getpid()
        lock = self._by_process.get(process)
        if lock is None:
            # Of threads that come here together, all get the one that is set first.
            lock = self._by_process.setdefault(process, threading.RLock())
            for other in [*self._by_process]:
                if other != process:
                    self._by_process.pop(other, None)
        return lock


class _Process:
    """The process that everything here was made or renewed for."""

    def __init__(self) -> None:
        self.id = os.getpid()
        self._lock = ProcessLock()
        self._renewing = 0
        self._inherited: weakref.WeakSet[Inherited] = weakref.WeakSet()
        self._functions: list[Callable[[], None]] = []

    def add(self, inherited: Inherited) -> None:
        self._inherited.add(inherited)

    def add_function(self, renew: Callable[[], None]) -> None:
        self._functions.append(renew)

    def renew_once(self) -> None:
        """Renew everything, in the first thread that comes here; the others wait for it."""
        process = os.getpid()
        with self._lock.of_process():
            # The lock is reentrant: a finalizer may come here while this thread renews.
            if process not in {self.id, self._renewing}:
                self._renewing = process
                try:
                    self.renew()
                finally:
                    self._renewing = 0

    def renew(self) -> None:
        """Renew everything."""
        for inherited in list(self._inherited):
            inherited.after_fork()
        for function in self._functions:
            function()
        self.id = os.getpid()


_process: Final = _Process()
_getpid: Final = os.getpid

if hasattr(os, "register_at_fork"):  # pragma: no branch - Windows has no fork
    os.register_at_fork(after_in_child=_process.renew)


def notice_fork() -> None:
    """Renew what this process inherited, if it is another one than before; no lock is taken if it is the same."""
    if _getpid() != _process.id:
        _process.renew_once()


def renew_after_fork(inherited: Inherited) -> None:
    """Have something renewed in each child, as long as it lives.

    Args:
        inherited: What is renewed; it is not kept alive.
    """
    notice_fork()
    _process.add(inherited)


def call_after_fork(renew: Callable[[], None]) -> None:
    """Have a function called in each child.

    Args:
        renew: The function, of a module.
    """
    _process.add_function(renew)
