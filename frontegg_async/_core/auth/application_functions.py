"""Call functions of the application. A function that hangs delays only the calls that wait for it."""

from __future__ import annotations

import asyncio
import contextlib
import contextvars
import inspect
import os
import threading
from collections.abc import Awaitable, Callable, Iterable
from typing import Final, Generic, TypeVar, cast

from frontegg_async._values.secret import Hidden
from frontegg_async.errors import ConnectionFailedError, ErrorDetails, Outcome

T = TypeVar("T")


class FunctionError(Exception):
    """A function of the application raised an exception or was cancelled.

    Args:
        kind: The name of the exception type. The exception itself is not kept, because it may contain secrets.
    """

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind: str = kind


def is_async(function: Callable[..., object]) -> bool:
    """Return whether a function, or the ``__call__`` of an object, is ``async``."""
    return inspect.iscoroutinefunction(function) or inspect.iscoroutinefunction(type(function).__call__)


class ThreadCall(Generic[T]):
    """A call of a plain function in a daemon thread. The thread does not keep the process alive.

    Any number of tasks, in any event loops, may wait for the end of the call. Cancelling a task does not stop the call.

    Args:
        function: The function.
        context: The context in which the function runs.

    Raises:
        ConnectionFailedError: The system cannot start another thread.
    """

    def __init__(self, function: Callable[[], T], context: contextvars.Context) -> None:
        self._function: Callable[[], T] | None = function
        self._context = context
        self._value: Hidden[T] | None = None
        self._kind = ""
        self._is_done = False
        self._is_taken = False
        self._process = os.getpid()
        self._guard = threading.Lock()
        self._waiting: list[asyncio.Future[None]] = []
        _start(threading.Thread(target=self._main, name="frontegg-function", daemon=True))

    @property
    def is_under_way(self) -> bool:
        """Whether the function still runs. ``False`` in a forked child, where the thread does not exist."""
        return not self._is_done and self._process == os.getpid()

    async def ended(self) -> None:
        """Wait until the function has returned."""
        await first_ended((self,))

    def result(self) -> T:
        """Return the result of the function.

        Raises:
            FunctionError: The function raised an exception.
        """
        self._is_taken = True
        if self._value is None:
            raise FunctionError(self._kind)
        return self._value.reveal()

    def drop(self) -> None:
        """Discard the result of the function.

        A coroutine is closed, because Python warns about a coroutine that is never awaited.
        """
        returned = None if self._value is None or self._is_taken else self._value.reveal()
        if inspect.iscoroutine(returned):
            returned.close()

    def add_waiter(self, waiter: asyncio.Future[None]) -> bool:
        """Register a future to be set when the function returns. Return whether the function still runs."""
        with self._guard:
            if not self._is_done:
                self._waiting.append(waiter)
            return not self._is_done

    def remove_waiter(self, waiter: asyncio.Future[None]) -> None:
        """Unregister a future."""
        with self._guard, contextlib.suppress(ValueError):
            self._waiting.remove(waiter)

    def _main(self) -> None:
        function, self._function = self._function, None
        try:
            self._value = Hidden(self._context.run(cast("Callable[[], T]", function)))
        except BaseException as error:  # noqa: BLE001 - an exception that leaves a thread is only printed
            self._kind = type(error).__name__
        del function
        with self._guard:
            self._is_done = True
            waiting, self._waiting = self._waiting, []
        for waiter in waiting:
            # The event loop of the waiter may be closed by now.
            with contextlib.suppress(RuntimeError):
                waiter.get_loop().call_soon_threadsafe(_finish, waiter)


async def first_ended(calls: Iterable[ThreadCall[T]]) -> None:
    """Wait until the function of one of the calls has returned."""
    waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    asked: list[ThreadCall[T]] = []
    try:
        for call in calls:
            if not call.add_waiter(waiter):
                return
            asked.append(call)
        await waiter
    finally:
        for call in asked:
            call.remove_waiter(waiter)


