"""`SingleFlight`: run an async function once for all concurrent callers (single flight)."""

from __future__ import annotations

import asyncio
import contextlib
import contextvars
import functools
from collections.abc import Awaitable, Callable, Iterable
from typing import Final

from frontegg_async._core.call.observers import CURRENT_OBSERVERS
from frontegg_async._core.runtime.loops import running_loop
from frontegg_async.errors import ClientClosedError, FronteggError


class _StartedBy:
    """A reference to the context of the call that started the work. It is cleared when the work ends.

    Connections that the work opens keep the context of the work alive. A direct reference in that context would keep
    the caller's context alive as well.
    """

    __slots__ = ("context",)

    def __init__(self, context: contextvars.Context) -> None:
        self.context: contextvars.Context | None = context


_STARTED_BY: Final[contextvars.ContextVar[_StartedBy | None]] = contextvars.ContextVar(
    "frontegg_single_flight_started_by", default=None
)


def caller_context() -> contextvars.Context:
    """Return a copy of the context of the current call, even inside of a single flight."""
    caller = _STARTED_BY.get()
    context = None if caller is None else caller.context
    return contextvars.copy_context() if context is None else context.copy()


class SingleFlight:
    """Runs work in one task for all callers that join. Cancelling one caller does not affect the others.

    Args:
        work: The work. It returns the error for all callers, or ``None``.
        name: The name of the owner, for messages.
    """

    def __init__(self, work: Callable[[], Awaitable[FronteggError | None]], name: str) -> None:
        self._work = work
        self._name = name
        self._task: asyncio.Task[None] | None = None
        self._waiters: list[asyncio.Future[bool]] = []
        self._is_closed = False

    @property
    def is_closed(self) -> bool:
        """Whether the single flight was closed."""
        return self._is_closed

    @property
    def is_under_way(self) -> bool:
        """Whether the work is in progress in the running loop."""
        return self._task is not None and not self._task.done() and self._task.get_loop() is running_loop()

    def start(self) -> None:
        """Start the work unless it is in progress.

        Raises:
            ClientClosedError: The single flight was closed.
        """
        if self._is_closed:
            raise ClientClosedError(f"the {self._name} is closed")
        if not self.is_under_way:
            # Callers in another event loop are woken by the task of that loop.
            self._waiters = []
            # The task serves all callers. So its context is empty, without the variables of the first caller.
            context = contextvars.Context()
            context.run(CURRENT_OBSERVERS.set, CURRENT_OBSERVERS.get())
            caller = _StartedBy(caller_context())
            context.run(_STARTED_BY.set, caller)
            self._task = running_loop().create_task(self._run(self._waiters, caller), context=context)

    def join(self) -> asyncio.Future[bool]:
        """Start the work unless it is in progress. Return a future that is done when the work ends.

        Each caller gets a separate future, so cancelling one caller does not affect the others. The result of the
        future is ``True``, or ``False`` if the work was cancelled.

        Raises:
            ClientClosedError: The single flight is closed. The future raises this error if the single flight is closed
                later.
            FronteggError: The future raises the error that the work returned.
        """
        self.start()
        waiter: asyncio.Future[bool] = running_loop().create_future()
        self._waiters.append(waiter)
        return waiter

    def cancel(self) -> None:
        """Cancel the work. The waiters resume without a result. Any thread may call this method."""
        cancel_together(self)

    def close(self, *, finishes: bool = False) -> None:
        """Close the single flight: cancel the work. The callers that wait get `ClientClosedError`.

        Args:
            finishes: Whether work in progress continues instead. `drain` waits for the end of that work.
        """
        self._is_closed = True
        if not finishes:
            task, self._task = self._task, None
            if task is not None and not task.get_loop().is_closed():
                task.cancel()
        _wake(self._waiters, ClientClosedError(f"the {self._name} was closed"))

    async def drain(self, seconds: float) -> None:
        """Wait at most ``seconds`` until the work in the running loop has ended."""
        if self._task is not None and self.is_under_way:
            await asyncio.wait((self._task,), timeout=seconds)

    def forget_loop(self) -> None:
        """In a forked child, abandon the work that the parent process started."""
        self._task = None
        self._waiters = []

    def bound_cancel(self) -> tuple[asyncio.AbstractEventLoop, Callable[[], None]] | None:
        """Return the event loop of the work, and a function that cancels the work there. ``None`` without work."""
        task = self._task
        return None if task is None else (task.get_loop(), functools.partial(self._cancel, task))

    def _cancel(self, task: asyncio.Task[None]) -> None:
        # Do not cancel work that was started later.
        if self._task is task:
            self._task = None
            task.cancel()
            _wake(self._waiters, None, is_done=False)

    async def _run(self, waiters: list[asyncio.Future[bool]], caller: _StartedBy) -> None:
        outcome: FronteggError | None = ClientClosedError("the event loop ended")
        try:
            outcome = await self._work()
        except Exception as error:  # noqa: BLE001 - the waiters need an error for a defect too
            outcome = FronteggError(f"the {self._name} failed: {type(error).__name__}")
        finally:
            caller.context = None
            _wake(waiters, outcome)


def cancel_together(*flights: SingleFlight) -> None:
    """Cancel the work of several single flights in one step of their event loop. Any thread may call this function.

    With several steps, a waiter could start new work after the first step, and the second step would cancel it.

    Args:
        flights: The single flights to cancel.
    """
    by_loop: dict[asyncio.AbstractEventLoop, list[Callable[[], None]]] = {}
    for flight in flights:
        bound = flight.bound_cancel()
        if bound is not None:
            by_loop.setdefault(bound[0], []).append(bound[1])
    for loop, cancels in by_loop.items():
        if loop is _running_loop():
            _call_all(cancels)
        else:
            # Run in the thread of the loop, so that no caller joins meanwhile. The loop may be closed already, together
            # with the waiters.
            with contextlib.suppress(RuntimeError):
                loop.call_soon_threadsafe(_call_all, cancels)


def _call_all(functions: Iterable[Callable[[], None]]) -> None:
    for function in functions:
        function()


def _running_loop() -> asyncio.AbstractEventLoop | None:
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None


def _wake(waiters: list[asyncio.Future[bool]], error: FronteggError | None, *, is_done: bool = True) -> None:
    for waiter in waiters:
        if waiter.done():
            continue
        if error is None:
            waiter.set_result(is_done)
        else:
            # Each waiter gets a copy: a shared error object would collect the tracebacks of all waiters.
            waiter.set_exception(error.fresh())
            # Mark the exception as retrieved. A waiter may be gone without cancelling its future, for example a closed
            # coroutine.
            waiter.exception()
    waiters.clear()
