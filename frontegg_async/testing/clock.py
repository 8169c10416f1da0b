"""`EmulatorClock`: the clock of an environment of the emulator, in the hands of a test."""

from __future__ import annotations

from datetime import datetime, timedelta
from types import TracebackType

from frontegg_async.emulator.blocking_handle import EmulatorHandle


class FrozenClock:
    """A clock that stands still until the end of its ``with`` block, if it has one, or of the test.

    At the end of the block it runs on, unless it stood still before already: blocks may be nested.
    """

    def __init__(self, emulator: EmulatorHandle, moment: datetime, *, stood_still: bool) -> None:
        self._emulator = emulator
        self._moment = moment
        self._stood_still = stood_still
        self._is_over = False

    @property
    def moment(self) -> datetime:
        """The moment that it was stopped at."""
        return self._moment

    def __enter__(self) -> datetime:
        if self._is_over:
            raise RuntimeError("the block of this freeze has ended: call freeze() again")
        return self._moment

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._is_over = True
        if not self._stood_still:
            self._emulator.clock(freeze=False)


class EmulatorClock:
    """Reads, sets and stops the clock by which the emulator refuses expired tokens and gives tenants their times.

    A `TokenVerifier` goes by the clock of its machine: a token that is issued while this clock is set back has expired
    for it.

    Args:
        emulator: The environment.
    """

    def __init__(self, emulator: EmulatorHandle) -> None:
        self._emulator = emulator

    def now(self) -> datetime:
        """Return the moment that it is."""
        return self._emulator.clock()

    def advance(self, by: timedelta | float) -> datetime:
        """Set it forward, also while it stands still; return the moment that it is then.

        Args:
            by: How far: a duration, or seconds; a negative one sets it back.

        Raises:
            ValueError: The moment is out of range.
        """
        return self._emulator.clock(advance=by.total_seconds() if isinstance(by, timedelta) else by)

    def freeze(self) -> FrozenClock:
        """Stop it where it is; ``with clock.freeze() as moment`` lets it run on from there at the end.

        A clock that stands still already stays as it is, also after the block.
        """
        stood_still = self._emulator.is_clock_frozen()
        return FrozenClock(self._emulator, self._emulator.clock(freeze=True), stood_still=stood_still)

    def run(self) -> datetime:
        """Let it run on from where it stands."""
        return self._emulator.clock(freeze=False)
