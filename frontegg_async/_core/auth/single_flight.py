"""`SingleFlight`: a piece of work that is done once for all who wait for it."""

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
    """The context of the call that began a flight, as long as the flight lasts.

    The connections that are opened in a flight keep its context, and would keep that of the caller with it.
    """

    __slots__ = ("context",)

    def __init__(self, context: contextvars.Context) -> None:
        self.context: contextvars.Context | None = context


_STARTED_BY: Final[contextvars.ContextVar[_StartedBy | None]] = contextvars.ContextVar(
    "frontegg_single_flight_started_by", default=None
)


def caller_context() -> contextvars.Context:
    """Return a copy of the context of the call that the running code works for, inside of a flight or not."""
    caller = _STARTED_BY.get()
    context = None if caller is None else caller.context
    return contextvars.copy_context() if context is None else context.copy()


class SingleFlight:
    """Does a piece of work in a task that nobody owns: cancelling one of those who wait harms no other.

    Args:
        work: What is done; it returns the error that those who wait get, if they get one.
        name: What is closed, for messages.
    """

    def __init__(self, work: Callable[[], Awaitable[FronteggError | None]], name: str) -> None:
        self._work = work
        self._name = name
        self._task: asyncio.Task[None] | None = None
        self._waiters: list[asyncio.Future[bool]] = []
        self._is_closed = False

    @property
    def is_under_way(self) -> bool:
        """Whether the work is being done in the running loop."""
        return self._task is not None and not self._task.done() and self._task.get_loop() is running_loop()

    def start(self) -> None:
        """Begin, unless it is under way.

        Raises:
            ClientClosedError: It was closed.
        """
        if self._is_closed:
            raise ClientClosedError(f"the {self._name} is closed")
        if not self.is_under_way:
            # Those who wait in another loop are served by the task of that loop.
            self._waiters = []
            # A new context: the task serves all callers and carries the variables of none, but for who began it.
            context = contextvars.Context()
            context.run(CURRENT_OBSERVERS.set, CURRENT_OBSERVERS.get())
            caller = _StartedBy(caller_context())
            context.run(_STARTED_BY.set, caller)
            self._task = running_loop().create_task(self._run(self._waiters, caller), context=context)

    def join(self) -> asyncio.Future[bool]:
        """Begin, unless it is under way, and return what the end can be awaited with.

        Each has a future of its own: to cancel one cancels no other. Many may wait, so no coroutine stands between.
        Its result is whether the work was done; it was not if it was given up.

        Raises:
            ClientClosedError: It was closed, before or (awaited) meanwhile.
            FronteggError: What the work returned (awaited).
        """
        self.start()
        waiter: asyncio.Future[bool] = running_loop().create_future()
        self._waiters.append(waiter)
        return waiter

    def cancel(self) -> None:
        """Cancel the work. Its waiters resume without a result and may start it again. Any thread may call this."""
        cancel_together(self)

    def close(self, *, finishes: bool = False) -> None:
        """Stop; those who wait get `ClientClosedError`.

        Args:
            finishes: Whether the work goes on to its end: `drain` waits for it.
        """
        self._is_closed = True
        if not finishes:
            task, self._task = self._task, None
            if task is not None and not task.get_loop().is_closed():
                task.cancel()
        _wake(self._waiters, ClientClosedError(f"the {self._name} was closed"))

    async def drain(self, seconds: float) -> None:
        """Wait until the work that is under way in the running loop has ended, at most so many seconds."""
        if self._task is not None and self.is_under_way:
            await asyncio.wait((self._task,), timeout=seconds)

    def forget_loop(self) -> None:
        """Leave alone what is under way in the parent of this process."""
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
        except Exception as error:  # noqa: BLE001 - those who wait must be told of a defect too
            outcome = FronteggError(f"the {self._name} failed: {type(error).__name__}")
        finally:
            caller.context = None
            _wake(waiters, outcome)


def cancel_together(*flights: SingleFlight) -> None:
    """Cancel the work of several single flights in one step of their event loop. Any thread may call this.

    In two steps, the waiters of the first would start new work, which the second cancels again.

    Args:
        flights: What is cancelled.
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
            # In the thread of the loop, where nobody joins meanwhile. The loop may have ended, with its waiters.
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
            # Each raises an error of its own: one object would collect the tracebacks of all.
            waiter.set_exception(error.fresh())
            # Who waited may be gone without having cancelled it, as a coroutine that was closed: no cause to complain.
            waiter.exception()
    waiters.clear()
