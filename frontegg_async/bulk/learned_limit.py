"""`LearnedLimit` learns from 429s which rate the service allows a job."""

from __future__ import annotations

from typing import Final

import msgspec

_GROWTH: Final = 1.1
"""What the rate grows by after each window without a 429."""
_CUT: Final = 0.8
"""What is left of the rate after a 429 in a window that was not seen whole."""
_WHOLE: Final = 0.95
"""The share of a window from which it counts as whole: clocks and networks differ a little."""
_FEW: Final = 10
"""Windows without a 429 at the highest rate known, after which more is tried."""
_MANY: Final = 80
"""The most of these: each try that fails doubles them, since it takes from what is left to others."""
_ROUND: Final = frozenset({"1", "2", "3", "4", "5", "6", "7", "8", "9", "12", "15", "18", "24", "25", "36", "48"})
"""How limits begin, without the zeros at their end: round numbers, and a minute of some requests a second."""
TEN: Final = 10
"""What each number of requests that may be a limit is a multiple of."""


class LearnedLimit(msgspec.Struct):
    """The rate that a limit of the service leaves to a job; times are seconds by one clock.

    Limits hold for windows. A 429 says when its window ends; what the job sent in it is its limit only if the job saw
    the window from its start, as after an earlier 429: of the first one, others or an earlier run may have sent most.
    """

    limited: float = 0.0
    """Requests a second; 0 while no limit is known."""
    most: float = 0.0
    """The rate up to which it grows back quickly."""
    window: float = 0.0
    """The seconds of a window; 0 while none was seen whole."""
    began: float = 0.0
    """When the window began, or since when it is seen."""
    is_fresh: bool = False
    """Whether the window began then, since an earlier one ended with a 429."""
    is_measured: bool = False
    """Whether the last 429 ended a window that was seen whole."""
    clean: int = 0
    """The windows without a 429 at the highest rate."""
    patience: int = _FEW
    """The windows without a 429 after which more is tried."""

    def see(self, now: float) -> None:
        """Note the time from which the first window is seen.

        Args:
            now: The time.
        """
        self.began = self.began or now

    def learn(self, opens_at: float, accepted: int, share: float) -> None:
        """Learn from a 429.

        Args:
            opens_at: When the window ends.
            accepted: The requests of the job that the window accepted.
            share: The share of the limit that is not left to others.
        """
        seconds = max(opens_at - self.began, 1.0)
        is_whole = self.is_fresh or (self.window > 0 and seconds >= _WHOLE * self.window)
        self.is_measured = is_whole and accepted > 0
        is_trying = self.clean >= self.patience
        if self.is_measured:
            self.window = seconds
            self.limited = accepted * share / seconds
        elif accepted:
            # A try goes up to twice beyond the limit before it is refused.
            self.limited *= share / _GROWTH**2 if is_trying else _CUT
        if is_trying:
            self.patience = min(2 * self.patience, _MANY)
            self.most = 0.0
        self.most = max(self.most, self.limited)
        self.clean = 0
        self.began = opens_at
        self.is_fresh = True

    def add_late(self, accepted: int, share: float) -> None:
        """Add requests of the window that the last 429 ended, which were counted after that 429.

        Args:
            accepted: Their number.
            share: The share of the limit that is not left to others.
        """
        self.limited += accepted * share / self.window
        self.most = max(self.most, self.limited)

    def grow(self, now: float) -> bool:
        """Take a little more after a window without a 429; return whether such a window is over.

        Args:
            now: The time.
        """
        if not self.limited or now - self.began <= self.window:
            return False
        self.began, self.is_fresh = now, False
        self.clean += self.limited >= self.most
        if self.clean >= self.patience:
            self.most *= _GROWTH
        self.limited = min(self.limited * _GROWTH, self.most)
        return True

    def interval(self, rate: float | None) -> float:
        """Return the seconds between two requests; 0 while nothing limits them.

        Args:
            rate: The rate that was asked for, in requests a second, which wins over what was learned.
        """
        used = rate or self.limited
        return 1 / used if used else 0.0

    def may_be_reached(self, sent: int) -> bool:
        """Whether as many requests as were sent in the window may be the limit.

        Args:
            sent: How many.
        """
        if sent <= 0 or sent % TEN:
            return False
        # Once a 429 has shown that there is one, it is looked for at every ten, and not only at the usual limits.
        return self.is_fresh or str(sent).rstrip("0") in _ROUND
