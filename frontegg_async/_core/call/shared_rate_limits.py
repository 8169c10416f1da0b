"""The interface of rate limits that several processes share. The package ``fleet`` implements it."""

from __future__ import annotations

import asyncio
from typing import Protocol

import attrs


@attrs.frozen
class RateTurn:
    """A reservation in a shared rate limit: the time at which a call may be sent."""

    seconds: float
    """The seconds from now until the call may be sent. 0 means at once."""
    is_closed: bool = False
    """Whether the route is closed until that time. Then the call must reserve again."""
    lasts: float = 0.0
    """The seconds during which further calls of this process without a rate budget need no reservation."""


class SharedRateLimits(Protocol):
    """The rate limits of one account, shared with other processes.

    No method raises an exception. If the store fails, calls continue without shared limits.
    """

    def for_account(self, account: tuple[str, ...], /) -> SharedRateLimits:
        """Return the rate limits of another account in the same store."""
        ...

    def queue(self, route: str, /) -> asyncio.Lock:
        """Return the lock that a call holds while it waits for a reservation on a route."""
        ...

    async def reserve(self, route: str, most: float, /) -> RateTurn:
        """Reserve the next free time on a route, unless that time is more than ``most`` seconds from now."""
        ...

    def close(self, route: str, seconds: float, /) -> None:
        """Announce to the other processes that a route is closed for some seconds."""
        ...

    def open_all(self) -> None:
        """Let the calls of this process ignore that routes are closed."""
        ...
