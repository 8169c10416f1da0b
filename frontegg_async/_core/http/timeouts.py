"""Timeouts of attempts. A single timer of the event loop serves all attempts in progress."""

from __future__ import annotations

import asyncio
from typing import Final

import msgspec

_NEVER: Final = float("inf")


class TimedAttempt(msgspec.Struct, eq=False):
    """An attempt with a timeout.

    Args:
        task: The task that makes the attempt.
        ends_at: The time at which the timeout expires, on the clock of the event loop.
        cancelling: The number of cancellation requests of the task before the attempt.
        is_over: Whether the timeout has expired.
    """

    task: asyncio.Task[object]
    ends_at: float
    cancelling: int
    is_over: bool = False

    def end(self) -> None:
        """Cancel the task because its timeout has expired."""
        self.is_over = True
        self.task.cancel()

    def was_ended(self) -> bool:
        """Return whether the raised exception comes only from the timeout.

        In this case, the cancellation is withdrawn, so that other code does not react to it.
        """
        return self.is_over and self.task.uncancel() <= self.cancelling


class AttemptTimeouts:
    """Cancels attempts that exceed their timeout.

    A timer per attempt would take more time than all other work for the attempt, and timers rarely fire. So a single
    timer is set for the attempt that expires first. When this timer fires, it is set for the next attempt.

    Args:
        loop: The event loop of the attempts.
    """

    __slots__ = ("_call_at", "_fires_at", "_loop", "_time", "_timer", "_under_way")

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._time, self._call_at = loop.time, loop.call_at
        self._under_way: dict[TimedAttempt, None] = {}
        self._timer: asyncio.TimerHandle | None = None
        self._fires_at = _NEVER

    def begin(self, seconds: float) -> TimedAttempt:
        """Start a timeout: cancel the running task after some seconds, unless `finish` is called earlier.

        Args:
            seconds: The timeout in seconds. Infinite for no limit.
        """
        task = asyncio.current_task(self._loop)
        assert task is not None  # noqa: S101 - only tasks await
        timed = TimedAttempt(task, self._time() + seconds, task.cancelling())
        if seconds != _NEVER:
            self._under_way[timed] = None
            if timed.ends_at < self._fires_at:
                self._arm(timed.ends_at)
        return timed

    def finish(self, timed: TimedAttempt) -> None:
        """End the timeout of an attempt."""
        self._under_way.pop(timed, None)

    def close(self) -> None:
        """Stop the timer, unless attempts are in progress."""
        if self._timer is not None and not self._under_way:
            self._timer.cancel()
            self._timer, self._fires_at = None, _NEVER

    def _arm(self, fires_at: float) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._fires_at = fires_at
        self._timer = self._call_at(fires_at, self._fire)

    def _fire(self) -> None:
        self._timer, self._fires_at = None, _NEVER
        now = self._time()
        pending = [timed for timed in self._under_way if not timed.is_over]
        for timed in pending:
            if timed.ends_at <= now:
                timed.end()
        first = min((timed.ends_at for timed in pending if not timed.is_over), default=_NEVER)
        if first != _NEVER:
            self._arm(first)
