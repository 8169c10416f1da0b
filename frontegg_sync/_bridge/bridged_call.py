"""A call while the loop's thread makes it: handed over by one thread, waited for there, its outcome a value."""

from __future__ import annotations

import asyncio
import contextvars
import sys
import threading
from collections.abc import Callable, Coroutine
from typing import Final, Generic, Protocol, TypeVar

from frontegg_async.errors import ClientClosedError, ErrorDetails, Outcome

T = TypeVar("T")

INTERPRETER_EXITS: Final = threading.Event()
"""Set once the interpreter is on its way out."""

_SECONDS_TO_CANCEL: Final = 1.0
_CLOSED: Final = "the client was closed during the call"
# A lock that is waited for without a timeout does not see Ctrl-C on Windows.
_SLICE: Final = 0.05 if sys.platform == "win32" else None


class LoopEndedError(Exception):
    """The loop has ended, or is about to: the call was not begun."""


class Waiting(Protocol):
    """A call that somebody waits for."""

    def finish(self, message: str) -> None:
        """Let the caller go on without an outcome, unless it did already.

        Args:
            message: What became of a call that was begun.
        """
        ...


class BridgedCall(Generic[T]):
    """One call.

    Args:
        begin: Makes the coroutine; it is called in the loop's thread.
        context: The context that it runs in.
        is_serving: Tells, in the loop's thread, whether the loop begins calls.
        under_way: The calls that were handed over and have no outcome yet. The call leaves them when it has one; it
            does not join them by itself, since that may be interrupted.
    """

    __slots__ = ("_begin", "_context", "_done", "_error", "_is_begun", "_is_serving", "_task", "_under_way", "_value")

    def __init__(
        self,
        begin: Callable[[], Coroutine[object, object, T]],
        context: contextvars.Context,
        is_serving: Callable[[], bool],
        under_way: set[Waiting],
    ) -> None:
        self._begin = begin
        self._context = context
        self._is_serving = is_serving
        self._under_way = under_way
        # A bare lock: what the standard library's futures add to it costs more than the rest of the hand-over.
        self._done = threading.Lock()
        self._done.acquire()
        self._value: T
        self._error: BaseException | None = None
        self._is_begun = False
        self._task: asyncio.Task[None] | None = None

    def wait(self) -> None:
        """Wait for the outcome, in the thread of the caller."""
        if _SLICE is None:
            self._done.acquire()
            return
        while not self._done.acquire(timeout=_SLICE):
            continue

    def result(self) -> T:
        """Return the value, or raise what the call raised.

        Raises:
            LoopEndedError: The call was not begun.
        """
        error, self._error = self._error, None
        if error is None:
            return self._value
        try:
            raise error
        finally:
            # The traceback holds this frame, which must not hold the error in turn.
            del error

    def start(self) -> None:
        """Begin, in the loop's thread."""
        if not self._is_serving():
            self.finish(_CLOSED)
            return
        self._is_begun = True
        task = _start_task(self._run(), self._context)
        if not task.done():
            self._task = task

    async def _run(self) -> None:
        # An exception that left the task would end the loop if it were one that ends programs.
        try:
            self._value = await self._begin()
        except (asyncio.CancelledError, GeneratorExit) as cancelled:
            self._error = ClientClosedError(_CLOSED, ErrorDetails(outcome=Outcome.UNKNOWN))
            add_notes(self._error, cancelled)
        except BaseException as error:  # noqa: BLE001 - it is raised in the thread of the caller
            self._error = error
        self._finish()

    def cancel(self) -> None:
        """Stop, in the loop's thread: nobody waits any more."""
        task = self._task
        if task is None:
            self._finish()
        else:
            # A task that has not taken its first step yet ends without taking one.
            task.add_done_callback(self._end_with)
            task.cancel()

    def _end_with(self, _task: asyncio.Task[None]) -> None:
        self._finish()

    def wait_for_cancellation(self) -> BaseException | None:
        """Wait a moment for the end of a call that is being cancelled, in the thread of the caller.

        Returns:
            What it ended with, if it has ended.
        """
        if self in self._under_way:
            self._done.acquire(timeout=_SECONDS_TO_CANCEL)
        return self._error

    def finish(self, message: str) -> None:
        """Let the caller go on without an outcome, unless it did already.

        Args:
            message: What became of a call that was begun.
        """
        if self._is_begun:
            self._finish(ClientClosedError(message, ErrorDetails(outcome=Outcome.UNKNOWN)))
        else:
            self._finish(LoopEndedError(message))

    def _finish(self, error: Exception | None = None) -> None:
        try:
            self._under_way.remove(self)
        except KeyError:
            return
        if error is not None:
            self._error = error
        self._task = None
        # Only daemon threads wait while the interpreter exits: they end with it, and silently if they never wake.
        if not INTERPRETER_EXITS.is_set():
            self._done.release()


def add_notes(error: BaseException, source: BaseException) -> None:
    """Add the notes of an error to another one, which takes its place.

    Args:
        error: The one that is raised.
        source: The one that has the notes.
    """
    for note in getattr(source, "__notes__", ()):
        error.add_note(note)


def _start_task(coroutine: Coroutine[object, object, None], context: contextvars.Context) -> asyncio.Task[None]:
    """Make a task of the running loop; from Python 3.12 on it runs to where it first waits, at once."""
    # Not by the loop, which would see to it that no exit leaves the task: none does.
    loop = asyncio.get_running_loop()
    if sys.version_info >= (3, 12):
        return asyncio.Task(coroutine, loop=loop, context=context, eager_start=True)
    return asyncio.Task(coroutine, loop=loop, context=context)
