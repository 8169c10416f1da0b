"""``RedisRateGate``: processes share closed routes (429) and request budgets."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Final, cast

from frontegg_async._core.call.rate_limits import PROBE, QUIET
from frontegg_async._core.call.retries import MAX_SERVER_WAIT
from frontegg_async._core.call.shared_rate_limits import RateTurn
from frontegg_async._values.secret import hide
from frontegg_async.integrations.redis.budgets import EVERY_ROUTE, Budget, check_budgets
from frontegg_async.integrations.redis.connections import Redis, check_prefix, open_connections

_MILLISECONDS: Final = 1_000
_MICROSECONDS: Final = 1_000_000
_LONGEST: Final = 86_400.0

_OPEN: Final = 0.05
"""Seconds that a process assumes that a route without a budget is open, to save requests to Redis."""

_RESERVE: Final = """
local closed = redis.call('PTTL', KEYS[1])
if closed > tonumber(ARGV[2]) then
  redis.call('PEXPIRE', KEYS[1], ARGV[2])
  closed = tonumber(ARGV[2])
end
if closed > 0 then return {closed * 1000, 1} end
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local most = tonumber(ARGV[1])
local wait, due = 0, {}
for i = 3, #KEYS do
  local interval, slack, horizon = tonumber(ARGV[3*i-5]), tonumber(ARGV[3*i-4]), tonumber(ARGV[3*i-3])
  due[i] = math.max(tonumber(redis.call('GET', KEYS[i]) or 0), now)
  if due[i] - now > horizon + most then due[i] = now end
  wait = math.max(wait, due[i] - slack - now)
end
if wait > most then return {math.ceil(wait), 0} end
for i = 3, #KEYS do
  local next = math.max(due[i], now + wait) + tonumber(ARGV[3*i-5])
  redis.call('SET', KEYS[i], string.format('%.0f', next), 'PX', math.ceil((next - now) / 1000))
end
if redis.call('DEL', KEYS[2]) == 1 then
  redis.call('SET', KEYS[1], '1', 'PX', ARGV[3])
  return {math.ceil(wait), 2}
end
return {math.ceil(wait), 0}
"""
"""The generic cell rate algorithm: a key stores the due time of the next evenly spaced request.

A request may be early by the slack, which allows bursts. A due time beyond the horizon is from before the clock was set
back. The time comes from Redis, so the clocks of the hosts do not matter.

The second key marks a route that was closed for the longest possible time. The first call after this time closes the
route for other calls for a moment, and sends a probe.
"""

_CLOSED: Final = 1
"""The state that a script returns for a closed route. The state 2 means that the route is open for this call only."""

_CLOSE: Final = """
if redis.call('PTTL', KEYS[1]) < tonumber(ARGV[1]) then redis.call('SET', KEYS[1], '1', 'PX', ARGV[1]) end
if tonumber(ARGV[2]) > 0 then redis.call('SET', KEYS[2], '1', 'PX', ARGV[2]) end
"""


class RedisRateGate:
    """A rate gate that stores closed routes and request budgets in Redis, for all processes of a fleet.

    Pass it to each client as ``rate_gate``. When a process receives 429 for a route, the route is closed for all
    processes until it opens again. Budgets keep the fleet below the limits in advance. A turn is the permission to send
    one request at a certain time. A process reserves one turn ahead on each route, so that busy processes get equal
    shares. A call whose turn would come after its deadline fails at once with `RateLimitError`, and uses no turn.

    Args:
        redis: The URL, such as ``redis://user:password@host:6379/0``, or a client of ``redis.asyncio``. A client is
            used in only one event loop, and is never closed.
        budgets: The budgets by the name of an operation such as ``tenants.list``, by a route such as ``GET /path/{}``,
            or by ``*`` for all requests together.
        prefix: The prefix of all keys.

    Raises:
        ConfigurationError: A setting is malformed. The message names the setting.
    """

    def __init__(
        self, redis: str | Redis, *, budgets: Mapping[str, Budget] | None = None, prefix: str = "frontegg"
    ) -> None:
        # Keep a password in the URL out of this frame, which is part of an error's traceback.
        hidden = hide(redis)
        del redis
        self._prefix = check_prefix(prefix)
        self._budgets = check_budgets(budgets)
        self._connections = open_connections(hidden)

    async def reserve(self, scope: str, route: str, most: float, /) -> RateTurn:
        """Reserve a turn in the budgets of a route.

        Args:
            scope: The scope that shares the limits.
            route: The route.
            most: The longest useful wait in seconds. A later turn is not reserved.

        Returns:
            The time of the turn, or the time at which the route opens.
        """
        keys = [self._key(scope, "closed", route), self._key(scope, "probe", route)]
        budget_arguments: list[int] = []
        for name in (route, EVERY_ROUTE):
            budget = self._budgets.get(name)
            if budget is not None:
                keys.append(self._key(scope, "due", name))
                budget_arguments.extend(_budget_arguments(budget))
        longest = max(0, round(min(most, _LONGEST) * _MICROSECONDS))
        times = (longest, _in_milliseconds(MAX_SERVER_WAIT), _in_milliseconds(PROBE))
        response = await self._connections.run(
            lambda client: client.execute_command("EVAL", _RESERVE, len(keys), *keys, *times, *budget_arguments)
        )
        wait, state = cast("tuple[int, int]", response)
        lasts = 0.0 if budget_arguments or state else _OPEN
        return RateTurn(wait / _MICROSECONDS, state == _CLOSED, lasts)

    async def close(self, scope: str, route: str, seconds: float, /) -> None:
        """Close a route for some seconds, at most 120. An existing closure is never shortened.

        After a closure of 120 seconds, a single call probes whether the route is open.
        """
        keys = self._key(scope, "closed", route), self._key(scope, "probe", route)
        lasts = _in_milliseconds(min(max(seconds, 0.001), MAX_SERVER_WAIT))
        is_probed = seconds >= MAX_SERVER_WAIT
        probe = _in_milliseconds(MAX_SERVER_WAIT + QUIET) if is_probed else 0
        await self._connections.run(lambda client: client.execute_command("EVAL", _CLOSE, 2, *keys, lasts, probe))

    async def aclose(self) -> None:
        """Close the connections of the running loop. Connections of other loops close with their loops."""
        await self._connections.aclose()

    def _key(self, scope: str, kind: str, route: str) -> str:
        # The braces put all keys of a script on one node of a Redis cluster.
        return f"{self._prefix}:{{{scope}}}:{kind}:{route}"

    def __repr__(self) -> str:
        return f"{type(self).__name__}({getattr(self, '_connections', None)!r})"


def _in_milliseconds(seconds: float) -> int:
    return math.ceil(seconds * _MILLISECONDS)


def _budget_arguments(budget: Budget) -> tuple[int, int, int]:
    interval = budget.interval * _MICROSECONDS
    slack = (budget.burst - 1) * interval
    horizon = slack + interval + MAX_SERVER_WAIT * _MICROSECONDS
    return max(1, math.ceil(interval)), math.ceil(slack), math.ceil(horizon)
