"""``Runner``: start the event loop of blocking clients with the first call, and end it without warnings."""

from __future__ import annotations

import asyncio
import atexit
import contextvars
import os
import threading
import time
import weakref
from collections.abc import Callable, Coroutine
from types import TracebackType
from typing import Final, NoReturn, Protocol, Self, TypeAlias, TypeVar, runtime_checkable

from frontegg_async._core.call.observers import GLOBAL_OBSERVERS, OF_THREAD, Announcement, announce
from frontegg_async._core.runtime.caller_warnings import calling_thread
from frontegg_async._core.runtime.forks import ProcessLock, notice_fork, renew_after_fork
from frontegg_async._values.not_copyable import refuse_copies
from frontegg_async._values.wrong_statements import CLOSED, OnlyWith
from frontegg_async.errors import ClientClosedError, WrongLoopError
from frontegg_sync._bridge.blocked_loops import warn_of_blocked_loop
from frontegg_sync._bridge.bridged_call import INTERPRETER_EXITS, LoopEndedError
from frontegg_sync._bridge.loop_thread import LoopThread, load_backend, refuse_green_threads

T = TypeVar("T")

_SECONDS_TO_END: Final = 7.0
"""The longest wait for the end of a thread, in seconds.

The number is slightly larger than the time that the event loop waits for its clients to close.
"""


class Closable(Protocol):
    """A client that a runner closes before its loop ends."""

    async def aclose(self) -> None:
        """Close the client."""
        ...


Spawn: TypeAlias = Callable[[Callable[[], Coroutine[object, object, None]]], None]
"""A function that runs a coroutine in an event loop without waiting for its end.

The argument is a function that creates the coroutine.
"""


@runtime_checkable
class Background(Protocol):
    """The background task of a client: its attribute ``_background``."""

    def use_loop_of(self, spawn: Spawn) -> None:
        """Set the function that starts the task again if its event loop is gone, for example in a forked child."""
        ...

    def end(self) -> None:
        """End the task without waiting for the end. Any thread may call this method."""
        ...


