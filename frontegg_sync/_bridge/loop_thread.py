"""`LoopThread`: the daemon thread that runs the event loop of blocking clients."""

from __future__ import annotations

import asyncio
import contextlib
import contextvars
import functools
import importlib
import sys
import threading
from collections.abc import Callable, Coroutine, Sequence
from typing import TYPE_CHECKING, Final, TypeVar

import anyio

from frontegg_async._core.runtime.forks import importing
from frontegg_async._core.runtime.leaked_on_purpose import leak_on_purpose
from frontegg_async._core.runtime.worker_threads import DaemonExecutor
from frontegg_async.errors import ConfigurationError, ConnectionFailedError, ErrorDetails, Outcome
from frontegg_sync._bridge.bells import Bells
from frontegg_sync._bridge.bridged_call import BridgedCall, Waiting, add_notes
from frontegg_sync._bridge.contained_tasks import make_task
from frontegg_sync._bridge.inbox import Inbox

if TYPE_CHECKING:
    from anyio.from_thread import BlockingPortal

T = TypeVar("T")

_SECONDS_TO_CLOSE: Final = 6.0
"""The longest wait for clients to close, in seconds.

The number is slightly larger than the time that a client waits before it closes its session.
"""


@functools.cache
def load_backend() -> None:
    """Import the modules that anyio and asyncio would otherwise import in the thread of the first event loop.

    A child that is forked during such an import would inherit a lock that no thread releases, and would hang.
    """
    with importing:
        for module in ("anyio._backends._asyncio", "anyio.from_thread"):
            importlib.import_module(module)
        # asyncio creates its event loop policy for the first loop. If this fails, the first call raises the error.
        with contextlib.suppress(OSError):
            asyncio.new_event_loop().close()


