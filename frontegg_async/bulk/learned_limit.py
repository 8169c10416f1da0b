"""`LearnedLimit` estimates from 429 responses the rate that the service allows a job."""

from __future__ import annotations

from typing import Final

import msgspec

_GROWTH: Final = 1.1
"""The factor by which the rate grows after each window without a 429. A window is the time in which the service counts
requests.
"""
_CUT: Final = 0.8
"""The factor by which a 429 reduces the rate if the job did not see the whole window."""
_WHOLE: Final = 0.95
"""If a job sees at least this share of a window, it saw the whole window. Clocks and networks differ a little."""
_FEW: Final = 10
"""The number of windows without a 429 at the highest known rate, after which the job tries a higher rate."""
_MANY: Final = 80
"""The maximum number of windows without a 429 before the job tries a higher rate. Each failed try doubles the number,
since a try uses requests that are reserved for other clients.
"""
_ROUND: Final = frozenset({"1", "2", "3", "4", "5", "6", "7", "8", "9", "12", "15", "18", "24", "25", "36", "48"})
"""The first digits of usual limits, without trailing zeros: round numbers, and 60 times a small number per second."""
TEN: Final = 10
"""Each number of requests that may be a limit is a multiple of 10."""


class LearnedLimit(msgspec.Struct):
    """The rate that a limit of the service leaves to a job. All times are seconds of one clock.

    The service counts requests in windows of time. A 429 says when the current window ends. The number of requests that
    the job sent in the window is the limit only if the job saw the start of the window, for example after an earlier
    429. In the first window, other clients or an earlier run may have sent most of the requests.
    """

    limited: float = 0.0
    """The limited rate in requests per second; 0 while no limit is known."""
    most: float = 0.0
    """The rate up to which ``limited`` grows back quickly."""
    window: float = 0.0
    """The length of a window in seconds; 0 until the job has seen a whole window."""
    began: float = 0.0
    """The time since which the job observes the current window."""
    is_fresh: bool = False
    """Whether the current window began at ``began``. This is so if a 429 ended the previous window."""
    is_measured: bool = False
    """Whether the job saw the whole window that the last 429 ended."""
    clean: int = 0
    """The number of windows without a 429 at the highest known rate."""
    patience: int = _FEW
    """The number of windows without a 429 after which the job tries a higher rate."""

    def see(self, now: float) -> None:
        """Store the time since which the job observes the first window.

        Args:
            now: The time.
        """
        self.began = self.began or now

    def learn(self, opens_at: float, accepted: int, share: float) -> None:
        """Learn from a 429.

        Args:
            opens_at: The end of the current window.
            accepted: The number of requests of the job that the service accepted in the window.
            share: The share of the limit that the job may use.
        """
        seconds = max(opens_at - self.began, 1.0)
        is_whole = self.is_fresh or (self.window > 0 and seconds >= _WHOLE * self.window)
        self.is_measured = is_whole and accepted > 0
        is_trying = self.clean >= self.patience
        if self.is_measured:
            self.window = seconds
            self.limited = accepted * share / seconds
        elif accepted:
            # A try raises the rate up to twice before the service refuses a request.
            self.limited *= share / _GROWTH**2 if is_trying else _CUT
        if is_trying:
            self.patience = min(2 * self.patience, _MANY)
            self.most = 0.0
        self.most = max(self.most, self.limited)
        self.clean = 0
        self.began = opens_at
        self.is_fresh = True

    def add_late(self, accepted: int, share: float) -> None:
        """Add accepted requests of the last window that were counted only after its 429.

        Args:
            accepted: The number of these requests.
            share: The share of the limit that the job may use.
        """
        self.limited += accepted * share / self.window
        self.most = max(self.most, self.limited)

    def grow(self, now: float) -> bool:
        """Raise the rate a little after a window without a 429; return whether the rate was raised.

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
        """Return the seconds between two requests; 0 if the rate is not limited.

        Args:
            rate: The configured rate in requests per second. It replaces the learned rate.
        """
        used = rate or self.limited
        return 1 / used if used else 0.0

    def may_be_reached(self, sent: int) -> bool:
        """Return whether the number of requests in the current window may equal the limit of the service.

        Args:
            sent: The number of requests that were sent in the window.
        """
        if sent <= 0 or sent % TEN:
            return False
        # After a 429 a limit certainly exists, so each multiple of ten may be the limit, not only the usual limits.
        return self.is_fresh or str(sent).rstrip("0") in _ROUND
