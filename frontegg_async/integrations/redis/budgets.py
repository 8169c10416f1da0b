"""`Budget`: the request rate that all processes of a fleet share."""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Final

import attrs

from frontegg_async._core.call.rate_limits import route_of
from frontegg_async._values.durations import in_seconds
from frontegg_async.endpoints import all_endpoints
from frontegg_async.errors import ConfigurationError

EVERY_ROUTE: Final = "*"

_ROUTE: Final = re.compile(r"[A-Z]{1,20} /[!-~]{0,1000}", re.ASCII)
_MOST_REQUESTS: Final = 1_000_000
_MOST_SECONDS: Final = 86_400.0


def _seconds(value: float | timedelta) -> float:
    return in_seconds(value, "seconds", ConfigurationError)


@attrs.frozen
class Budget:
    """A limit of requests: at most ``requests`` evenly spaced requests in a period.

    Raises:
        ConfigurationError: A value is out of range.
    """

    requests: int
    """The number of requests in a period, 1 to 1,000,000."""
    seconds: float = attrs.field(converter=_seconds)
    """The length of the period in seconds, up to a day."""
    burst: int = 1
    """The number of requests that may be sent at once after a quiet period. Later requests are spaced more widely."""

    def __attrs_post_init__(self) -> None:
        if not _is_count(self.requests, _MOST_REQUESTS):
            raise ConfigurationError(f"requests must be a whole number from 1 to {_MOST_REQUESTS:,}")
        if not _is_number(self.seconds) or not 0.001 <= self.seconds <= _MOST_SECONDS:  # noqa: PLR2004 - in seconds
            raise ConfigurationError(f"seconds must be a number from 0.001 to {_MOST_SECONDS:,.0f}")
        if not _is_count(self.burst, self.requests):
            raise ConfigurationError(f"burst must be a whole number from 1 to requests, which is {self.requests:,}")

    @property
    def interval(self) -> float:
        """The seconds between evenly spaced requests."""
        return self.seconds / (self.requests - self.burst + 1)


def check_budgets(budgets: Mapping[str, Budget] | None) -> dict[str, Budget]:
    """Return the budgets by route.

    Args:
        budgets: The budgets by the name of an operation, by route, or by ``*`` for all requests.

    Raises:
        ConfigurationError: A key names no operation or route, or a value is not a budget.
    """
    if budgets is None:
        return {}
    if not isinstance(budgets, Mapping):
        raise ConfigurationError(f"budgets must be a mapping of operations to Budget, not {type(budgets).__name__}")
    checked: dict[str, Budget] = {}
    for name, budget in budgets.items():
        if not isinstance(budget, Budget):
            raise ConfigurationError(f"budgets[{name!r}] must be a Budget, not {type(budget).__name__}")
        route = _route(name)
        if route in checked:
            raise ConfigurationError(f"budgets has two keys for the same route, {route}: one of the keys is {name!r}")
        checked[route] = budget
    return checked


def _route(name: object) -> str:
    if name == EVERY_ROUTE:
        return EVERY_ROUTE
    if isinstance(name, str) and _ROUTE.fullmatch(name):
        method, _, path = name.partition(" ")
        return route_of(method, path)
    routes = {endpoint.name: route_of(endpoint.method, endpoint.path) for endpoint in all_endpoints()}
    if isinstance(name, str) and name in routes:
        return routes[name]
    nearest = difflib.get_close_matches(str(name), routes, 1)
    hint = f"; did you mean {nearest[0]!r}?" if nearest else ""
    raise ConfigurationError(
        f"budgets[{name!r}] names no operation, as 'tenants.list', no route, as 'GET /path/{{}}', and is not '*'{hint}"
    )


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _is_count(value: object, most: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= most
