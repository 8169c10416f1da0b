"""Share rate limits among several processes (a fleet).

A 429 response to one process pauses the route for all processes.
"""

from __future__ import annotations

import asyncio
import contextvars
import hashlib
from collections.abc import Callable
from math import inf
from typing import Final, Protocol, runtime_checkable

from frontegg_async._core.call.retries import MAX_SERVER_WAIT
from frontegg_async._core.call.shared_rate_limits import RateTurn
from frontegg_async.errors import ConfigurationError
from frontegg_async.fleet.circuit_breaker import CircuitBreaker, UnusableError


@runtime_checkable
class RateGate(Protocol):
    """A store of closed routes and request budgets that several processes (a fleet) share.

    After a 429 response, the route is closed for the time that the response demands. A scope is an opaque name for one
    client id at one host. Different scopes share nothing. A route is a method and a path template, such as ``GET
    /tenants/resources/tenants/v2/{}``. An exception of a gate never makes a call fail. The process continues without
    the gate, logs the outage once, and uses the gate again when it works. An operation that takes more than a second is
    also a failure.
    """

    async def reserve(self, scope: str, route: str, most: float, /) -> RateTurn:
        """Reserve a turn: the time at which a process may send its next request on a route.

        Args:
            scope: The scope.
            route: The route.
            most: The maximum number of seconds to wait for the turn. If the turn would be later, no turn is reserved.

        Returns:
            The turn, or the time when the route opens.
        """
        ...

    async def close(self, scope: str, route: str, seconds: float, /) -> None:
        """Close a route. If the route is already closed for a longer time, the longer time stays.

        Args:
            scope: The scope.
            route: The route.
            seconds: The seconds until the route opens, at most 120.
        """
        ...


_ABOUT: Final = 1.0
"""The seconds within which several 429 responses to concurrent calls are announced only once."""


class SharedRates:
    """The shared rate limits of one account.

    Args:
        gate: The store of the rate limits.
        clock: The monotonic clock.
        account: The account: the host, and optionally the client id and the environment id.
        breaker: The circuit breaker of the gate, if other objects of this process also use the gate. By default, a new
            circuit breaker.
    """

    def __init__(
        self,
        gate: RateGate,
        clock: Callable[[], float],
        *,
        account: tuple[str, ...],
        breaker: CircuitBreaker | None = None,
    ) -> None:
        self._gate = gate
        self._clock = clock
        self._scope = hashlib.sha256("\0".join(account).encode()).hexdigest()
        self._breaker = CircuitBreaker("rate gate", clock) if breaker is None else breaker
        self._announced: dict[str, float] = {}
        self._open_until: dict[str, float] = {}
        self._ignored_until = -inf
        self._queues: dict[str, tuple[asyncio.AbstractEventLoop, asyncio.Lock]] = {}
        self._closing: set[asyncio.Task[None]] = set()

    def for_account(self, account: tuple[str, ...]) -> SharedRates:
        """Return the rate limits of another account in the same gate, with the same circuit breaker."""
        return SharedRates(self._gate, self._clock, account=account, breaker=self._breaker)

    def queue(self, route: str) -> asyncio.Lock:
        """Return the lock with which the calls of this process wait for their turns on a route.

        Only one call of a process at a time reserves a turn, so that a busy process does not displace other processes.
        """
        loop = asyncio.get_running_loop()
        known = self._queues.get(route)
        if known is None or known[0] is not loop:
            known = self._queues[route] = (loop, asyncio.Lock())
        return known[1]

    async def reserve(self, route: str, most: float) -> RateTurn:
        """Reserve a turn. While the gate cannot be used, the turn is immediate."""
        if self._breaker.is_open or self._clock() < self._open_until.get(route, -inf):
            return RateTurn(0.0)
        try:
            turn = await self._breaker.use(self._gate.reserve(self._scope, route, most))
        except UnusableError:
            return RateTurn(0.0)
        self._breaker.note_success()
        if turn.is_closed and self._clock() < self._ignored_until and route not in self._announced:
            return RateTurn(0.0)
        if turn.lasts:
            self._open_until[route] = self._clock() + turn.lasts
        return turn

    def close(self, route: str, seconds: float) -> None:
        """Announce to the other processes, in a background task, that a route is closed for a time."""
        seconds = min(seconds, MAX_SERVER_WAIT)
        opens_at = self._clock() + seconds
        self._open_until.pop(route, None)
        if not self._breaker.is_open and opens_at > self._announced.get(route, -inf) + _ABOUT:
            self._announced[route] = opens_at
            task = asyncio.get_running_loop().create_task(self._announce(route, seconds), context=contextvars.Context())
            self._closing.add(task)
            task.add_done_callback(self._closing.discard)

    def open_all(self) -> None:
        """Let the calls of this process ignore all closed routes. A new 429 response closes its route again.

        The routes stay closed for the other processes. The effect ends after 120 seconds, the longest time for which a
        route can be closed.
        """
        self._ignored_until = self._clock() + MAX_SERVER_WAIT
        self._announced.clear()

    async def _announce(self, route: str, seconds: float) -> None:
        try:
            await self._breaker.use(self._gate.close(self._scope, route, seconds))
        except UnusableError:
            self._announced.pop(route, None)


def shared_rates(gate: RateGate, clock: Callable[[], float], *, account: tuple[str, ...]) -> SharedRates:
    """Return the shared rate limits of a client.

    Raises:
        ConfigurationError: The gate is not a `RateGate`.
    """
    if not isinstance(gate, RateGate):
        raise ConfigurationError(f"rate_gate must be a RateGate, not {type(gate).__name__}")
    return SharedRates(gate, clock, account=account)
