"""The standard streams of a command. Output waits for its reader, messages do not, and signals end each wait."""

from __future__ import annotations

import _thread
import asyncio
import io
import os
import select
import signal
import sys
import threading
import time
from collections.abc import Generator, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from itertools import takewhile
from queue import SimpleQueue
from typing import TYPE_CHECKING, Final, TextIO, TypeVar

from frontegg_async._core.runtime.ending_signals import signals_came
from frontegg_async._formats.terminal import is_terminal

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

T = TypeVar("T")

_MOST: Final = 65_536
"""The maximum number of queued bytes of messages. Further messages are dropped and counted."""
LAST_SECONDS: Final = 0.5
"""The maximum time, in seconds, for which an interrupted command waits for a slow reader."""
_PROGRESS_SECONDS: Final = 2.0
"""The maximum time, in seconds, for which a finished command waits for the reader of its progress."""
LOOK_SECONDS: Final = 0.05
"""The length of one step of a wait, in seconds. Python may handle a signal only after the current step."""


class _Stream(io.RawIOBase):
    """The base class of the writable streams in this module.

    Args:
        below: The stream with the descriptor.
    """

    def __init__(self, below: io.RawIOBase) -> None:
        super().__init__()
        self._below = below

    def writable(self) -> bool:
        """Return true."""
        return True

    def fileno(self) -> int:
        """Return the descriptor."""
        return self._below.fileno()

    def isatty(self) -> bool:
        """Return whether the stream is a terminal."""
        return self._below.isatty()


class _Background(_Stream):
    """A standard stream to which a background thread writes.

    The main thread does not write, but waits for the background thread. A signal can interrupt the wait at any time,
    but could not interrupt a write if the signal came just before the write.

    Args:
        raw: The unbuffered stream.
    """

    def __init__(self, raw: io.RawIOBase) -> None:
        super().__init__(raw)
        self.error: OSError | None = None
        """The error of a write, after which nothing more is written."""
        self.is_over: bool = False
        """Whether new data is dropped."""
        self.is_hurried: bool = False
        """Whether waits for a slow reader are short."""
        self._given: SimpleQueue[tuple[bytes, bool] | None] = SimpleQueue()
        self._lock = threading.Lock()
        self._size = self._awaited = 0
        """The number of unwritten bytes, and the number of queued parts for which the command waits."""
        self._written = threading.Lock()
        """A lock that the thread releases after each write. `wait` tries to acquire it."""
        self._is_started = False

    @property
    def is_behind(self) -> bool:
        """Whether queued bytes are not written yet."""
        return self._size > 0

    def put(self, data: bytes, *, is_awaited: bool = True) -> None:
        """Queue bytes without waiting.

        Args:
            data: The bytes.
            is_awaited: Whether the command waits at its end until these bytes are written.
        """
        with self._lock:
            self._size += len(data)
            self._awaited += is_awaited
            self._given.put((data, is_awaited))
            if not self._is_started:
                self._is_started = True
                _thread.start_new_thread(self._main, ())  # `threading` would wait until the thread has started

    def end(self) -> None:
        """Drop new data, and let the thread end."""
        self.is_over = True
        self._given.put(None)

    def wait(self, seconds: float | None = None, *, for_all: bool = False) -> bool:
        """Wait until the parts with ``is_awaited=True`` are written. After a signal, wait for half a second at most.

        Args:
            seconds: The maximum time to wait. The default is no limit.
            for_all: Whether to wait for all parts.

        Returns:
            Whether the parts are written.

        Raises:
            KeyboardInterrupt: A signal came during the wait.
        """
        began = time.monotonic()
        while self._size if for_all else self._awaited:
            longest = LAST_SECONDS if seconds is None and signals_came() else seconds
            left = LOOK_SECONDS if longest is None else min(LOOK_SECONDS, began + longest - time.monotonic())
            if left <= 0:
                return False
            self._written.acquire(timeout=left)
        return True

    def _main(self) -> None:
        while (given := self._given.get()) is not None:
            data, is_awaited = given
            if self.error is None:
                try:
                    left = memoryview(self._text_before() + data)
                    while left:
                        left = left[_write(self._below, left) :]
                except (OSError, ValueError) as error:  # the reader left, or the stream is closed
                    self.error = error if isinstance(error, OSError) else OSError(*error.args)
            with self._lock:
                self._size -= len(data)
                self._awaited -= is_awaited
            if self._written.locked():
                self._written.release()

    def _text_before(self) -> bytes:
        return b""


