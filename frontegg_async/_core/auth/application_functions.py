"""The application's functions, called so that one that hangs or blocks holds up nobody but those who wait for it."""

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
    """A function of the application raised something, or was stopped.

    Args:
        kind: The name of the type of what it raised: nothing else of it is told, since it may hold secrets.
    """

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind: str = kind


def is_async(function: Callable[..., object]) -> bool:
    """Return whether a function is ``async``, or an object whose ``__call__`` is."""
    return inspect.iscoroutinefunction(function) or inspect.iscoroutinefunction(type(function).__call__)


class ThreadCall(Generic[T]):
    """A call of a plain function in a daemon thread: a process that ends does not wait for it.

    Any number may wait for its end, each in a loop of its own, and none of them ends it.

    Args:
        function: What is called.
        context: The context that it runs in.

    Raises:
        ConnectionFailedError: The system has no thread to spare.
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
        """Whether the function has not returned yet. A forked child has no thread that could return from it."""
        return not self._is_done and self._process == os.getpid()

    async def ended(self) -> None:
        """Wait until the function has returned."""
        await first_ended((self,))

    def result(self) -> T:
        """Return what the function returned.

        Raises:
            FunctionError: It raised something.
        """
        self._is_taken = True
        if self._value is None:
            raise FunctionError(self._kind)
        return self._value.reveal()

    def drop(self) -> None:
        """Say that nobody takes what the function returned: a coroutine that is never awaited would be warned of."""
        returned = None if self._value is None or self._is_taken else self._value.reveal()
        if inspect.iscoroutine(returned):
            returned.close()

    def add_waiter(self, waiter: asyncio.Future[None]) -> bool:
        """Have a future set when the function returns; return whether it has not returned yet."""
        with self._guard:
            if not self._is_done:
                self._waiting.append(waiter)
            return not self._is_done

    def remove_waiter(self, waiter: asyncio.Future[None]) -> None:
        """Forget a future."""
        with self._guard, contextlib.suppress(ValueError):
            self._waiting.remove(waiter)

    def _main(self) -> None:
        function, self._function = self._function, None
        try:
            self._value = Hidden(self._context.run(cast("Callable[[], T]", function)))
        except BaseException as error:  # noqa: BLE001 - a thread that raises prints, and nobody else would tell
            self._kind = type(error).__name__
        del function
        with self._guard:
            self._is_done = True
            waiting, self._waiting = self._waiting, []
        for waiter in waiting:
            # The loop may have ended meanwhile.
            with contextlib.suppress(RuntimeError):
                waiter.get_loop().call_soon_threadsafe(_finish, waiter)


async def first_ended(calls: Iterable[ThreadCall[T]]) -> None:
    """Wait until the function of one of some calls has returned."""
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
    """Calls plain functions in threads, so many at once: who comes later waits until one has returned.

    Args:
        most: How many.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._calls: list[ThreadCall[object]] = []

    async def run(self, function: Callable[[], T], context: contextvars.Context) -> T:
        """Return what a function returns.

        Args:
            function: What is called.
            context: The context that it runs in.

        Raises:
            ConnectionFailedError: The system has no thread to spare.
            FunctionError: It raised something.
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
    """A function of the application that returns one value for all who ask while it is called.

    A plain one is called in a thread of its own, and never again before it has returned: there is one thread for each
    client, however long it takes and however many ask. One that is ``async`` is called in the running loop.

    Args:
        function: The function.
    """

    def __init__(self, function: Callable[[], T] | Callable[[], Awaitable[T]]) -> None:
        self._function = function
        self._is_async = is_async(function)
        self._call: ThreadCall[T | Awaitable[T]] | None = None
        self._is_outdated = False

    async def __call__(self, context: contextvars.Context) -> Hidden[T]:
        """Return what the function returns.

        Args:
            context: The context that it runs in.

        Raises:
            ConnectionFailedError: The system has no thread to spare.
            FunctionError: It raised something.
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
        """Return the call that is under way, unless it is outdated, or a new one."""
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
        """Have the function called anew: what a call returns that is under way does not count."""
        self._is_outdated = True


async def run_async(function: Callable[[], Awaitable[T]], context: contextvars.Context) -> Hidden[T]:
    """Call an ``async`` function in a task of its own; return what it returns.

    Whoever waits for it can always be cancelled, also when the function does not let itself be.

    Args:
        function: What is called.
        context: The context that it runs in.

    Raises:
        FunctionError: It raised something, or was cancelled by whomever.
    """
    task = asyncio.get_running_loop().create_task(_outcome(function), context=context)
    # The loop has only weak references to its tasks.
    _tasks.add(task)
    task.add_done_callback(_tasks.discard)
    try:
        await asyncio.wait((task,))
    finally:
        task.cancel()
    outcome = FunctionError("CancelledError") if task.cancelled() else task.result()
    if isinstance(outcome, FunctionError):
        raise outcome
    return outcome


_tasks: Final[set[asyncio.Task[object]]] = set()


async def _outcome(function: Callable[[], Awaitable[T]]) -> Hidden[T] | FunctionError:
    try:
        return Hidden(await function())
    except (Exception, SystemExit, asyncio.CancelledError) as error:  # noqa: BLE001 - whatever it raises; an exit would end the loop only
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
