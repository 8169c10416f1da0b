"""`BridgedCall`: a call that a thread passes to the thread of the event loop. The first thread waits for its end."""

from __future__ import annotations

import asyncio
import contextvars
import sys
import threading
from collections.abc import Callable, Coroutine
from typing import Final, Generic, Protocol, TypeVar

from frontegg_async.errors import ClientClosedError, ErrorDetails, Outcome
from frontegg_sync._bridge.bells import Bell

T = TypeVar("T")

INTERPRETER_EXITS: Final = threading.Event()
"""Set when the interpreter starts to exit."""

_SECONDS_TO_CANCEL: Final = 5.0
_CLOSED: Final = "the client was closed during the call"


class LoopEndedError(Exception):
    """The loop has ended or is ending, and the call was not started."""


class Waiting(Protocol):
    """A call for which a thread waits."""

    def finish(self, message: str) -> None:
        """End the wait of the caller with an error, unless the wait has ended.

        Args:
            message: The message of the error.
        """
        ...

    def after_fork(self) -> None:
        """In a forked child, separate the wait of the caller from the parent process."""
        ...


class BridgedCall(Generic[T]):
    """One call that a thread makes in the event loop.

    Args:
        begin: Creates the coroutine. It is called in the thread of the event loop.
        context: The context in which the coroutine runs.
        is_serving: Returns whether the event loop still starts calls. It is called in the thread of the event loop.
        under_way: The set of unfinished calls. `LoopThread.call` adds the call, because it handles interruptions by
            signals there. The call removes itself when it has finished.
        done: The bell that the call rings at its end.
    """

    __slots__ = ("_begin", "_context", "_done", "_error", "_is_begun", "_is_serving", "_task", "_under_way", "_value")

    def __init__(
        self,
        begin: Callable[[], Coroutine[object, object, T]],
        context: contextvars.Context,
        is_serving: Callable[[], bool],
        under_way: set[Waiting],
        done: Bell,
    ) -> None:
        self._begin = begin
        self._context = context
        self._is_serving = is_serving
        self._under_way = under_way
        self._done = done
        self._value: T
        self._error: BaseException | None = None
        self._is_begun = False
        self._task: asyncio.Task[None] | None = None

    def result(self) -> T:
        """Return the value, or raise the error of the call.

        Raises:
            LoopEndedError: The call was not started.
        """
        error, self._error = self._error, None
        if error is None:
            value = self._value
            # The thread of the event loop may still refer to this call. Do not keep the caller's objects alive.
            del self._value, self._begin
            return value
        try:
            raise error
        finally:
            # The traceback of the error refers to this frame. Break the reference cycle.
            del error

    def start(self) -> None:
        """Start the call. The thread of the event loop calls this method."""
        if not self._is_serving():
            self.finish(_CLOSED)
            return
        self._is_begun = True
        # Bypass the task factory of the loop, because `_run` catches exits itself.
        loop = asyncio.get_running_loop()
        if sys.version_info >= (3, 12):
            task = asyncio.Task(self._run(), loop=loop, context=self._context, eager_start=True)
        else:
            task = asyncio.Task(self._run(), loop=loop, context=self._context)
        if not task.done():
            self._task = task

    async def _run(self) -> None:
        # A SystemExit or KeyboardInterrupt that leaves a task would end the loop.
        try:
            self._value = await self._begin()
        except (asyncio.CancelledError, GeneratorExit) as cancelled:
            self._error = ClientClosedError(_CLOSED, ErrorDetails(outcome=Outcome.UNKNOWN))
            add_notes(self._error, cancelled)
        except BaseException as error:  # noqa: BLE001 - raised again in the thread of the caller
            self._error = error
        self._finish()

    def cancel(self) -> None:
        """Cancel the call, because its caller has stopped waiting. The thread of the event loop calls this method."""
        task = self._task
        if task is None:
            self._finish()
        else:
            # If the task is cancelled before its first step, `_run` never runs.
            task.add_done_callback(self._end_with)
            task.cancel()

    def _end_with(self, _task: asyncio.Task[None]) -> None:
        self._finish()

    def wait_for_cancellation(self) -> BaseException | None:
        """Wait for the end of a cancelled call for at most five seconds. The thread of the caller calls this method.

        Returns:
            The error of the call, or ``None`` if the call has not ended.
        """
        if self in self._under_way:
            self._done.wait_at_most(_SECONDS_TO_CANCEL)
        return self._error

    def finish(self, message: str) -> None:
        """End the wait of the caller with an error, unless the wait has ended.

        Args:
            message: The message of the error.
        """
        if self._is_begun:
            self._finish(ClientClosedError(message, ErrorDetails(outcome=Outcome.UNKNOWN)))
        else:
            self._finish(LoopEndedError(message))

    def after_fork(self) -> None:
        """In a forked child, separate the wait of the caller from the parent process."""
        self._done.renew()

    def _finish(self, error: Exception | None = None) -> None:
        try:
            self._under_way.remove(self)
        except KeyError:
            return
        if error is not None:
            self._error = error
        self._task = None
        # While the interpreter exits, only daemon threads wait. Do not wake them: they would print errors.
        if not INTERPRETER_EXITS.is_set():
            self._done.ring()


def add_notes(error: BaseException, source: BaseException) -> None:
    """Copy the notes of an exception to another exception.

    Args:
        error: The exception that is raised.
        source: The exception with the notes.
    """
    for note in getattr(source, "__notes__", ()):
        error.add_note(note)