class LoopThread:
    """A daemon thread that runs an event loop, and accepts calls from other threads.

    Args:
        owner: An object that stays alive as long as the thread runs.
    """

    def __init__(self, owner: object) -> None:
        self.ident: int | None = None
        self.next: dict[int, LoopThread] = {}
        """The key 0 contains the thread that was started after this thread had ended."""
        self._owner: object = owner
        self._calls: set[Waiting] = set()
        self._bells = Bells()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._inbox: Inbox | None = None
        self._portal: BlockingPortal | None = None
        self._failure: BaseException | None = None
        self._closing: asyncio.Task[None] | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._is_abandoned = False
        self._is_ending = False
        self._server: asyncio.Task[object] | None = None
        self._is_ready = threading.Event()
        self._thread = threading.Thread(target=self._main, name="frontegg", daemon=True)

    @property
    def has_ended(self) -> bool:
        """Whether the loop no longer accepts calls."""
        return self._is_ending or self._loop is None or self._loop.is_closed()

    def newest(self) -> LoopThread:
        """Return the last of the threads that were started one after the other."""
        thread = self
        while thread.next:
            thread = thread.next[0]
        return thread

    def start(self) -> None:
        """Start the thread and wait until its loop runs.

        Raises:
            ConnectionFailedError: The system cannot start a thread or an event loop.
        """
        try:
            self._thread.start()
            self._is_ready.wait()
        except RuntimeError as error:
            self._failure = error
        except BaseException:
            self.abandon()
            raise
        failure = self._failure
        if failure is not None:
            raise ConnectionFailedError(
                f"the thread of the client's event loop did not start: {failure}",
                ErrorDetails(reason="loop", outcome=Outcome.NOT_SENT),
            ) from failure

    def abandon(self) -> None:
        """End the thread as soon as it is ready, because the call that started the thread was interrupted."""
        self._is_abandoned = True
        if self._is_ready.is_set():
            self.stop(())

    def call(self, begin: Callable[[], Coroutine[object, object, T]], context: contextvars.Context) -> T:
        """Make a call in the event loop, and wait for its end. Return its value or raise its error.

        Args:
            begin: Creates the coroutine.
            context: The context in which the coroutine runs.

        Raises:
            LoopEndedError: The loop has ended, and the call was not started.
        """
        bell = self._bells.take(len(self._calls))
        call = BridgedCall(begin, context, self._is_serving, self._calls, bell)
        inbox = self._inbox
        try:
            self._calls.add(call)
            is_taken = inbox is not None and inbox.put(call.start)
            if is_taken:
                bell.wait()
                self._bells.give_back(bell)
        except BaseException as interruption:
            # After Ctrl-C or an exit, cancel the call. Add the notes of the call's error to the exception.
            if self.soon(call.cancel) and (ended := call.wait_for_cancellation()) is not None:
                add_notes(interruption, ended)
            raise
        if not is_taken:
            call.finish("the loop has ended")
        return call.result()

    def soon(self, callback: Callable[[], object]) -> bool:
        """Schedule a callback in the thread of the event loop, without waiting. Any thread may call this method.

        Args:
            callback: The callback.

        Returns:
            Whether the loop accepts calls.
        """
        return self._inbox is not None and self._inbox.put(callback)

    def stop(self, closers: Sequence[Callable[[], Coroutine[object, object, None]]]) -> None:
        """End the loop without waiting for the end. Calls in progress end with `ClientClosedError`.

        Args:
            closers: Functions that close the clients that use the loop.
        """
        self.soon(lambda: self._begin_to_close(closers))

    def spawn(self, begin: Callable[[], Coroutine[object, object, None]]) -> None:
        """Run a coroutine in the event loop without waiting for its end. Its exceptions are ignored.

        Args:
            begin: Creates the coroutine.
        """
        self.soon(lambda: self._spawn(begin))

    def _spawn(self, begin: Callable[[], Coroutine[object, object, None]]) -> None:
        task = asyncio.ensure_future(self._close_all((begin,)))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def join(self, seconds: float) -> None:
        """Wait for the end of the thread.

        Args:
            seconds: The longest wait, in seconds.
        """
        self._thread.join(seconds)

    def set_aside(self) -> None:
        """In a forked child, abandon the loop, because its thread does not exist there.

        The loop is leaked on purpose. It shares its selector and sockets with the parent, so closing the loop here
        would affect the parent and print warnings.
        """
        leak_on_purpose(self._loop, self._portal)
        for call in list(self._calls):
            call.after_fork()
        self._finish_calls(
            "the process was forked during the call; only the parent process knows the outcome of the call"
        )

    def _begin_to_close(self, closers: Sequence[Callable[[], Coroutine[object, object, None]]]) -> None:
        if self._closing is None:
            self._closing = asyncio.ensure_future(self._close(closers))

    async def _close(self, closers: Sequence[Callable[[], Coroutine[object, object, None]]]) -> None:
        # Also wait for coroutines of `spawn` that close clients. Otherwise the end of the loop would cancel them.
        await asyncio.gather(self._close_all(closers), *self._tasks)
        self._is_ending = True
        if self._portal is not None:
            await self._portal.stop(cancel_remaining=True)

    async def _close_all(self, closers: Sequence[Callable[[], Coroutine[object, object, None]]]) -> None:
        with anyio.move_on_after(_SECONDS_TO_CLOSE):
            await asyncio.gather(*(close() for close in closers), return_exceptions=True)

    def _main(self) -> None:
        message = "the client was closed during the call"
        try:
            # The context is empty, because the loop belongs to no caller. The debug mode is off, because the loop does
            # not belong to the application.
            contextvars.Context().run(functools.partial(anyio.run, self._serve, backend_options={"debug": False}))
        except BaseException as error:  # noqa: BLE001 - an exception that leaves a thread is only printed
            if not self._is_ready.is_set():
                self._failure = error
            message = f"the client's event loop was ended by {type(error).__name__}"
        self._is_ending = True
        self._is_ready.set()
        self._finish_calls(message)
        self._bells.close()
        self._owner = None

    async def _serve(self) -> None:
        from anyio.from_thread import BlockingPortal  # noqa: PLC0415 - `load_backend` has loaded it

        loop = self._loop = asyncio.get_running_loop()
        loop.set_default_executor(DaemonExecutor())
        loop.set_task_factory(make_task)
        inbox = Inbox(loop)
        try:
            async with BlockingPortal() as portal:
                self._portal = portal
                self._server = asyncio.current_task()
                self.ident = threading.get_ident()
                self._inbox = inbox
                self._is_ready.set()
                if not self._is_abandoned:
                    await portal.sleep_until_stopped()
        finally:
            # Keep this order: a caller that is refused starts another loop, and must not find this loop again.
            self._is_ending = True
            inbox.close()

    def _is_serving(self) -> bool:
        """Return whether the loop can still start calls. A loop cancels its tasks before it ends."""
        return not self._is_ending and self._server is not None and not self._server.cancelling()

    def _finish_calls(self, message: str) -> None:
        """End all calls, because the loop has ended. This includes calls that were added at the last moment."""
        for call in list(self._calls):
            call.finish(message)


def refuse_green_threads() -> None:
    """Raise an error if green threads have replaced the threads of this process.

    Raises:
        ConfigurationError: gevent or eventlet has replaced the threads.
    """
    gevent = sys.modules.get("gevent.monkey")
    eventlet = sys.modules.get("eventlet.patcher")
    if gevent is not None and gevent.is_module_patched("threading"):
        name = "gevent"
    elif eventlet is not None and eventlet.is_monkey_patched("thread"):
        name = "eventlet"
    else:
        return
    raise ConfigurationError(
        f"{name} has replaced the threads of this process, but the blocking client needs real threads; "
        f"do not patch threads, or run the client in a process that {name} has not patched"
    )
