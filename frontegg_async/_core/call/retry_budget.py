"""The retry budget that all clients of one environment at one host share. It limits retries in an outage."""

from __future__ import annotations

import weakref
from collections import deque
from typing import Final

from frontegg_async._core.runtime.forks import ProcessLock


class RetryBudget:
    """A token bucket for retries. Retries are allowed while the bucket is more than half full.

    A retryable failure removes one token. A success adds half a token, up to the size of the bucket. Threads and event
    loops may share the budget. It has no lock, because a forked child could inherit a locked lock.
    """

    SIZE: Final = 100

    __slots__ = ("__weakref__", "_halves")

    def __init__(self) -> None:
        # A deque is thread-safe at its ends, and ``maxlen`` limits its size. Each item is half a token.
        self._halves = deque([None] * (2 * self.SIZE), maxlen=2 * self.SIZE)

    @property
    def allows(self) -> bool:
        """Whether a retry is allowed."""
        return len(self._halves) > self.SIZE

    def spend(self) -> None:
        """Remove one token for a retryable failure."""
        try:
            self._halves.pop()
            self._halves.pop()
        except IndexError:
            return

    def earn(self) -> None:
        """Add half a token for a success."""
        self._halves.append(None)


_budgets: Final[weakref.WeakValueDictionary[tuple[str, str], RetryBudget]] = weakref.WeakValueDictionary()
# The lock is reentrant, because a signal handler may create a client.
_lock: Final = ProcessLock()


def shared_budget(origin: str, client_id: str = "") -> RetryBudget:
    """Return the retry budget that all living clients of an environment share at a host.

    Args:
        origin: The host.
        client_id: The client id of the environment. Without it, the budget belongs to the host.
    """
    with _lock.of_process():
        budget = _budgets.get((origin, client_id))
        if budget is None:
            budget = _budgets[origin, client_id] = RetryBudget()
        return budget
