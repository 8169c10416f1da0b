"""Records blocking calls of one thread by Python's audit events: disk, name resolution and sockets."""

from __future__ import annotations

import contextlib
import os
import socket
import sys
import threading
import time
from collections.abc import Iterator
from types import FrameType
from typing import Final

_EVENTS: Final = frozenset(
    {
        "import",
        "open",
        "os.listdir",
        "os.posix_spawn",
        "os.scandir",
        "os.system",
        "socket.getaddrinfo",
        "socket.gethostbyaddr",
        "socket.gethostbyname",
        "sqlite3.connect",
        "subprocess.Popen",
        "urllib.Request",
    }
)
_SOCKET_EVENTS: Final = frozenset({"socket.bind", "socket.connect", "socket.sendmsg", "socket.sendto"})
"""They block if the socket does."""

_FRAMES: Final = 3


class BlockingCalls:
    """Records the blocking calls of the thread that constructs it, for the rest of the process."""

    def __init__(self) -> None:
        self.found: list[str] = []
        self._thread = threading.get_ident()
        self._during: str | None = None
        sys.addaudithook(self._hear)
        self._sleep = time.sleep
        # Python raises an audit event for time.sleep only from 3.13 on.
        time.sleep = self._sleep_aloud  # type: ignore[assignment]  # the number itself may be of more types

    @contextlib.contextmanager
    def watched(self, name: str) -> Iterator[None]:
        """Record blocking calls inside the block.

        Args:
            name: What is being done.
        """
        self._during = name
        try:
            yield
        finally:
            self._during = None

    def is_awake(self) -> bool:
        """Return whether a blocking call would be recorded."""
        before = len(self.found)
        with self.watched("itself"):
            time.sleep(0)
            with open(os.devnull, "rb"):  # noqa: PTH123 - the call that is to be heard
                pass
        heard = len(self.found) - before
        del self.found[before:]
        return heard == 2

    def _sleep_aloud(self, seconds: float) -> None:
        self._note("time.sleep", (seconds,))
        self._sleep(seconds)

    def _hear(self, event: str, arguments: tuple[object, ...]) -> None:
        if self._during is None or threading.get_ident() != self._thread:
            return
        if event in _EVENTS or (event in _SOCKET_EVENTS and _is_blocking(arguments[0])):
            self._note(event, arguments)

    def _note(self, event: str, arguments: tuple[object, ...]) -> None:
        during = self._during
        if during is not None and threading.get_ident() == self._thread:
            self._during = None  # making the note may open files
            self.found.append(f"{event} {str(arguments[0])[:60]} during {during}: {_callers()}")
            self._during = during


def _is_blocking(found: object) -> bool:
    return isinstance(found, socket.socket) and found.gettimeout() != 0


def _callers() -> str:
    frame: FrameType | None = sys._getframe(2)
    names: list[str] = []
    while frame is not None and len(names) < _FRAMES:
        names.append(f"{frame.f_code.co_filename.rpartition('/')[2]}:{frame.f_lineno}")
        frame = frame.f_back
    return " < ".join(names)
