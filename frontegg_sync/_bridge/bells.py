"""Bells: the calling thread waits until the thread of the loop rings."""

from __future__ import annotations

import os
import select
import sys
import threading
import weakref
from typing import Final, Protocol

_MOST: Final = 16
"""The most descriptors of a loop: those of a process are limited, and connections need them too."""

ONE: Final = (1).to_bytes(8, sys.byteorder)
"""What adds one to an event."""

# On Windows, Ctrl-C does not interrupt a wait for a lock without a timeout.
_SLICE: Final = 0.05 if sys.platform == "win32" else None


class Bell(Protocol):
    """Lets one thread wait for another, which rings it once."""

    def ring(self) -> None:
        """End the wait of the other thread, or its next one."""
        ...

    def wait(self) -> None:
        """Wait until the bell is rung."""
        ...

    def wait_at_most(self, seconds: float) -> None:
        """Wait until the bell is rung, or the time is over."""
        ...

    def renew(self) -> None:
        """Share nothing with the parent any more, in a forked child."""
        ...


class LockBell:
    """A bell that is a lock, as every system has it."""

    __slots__ = ("_lock",)

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._lock.acquire()

    def ring(self) -> None:
        """End the wait of the other thread, or its next one."""
        self._lock.release()

    def wait(self) -> None:
        """Wait until the bell is rung."""
        if _SLICE is None:
            self._lock.acquire()
            return
        while not self._lock.acquire(timeout=_SLICE):
            continue

    def wait_at_most(self, seconds: float) -> None:
        """Wait until the bell is rung, or the time is over."""
        self._lock.acquire(timeout=seconds)

    def renew(self) -> None:
        """Do nothing: a forked child has its own memory."""


class EventBell:
    """A bell of Linux, which is rung while the interpreter lock is free.

    A thread that a plain lock wakes asks for the interpreter lock while its waker still has it. So both are switched
    once more in each call, which takes a third of a hand-over.

    Raises:
        OSError: The process has no descriptor left.
    """

    __slots__ = ("__weakref__", "_number")

    def __init__(self) -> None:
        self._number = os.eventfd(0)
        # Closed with the object: the loop may still ring the bell of an interrupted call, after its caller has left.
        weakref.finalize(self, os.close, self._number).atexit = False

    def ring(self) -> None:
        """End the wait of the other thread, or its next one."""
        os.write(self._number, ONE)

    def wait(self) -> None:
        """Wait until the bell is rung."""
        # Not by `os.eventfd_read`, which fails when a signal comes.
        os.read(self._number, len(ONE))

    def wait_at_most(self, seconds: float) -> None:
        """Wait until the bell is rung, or the time is over."""
        poll = select.poll()
        poll.register(self._number, select.POLLIN)
        poll.poll(seconds * 1000)

    def renew(self) -> None:
        """Share nothing with the parent any more, in a forked child: the parent may wait for the same event."""
        own = EventBell()
        os.dup2(own._number, self._number, inheritable=False)


class Bells:
    """The bells of the calls of one loop."""

    __slots__ = ("_free", "_is_closed")

    def __init__(self) -> None:
        self._free: list[EventBell] = []
        self._is_closed = False

    def take(self, under_way: int) -> Bell:
        """Return a bell that nobody uses.

        Args:
            under_way: How many calls have one.
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
        """Keep a bell, whose wait has ended, for another call."""
        if isinstance(bell, EventBell) and len(self._free) < _MOST and not self._is_closed:
            self._free.append(bell)

    def close(self) -> None:
        """Keep no bell any more, because the loop has ended."""
        self._is_closed = True
        self._free.clear()
