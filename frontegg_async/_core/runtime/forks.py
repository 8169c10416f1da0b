"""Renew objects in a forked child process.

Python runs handlers in the children of ``os.fork``. A program that forks in C, such as uWSGI, runs none unless it is
configured to. There the first use in the child detects the fork by the process id, which takes a fraction of a
microsecond.
"""

from __future__ import annotations

import os
import threading
import weakref
from collections.abc import Callable
from typing import Final, Protocol

_DEEPEST: Final = 3
"""The most nested renewals: of a thread, of a signal handler, and of another signal handler."""


class Inherited(Protocol):
    """An object with parts that belong to one process."""

    def after_fork(self) -> None:
        """Start anew in a forked child and abandon what belongs to the parent.

        If a signal interrupts the method, it may be called again before it has ended.
        """
        ...


class ProcessLock:
    """A reentrant lock that is separate in each process.

    A thread that holds a plain lock during a fork does not exist in the child and would never release it there. A child
    starts with a released lock, so the protected data must be consistent after each step under the lock.
    """

    __slots__ = ("_by_process",)

    def __init__(self) -> None:
        self._by_process: dict[int, threading.RLock] = {}

    def of_process(self) -> threading.RLock:
        """Return the lock of this process."""
        process = os.getpid()
        lock = self._by_process.get(process)
        if lock is None:
            # If several threads run this at once, all get the lock that is set first.
            lock = self._by_process.setdefault(process, threading.RLock())
            for other in [*self._by_process]:
                if other != process:
                    self._by_process.pop(other, None)
        return lock


class _Process:
    """The process for which the registered objects were created or renewed."""

    def __init__(self) -> None:
        self.id = os.getpid()
        self._lock = ProcessLock()
        self._depth = 0
        self._inherited: weakref.WeakSet[Inherited] = weakref.WeakSet()
        self._functions: list[Callable[[], None]] = []

    def add(self, inherited: Inherited) -> None:
        self._inherited.add(inherited)

    def add_function(self, renew: Callable[[], None]) -> None:
        self._functions.append(renew)

    def renew_once(self) -> None:
        """Renew everything in the first thread that runs this. The other threads wait for it."""
        process = os.getpid()
        with self._lock.of_process():
            # The lock is reentrant. A signal handler that runs during a renewal needs everything renewed at once. A
            # finalizer does not need this, and the recursion that it causes must end.
            if self.id == process or self._depth == _DEEPEST:
                return
            self._depth += 1
            try:
                self._renew(process)
            finally:
                self._depth -= 1

    def _renew(self, process: int) -> None:
        renewals = [*(inherited.after_fork for inherited in list(self._inherited)), *self._functions]
        for renew in renewals:
            if self.id == process:
                # Another thread has renewed it. Objects in use since then must not be abandoned.
                return
            renew()
        self.id = process


_process: Final = _Process()
_getpid: Final = os.getpid

importing: Final = threading.RLock()
"""Held while a thread loads modules that a program needs late. `os.fork` waits for it.

Otherwise a child could inherit the lock of an import that none of its threads finishes, and wait forever.
"""

if hasattr(os, "register_at_fork"):  # pragma: no branch - Windows has no fork
    os.register_at_fork(before=importing.acquire, after_in_parent=importing.release, after_in_child=importing.release)
    os.register_at_fork(after_in_child=_process.renew_once)


def notice_fork() -> None:
    """Renew everything if this process is a forked child. Otherwise take no lock."""
    if _getpid() != _process.id:
        _process.renew_once()


def renew_after_fork(inherited: Inherited) -> None:
    """Register an object to be renewed in each forked child.

    Args:
        inherited: The object; only a weak reference to it is kept.
    """
    notice_fork()
    _process.add(inherited)


def call_after_fork(renew: Callable[[], None]) -> None:
    """Register a function to be called in each forked child.

    Args:
        renew: The function of a module.
    """
    _process.add_function(renew)
