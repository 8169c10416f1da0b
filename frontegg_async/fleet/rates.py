"""The rate limits that the processes of a fleet share: a route that is closed for one is closed for all."""

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
    """Where the processes of a fleet keep which routes are closed, and their budget of requests.

    A scope is opaque: it stands for one client id at one host, and nothing is shared between two of them. A route is a
    method and a path template, as ``GET /tenants/resources/tenants/v2/{}``. What a gate raises never ends a call: the
    process goes on with what it knows itself, says so once in the log, and comes back when it can. A step of more than
    a second counts as a failure.
    """

    async def reserve(self, scope: str, route: str, most: float, /) -> RateTurn:
        """Take a turn of the budget on a route.

        Args:
            scope: Whose.
            route: The route.
            most: The longest wait that is of use, in seconds; if the turn is later, none is taken.

        Returns:
            When it is, or when the route opens.
        """
        ...

    async def close(self, scope: str, route: str, seconds: float, /) -> None:
        """Close a route for some seconds, at most 120, never shorter than it is closed already."""
        ...


_ABOUT: Final = 1.0
"""Seconds by which the responses differ that close a route to the calls that were under way together."""


class SharedRates:
    """The rate limits of a client that others share.

    Args:
        gate: Where they are kept.
        clock: The monotonic clock.
        account: Who is limited: the host, and the client id and the environment's id if there are any.
        breaker: What says that the gate cannot be used, if others of this process use it too.
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
        self._disregarded_until = -inf
        self._queues: dict[str, tuple[asyncio.AbstractEventLoop, asyncio.Lock]] = {}
        self._closing: set[asyncio.Task[None]] = set()

    def for_account(self, account: tuple[str, ...]) -> SharedRates:
        """Return the rate limits of another account, kept by the same gate: its outage is said once for both."""
        return SharedRates(self._gate, self._clock, account=account, breaker=self._breaker)

    def queue(self, route: str) -> asyncio.Lock:
        """Return the line in which the calls of this process wait for their turns on a route.

        One of them at a time has a turn ahead of it, so that turns go round among busy processes.
        """
        loop = asyncio.get_running_loop()
        known = self._queues.get(route)
        if known is None or known[0] is not loop:
            known = self._queues[route] = (loop, asyncio.Lock())
        return known[1]

    async def reserve(self, route: str, most: float) -> RateTurn:
        """Take a turn; at once while the gate cannot be used."""
        if self._breaker.is_open or self._clock() < self._open_until.get(route, -inf):
            return RateTurn(0.0)
        try:
            turn = await self._breaker.use(self._gate.reserve(self._scope, route, most))
        except UnusableError:
            return RateTurn(0.0)
        self._breaker.note_success()
        if turn.is_closed and self._clock() < self._disregarded_until and route not in self._announced:
            return RateTurn(0.0)
        if turn.lasts:
            self._open_until[route] = self._clock() + turn.lasts
        return turn

    def close(self, route: str, seconds: float) -> None:
        """Tell the others that a route is closed, beside the call that found it; once for all that find it together."""
        seconds = min(seconds, MAX_SERVER_WAIT)
        opens_at = self._clock() + seconds
        self._open_until.pop(route, None)
        if not self._breaker.is_open and opens_at > self._announced.get(route, -inf) + _ABOUT:
            self._announced[route] = opens_at
            task = asyncio.get_running_loop().create_task(self._announce(route, seconds), context=contextvars.Context())
            self._closing.add(task)
            task.add_done_callback(self._closing.discard)

    def open_all(self) -> None:
        """Have the calls of this process disregard which routes are closed, until a response of the service closes one.

        What is kept for the others stays as it is; it ends by itself before this does.
        """
        self._disregarded_until = self._clock() + MAX_SERVER_WAIT
        self._announced.clear()

    async def _announce(self, route: str, seconds: float) -> None:
        try:
            await self._breaker.use(self._gate.close(self._scope, route, seconds))
        except UnusableError:
            self._announced.pop(route, None)


def shared_rates(gate: RateGate | None, clock: Callable[[], float], *, account: tuple[str, ...]) -> SharedRates | None:
    """Return what a client shares with others by the gate that it was given, if it was given one.

    Raises:
        ConfigurationError: It was given something else.
    """
    if gate is None:
        return None
    if not isinstance(gate, RateGate):
        raise ConfigurationError(f"rate_gate must be a RateGate, not {type(gate).__name__}")
    return SharedRates(gate, clock, account=account)
