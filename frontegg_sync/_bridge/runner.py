"""``Runner``: the loop thread behind blocking clients, started when it is first needed and silent at every end."""

from __future__ import annotations

import atexit
import contextvars
import threading
import time
import weakref
from collections.abc import Callable, Coroutine
from types import TracebackType
from typing import Final, NoReturn, Protocol, Self, TypeVar

from frontegg_async._core.runtime.caller_warnings import calling_thread
from frontegg_async._core.runtime.forks import ProcessLock, notice_fork, renew_after_fork
from frontegg_async._values.not_copyable import refuse_copies
from frontegg_async.errors import ClientClosedError, WrongLoopError
from frontegg_sync._bridge.bridged_call import INTERPRETER_EXITS, LoopEndedError
from frontegg_sync._bridge.loop_thread import LoopThread, refuse_green_threads

T = TypeVar("T")

_SECONDS_TO_END: Final = 7.0
"""A little more than what a loop waits for before it closes its clients."""


class Closable(Protocol):
    """What a runner closes before its loop ends."""

    async def aclose(self) -> None:
        """Close it."""
        ...


class Runner:
    """Runs the event loop of blocking clients, in a daemon thread.

    Each client has a runner of its own unless you give it one. Share one among many clients to have one thread for all
    of them, and close it in the end, or use it in ``with``. Its thread starts with the first call; in a forked child it
    starts anew. A client is thread-safe, and so is a runner.
    """

    def __init__(self) -> None:
        self._lock = ProcessLock()
        self._thread: LoopThread | None = None
        self._is_closed = False
        self._clients: set[Closable] = set()
        _runners[id(self)] = self
        renew_after_fork(self)

    def call(self, begin: Callable[[], Coroutine[object, object, T]]) -> T:
        """Run a coroutine in the loop and wait for it.

        This is also how something is made that belongs to the loop, as a connector to borrow.

        Args:
            begin: A coroutine function without parameters; it is called in the loop's thread, in a copy of the
                context of the caller.

        Returns:
            What the coroutine returns.

        Raises:
            ClientClosedError: The runner was closed, before the call or during it.
            ConfigurationError: gevent or eventlet has replaced the threads of this process.
            ConnectionFailedError: The thread could not be started.
            WrongLoopError: The call was made in the loop's own thread, which would wait for itself.
        """
        notice_fork()
        context = contextvars.copy_context()
        context.run(calling_thread.set, threading.get_ident())
        thread = self._thread
        if thread is None or self._is_closed:
            thread = self._start()
        if thread.ident == threading.get_ident():
            raise WrongLoopError(
                "a blocking call was made in the thread of its own event loop, where it would wait for itself; "
                "make it in another thread, or await the client of frontegg_async"
            )
        while True:
            try:
                return thread.call(begin, context)
            except LoopEndedError:
                pass
            thread = self._start()

    def soon(self, callback: Callable[[], object]) -> None:
        """Have something called in the loop's thread, without waiting; nothing happens if no loop runs.

        Args:
            callback: What is called.
        """
        thread = self._running()
        if thread is not None:
            thread.soon(callback)

    def close(self) -> None:
        """Close the runner and its clients, without waiting.

        Calls in flight and later calls raise `ClientClosedError`; to close twice does nothing.
        """
        # No lock: the garbage collector may call this in any thread, at any place.
        self._is_closed = True
        self.stop()

    def stop(self) -> None:
        """Close the clients and end the loop, if it runs, without waiting."""
        thread = self._running()
        if thread is not None:
            thread.stop([client.aclose for client in list(self._clients)])

    def end(self, seconds: float) -> None:
        """Close the clients, end the loop and wait for that.

        Args:
            seconds: The longest wait.
        """
        # Another thread may be starting the loop just now.
        lock = self._lock.of_process()
        if lock.acquire(timeout=seconds):
            lock.release()
        self.stop()
        thread = self._running()
        if thread is not None:
            thread.join(seconds)

    def attach(self, client: Closable) -> None:
        """Have a client closed with the loop.

        Args:
            client: The client.
        """
        self._clients.add(client)

    def detach(self, client: Closable) -> None:
        """Close a client without waiting, and forget it.

        Args:
            client: The client.
        """
        self._clients.discard(client)
        thread = self._running()
        if thread is not None:
            thread.spawn(client.aclose)

    def after_fork(self) -> None:
        """Begin anew in a forked child: the thread, the loop and the sockets are the parent's."""
        thread, self._thread = self._thread, None
        if thread is not None:
            thread.set_aside()

    def check_open(self) -> None:
        """Make sure that the runner was not closed.

        Raises:
            ClientClosedError: It was.
        """
        if self._is_closed:
            raise ClientClosedError("the client is closed")

    def __reduce__(self) -> NoReturn:
        refuse_copies(type(self).__name__)

    def __enter__(self) -> Self:
        self.check_open()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def _running(self) -> LoopThread | None:
        """Return the thread of this process, if there is one."""
        notice_fork()
        return self._thread

    def _start(self) -> LoopThread:
        """Return the thread that runs, after starting one if there is none."""
        with self._lock.of_process():
            thread = self._thread
            is_closed = self._is_closed or INTERPRETER_EXITS.is_set()
            if not is_closed and (thread is None or thread.has_ended):
                if thread is not None:
                    # Sessions are bound to the old loop until it is closed.
                    thread.join(_SECONDS_TO_END)
                refuse_green_threads()
                thread = LoopThread(self)
                try:
                    thread.start()
                    self._thread = thread
                except BaseException:
                    # Ctrl-C, or no thread to spare: the next call starts another.
                    thread.abandon()
                    raise
        if is_closed or thread is None:
            _end_silently()
            raise ClientClosedError("the client is closed")
        if self._is_closed:
            self.stop()
        return thread


def _end_silently() -> None:
    """Keep a daemon thread from printing an error while the interpreter exits: it ends with it anyway."""
    if INTERPRETER_EXITS.is_set() and threading.current_thread().daemon:
        forever = threading.Lock()
        forever.acquire()
        forever.acquire()


# Weak, since a running thread keeps its runner alive. Not a WeakSet: iterating one is not safe beside other threads.
_runners: weakref.WeakValueDictionary[int, Runner] = weakref.WeakValueDictionary()


def _all_runners() -> list[Runner]:
    found = (reference() for reference in _runners.valuerefs())
    return [runner for runner in found if runner is not None]


def _end_at_exit() -> None:
    INTERPRETER_EXITS.set()
    runners = _all_runners()
    for runner in runners:
        runner.stop()
    deadline = time.monotonic() + _SECONDS_TO_END
    for runner in runners:
        runner.end(max(0.0, deadline - time.monotonic()))


atexit.register(_end_at_exit)
