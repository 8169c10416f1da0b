"""The budget that keeps retries from becoming a flood: one for each environment and host, however many clients."""

from __future__ import annotations

import weakref
from collections import deque
from typing import Final

from frontegg_async._core.runtime.forks import ProcessLock


class RetryBudget:
    """Retries that one environment may spend at one host: none while half of the budget or less is left.

    A retryable failure costs one, a success earns half a one, and the budget never exceeds its size. Clients in other
    threads and loops may have it too: it has no lock that a forked child could find closed.
    """

    SIZE: Final = 100

    __slots__ = ("__weakref__", "_halves")

    def __init__(self) -> None:
        # The two ends of a deque are safe in any thread, and one that is full stays as long as it is.
        self._halves = deque([None] * (2 * self.SIZE), maxlen=2 * self.SIZE)

    @property
    def allows(self) -> bool:
        """Whether a retry may be made."""
        return len(self._halves) > self.SIZE

    def spend(self) -> None:
        """Account for a retryable failure."""
        try:
            self._halves.pop()
            self._halves.pop()
        except IndexError:
            return

    def earn(self) -> None:
        """Account for a success."""
        self._halves.append(None)


_budgets: Final[weakref.WeakValueDictionary[tuple[str, str], RetryBudget]] = weakref.WeakValueDictionary()
# Reentrant, since a signal's handler may make a client.
_lock: Final = ProcessLock()


def shared_budget(origin: str, client_id: str = "") -> RetryBudget:
    """Return the budget that all clients of an environment have in common at a host, as long as one of them lives.

    Args:
        origin: The host.
        client_id: The environment; where it is left out, it is the host's own.
    """
    with _lock.of_process():
        budget = _budgets.get((origin, client_id))
        if budget is None:
            budget = _budgets[origin, client_id] = RetryBudget()
        return budget
