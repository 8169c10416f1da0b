"""`Budget`: how many requests a run may make, and how fast."""

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
"""Requests a minute: what exporters of accounts keep to."""
MAX_RETRIES: Final = 1
MOST: Final = 4
"""What a call makes at most: a request, its repetition, and both a new token and another one after a 401."""


class Budget:
    """Counts all requests of a client, those for tokens and retries included, and lets them go at a rate.

    Args:
        requests: The most requests.
        rate: Requests a minute; ``None`` for no limit.
    """

    def __init__(self, requests: int = DEFAULT_REQUESTS, rate: float | None = DEFAULT_RATE) -> None:
        self.requests: int = requests
        self.used: int = 0
        self.kept: int = 0
        """The requests that clean-up will need."""
        self._pace = _pace(rate)

    def limit(self, rate: float | None) -> None:
        """Set the requests a minute; ``None`` for no limit."""
        self._pace = _pace(rate)

    def note(self, _: RequestSnapshot) -> None:
        """Count a request: the hook ``on_request`` of the client."""
        self.used += 1

    @property
    def left(self) -> int:
        """The requests that checks may still make."""
        return max(self.requests - self.used - self.kept, 0)

    def lift(self) -> None:
        """Let requests exceed the budget from now on: clean-up does not end half-way."""
        self.requests, self.kept = sys.maxsize, 0

    def check(self, most: int = MOST) -> None:
        """Refuse to go on without requests for checks.

        Args:
            most: The most requests that the next call makes.

        Raises:
            NotTriedError: Fewer are left.
        """
        if self.left < most:
            raise NotTriedError("the budget of requests is used up: a larger --budget tries it")

    async def turn(self, most: int = MOST) -> None:
        """Wait for the next request.

        Args:
            most: The most requests that the next call makes.

        Raises:
            NotTriedError: Fewer are left for checks.
        """
        self.check(most)
        await self._pace.permit()
        self._pace.end()

    async def settle(self, used: int) -> None:
        """Wait as long as the rate asks for the requests that a call made after its first one.

        Args:
            used: The requests that were made before the call.
        """
        for _ in range(self.used - used - 1):
            await self._pace.permit()
            self._pace.end()


def _pace(rate: float | None) -> Pace:
    return Pace(time.monotonic, asyncio.sleep, lambda: -math.inf, rate=None if rate is None else rate / 60, reserve=0)
