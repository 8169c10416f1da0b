"""The SDK's worker threads, for work that would block the event loop.

The default executor of the event loop is not used. If an application fills that executor with work, calls would wait.
"""

from __future__ import annotations

import asyncio
import contextvars
import functools
import importlib
import os
import queue
import threading
from collections.abc import Awaitable, Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Final, ParamSpec, TypeVar

from frontegg_async._core.runtime.forks import importing

P = ParamSpec("P")
T = TypeVar("T")

_MOST: Final = 8


class DaemonExecutor(ThreadPoolExecutor):
    """An executor with daemon threads. The interpreter does not wait for these threads when it exits.

    The interpreter waits for the threads of the standard library's executor. In a process that was forked in C, Python
    still lists these threads although they do not exist. So the exit would hang.

    Args:
        most: The largest number of threads.
        name: The name of each thread.
    """

    def __init__(self, most: int = _MOST, name: str = "frontegg-worker") -> None:
        super().__init__(max_workers=most)
        self._most = most
        self._name = name
        self._jobs: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._idle = threading.Semaphore(0)
        self._started = 0
        self._is_shut = False

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Call a function in a thread.

        Raises:
            RuntimeError: The executor was shut down, or no thread can be started.
        """
        if self._is_shut:
            raise RuntimeError("the executor was shut down")
        future: Future[T] = Future()
        if not self._idle.acquire(blocking=False) and self._started < self._most:
            threading.Thread(target=_work, args=(self._jobs, self._idle), name=self._name, daemon=True).start()
            self._started += 1
        self._jobs.put(functools.partial(_run, future, functools.partial(fn, *args, **kwargs)))
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Let the threads end after their jobs. Do not wait for the threads."""
        super().shutdown(wait=False, cancel_futures=cancel_futures)
        del wait
        self._is_shut = True
        for _ in range(self._started):
            self._jobs.put(None)


def _work(jobs: queue.SimpleQueue[Callable[[], None] | None], idle: threading.Semaphore) -> None:
    while (job := jobs.get()) is not None:
        job()
        del job
        idle.release()


def _run(future: Future[T], function: Callable[[], T]) -> None:
    if not future.set_running_or_notify_cancel():
        return
    try:
        value = function()
    except BaseException as error:  # noqa: BLE001 - the waiter raises it
        future.set_exception(error)
    else:
        future.set_result(value)


class ThreadsBusyError(Exception):
    """All threads are busy, and the queue of calls that wait for a thread is full."""


class BoundedThreads:
    """Threads for functions of the application. Such a function may take long or hang.

    Args:
        name: The name of each thread.
        most: The largest number of threads.
        most_waiting: The largest number of calls that wait for a thread.
    """

    def __init__(self, name: str, *, most: int, most_waiting: int) -> None:
        self._name = name
        self._most = most
        self._most_waiting = most_waiting
        self._under_way: set[object] = set()
        self._executor: DaemonExecutor | None = None
        self._pid = 0

    @property
    def is_busy(self) -> bool:
        """Whether no thread is free."""
        return len(self._under_way) >= self._most

    async def run(self, function: Callable[[], T]) -> T:
        """Call a function in a thread, with the context variables of the caller, and return its result.

        If the caller is cancelled while the call waits for a thread, the function is not called.

        Args:
            function: The function.

        Raises:
            ThreadsBusyError: Too many calls wait for a thread.
        """
        if self._executor is None or self._pid != os.getpid():
            # Threads do not survive a fork.
            self._executor, self._under_way, self._pid = DaemonExecutor(self._most, self._name), set(), os.getpid()
        under_way = self._under_way
        if len(under_way) >= self._most + self._most_waiting:
            raise ThreadsBusyError(
                f"all {self._most} threads are busy, and {self._most_waiting} calls already wait for a thread"
            )
        future = self._executor.submit(contextvars.copy_context().run, functools.partial(_contained, function))
        under_way.add(future)
        future.add_done_callback(under_way.discard)
        return await asyncio.wrap_future(future)


def _contained(function: Callable[[], T]) -> T:
    try:
        return function()
    except (StopIteration, KeyboardInterrupt) as error:
        # An asyncio future refuses StopIteration. KeyboardInterrupt, which never comes from Ctrl-C in this thread,
        # would end the event loop.
        raise RuntimeError(f"the function raised {type(error).__name__}") from error


class _Threads:
    """The executor of a process. A forked child creates a new executor, because threads do not survive a fork."""

    executor: DaemonExecutor | None = None
    pid: int = 0

    def get(self) -> DaemonExecutor:
        """Return the executor of this process."""
        executor = self.executor
        if executor is None or self.pid != os.getpid():
            executor = DaemonExecutor()
            self.executor, self.pid = executor, os.getpid()
        return executor


_threads: Final = _Threads()


async def run_in_thread(function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
    """Call a function in a thread, with the context variables of the caller, and return its result.

    Args:
        function: The function.
        args: The positional arguments of the function.
        kwargs: The keyword arguments of the function.
    """
    call = functools.partial(contextvars.copy_context().run, function, *args, **kwargs)
    return await asyncio.get_running_loop().run_in_executor(_threads.get(), call)


_loaded: Final[set[str]] = set()
"""The completely imported modules. `sys.modules` also contains modules that another thread is still importing."""


async def load_in_thread(module: str) -> None:
    """Import a module in a thread, unless it is already imported.

    Reading the module from the disk would block the event loop.

    Args:
        module: The full name of the module.
    """
    if module not in _loaded:
        await run_in_thread(_load, module)


def _load(module: str) -> None:
    with importing:
        importlib.import_module(module)
    _loaded.add(module)


async def run_to_end_in_thread(function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
    """Call a function in a thread. Wait for the function even if the caller is cancelled.

    The caller may otherwise close files that the function still uses.

    Args:
        function: The function.
        args: The positional arguments of the function.
        kwargs: The keyword arguments of the function.
    """
    return await run_to_end(run_in_thread(function, *args, **kwargs))


async def run_to_end(work: Awaitable[T]) -> T:
    """Run work to its end, even if the caller is cancelled. Return the result of the work.

    Args:
        work: A coroutine or future.
    """
    task = asyncio.ensure_future(work)
    cancelled: asyncio.CancelledError | None = None
    while not task.done():
        try:
            await asyncio.wait([task])
        except asyncio.CancelledError as error:  # a task may be cancelled more than once
            cancelled = error
    if cancelled is None:
        return task.result()
    if not task.cancelled():
        task.exception()  # retrieve the exception, so that asyncio does not log it
    raise cancelled
