"""`Flight`: a piece of work that is done once for all who wait for it."""

from __future__ import annotations

import asyncio
import contextvars
from collections.abc import Awaitable, Callable

from frontegg_async.errors import ClientClosedError, FronteggError
from frontegg_async.loops import running_loop
from frontegg_async.wire.observers import UNDER_WAY


class Flight:
    """Does a piece of work in a task that nobody owns: cancelling one of those who wait harms no other.

    Args:
        work: What is done; it returns the error that those who wait get, if they get one.
        name: What is closed, for messages.
    """

    def __init__(self, work: Callable[[], Awaitable[FronteggError | None]], name: str) -> None:
        self._work = work
        self._name = name
        self._task: asyncio.Task[None] | None = None
        self._waiters: list[asyncio.Future[None]] = []
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
            context.run(UNDER_WAY.set, UNDER_WAY.get())
            self._task = running_loop().create_task(self._run(self._waiters), context=context)

    def join(self) -> asyncio.Future[None]:
        """Begin, unless it is under way, and return what the end can be awaited with.

        Each has a future of its own: to cancel one cancels no other. Many may wait, so no coroutine stands between.

        Raises:
            ClientClosedError: It was closed, before or (awaited) meanwhile.
            FronteggError: What the work returned (awaited).
        """
        self.start()
        waiter: asyncio.Future[None] = running_loop().create_future()
        self._waiters.append(waiter)
        return waiter

    def close(self) -> None:
        """Stop; those who wait get `ClientClosedError`."""
        self._is_closed = True
        task, self._task = self._task, None
        if task is not None and not task.get_loop().is_closed():
            task.cancel()
        _wake(self._waiters, ClientClosedError(f"the {self._name} was closed"))

    def forget_loop(self) -> None:
        """Leave alone what is under way in the parent of this process."""
        self._task = None
        self._waiters = []

    async def _run(self, waiters: list[asyncio.Future[None]]) -> None:
        outcome: FronteggError | None = ClientClosedError("the event loop ended")
        try:
            outcome = await self._work()
        except Exception as error:  # noqa: BLE001 - those who wait must be told of a defect too
            outcome = FronteggError(f"the {self._name} failed: {type(error).__name__}")
        finally:
            _wake(waiters, outcome)


def _wake(waiters: list[asyncio.Future[None]], error: FronteggError | None) -> None:
    for waiter in waiters:
        if waiter.done():
            continue
        if error is None:
            waiter.set_result(None)
        else:
            # Each raises an error of its own: one object would collect the tracebacks of all.
            waiter.set_exception(error.with_details(error.details))
            # Who waited may be gone without having cancelled it, as a coroutine that was closed: no cause to complain.
            waiter.exception()
    waiters.clear()
