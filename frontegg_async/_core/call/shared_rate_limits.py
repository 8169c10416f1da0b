"""The interface of rate limits that several processes share; the package ``fleet`` implements it."""

from __future__ import annotations

import asyncio
from typing import Protocol

import attrs


@attrs.frozen
class RateTurn:
    """The time at which a call may be sent."""

    seconds: float
    """The seconds from now; 0 for at once."""
    is_closed: bool = False
    """Whether the route is closed until then, so that the call must reserve again."""
    lasts: float = 0.0
    """The seconds during which other calls of this process without a budget need no turn."""


class SharedRateLimits(Protocol):
    """The rate limits of one account, shared with other processes.

    No method raises: calls continue without shared limits.
    """

    def for_account(self, account: tuple[str, ...], /) -> SharedRateLimits:
        """Return the rate limits of another account, kept in the same store."""
        ...

    def queue(self, route: str, /) -> asyncio.Lock:
        """Return the lock that a call holds while it waits for its turn on a route."""
        ...

    async def reserve(self, route: str, most: float, /) -> RateTurn:
        """Reserve a turn on a route, unless it is later than ``most`` seconds from now."""
        ...

    def close(self, route: str, seconds: float, /) -> None:
        """Announce to the other processes that a route is closed for some seconds."""
        ...

    def open_all(self) -> None:
        """Let the calls of this process ignore closed routes."""
        ...