class FunctionThreads:
    """Calls plain functions in a limited number of threads. Further calls wait for a free thread.

    Args:
        most: The largest number of threads at the same time.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._calls: list[ThreadCall[object]] = []

    async def run(self, function: Callable[[], T], context: contextvars.Context) -> T:
        """Call a function in a thread and return its result.

        Args:
            function: The function.
            context: The context in which the function runs.

        Raises:
            ConnectionFailedError: The system cannot start another thread.
            FunctionError: The function raised an exception.
        """
        while True:
            self._calls = [call for call in self._calls if call.is_under_way]
            if len(self._calls) < self._most:
                break
            await first_ended(self._calls)
        call = ThreadCall(function, context)
        self._calls.append(cast("ThreadCall[object]", call))
        await call.ended()
        return call.result()


class SharedFunction(Generic[T]):
    """A function of the application whose concurrent callers share one call.

    A plain function runs in a separate thread. The function is not called again before it has returned, so each client
    has at most one such thread. An ``async`` function runs in the running loop.

    Args:
        function: The function.
    """

    def __init__(self, function: Callable[[], T] | Callable[[], Awaitable[T]]) -> None:
        self._function = function
        self._is_async = is_async(function)
        self._call: ThreadCall[T | Awaitable[T]] | None = None
        self._is_outdated = False

    async def __call__(self, context: contextvars.Context) -> Hidden[T]:
        """Call the function, or join a call in progress. Return the result in a `Hidden`.

        Args:
            context: The context in which the function runs.

        Raises:
            ConnectionFailedError: The system cannot start another thread.
            FunctionError: The function raised an exception.
        """
        if self._is_async:
            return await run_async(cast("Callable[[], Awaitable[T]]", self._function), context)
        call = await self._begin(context)
        await call.ended()
        returned = call.result()
        if inspect.isawaitable(returned):
            awaitable = cast("Awaitable[T]", returned)
            return await run_async(lambda: awaitable, context)
        return Hidden(returned)

    async def _begin(self, context: contextvars.Context) -> ThreadCall[T | Awaitable[T]]:
        """Return the call in progress if its result may be used. Otherwise start and return a new call."""
        while True:
            call = self._call
            if call is None or not call.is_under_way:
                break
            if not self._is_outdated:
                return call
            await call.ended()
        if call is not None:
            call.drop()
        self._is_outdated = False
        call = ThreadCall(cast("Callable[[], T | Awaitable[T]]", self._function), context.copy())
        self._call = call
        return call

    def forget(self) -> None:
        """Discard the result of a call in progress, so that the next caller calls the function again."""
        self._is_outdated = True


async def run_async(function: Callable[[], Awaitable[T]], context: contextvars.Context) -> Hidden[T]:
    """Call an ``async`` function in a new task. Return the result in a `Hidden`.

    The caller can always be cancelled, even if the function suppresses cancellation.

    Args:
        function: The function.
        context: The context in which the function runs.

    Raises:
        FunctionError: The function raised an exception or was cancelled.
    """
    task = asyncio.get_running_loop().create_task(_hidden_result(function), context=context)
    # The event loop keeps only weak references to tasks.
    _tasks.add(task)
    task.add_done_callback(_tasks.discard)
    try:
        await asyncio.wait((task,))
    finally:
        task.cancel()
    result = FunctionError("CancelledError") if task.cancelled() else task.result()
    if isinstance(result, FunctionError):
        raise result
    return result


_tasks: Final[set[asyncio.Task[object]]] = set()


async def _hidden_result(function: Callable[[], Awaitable[T]]) -> Hidden[T] | FunctionError:
    try:
        return Hidden(await function())
    except (Exception, SystemExit, asyncio.CancelledError) as error:  # noqa: BLE001 - an exit would end the loop
        kind = type(error).__name__
    return FunctionError(kind)


def _start(thread: threading.Thread) -> None:
    try:
        thread.start()
    except RuntimeError:
        pass
    else:
        return
    raise ConnectionFailedError(
        "no thread could be started for a function of the application",
        ErrorDetails(reason="thread", outcome=Outcome.NOT_SENT),
    )


def _finish(waiter: asyncio.Future[None]) -> None:
    if not waiter.done():
        waiter.set_result(None)
