"""Time limits of attempts: one timer of the loop for all that are under way."""

from __future__ import annotations

import asyncio
from typing import Final

import msgspec

_NEVER: Final = float("inf")


class TimedAttempt(msgspec.Struct, eq=False):
    """Something that a task does, and when it is to be ended.

    Args:
        task: The task.
        ends_at: When, on the clock of the loop.
        cancelling: How many cancellations of the task there were before.
        is_over: Whether it was ended.
    """

    task: asyncio.Task[object]
    ends_at: float
    cancelling: int
    is_over: bool = False

    def end(self) -> None:
        """Cancel the task, since its time is over."""
        self.is_over = True
        self.task.cancel()

    def was_ended(self) -> bool:
        """Return whether what was raised comes from the end of the time and nothing else; asked once it was raised.

        The cancellation is taken back then, so that it does not count as one of somebody else's.
        """
        return self.is_over and self.task.uncancel() <= self.cancelling


class AttemptTimeouts:
    """Ends what takes longer than it may.

    A timer for each attempt costs more than all else that the client does for it, and next to none ever fires. So there
    is one, for the attempt that is to end first; when it fires it looks for the next.

    Args:
        loop: The loop of the attempts.
    """

    __slots__ = ("_call_at", "_fires_at", "_loop", "_time", "_timer", "_under_way")

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._time, self._call_at = loop.time, loop.call_at
        self._under_way: dict[TimedAttempt, None] = {}
        self._timer: asyncio.TimerHandle | None = None
        self._fires_at = _NEVER

    def begin(self, seconds: float) -> TimedAttempt:
        """Have the running task cancelled after some seconds, unless `finish` comes before.

        Args:
            seconds: The time that it has; infinite for no limit.
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
        """Take note that something has come to its end."""
        self._under_way.pop(timed, None)

    def close(self) -> None:
        """Stop the timer, unless something is still under way."""
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
