"""The retry budget of all clients of one environment at one host, so that retries do not add to an outage."""

from __future__ import annotations

import weakref
from collections import deque
from typing import Final

from frontegg_async._core.runtime.forks import ProcessLock


class RetryBudget:
    """A token bucket for retries, which are allowed while more than half of it is left.

    A retryable failure costs one, a success earns a half, and the budget never exceeds its size. Threads and event
    loops may share it: it has no lock, which a forked child could find held.
    """

    SIZE: Final = 100

    __slots__ = ("__weakref__", "_halves")

    def __init__(self) -> None:
        # A deque is thread-safe at its ends, and one with a maxlen does not grow.
        self._halves = deque([None] * (2 * self.SIZE), maxlen=2 * self.SIZE)

    @property
    def allows(self) -> bool:
        """Whether a retry is allowed."""
        return len(self._halves) > self.SIZE

    def spend(self) -> None:
        """Charge a retryable failure."""
        try:
            self._halves.pop()
            self._halves.pop()
        except IndexError:
            return

    def earn(self) -> None:
        """Credit a success."""
        self._halves.append(None)


_budgets: Final[weakref.WeakValueDictionary[tuple[str, str], RetryBudget]] = weakref.WeakValueDictionary()
# Reentrant, because a signal handler may make a client.
_lock: Final = ProcessLock()


def shared_budget(origin: str, client_id: str = "") -> RetryBudget:
    """Return the retry budget that all living clients of an environment share at a host.

    Args:
        origin: The host.
        client_id: The client id of the environment; without it, the budget of the host itself.
    """
    with _lock.of_process():
        budget = _budgets.get((origin, client_id))
        if budget is None:
            budget = _budgets[origin, client_id] = RetryBudget()
        return budget
