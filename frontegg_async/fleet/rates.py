"""The rate limits that the processes of a fleet share: a route that is closed for one is closed for all."""

from __future__ import annotations

import asyncio
import contextvars
from collections.abc import Callable
from typing import Protocol, runtime_checkable

import attrs

from frontegg_async.errors import ConfigurationError
from frontegg_async.fleet.standby import Standby, UnusableError


@attrs.frozen
class Turn:
    """When a call may be sent.

    Args:
        seconds: From now; 0 for at once.
        is_closed: Whether the route is closed until then, so that the call has to ask again.
    """

    seconds: float
    is_closed: bool = False


@runtime_checkable
class RateGate(Protocol):
    """Where the processes of a fleet keep which routes are closed, and their budget of requests.

    A route is a method, and a host with a path template, as ``GET https://api.frontegg.com/tenants/resources/tenants/v2``,
    with ``{}`` for each field. What a gate raises never ends a call: the process goes on with what it
    knows itself, says so once in the log, and comes back when it can. A step of more than a second counts as a failure.
    """

    async def reserve(self, route: str, most: float, /) -> Turn:
        """Take a turn of the budget on a route.

        Args:
            route: The route.
            most: The longest wait that is of use, in seconds; if the turn is later, none is taken.

        Returns:
            When it is, or when the route opens.
        """
        ...

    async def close(self, route: str, seconds: float, /) -> None:
        """Close a route for some seconds, never shorter than it is closed already."""
        ...


def check_rate_gate(value: RateGate | None) -> RateGate | None:
    """Return a rate gate.

    Raises:
        ConfigurationError: It is none.
    """
    if value is not None and not isinstance(value, RateGate):
        raise ConfigurationError(f"rate_gate must be a RateGate, not {type(value).__name__}")
    return value


_AT_ONCE = Turn(0.0)


class SharedRates:
    """The rate limits of a client that others share.

    Args:
        gate: Where they are kept.
        origin: The host that limits.
        clock: The monotonic clock.
    """

    def __init__(self, gate: RateGate, origin: str, clock: Callable[[], float]) -> None:
        self._gate = gate
        self._origin = origin
        self._standby = Standby("rate gate", clock)
        self._lines: dict[str, tuple[asyncio.AbstractEventLoop, asyncio.Lock]] = {}
        self._closing: set[asyncio.Task[None]] = set()

    def line(self, route: str) -> asyncio.Lock:
        """Return the line in which the calls of this process wait for their turns on a route.

        One of them at a time has a turn ahead of it, so that turns go round among busy processes.
        """
        loop = asyncio.get_running_loop()
        known = self._lines.get(route)
        if known is None or known[0] is not loop:
            known = self._lines[route] = (loop, asyncio.Lock())
        return known[1]

    async def reserve(self, route: str, most: float) -> Turn:
        """Take a turn; at once while the gate cannot be used."""
        if self._standby.is_resting:
            return _AT_ONCE
        try:
            turn = await self._standby.use(self._gate.reserve(self._at_host(route), most))
        except UnusableError:
            return _AT_ONCE
        self._standby.note_success()
        return turn

    def close(self, route: str, seconds: float) -> None:
        """Tell the others that a route is closed, beside the call that found it."""
        if not self._standby.is_resting:
            task = asyncio.get_running_loop().create_task(self._tell(route, seconds), context=contextvars.Context())
            self._closing.add(task)
            task.add_done_callback(self._closing.discard)

    def _at_host(self, route: str) -> str:
        method, _, path = route.partition(" ")
        return f"{method} {self._origin}{path}"

    async def _tell(self, route: str, seconds: float) -> None:
        try:
            await self._standby.use(self._gate.close(self._at_host(route), seconds))
        except UnusableError:
            return
