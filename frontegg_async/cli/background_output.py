"""`BackgroundOutput`: write to standard output in a thread, so that a slow reader does not block the event loop."""

from __future__ import annotations

import asyncio
import contextlib
import math
import os
import queue
import sys
import threading
import time
from collections.abc import Callable, Iterator
from types import TracebackType
from typing import Final, Generic, Self, TextIO, TypeVar

from frontegg_async._core.runtime.ending_signals import signals_came
from frontegg_async._formats.terminal import is_terminal
from frontegg_async.cli.streams import LAST_SECONDS, LOOK_SECONDS

T = TypeVar("T")

_WAITING: Final = 256
"""The maximum number of items in the queue. While the queue is full, new items are dropped."""


class BackgroundOutput(Generic[T]):
    """A context manager with a queue of items that a thread writes to standard output.

    The end of the ``with`` block waits until all items are written, and raises the error of ``write``. A closed pipe is
    no error. After an interruption, the end of the block waits for at most half a second. The thread writes to a copy
    of ``sys.stdout``, since Python would wait for ``sys.stdout`` itself when the process ends.

    Args:
        write: A function that writes the items. The thread calls the function once.
        say: A function that writes a message for people.
        what: The plural noun for the items, such as ``calls``.
    """

    def __init__(self, write: Callable[[Iterator[T]], object], say: Callable[[str], None], what: str) -> None:
        self._write = write
        self._say = say
        self._what = what
        self._items: queue.Queue[tuple[T] | None] = queue.Queue(_WAITING)
        self._on_failure: Callable[[], object] = lambda: None
        self._thread = threading.Thread(target=self._main, name="frontegg-output", daemon=True)
        self._usual = self._stream = sys.stdout
        self._error: BaseException | None = None
        # Only one of the two threads changes each counter.
        self._taken = self._lost = 0
        self._written = self._reported = 0

    def __enter__(self) -> Self:
        self._stream = sys.stdout = _twin_of(self._usual)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        try:
            if self._thread.ident is not None:
                self._end(math.inf if kind is None and not signals_came() else LAST_SECONDS)
        finally:
            sys.stdout = self._usual
            if self._thread.is_alive():
                left = self._taken - self._written - self._reported
                self._say(f"{self._what} that were not shown, since nobody reads the output: {left}")
            elif self._stream is not self._usual:
                with contextlib.suppress(OSError):  # the thread has reported the error
                    self._stream.close()
        if error is None and self._error is not None and not isinstance(self._error, BrokenPipeError):
            raise self._error

    def start(self, loop: asyncio.AbstractEventLoop, on_failure: Callable[[], object]) -> None:
        """Start the thread that writes the items.

        Args:
            loop: The event loop of the items.
            on_failure: Called in the loop if an item cannot be written, for example to a closed pipe.
        """

        def failed() -> None:
            with contextlib.suppress(RuntimeError):  # the loop has ended
                loop.call_soon_threadsafe(on_failure)

        self._on_failure = failed
        self._thread.start()

    def put(self, item: T) -> None:
        """Queue an item without waiting; drop it if the queue is full.

        Args:
            item: The item.
        """
        self._taken += 1
        try:
            self._items.put_nowait((item,))
        except queue.Full:
            self._lost += 1

    def _end(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        is_put = False
        while self._thread.is_alive() and (left := until - time.monotonic()) > 0:
            short = min(left, LOOK_SECONDS)
            if is_put:
                self._thread.join(short)
            else:
                with contextlib.suppress(queue.Full):
                    self._items.put(None, timeout=short)
                    is_put = True

    def _main(self) -> None:
        try:
            self._write(self._waiting())
            self._stream.flush()
        except BaseException as error:  # noqa: BLE001 - __exit__ raises it in the other thread
            self._error = error
            self._on_failure()
            while self._items.get() is not None:  # `_end` needs room in the queue for its end mark
                pass

    def _waiting(self) -> Iterator[T]:
        while True:
            item = self._items.get()
            if lost := self._lost - self._reported:
                self._reported += lost
                self._say(f"{self._what} that were not shown, since the output was not read in time: {lost}")
            if item is None:
                return
            yield item[0]
            self._stream.flush()
            self._written += 1


def _twin_of(stream: TextIO) -> TextIO:
    """Return a second stream to the file of a stream. A stream without a file is returned unchanged."""
    try:
        descriptor = os.dup(stream.fileno())
    except OSError:
        return stream
    newline = None if is_terminal(stream) else "\n"
    return open(descriptor, "w", encoding=stream.encoding, errors=stream.errors, newline=newline)  # noqa: PTH123 - a descriptor, which __exit__ closes
