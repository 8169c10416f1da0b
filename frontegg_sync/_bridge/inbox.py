"""What other threads leave for the thread of a loop to do: one system call to leave it there, and one to find it."""

from __future__ import annotations

import asyncio
import contextvars
import functools
import socket
from collections import deque
from collections.abc import Callable
from typing import Final

_MANY: Final = 4096
"""Rings that are read at once."""


class Inbox:
    """Callbacks for the thread of a loop, which calls them in the order in which they were put here.

    The loop's own ``call_soon_threadsafe`` would do. It makes a handle for each callback and reads until there is
    nothing to read, which is a fifth of a hand-over.

    Args:
        loop: The loop, which is running in this thread.
    """

    __slots__ = ("_has_reader", "_is_closed", "_loop", "_reader", "_ring", "_waiting", "_writer")

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._waiting: deque[Callable[[], object]] = deque()
        self._reader, self._writer = socket.socketpair()
        self._reader.setblocking(False)
        self._writer.setblocking(False)
        self._is_closed = False
        self._has_reader = True
        self._ring: Callable[[], object] = functools.partial(self._writer.send, b"\0")
        try:
            loop.add_reader(self._reader, self._take)
        except NotImplementedError:
            # The default loop of Windows. What it calls belongs to no caller, so it has a context of its own.
            self._has_reader = False
            self._ring = functools.partial(loop.call_soon_threadsafe, self._call_all, context=contextvars.Context())

    def put(self, callback: Callable[[], object]) -> bool:
        """Leave a callback, from whichever thread and at whatever place of a program.

        Args:
            callback: What is called.

        Returns:
            Whether the inbox is open. What is in it when it is closed is not called.
        """
        self._waiting.append(callback)
        try:
            self._ring()
        except BlockingIOError:
            # There are more rings that nobody has read yet than the system keeps.
            return True
        except (OSError, RuntimeError):
            return False
        return True

    def close(self) -> None:
        """Call nothing any more; to close twice does nothing."""
        if self._has_reader and not self._loop.is_closed():
            self._loop.remove_reader(self._reader)
        self._has_reader = False
        self._is_closed = True
        self._ring = _refuse
        self._reader.close()
        self._writer.close()

    def _take(self) -> None:
        self._reader.recv(_MANY)
        self._call_all()

    def _call_all(self) -> None:
        waiting = self._waiting
        try:
            while waiting and not self._is_closed:
                waiting.popleft()()
        finally:
            # One that raises is not to hold up those behind it.
            if waiting and not self._is_closed:
                self._ring()


def _refuse() -> None:
    raise RuntimeError("the inbox is closed")
