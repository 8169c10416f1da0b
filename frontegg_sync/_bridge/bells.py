"""Bells: signals with which the thread of the event loop ends the wait of a calling thread."""

from __future__ import annotations

import os
import select
import sys
import threading
import weakref
from typing import Final, Protocol

_MOST: Final = 16
"""The largest number of bells with a file descriptor in an event loop.

A process has a limited number of descriptors, and connections need descriptors too.
"""

ONE: Final = (1).to_bytes(8, sys.byteorder)
"""The bytes that add 1 to the counter of an eventfd."""

# On Windows, Ctrl-C does not interrupt a wait for a lock without a timeout.
_SLICE: Final = 0.05 if sys.platform == "win32" else None


class Bell(Protocol):
    """A signal with which one thread ends a single wait of another thread."""

    def ring(self) -> None:
        """End the wait of the other thread, or its next wait."""
        ...

    def wait(self) -> None:
        """Wait until the bell is rung."""
        ...

    def wait_at_most(self, seconds: float) -> None:
        """Wait until the bell is rung, at most for some seconds."""
        ...

    def renew(self) -> None:
        """In a forked child, stop sharing the bell with the parent process."""
        ...


class LockBell:
    """A bell that uses a lock. It works on every system."""

    __slots__ = ("_lock",)

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._lock.acquire()

    def ring(self) -> None:
        """End the wait of the other thread, or its next wait."""
        self._lock.release()

    def wait(self) -> None:
        """Wait until the bell is rung."""
        if _SLICE is None:
            self._lock.acquire()
            return
        while not self._lock.acquire(timeout=_SLICE):
            continue

    def wait_at_most(self, seconds: float) -> None:
        """Wait until the bell is rung, at most for some seconds."""
        self._lock.acquire(timeout=seconds)

    def renew(self) -> None:
        """Do nothing, because a forked child has a copy of the lock."""


class EventBell:
    """A bell for Linux that uses an eventfd, and wakes a thread without the interpreter lock (GIL).

    A thread that a plain lock wakes requests the GIL while the other thread still holds the GIL. This causes an
    additional switch of threads in each call, which takes a third of the time to pass a call between threads.

    Raises:
        OSError: The process has no free file descriptor.
    """

    __slots__ = ("__weakref__", "_number")

    def __init__(self) -> None:
        self._number = os.eventfd(0)
        # Close the descriptor together with the object: the loop may still ring the bell after the caller of an
        # interrupted call has left.
        weakref.finalize(self, os.close, self._number).atexit = False

    def ring(self) -> None:
        """End the wait of the other thread, or its next wait."""
        os.write(self._number, ONE)

    def wait(self) -> None:
        """Wait until the bell is rung."""
        # Do not use `os.eventfd_read`: it fails if a signal arrives.
        os.read(self._number, len(ONE))

    def wait_at_most(self, seconds: float) -> None:
        """Wait until the bell is rung, at most for some seconds."""
        poll = select.poll()
        poll.register(self._number, select.POLLIN)
        poll.poll(seconds * 1000)

    def renew(self) -> None:
        """In a forked child, stop sharing the event with the parent process, which may wait for it."""
        own = EventBell()
        os.dup2(own._number, self._number, inheritable=False)


class Bells:
    """The bells that the calls of one event loop use."""

    __slots__ = ("_free", "_is_closed")

    def __init__(self) -> None:
        self._free: list[EventBell] = []
        self._is_closed = False

    def take(self, under_way: int) -> Bell:
        """Return an unused bell.

        Args:
            under_way: The number of calls that have a bell.
        """
        try:
            return self._free.pop()
        except IndexError:
            pass
        if sys.platform == "linux" and under_way < _MOST:
            try:
                return EventBell()
            except OSError:
                pass
        return LockBell()

    def give_back(self, bell: Bell) -> None:
        """Keep a bell for another call. The wait for the bell must have ended."""
        if isinstance(bell, EventBell) and len(self._free) < _MOST and not self._is_closed:
            self._free.append(bell)

    def close(self) -> None:
        """Drop all bells, because the loop has ended."""
        self._is_closed = True
        self._free.clear()
