"""`Budget`: limits the number and the rate of the requests of a run."""

from __future__ import annotations

import asyncio
import math
import sys
import time
from typing import Final

from frontegg_async.bulk.pace import Pace
from frontegg_async.conformance.not_tried import NotTriedError
from frontegg_async.models.snapshots import RequestSnapshot

DEFAULT_REQUESTS: Final = 600
DEFAULT_RATE: Final = 30
"""The default number of requests a minute, the same as for exports of accounts."""
MAX_RETRIES: Final = 1
MOST: Final = 4
"""The maximum number of requests of a call: a token, the request, another token after a 401, and a repetition."""


class Budget:
    """Counts all requests of a client, including tokens and retries, and limits their rate.

    Args:
        requests: The maximum number of requests of the run.
        rate: Requests a minute; ``None`` for no limit.
    """

    def __init__(self, requests: int = DEFAULT_REQUESTS, rate: float | None = DEFAULT_RATE) -> None:
        self.requests: int = requests
        self.used: int = 0
        self.kept: int = 0
        """The number of requests that are reserved for clean-up."""
        self._pace = _pace(rate)

    def limit(self, rate: float | None) -> None:
        """Set the number of requests a minute; ``None`` for no limit."""
        self._pace = _pace(rate)

    def note(self, _: RequestSnapshot) -> None:
        """Count a request. This is the client's hook ``on_request``."""
        self.used += 1

    @property
    def left(self) -> int:
        """The number of requests that checks may still make."""
        return max(self.requests - self.used - self.kept, 0)

    def lift(self) -> None:
        """Allow requests beyond the budget from now on, so that clean-up can finish."""
        self.requests, self.kept = sys.maxsize, 0

    def check(self, most: int = MOST) -> None:
        """Raise if too few requests are left for the next call of a check.

        Args:
            most: The maximum number of requests that the next call makes.

        Raises:
            NotTriedError: Fewer than ``most`` requests are left.
        """
        if self.left < most:
            raise NotTriedError("the budget of requests is used up: a run with a larger --budget tries this check")

    async def turn(self, most: int = MOST) -> None:
        """Wait until the rate allows the next request.

        Args:
            most: The maximum number of requests that the next call makes.

        Raises:
            NotTriedError: Fewer than ``most`` requests are left for checks.
        """
        self.check(most)
        await self._pace.permit()
        self._pace.end()

    async def settle(self, used: int) -> None:
        """Wait until the rate would have allowed all requests of a call. Before the call, `turn` waits for one request.

        Args:
            used: The number of requests before the call.
        """
        for _ in range(self.used - used - 1):
            await self._pace.permit()
            self._pace.end()


def _pace(rate: float | None) -> Pace:
    return Pace(time.monotonic, asyncio.sleep, lambda: -math.inf, rate=None if rate is None else rate / 60, reserve=0)
