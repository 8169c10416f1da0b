"""Worker threads for work that would block the event loop, in an executor of the SDK.

The default executor of the loop is not used: an application may fill it with its own work, and calls would wait.
"""

from __future__ import annotations

import asyncio
import contextvars
import functools
import importlib
import os
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Final, ParamSpec, TypeVar

from frontegg_async._core.runtime.forks import importing

P = ParamSpec("P")
T = TypeVar("T")

_MOST: Final = 8


class DaemonExecutor(ThreadPoolExecutor):
    """An executor with daemon threads, for which the interpreter does not wait when it exits.

    It waits for the threads of the executor in the standard library. In a process that was forked in C, those threads
    are still listed but do not exist, so the exit would hang.
    """

    def __init__(self) -> None:
        super().__init__(max_workers=_MOST)
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
        if not self._idle.acquire(blocking=False) and self._started < _MOST:
            threading.Thread(target=_work, args=(self._jobs, self._idle), name="frontegg-worker", daemon=True).start()
            self._started += 1
        self._jobs.put(functools.partial(_run, future, functools.partial(fn, *args, **kwargs)))
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Let the threads end after their jobs, without waiting for them."""
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


class _Threads:
    """The executor of a process. A forked child creates its own, because threads do not survive a fork."""

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
        args: Its arguments.
        kwargs: Its arguments by name.
    """
    call = functools.partial(contextvars.copy_context().run, function, *args, **kwargs)
    return await asyncio.get_running_loop().run_in_executor(_threads.get(), call)


_loaded: Final[set[str]] = set()
"""The modules that were loaded to their end. `sys.modules` also has those that another thread is still loading."""


async def load_in_thread(module: str) -> None:
    """Load a module in a thread, unless it is loaded: reading it from the disk would block the running loop.

    Args:
        module: Its whole name.
    """
    if module not in _loaded:
        await run_in_thread(_load, module)


def _load(module: str) -> None:
    with importing:
        importlib.import_module(module)
    _loaded.add(module)


async def run_to_end_in_thread(function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
    """Call a function in a thread, and wait for it even when the caller is cancelled: it uses files that are closed.

    Args:
        function: The function.
        args: Its arguments.
        kwargs: Its arguments by name.
    """
    task = asyncio.ensure_future(run_in_thread(function, *args, **kwargs))
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait([task])
        task.exception()  # so that asyncio does not log it
        raise