class Runner(OnlyWith):
    """The event loop of blocking clients, in a daemon thread.

    By default, each client has a separate runner. Pass the same runner to several clients to run all of them in one
    thread. Close a shared runner at the end, or use it in ``with``. The thread starts with the first call. In a forked
    child, the first call starts a new thread. Clients and runners are thread-safe.
    """

    def __init__(self) -> None:
        load_backend()
        self._lock = ProcessLock()
        self._threads: dict[int, LoopThread] = {}
        """The first loop thread of each process id. `LoopThread.newest` finds the last thread of the same process."""
        self._is_closed = False
        self._clients: set[Closable] = set()
        _runners[id(self)] = self
        renew_after_fork(self)

    def call(self, begin: Callable[[], Coroutine[object, object, T]]) -> T:
        """Run a coroutine in the event loop, and wait for its result.

        Use this method also to create objects that belong to the event loop, such as a connector that you pass to a
        client.

        Args:
            begin: A coroutine function without parameters. It is called in the thread of the event loop, in a copy of
                the caller's context.

        Returns:
            The result of the coroutine.

        Raises:
            BlockingCallWarning: An event loop runs in this thread, and the warning filters turn this warning into an
                error.
            ClientClosedError: The runner was closed before or during the call.
            ConfigurationError: gevent or eventlet has replaced the threads of this process.
            ConnectionFailedError: The thread could not be started.
            WrongLoopError: The call was made in the thread of the runner's event loop, which would wait for itself.
        """
        notice_fork()
        context = contextvars.copy_context()
        context.run(calling_thread.set, threading.get_ident())
        thread = self._threads.get(os.getpid())
        if thread is None or self._is_closed:
            thread = self._start()
        if thread.ident == threading.get_ident():
            raise WrongLoopError(
                "a blocking call was made in the thread of its own event loop, where it would wait for itself; "
                "make the call in another thread, or await a client of frontegg_async"
            )
        # This is faster than `get_running_loop`, which raises an error if no loop runs, as usual.
        if asyncio._get_running_loop() is not None:  # noqa: SLF001 - asyncio exports it
            warn_of_blocked_loop()
        announcements: list[Announcement] | None = None
        if GLOBAL_OBSERVERS:
            announcements = []
            context.run(OF_THREAD.set, announcements)
        try:
            while True:
                try:
                    return thread.call(begin, context)
                except LoopEndedError:
                    pass
                thread = self._start()
        finally:
            if announcements:
                announce(announcements)

    def _soon(self, callback: Callable[[], object]) -> None:
        """Schedule a callback in the thread of the event loop, without waiting. Do nothing if no loop runs.

        Args:
            callback: The callback.
        """
        thread = self._running()
        if thread is not None:
            thread.soon(callback)

    def _spawn(self, begin: Callable[[], Coroutine[object, object, None]]) -> None:
        """Run a coroutine in the event loop without waiting for its end. Start the loop if necessary.

        Args:
            begin: Creates the coroutine. The function must return quickly.

        Raises:
            ClientClosedError: The runner was closed.
            ConfigurationError: gevent or eventlet has replaced the threads of this process.
            ConnectionFailedError: The thread could not be started.
        """
        notice_fork()
        self._start().spawn(begin)

    def close(self) -> None:
        """Close the runner and its clients, without waiting.

        Calls in progress and later calls raise `ClientClosedError`. A second call of this method does nothing.
        """
        # Take no lock, because the garbage collector may call this method in any thread at any time.
        self._is_closed = True
        self._stop()

    def _stop(self) -> None:
        """Close the clients, and end the loop if it runs. Do not wait for the end."""
        thread = self._running()
        if thread is not None:
            thread.stop([client.aclose for client in list(self._clients)])

    def _end(self, seconds: float) -> None:
        """Close the clients, end the loop, and wait for its thread.

        Args:
            seconds: The longest wait, in seconds.
        """
        # Another thread may be starting the loop.
        lock = self._lock.of_process()
        if lock.acquire(timeout=seconds):
            lock.release()
        self._stop()
        thread = self._running()
        if thread is not None:
            thread.join(seconds)

    def _attach(self, client: Closable) -> None:
        """Register a client that is closed when the loop ends.

        Args:
            client: The client.
        """
        self._clients.add(client)

    def _detach(self, client: Closable) -> None:
        """Close a client without waiting, and unregister the client.

        Args:
            client: The client.
        """
        self._clients.discard(client)
        thread = self._running()
        if thread is not None:
            thread.spawn(client.aclose)

    def after_fork(self) -> None:
        """In a forked child, abandon the thread, the loop and the sockets, which belong to the parent process."""
        # A signal handler may start a thread of this process at any time. Keep this thread.
        for process in [each for each in [*self._threads] if each != os.getpid()]:
            thread = self._threads.pop(process, None)
            if thread is not None:
                thread.newest().set_aside()

    def _check_open(self) -> None:
        """Raise an error if the runner was closed.

        Raises:
            ClientClosedError: The runner was closed.
        """
        if self._is_closed:
            raise ClientClosedError(CLOSED)

    def __reduce__(self) -> NoReturn:
        refuse_copies(type(self).__name__)

    def __enter__(self) -> Self:
        self._check_open()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def _running(self) -> LoopThread | None:
        """Return the loop thread of this process. Return ``None`` if no loop runs."""
        notice_fork()
        return self._thread

    @property
    def _thread(self) -> LoopThread | None:
        """The last thread that was started in this process."""
        thread = self._threads.get(os.getpid())
        return None if thread is None else thread.newest()

    def _start(self) -> LoopThread:
        """Return the running loop thread, or start a thread."""
        with self._lock.of_process():
            thread = self._thread
            is_closed = self._is_closed or INTERPRETER_EXITS.is_set()
            if not is_closed and (thread is None or thread.has_ended):
                if thread is not None:
                    # HTTP sessions belong to the old loop until that loop is closed.
                    thread.join(_SECONDS_TO_END)
                refuse_green_threads()
                started = LoopThread(self)
                try:
                    started.start()
                    # Store the thread in one step. A signal handler may have started another thread at any time, and
                    # the HTTP sessions then belong to that thread.
                    others, key = (self._threads, os.getpid()) if thread is None else (thread.next, 0)
                    if others.setdefault(key, started) is not started:
                        started.abandon()
                except BaseException:
                    # After Ctrl-C, or if no thread could be started, the next call starts a thread.
                    started.abandon()
                    raise
                thread = self._threads[os.getpid()] = self._threads[os.getpid()].newest()
        if is_closed or thread is None:
            _end_silently()
            raise ClientClosedError(CLOSED)
        if self._is_closed:
            self._stop()
        return thread


def _end_silently() -> None:
    """Block a daemon thread while the interpreter exits, so that it prints no error. The exit ends the thread."""
    if INTERPRETER_EXITS.is_set() and threading.current_thread().daemon:
        forever = threading.Lock()
        forever.acquire()
        forever.acquire()


# The references are weak: a running thread keeps its runner alive. Iterating a WeakSet would not be thread-safe.
_runners: weakref.WeakValueDictionary[int, Runner] = weakref.WeakValueDictionary()


def _all_runners() -> list[Runner]:
    found = (reference() for reference in _runners.valuerefs())
    return [runner for runner in found if runner is not None]


def _end_at_exit() -> None:
    INTERPRETER_EXITS.set()
    runners = _all_runners()
    for runner in runners:
        runner._stop()  # noqa: SLF001 - of this module  # pyright: ignore[reportPrivateUsage]
    deadline = time.monotonic() + _SECONDS_TO_END
    for runner in runners:
        runner._end(max(0.0, deadline - time.monotonic()))  # noqa: SLF001 - of this module  # pyright: ignore[reportPrivateUsage]


atexit.register(_end_at_exit)