class Output(_Background):
    """Standard output. Data that cannot be written is dropped, so that the command finishes with its own exit code.

    A write waits for its reader. A signal during this wait raises `KeyboardInterrupt` at once. asyncio's own handler
    would cancel a task instead, but no task can run before the write ends.
    """

    fails: bool = False
    """Whether a failed write raises an error, for commands that handle the error."""

    def write(self, data: ReadableBuffer, /) -> int:
        """Write bytes, and return their number."""
        part = bytes(data)
        if not self.is_over:
            try:
                with _interrupted_at_once():
                    self.put(part)
                    is_written = self.wait(LAST_SECONDS if self.is_hurried else None)
            except KeyboardInterrupt:
                self.end()
                raise
            if not is_written or self.error is not None:
                self.end()
            if self.fails and self.error is not None:
                raise self.error
        return len(part)


class Messages(_Background):
    """Standard error. In an event loop, a write does not wait for the reader. A closed pipe is no error.

    Outside an event loop, `write` waits until the message is written, so that messages and data keep their order.
    """

    name: str = "<stderr>"
    _lost = 0
    _is_late = False

    def write(self, data: ReadableBuffer, /) -> int:
        """Queue a message, and return its length."""
        message = bytes(data)
        self.put(message)
        if not _in_event_loop() and threading.current_thread() is threading.main_thread():
            self._settle_messages(is_interrupted=isinstance(sys.exc_info()[1], KeyboardInterrupt))
        return len(message)

    def put(self, data: bytes, *, is_awaited: bool = True) -> None:
        """Queue a message without waiting, or drop it if the queue is full.

        Args:
            data: The text.
            is_awaited: Whether the command waits at its end until this message is written.
        """
        if self.is_over:
            return
        if self.is_behind and self._size + len(data) > _MOST:
            self._lost += 1
            return
        super().put(data, is_awaited=is_awaited)

    def finish(self, *, is_interrupted: bool) -> None:
        """Wait until the messages are written. Wait at most two seconds for progress.

        Args:
            is_interrupted: Whether to wait for a slow reader only for a moment.
        """
        self._settle_messages(is_interrupted=is_interrupted)
        self.settle()

    def settle(self) -> None:
        """Wait at most two seconds until messages and progress are written."""
        self._is_late |= not self.wait(0 if self._is_late else _PROGRESS_SECONDS, for_all=True)

    def _settle_messages(self, *, is_interrupted: bool) -> None:
        """Wait until all messages are written. After Ctrl-C, wait at most half a second."""
        if not self.wait(0 if self.is_hurried else LAST_SECONDS if is_interrupted else None):
            self.is_hurried = self._is_late = True

    def _text_before(self) -> bytes:
        lost, self._lost = self._lost, 0
        return f"messages that were not shown, since nobody read them in time: {lost}\n".encode() if lost else b""


def _write(raw: io.RawIOBase, data: ReadableBuffer) -> int:
    """Write bytes, even if another process has made the stream non-blocking."""
    while (count := raw.write(data)) is None:
        select.select([], [raw], [])
    return count


def _in_event_loop() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


@contextmanager
def _interrupted_at_once() -> Generator[None]:
    """Make Ctrl-C raise `KeyboardInterrupt` in this block, even in an event loop."""
    before = signal.getsignal(signal.SIGINT)
    is_main = threading.current_thread() is threading.main_thread()
    if not (is_main and _in_event_loop() and callable(before)):
        yield
        return
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        task = asyncio.current_task()
        if task is not None and task.cancelling():  # the signal came just before this block
            raise KeyboardInterrupt
        yield
    finally:
        signal.signal(signal.SIGINT, before)


class _Progress(_Stream):
    """Standard error for progress. No command waits until progress is written.

    Args:
        messages: Standard error.
    """

    name: str = "<stderr>"

    def __init__(self, messages: Messages) -> None:
        super().__init__(messages)
        self._messages = messages

    def write(self, data: ReadableBuffer, /) -> int:
        """Queue a part of progress without waiting, and return its length."""
        part = bytes(data)
        self._messages.put(part, is_awaited=False)
        return len(part)


