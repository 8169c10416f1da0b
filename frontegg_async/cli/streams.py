"""The standard streams of a command: data waits for its reader, messages hold no work up, and signals end both."""

from __future__ import annotations

import asyncio
import io
import os
import select
import signal
import sys
import threading
from collections import deque
from collections.abc import Generator, Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from itertools import takewhile
from typing import TYPE_CHECKING, Final, TextIO, TypeVar

from frontegg_async.cli.talk import is_terminal

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

T = TypeVar("T")

_MOST: Final = 65_536
"""The bytes of messages that wait for a reader who is behind; more are lost, and their number is told."""
_LAST_SECONDS: Final = 0.5
"""How long an interrupted command waits for the reader of its messages."""
_FEW: Final = 512
"""The bytes that POSIX lets a pipe take at once when it says that it takes some."""
_PROGRESS_SECONDS: Final = 2.0
"""How long a command that is done waits for the reader of its progress."""


class Output(io.RawIOBase):
    """Standard output: what cannot be written is dropped, so that a command does its work and has its own exit code.

    A write waits for its reader. Meanwhile a signal that ends the command raises `KeyboardInterrupt` at once: asyncio's
    handler would cancel a task, which cannot run before the write is over.

    Args:
        raw: The stream below it.
    """

    def __init__(self, raw: io.RawIOBase) -> None:
        super().__init__()
        self._raw = raw
        self.error: OSError | None = None
        """Why no more is written."""
        self.is_over: bool = False
        """Whether no more is written."""
        self.fails: bool = False
        """Whether a write that fails raises, for programs that end by themselves when they cannot write."""
        self.is_hurried: bool = False
        """Whether a reader who pauses is not waited for."""

    def writable(self) -> bool:
        """Return true."""
        return True

    def fileno(self) -> int:
        """Return the descriptor."""
        return self._raw.fileno()

    def isatty(self) -> bool:
        """Return whether it is a terminal."""
        return self._raw.isatty()

    def write(self, data: ReadableBuffer, /) -> int:
        """Write some bytes; return how many were taken."""
        if self.is_hurried and not self._is_awaited():
            self.is_over = True
        if not self.is_over:
            try:
                with _interrupted_at_once():
                    return _write(self._raw, memoryview(data)[:_FEW] if self.is_hurried else data)
            except OSError as error:
                self.error = error
                self.is_over = True
                if self.fails:
                    raise
            except KeyboardInterrupt:
                self.is_over = True
                raise
        return memoryview(data).nbytes

    def _is_awaited(self) -> bool:
        """Whether a write of a few bytes waits for no reader."""
        return os.name != "posix" or bool(select.select([], [self._raw], [], _LAST_SECONDS)[1])


class Messages(io.RawIOBase):
    """Standard error, which a thread writes: a reader who pauses holds up no event loop, and one who left is no error.

    Outside of an event loop, messages are waited for, so that they keep their place among the data.

    Args:
        raw: The stream below it.
    """

    name: str = "<stderr>"

    def __init__(self, raw: io.RawIOBase) -> None:
        super().__init__()
        self._raw = raw
        self._waiting: deque[tuple[bytes, bool]] = deque()
        """What is not written yet, and whether it is a message; the first is being written."""
        self._size = 0
        self._lost = 0
        self._is_hurried = self._is_late = self._is_over = False
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None

    def writable(self) -> bool:
        """Return true."""
        return True

    def fileno(self) -> int:
        """Return the descriptor."""
        return self._raw.fileno()

    def isatty(self) -> bool:
        """Return whether it is a terminal."""
        return self._raw.isatty()

    @property
    def is_behind(self) -> bool:
        """Whether the reader has not taken everything yet."""
        return bool(self._waiting)

    def write(self, data: ReadableBuffer, /) -> int:
        """Have a message written; return its length."""
        message = bytes(data)
        self.put(message)
        if not _in_event_loop() and threading.current_thread() is threading.main_thread():
            self._wait(is_interrupted=isinstance(sys.exc_info()[1], KeyboardInterrupt))
        return len(message)

    def put(self, data: bytes, *, is_message: bool = True) -> None:
        """Have something written, without waiting.

        Args:
            data: The text.
            is_message: Whether the command shall wait at its end until this is written.
        """
        with self._changed:
            if self._waiting and self._size + len(data) > _MOST:
                self._lost += 1
                return
            self._waiting.append((data, is_message))
            self._size += len(data)
            self._changed.notify_all()
            if self._thread is None:
                self._thread = threading.Thread(target=self._main, name="frontegg-messages", daemon=True)
                self._thread.start()

    def finish(self, *, is_interrupted: bool) -> None:
        """Wait until the messages are written; of progress that nobody reads, the rest is dropped.

        Args:
            is_interrupted: Whether a reader who pauses is not waited for.
        """
        self._wait(is_interrupted=is_interrupted)
        self.settle()
        with self._changed:
            self._is_over = True
            self._changed.notify_all()

    def settle(self) -> None:
        """Wait for a moment until progress is written, too."""
        with self._changed:
            if not self._changed.wait_for(lambda: not self._waiting, 0 if self._is_late else _PROGRESS_SECONDS):
                self._is_late = True

    def _wait(self, *, is_interrupted: bool) -> None:
        """Wait until all messages are written; after Ctrl-C, for a moment in all."""
        seconds = 0 if self._is_hurried else _LAST_SECONDS if is_interrupted else None
        with self._changed:
            if not self._changed.wait_for(lambda: not any(is_message for _, is_message in self._waiting), seconds):
                self._is_hurried = self._is_late = True

    def _main(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._waiting or self._is_over)
                if not self._waiting:
                    return
                data, _ = self._waiting[0]
                lost, self._lost = self._lost, 0
            if lost:
                data = f"messages that were not shown, since nobody read them in time: {lost}\n".encode() + data
            with suppress(OSError, ValueError):  # nobody reads it
                left = memoryview(data)
                while left:
                    left = left[_write(self._raw, left) :]
            with self._changed:
                data, _ = self._waiting.popleft()
                self._size -= len(data)
                self._changed.notify_all()


