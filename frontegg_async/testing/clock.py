"""`EmulatorClock`: lets a test set and stop the clock of its environment."""

from __future__ import annotations

from datetime import datetime, timedelta
from types import TracebackType

from frontegg_async.emulator.blocking_handle import EmulatorHandle


class FrozenClock:
    """A clock that is stopped until the end of its ``with`` block, or without a block until the end of the test.

    At the end of the block it runs on, unless it was stopped before the block: blocks may be nested.
    """

    def __init__(self, emulator: EmulatorHandle, moment: datetime, *, was_stopped: bool) -> None:
        self._emulator = emulator
        self._moment = moment
        self._was_stopped = was_stopped
        self._is_over = False

    @property
    def moment(self) -> datetime:
        """The time at which it was stopped."""
        return self._moment

    def __enter__(self) -> datetime:
        if self._is_over:
            raise RuntimeError("this freeze has ended: call freeze() again")
        return self._moment

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._is_over = True
        if not self._was_stopped:
            self._emulator.clock(freeze=False)


class EmulatorClock:
    """Reads, sets and stops the clock of an environment, which decides the expiry of tokens and the times of tenants.

    An `AsyncTokenVerifier` follows it if it is made with ``clock=frontegg_clock.time``, as the verifiers of the
    fixtures are.

    Args:
        emulator: The environment.
    """

    def __init__(self, emulator: EmulatorHandle) -> None:
        self._emulator = emulator

    def now(self) -> datetime:
        """Return its time."""
        return self._emulator.clock()

    def time(self) -> float:
        """Return its time in seconds of the epoch, as `time.time` does: the ``clock`` of a verifier."""
        return self._emulator.time()

    def advance(self, by: timedelta | float) -> datetime:
        """Set it forward, whether it is stopped or not; return its time after that.

        Args:
            by: A duration, or seconds; negative ones set it back.

        Raises:
            ValueError: ``by`` is neither, or the time would be out of range.
        """
        if not isinstance(by, timedelta | int | float):
            raise ValueError(f"by must be a timedelta or a number of seconds, not {type(by).__name__}")  # noqa: TRY004 - one kind of error
        return self._emulator.clock(advance=by)

    def freeze(self) -> FrozenClock:
        """Stop it; at the end of ``with clock.freeze() as moment`` it runs on from there.

        A clock that is stopped already stays stopped, also after the block.
        """
        was_stopped = self._emulator.is_clock_frozen()
        return FrozenClock(self._emulator, self._emulator.clock(freeze=True), was_stopped=was_stopped)

    def run(self) -> datetime:
        """Let it run on from where it was stopped."""
        return self._emulator.clock(freeze=False)
