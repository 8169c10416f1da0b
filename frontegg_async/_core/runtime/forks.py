"""Renew objects in a forked child process.

Python runs its fork handlers in the children of ``os.fork``. A program that forks in C, such as uWSGI, does not run
these handlers unless it is configured to. In such a child, the first use of the SDK detects the fork by the process id.
This check takes less than a microsecond.
"""

from __future__ import annotations

import os
import threading
import weakref
from collections.abc import Callable
from typing import Final, Protocol

_DEEPEST: Final = 3
"""The largest number of nested renewals: in a thread, in a signal handler, and in another signal handler."""


class Inherited(Protocol):
    """An object with parts that a forked child must not use."""

    def after_fork(self) -> None:
        """In a forked child, abandon the parts that belong to the parent process, and create new parts.

        If a signal interrupts the method, it may be called again before it has ended.
        """
        ...


class ProcessLock:
    """A reentrant lock that is separate in each process.

    If a thread holds a plain lock during a fork, the lock is never released in the child, because the thread does not
    exist there. With this class, the lock is free in the child. So the protected data must be consistent after each
    step under the lock.
    """

    __slots__ = ("_by_process",)

    def __init__(self) -> None:
        self._by_process: dict[int, threading.RLock] = {}

    def of_process(self) -> threading.RLock:
        """Return the lock of this process."""
        process = os.getpid()
        lock = self._by_process.get(process)
        if lock is None:
            # If several threads run this line at the same time, all get the lock that is stored first.
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
        """Renew all registered objects in the first thread that calls this method. Other threads wait for the end."""
        process = os.getpid()
        with self._lock.of_process():
            # The lock is reentrant. A signal handler that runs during a renewal starts another renewal, because it
            # needs renewed objects at once. A finalizer does not, and the recursion that it causes must end.
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
                # Another thread has renewed the objects. They are in use now and must not be abandoned.
                return
            renew()
        self.id = process


_process: Final = _Process()
_getpid: Final = os.getpid

importing: Final = threading.RLock()
"""The lock that a thread holds while it imports modules on demand. `os.fork` waits for this lock.

Otherwise a child could inherit the lock of an unfinished import, and wait for it forever.
"""

if hasattr(os, "register_at_fork"):  # pragma: no branch - Windows has no fork
    os.register_at_fork(before=importing.acquire, after_in_parent=importing.release, after_in_child=importing.release)
    os.register_at_fork(after_in_child=_process.renew_once)


def notice_fork() -> None:
    """Renew all registered objects if this process is a forked child. Otherwise return without taking a lock."""
    if _getpid() != _process.id:
        _process.renew_once()


def renew_after_fork(inherited: Inherited) -> None:
    """Register an object to be renewed in each forked child.

    Args:
        inherited: The object. Only a weak reference to the object is kept.
    """
    notice_fork()
    _process.add(inherited)


def call_after_fork(renew: Callable[[], None]) -> None:
    """Register a function to be called in each forked child.

    Args:
        renew: The function. It is kept until the process ends.
    """
    _process.add_function(renew)
