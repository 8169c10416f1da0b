"""Rate limits: parse them from a 429 response, and keep gates that delay calls to a limited route."""

from __future__ import annotations

import datetime as dt
import functools
import re
from collections.abc import Callable, Mapping
from email.utils import parsedate_to_datetime
from typing import Final

import msgspec

from frontegg_async._core.call.retries import MAX_SERVER_WAIT
from frontegg_async._core.http.attempt_results import RawResponse
from frontegg_async.endpoints import Endpoint

DEFAULT_WAIT: Final = 60.0
"""Seconds to wait after a 429 without a usable header."""

SPREAD: Final = 2.0
"""Seconds over which waiting calls are spread when a gate opens."""

PROBE: Final = 2.0
"""Seconds for which the first call after a capped wait is the only one on its route."""

QUIET: Final = 60.0
"""Seconds after a rate limit during which pages of that route are not prefetched."""

_FIELD: Final = re.compile(r"\{[^}]*\}")
_DAY: Final = 86_400.0
_NUMBER: Final = r"[0-9]{1,13}(?:\.[0-9]{1,6})?"
_RFC3339: Final = (
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,9})?(?:[Zz]|[+-][0-9]{2}:[0-9]{2})"
)


def parse_wait(headers: Mapping[str, str], now: float) -> float:
    """Return the seconds that a 429 asks to wait.

    ``X-Rate-Limit-Reset`` as an RFC 3339 date-time or a plausible number, else ``Retry-After`` as seconds or a date,
    else `DEFAULT_WAIT`. Dates are compared with the ``Date`` header if there is one, so that a wrong local clock does
    no harm.

    Args:
        headers: The headers of the response, case-insensitive.
        now: The local time, in seconds of the epoch.
    """
    date = parse_http_date(headers.get("Date", ""))
    base = now if date is None else date
    for wait in (
        _parse_reset(headers.get("X-Rate-Limit-Reset", ""), base),
        _parse_retry_after(headers.get("Retry-After", ""), base),
    ):
        if wait is not None:
            return wait
    return DEFAULT_WAIT


def _parse_reset(text: str, base: float) -> float | None:
    text = text.strip()
    if re.fullmatch(_RFC3339, text):
        try:
            moment = dt.datetime.fromisoformat(text.upper()).timestamp()
        except (ValueError, OverflowError):
            return None
        return _plausible(moment - base)
    if not re.fullmatch(_NUMBER, text):
        return None
    number = float(text)
    if number <= _DAY:
        return number
    for scale in (1.0, 1000.0):
        if abs(number / scale - base) <= _DAY:
            return _plausible(number / scale - base)
    return None


def _parse_retry_after(text: str, base: float) -> float | None:
    text = text.strip()
    if re.fullmatch(_NUMBER, text):
        return float(text) if float(text) <= _DAY else None
    date = parse_http_date(text)
    return None if date is None else _plausible(date - base)


def _plausible(wait: float) -> float | None:
    """Return a wait computed from a date, or ``None`` if it is too far from now to be right."""
    return max(0.0, wait) if abs(wait) <= _DAY else None


def parse_http_date(text: str) -> float | None:
    """Return the date of a header in seconds since 1970, or ``None`` if the text is not a date."""
    if not text or len(text) > 40:  # noqa: PLR2004 - an HTTP date has 29 characters
        return None
    try:
        date = parsedate_to_datetime(text)
        return (date if date.tzinfo else date.replace(tzinfo=dt.UTC)).timestamp()
    except (ValueError, OverflowError, IndexError, TypeError):
        return None


class Gate(msgspec.Struct, frozen=True, eq=False):
    """A gate that delays calls to one route.

    Args:
        opens_at: The time at which it opens, on the monotonic clock.
        response: The response that closed it.
        is_capped: Whether the service asked for a longer wait. Then one call is sent first as a probe.
    """

    opens_at: float
    response: RawResponse
    is_capped: bool = False


@functools.lru_cache(maxsize=1024)
def route_of(method: str, template: str) -> str:
    """Return the unit of rate limiting: a method and a path template without the names of its fields."""
    return f"{method} {_FIELD.sub('{}', template)}"


class Gates:
    """The gates of all routes.

    Args:
        clock: The monotonic clock.
        rng: Returns a random number from 0 to 1.
    """

    def __init__(self, clock: Callable[[], float], rng: Callable[[], float]) -> None:
        self._clock = clock
        self._rng = rng
        self.by_route: dict[str, Gate] = {}

    def close(self, endpoint: Endpoint[object], wait: float, response: RawResponse) -> None:
        """Close the route of an operation for some seconds. A gate that is closed for longer does not change.

        Args:
            endpoint: The operation.
            wait: The seconds that the service asked for. They are capped at `MAX_SERVER_WAIT`, since one wrong response
                would close the route for a day otherwise.
            response: The response that asked for them.
        """
        route = route_of(endpoint.method, endpoint.path)
        opens_at = self._clock() + min(wait, MAX_SERVER_WAIT)
        known = self.by_route.get(route)
        if known is None or opens_at > known.opens_at:
            self.by_route[route] = Gate(opens_at, response, wait > MAX_SERVER_WAIT)

    def pass_through(self, endpoint: Endpoint[object]) -> None:
        """Let a call pass; if it is the first after a capped wait, close the gate to others for `PROBE` seconds."""
        route = route_of(endpoint.method, endpoint.path)
        gate = self.by_route.get(route)
        if gate is not None and gate.is_capped:
            self.by_route[route] = Gate(self._clock() + PROBE, gate.response)

    def open_all(self) -> None:
        """Open the gates of all routes."""
        self.by_route.clear()

    def closed(self, endpoint: Endpoint[object]) -> Gate | None:
        """Return the gate of the route of an operation if it is closed now."""
        gate = self.last(endpoint)
        return gate if gate is not None and gate.opens_at > self._clock() else None

    def last(self, endpoint: Endpoint[object]) -> Gate | None:
        """Return the gate of the route of an operation, open or closed, if it was ever closed."""
        return self.by_route.get(route_of(endpoint.method, endpoint.path))

    def draw_spread(self) -> float:
        """Return a random delay for a call behind an opened gate, so that not all calls are sent at once."""
        return self._rng() * SPREAD

    def was_limited(self, endpoint: Endpoint[object]) -> bool:
        """Return whether the gate of the route of an operation is closed, or was within the last `QUIET` seconds."""
        gate = self.last(endpoint)
        return gate is not None and self._clock() < gate.opens_at + QUIET
