"""`EmulatorClock`, with which a test sets and stops the clock of its environment."""

from __future__ import annotations

from datetime import datetime, timedelta
from types import TracebackType

from frontegg_async.emulator.blocking_handle import EmulatorHandle


class FrozenClock:
    """A stopped clock. It is stopped until the ``with`` block ends. Without a block it is stopped until the test ends.

    The clock runs again after the block, unless it was already stopped before the block. Blocks may be nested.
    """

    def __init__(self, emulator: EmulatorHandle, moment: datetime, *, was_stopped: bool) -> None:
        self._emulator = emulator
        self._moment = moment
        self._was_stopped = was_stopped
        self._is_over = False

    @property
    def moment(self) -> datetime:
        """The time at which the clock was stopped."""
        return self._moment

    def __enter__(self) -> datetime:
        if self._is_over:
            raise RuntimeError("the clock of this freeze() runs again: call freeze() once more to stop it")
        return self._moment

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._is_over = True
        if not self._was_stopped:
            self._emulator.clock(freeze=False)


class EmulatorClock:
    """The clock of an environment. The clock decides when tokens expire, and is the source of the times of tenants.

    The verifiers of the fixtures use this clock. If you create an `AsyncTokenVerifier` yourself, pass
    ``clock=frontegg_clock.time``.

    Args:
        emulator: The environment.
    """

    def __init__(self, emulator: EmulatorHandle) -> None:
        self._emulator = emulator

    def now(self) -> datetime:
        """Return the time of the clock."""
        return self._emulator.clock()

    def time(self) -> float:
        """Return the time in seconds since the epoch, like `time.time`. Pass this method as ``clock`` to a verifier."""
        return self._emulator.time()

    def advance(self, by: timedelta | float) -> datetime:
        """Set the clock forward and return the new time. The clock may be stopped or running.

        Args:
            by: A duration or a number of seconds. A negative value sets the clock back.

        Raises:
            ValueError: ``by`` is neither a duration nor a number, or the time would be out of range.
        """
        if not isinstance(by, timedelta | int | float):
            raise ValueError(f"by must be a timedelta or a number of seconds, not {type(by).__name__}")  # noqa: TRY004 - one kind of error
        return self._emulator.clock(advance=by)

    def freeze(self) -> FrozenClock:
        """Stop the clock.

        After a block ``with clock.freeze() as moment``, the clock continues from the time at which it was stopped. If
        the clock was already stopped before the block, it stays stopped after the block.
        """
        was_stopped = self._emulator.is_clock_frozen()
        return FrozenClock(self._emulator, self._emulator.clock(freeze=True), was_stopped=was_stopped)

    def run(self) -> datetime:
        """Let the clock continue from the time at which it was stopped."""
        return self._emulator.clock(freeze=False)