def _write(raw: io.RawIOBase, data: ReadableBuffer) -> int:
    """Write some bytes, also where somebody else has made the stream one that does not wait."""
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
    """Have Ctrl-C raise `KeyboardInterrupt` here, also in an event loop."""
    before = signal.getsignal(signal.SIGINT)
    is_main = threading.current_thread() is threading.main_thread()
    if not (is_main and _in_event_loop() and callable(before)):
        yield
        return
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        task = asyncio.current_task()
        if task is not None and task.cancelling():  # the signal came just before
            raise KeyboardInterrupt
        yield
    finally:
        signal.signal(signal.SIGINT, before)


class _Progress(io.RawIOBase):
    """Standard error for progress, which no command waits for."""

    name: str = "<stderr>"

    def __init__(self, messages: Messages) -> None:
        super().__init__()
        self._messages = messages

    def writable(self) -> bool:
        """Return true."""
        return True

    def fileno(self) -> int:
        """Return the descriptor."""
        return self._messages.fileno()

    def isatty(self) -> bool:
        """Return whether it is a terminal."""
        return self._messages.isatty()

    def write(self, data: ReadableBuffer, /) -> int:
        """Have a part of progress written, without waiting; return its length."""
        part = bytes(data)
        self._messages.put(part, is_message=False)
        return len(part)


def progress_stream() -> TextIO:
    """Return standard error as a stream for progress, which is written without waiting."""
    messages = _raw_of(sys.stderr)
    if not isinstance(messages, Messages):
        return sys.stderr
    return io.TextIOWrapper(
        _Progress(messages), encoding=sys.stderr.encoding, errors="backslashreplace", line_buffering=True
    )


def settle_messages() -> None:
    """Wait for a moment until all messages and progress are written, so that what follows comes after them."""
    messages = _raw_of(sys.stderr)
    if isinstance(messages, Messages) and not _in_event_loop():
        messages.settle()


def messages_are_behind() -> bool:
    """Return whether the reader of standard error has not taken everything yet."""
    messages = _raw_of(sys.stderr)
    return isinstance(messages, Messages) and messages.is_behind


def output_is_over() -> bool:
    """Return whether no more can be written to standard output."""
    output = _raw_of(sys.stdout)
    return isinstance(output, Output) and output.is_over


def while_read(items: Iterable[T]) -> Iterator[T]:
    """Yield items for standard output until no more can be written."""
    return takewhile(lambda _: not output_is_over(), items)


def let_output_fail() -> None:
    """Have writes to standard output raise when they fail, for a program that handles that."""
    output = _raw_of(sys.stdout)
    if isinstance(output, Output):
        output.fails = True


@contextmanager
def prepared() -> Generator[None]:
    """Put streams in the place of Python's: UTF-8 in pipes, no character is an error, and none holds a command up.

    Streams without a descriptor, as tests have, stay as they are.
    """
    with ExitStack() as stack:
        for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
            if getattr(sys, name) is None:  # closed by the shell, as by >&-
                stack.callback(setattr, sys, name, None)
                setattr(sys, name, stack.enter_context(open(os.devnull, mode, encoding="utf-8")))  # noqa: PTH123 - a device
        given: TextIO = sys.stdin
        if isinstance(given, io.TextIOWrapper) and not is_terminal(sys.stdin):
            given.reconfigure(encoding="utf-8-sig")
        for name in ("stdout", "stderr"):
            stack.callback(setattr, sys, name, getattr(sys, name))
        _replace_output()
        _replace_messages()
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
    """Write what is left; return why standard output could not be written.

    Args:
        is_interrupted: Whether readers who pause are not waited for.

    Raises:
        KeyboardInterrupt: A signal came while the reader of standard output was waited for.
    """
    output = _raw_of(sys.stdout)
    if not isinstance(output, Output):
        sys.stdout.flush()
        return None
    output.is_hurried, output.fails = is_interrupted, False
    sys.stdout.flush()
    if output.error is not None:
        # What Python's own stream has left, as of `--version`, would fail again when the process ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), output.fileno())
    return output.error


def finish_messages(*, is_interrupted: bool) -> None:
    """Write the messages that are left.

    Args:
        is_interrupted: Whether a reader who pauses is not waited for.
    """
    messages = _raw_of(sys.stderr)
    if isinstance(messages, Messages):
        messages.finish(is_interrupted=is_interrupted)


def _raw_of(stream: object) -> object:
    """Return the stream without buffers below a stream of text; the buffer itself if it has none."""
    buffer = getattr(stream, "buffer", None)
    return getattr(buffer, "raw", buffer)
