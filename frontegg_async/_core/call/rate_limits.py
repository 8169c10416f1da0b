"""Rate limits: parse the wait in a 429 response, and delay calls to a limited route by a gate."""

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
"""The seconds to wait after a 429 without a usable header."""

SPREAD: Final = 2.0
"""The seconds over which waiting calls are spread when a gate opens."""

PROBE: Final = 2.0
"""The seconds for which the first call after a shortened wait is the only call on its route."""

QUIET: Final = 60.0
"""The seconds after a rate limit during which pages of the limited route are not prefetched."""

_FIELD: Final = re.compile(r"\{[^}]*\}")
_DAY: Final = 86_400.0
_NUMBER: Final = r"[0-9]{1,13}(?:\.[0-9]{1,6})?"
_RFC3339: Final = (
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,9})?(?:[Zz]|[+-][0-9]{2}:[0-9]{2})"
)


def parse_wait(headers: Mapping[str, str], now: float) -> float:
    """Return the seconds that a 429 asks to wait.

    The first usable value of this list is returned:

    - ``X-Rate-Limit-Reset``, an RFC 3339 date-time or a plausible number.
    - ``Retry-After``, a number of seconds or a date.
    - `DEFAULT_WAIT`.

    Dates are compared with the ``Date`` header if the response has one, so that a wrong local clock does no harm.

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
    """Return a wait that was computed from a date."""
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
        opens_at: The time at which the gate opens, on the monotonic clock.
        response: The response that closed the gate.
        is_capped: Whether the service requested a longer wait than the gate enforces. Then a single call is sent first
            as a probe.
    """

    opens_at: float
    response: RawResponse
    is_capped: bool = False


@functools.lru_cache(maxsize=1024)
def route_of(method: str, template: str) -> str:
    """Return the key of a rate limit: a method and a path template without the names of its fields."""
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
        """Close the route of an operation for some seconds. If the route is already closed for longer, nothing changes.

        Args:
            endpoint: The operation.
            wait: The seconds that the service requested. The wait is at most `MAX_SERVER_WAIT`, so that a single wrong
                response cannot close the route for a day.
            response: The response that requested the wait.
        """
        route = route_of(endpoint.method, endpoint.path)
        opens_at = self._clock() + min(wait, MAX_SERVER_WAIT)
        known = self.by_route.get(route)
        if known is None or opens_at > known.opens_at:
            self.by_route[route] = Gate(opens_at, response, wait > MAX_SERVER_WAIT)

    def pass_through(self, endpoint: Endpoint[object]) -> None:
        """Let a call pass. If it is the first after a shortened wait, close the gate to others for `PROBE` seconds."""
        route = route_of(endpoint.method, endpoint.path)
        gate = self.by_route.get(route)
        if gate is not None and gate.is_capped:
            self.by_route[route] = Gate(self._clock() + PROBE, gate.response)

    def open_all(self) -> None:
        """Open the gates of all routes."""
        self.by_route.clear()

    def closed(self, endpoint: Endpoint[object]) -> Gate | None:
        """Return the gate of an operation's route if the gate is closed now."""
        gate = self.last(endpoint)
        return gate if gate is not None and gate.opens_at > self._clock() else None

    def last(self, endpoint: Endpoint[object]) -> Gate | None:
        """Return the gate of an operation's route, open or closed. ``None`` if it was never closed."""
        return self.by_route.get(route_of(endpoint.method, endpoint.path))

    def draw_spread(self) -> float:
        """Return a random delay for a call after a gate opens, so that not all calls are sent at once."""
        return self._rng() * SPREAD

    def was_limited(self, endpoint: Endpoint[object]) -> bool:
        """Return whether an operation's route is closed, or was closed within the last `QUIET` seconds."""
        gate = self.last(endpoint)
        return gate is not None and self._clock() < gate.opens_at + QUIET
