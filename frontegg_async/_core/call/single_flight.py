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
    """The context of the call that started the work, for as long as the work runs.

    Connections that the work opens keep its context alive. A direct reference would also keep the context of the caller
    alive.
    """

    __slots__ = ("context",)

    def __init__(self, context: contextvars.Context) -> None:
        self.context: contextvars.Context | None = context


_STARTED_BY: Final[contextvars.ContextVar[_StartedBy | None]] = contextvars.ContextVar(
    "frontegg_single_flight_started_by", default=None
)


def caller_context() -> contextvars.Context:
    """Return a copy of the context of the call for which the code runs, inside or outside of a single flight."""
    caller = _STARTED_BY.get()
    context = None if caller is None else caller.context
    return contextvars.copy_context() if context is None else context.copy()


class SingleFlight:
    """Runs work in its own task for all callers that join it; cancelling one caller does not affect the others.

    Args:
        work: The work; it returns the error for all callers, or ``None``.
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
            # Callers in another loop are woken by the task in that loop.
            self._waiters = []
            # An empty context: the task serves all callers, so it must not keep the variables of the first one.
            context = contextvars.Context()
            context.run(CURRENT_OBSERVERS.set, CURRENT_OBSERVERS.get())
            caller = _StartedBy(caller_context())
            context.run(_STARTED_BY.set, caller)
            self._task = running_loop().create_task(self._run(self._waiters, caller), context=context)

    def join(self) -> asyncio.Future[bool]:
        """Start the work unless it is in progress, and return a future for its end.

        Each caller has its own future, so cancelling one caller does not affect the others. The result is whether the
        work was done: ``False`` if it was cancelled.

        Raises:
            ClientClosedError: The single flight was closed, before or (awaited) meanwhile.
            FronteggError: The error that the work returned (awaited).
        """
        self.start()
        waiter: asyncio.Future[bool] = running_loop().create_future()
        self._waiters.append(waiter)
        return waiter

    def cancel(self) -> None:
        """Cancel the work. Its waiters resume without a result and may start it again. Any thread may call this."""
        cancel_together(self)

    def close(self, *, finishes: bool = False) -> None:
        """Close: waiters get `ClientClosedError`, and the work is cancelled.

        Args:
            finishes: Whether work in progress continues instead; `drain` waits for its end.
        """
        self._is_closed = True
        if not finishes:
            task, self._task = self._task, None
            if task is not None and not task.get_loop().is_closed():
                task.cancel()
        _wake(self._waiters, ClientClosedError(f"the {self._name} was closed"))

    async def drain(self, seconds: float) -> None:
        """Wait until work in progress in the running loop has ended, at most ``seconds``."""
        if self._task is not None and self.is_under_way:
            await asyncio.wait((self._task,), timeout=seconds)

    def forget_loop(self) -> None:
        """Abandon work in progress that belongs to the parent, in a forked child."""
        self._task = None
        self._waiters = []

    def bound_cancel(self) -> tuple[asyncio.AbstractEventLoop, Callable[[], None]] | None:
        """Return the event loop of the work and a function that cancels it there, unless there is none."""
        task = self._task
        return None if task is None else (task.get_loop(), functools.partial(self._cancel, task))

    def _cancel(self, task: asyncio.Task[None]) -> None:
        # Work that was started later is not cancelled.
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
    """Cancel the work of several single flights in one step of their event loop. Any thread may call this.

    In two steps, the waiters of the first would start new work, which the second cancels again.

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
            # Run in the thread of the loop, so that nobody joins meanwhile. The loop may have ended with its waiters.
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
            # A copy for each waiter: one object would collect the tracebacks of all.
            waiter.set_exception(error.fresh())
            # Mark it as retrieved: a waiter may be gone without cancelling it, for example a coroutine that was closed.
            waiter.exception()
    waiters.clear()