def progress_stream() -> TextIO:
    """Return a stream for progress that writes to standard error without waiting."""
    messages = _raw_of(sys.stderr)
    if not isinstance(messages, Messages):
        return sys.stderr
    return io.TextIOWrapper(
        _Progress(messages), encoding=sys.stderr.encoding, errors="backslashreplace", line_buffering=True
    )


def settle_messages() -> None:
    """Wait at most two seconds until messages and progress are written, so that later output follows them."""
    messages = _raw_of(sys.stderr)
    if isinstance(messages, Messages) and not _in_event_loop():
        messages.settle()


def messages_are_behind() -> bool:
    """Return whether standard error has messages that its reader has not read."""
    messages = _raw_of(sys.stderr)
    return isinstance(messages, Messages) and messages.is_behind


def output_is_over() -> bool:
    """Return whether writes to standard output fail, since its reader has left."""
    output = _raw_of(sys.stdout)
    return isinstance(output, Output) and output.is_over


def while_read(items: Iterable[T]) -> Iterator[T]:
    """Yield items for standard output until its reader leaves."""
    return takewhile(lambda _: not output_is_over(), items)


def let_output_fail() -> None:
    """Let failed writes to standard output raise their error, for a command that handles it."""
    output = _raw_of(sys.stdout)
    if isinstance(output, Output):
        output.fails = True


@contextmanager
def prepared() -> Generator[None]:
    """Replace Python's standard streams: UTF-8 in pipes, no encoding errors, no blocking writes.

    Streams without a descriptor, such as those of tests, stay unchanged.
    """
    with ExitStack() as stack:
        for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
            if getattr(sys, name) is None:  # closed by the shell, for example by >&-
                stack.callback(setattr, sys, name, None)
                setattr(sys, name, stack.enter_context(open(os.devnull, mode, encoding="utf-8")))  # noqa: PTH123 - a device
        given: TextIO = sys.stdin
        if isinstance(given, io.TextIOWrapper) and not is_terminal(sys.stdin):
            given.reconfigure(encoding="utf-8-sig")
        for name in ("stdout", "stderr"):
            stack.callback(setattr, sys, name, getattr(sys, name))
        _replace_output()
        _replace_messages()
        for stream in (_raw_of(sys.stdout), _raw_of(sys.stderr)):
            if isinstance(stream, _Background):
                stack.callback(stream.end)
        yield


def _replace_output() -> None:
    raw = _raw_of(sys.stdout)
    if not isinstance(raw, io.RawIOBase):
        return
    is_pipe = not is_terminal(sys.stdout)
    sys.stdout = io.TextIOWrapper(
        io.BufferedWriter(Output(raw)),
        encoding="utf-8" if is_pipe else sys.stdout.encoding,
        errors="backslashreplace",
        newline="\n" if is_pipe else None,
        line_buffering=not is_pipe,
    )


def _replace_messages() -> None:
    raw = _raw_of(sys.stderr)
    if isinstance(raw, io.RawIOBase):
        encoding = sys.stderr.encoding
        sys.stderr = io.TextIOWrapper(Messages(raw), encoding=encoding, errors="backslashreplace", line_buffering=True)


def finish(*, is_interrupted: bool) -> OSError | None:
    """Write the remaining output and messages; return the error of standard output, if any.

    Args:
        is_interrupted: Whether to wait for slow readers only for a moment.

    Raises:
        KeyboardInterrupt: A signal came during the wait for the reader of standard output.
    """
    output = _raw_of(sys.stdout)
    if not isinstance(output, Output):
        sys.stdout.flush()
        return None
    output.is_hurried, output.fails = is_interrupted, False
    messages = _raw_of(sys.stderr)
    if isinstance(messages, Messages):
        # An event loop does not wait for messages. Write them before the data that was buffered later.
        messages.wait(LAST_SECONDS)
    sys.stdout.flush()
    if output.error is not None:
        # Data that is left in Python's own stream, for example from `--version`, would fail again at the exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), output.fileno())
    return output.error


def finish_messages(*, is_interrupted: bool) -> None:
    """Write the remaining messages.

    Args:
        is_interrupted: Whether to wait for a slow reader only for a moment.
    """
    messages = _raw_of(sys.stderr)
    if isinstance(messages, Messages):
        messages.finish(is_interrupted=is_interrupted)


def _raw_of(stream: object) -> object:
    """Return the unbuffered stream below a text stream, or its buffer if there is no unbuffered stream."""
    buffer = getattr(stream, "buffer", None)
    return getattr(buffer, "raw", buffer)
