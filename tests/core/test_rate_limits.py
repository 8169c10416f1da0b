"""Rate limits: parsing the headers of a 429 response, and gates that delay calls to a route."""

from __future__ import annotations

import datetime as dt
import math
from typing import Final

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from multidict import CIMultiDict, CIMultiDictProxy

from frontegg_async._core.call.rate_limits import DEFAULT_WAIT, SPREAD, Gates, parse_wait
from frontegg_async._core.http.attempt_results import RawResponse
from frontegg_async.endpoints import Endpoint
from frontegg_async.endpoints.tenants import CREATE, GET, LIST

_NOW: Final = 1_700_000_000.0
"""2023-11-14T22:13:20Z, a Tuesday."""

_RESET: Final = "X-Rate-Limit-Reset"
_AFTER: Final = "Retry-After"
_GARBAGE: Final = 60.0
"""What is waited after a response that does not say."""

# fmt: off
_VECTORS: Final[list[tuple[dict[str, str], float]]] = [
    # RFC 3339, as the gateway sends it
    ({_RESET: "2023-11-14T22:13:25Z"}, 5),
    ({_RESET: "2023-11-14T22:13:20Z"}, 0),
    ({_RESET: "2023-11-14T22:14:50Z"}, 90),
    ({_RESET: "2023-11-14T23:13:20Z"}, 3_600),
    ({_RESET: "2023-11-15T22:13:20Z"}, 86_400),
    ({_RESET: "2023-11-14T22:13:25.5Z"}, 5.5),
    ({_RESET: "2023-11-14T22:13:25.125Z"}, 5.125),
    ({_RESET: "2023-11-14T22:13:25.250000Z"}, 5.25),
    ({_RESET: "2023-11-14T22:13:25.250000000Z"}, 5.25),
    ({_RESET: "2023-11-14t22:13:25z"}, 5),
    ({_RESET: "2023-11-14 22:13:25Z"}, 5),
    ({_RESET: "  2023-11-14T22:13:25Z "}, 5),
    ({_RESET: "2023-11-14T22:13:25+00:00"}, 5),
    ({_RESET: "2023-11-14T22:13:25-00:00"}, 5),
    ({_RESET: "2023-11-15T00:13:25+02:00"}, 5),
    ({_RESET: "2023-11-15T03:58:25+05:45"}, 5),
    ({_RESET: "2023-11-14T14:13:25-08:00"}, 5),
    # Past, and farther than any limit lasts
    ({_RESET: "2023-11-14T22:13:19Z"}, 0),
    ({_RESET: "2023-11-14T12:00:00Z"}, 0),
    ({_RESET: "2023-11-13T22:13:20Z"}, 0),
    ({_RESET: "2023-11-13T22:13:19Z"}, _GARBAGE),
    ({_RESET: "2023-11-15T22:13:21Z"}, _GARBAGE),
    ({_RESET: "1970-01-01T00:00:00Z"}, _GARBAGE),
    ({_RESET: "0001-01-01T00:00:00+23:59"}, _GARBAGE),
    ({_RESET: "9999-12-31T23:59:59-23:59"}, _GARBAGE),
    # No date-time of RFC 3339, or none of the calendar
    ({_RESET: "2023-11-14T22:13:25"}, _GARBAGE),
    ({_RESET: "2023-11-14"}, _GARBAGE),
    ({_RESET: "2023-11-14T22:13Z"}, _GARBAGE),
    ({_RESET: "2023-11-14T22:13:60Z"}, _GARBAGE),
    ({_RESET: "2023-11-14T25:13:25Z"}, _GARBAGE),
    ({_RESET: "2023-02-30T22:13:25Z"}, _GARBAGE),
    ({_RESET: "2023-13-14T22:13:25Z"}, _GARBAGE),
    ({_RESET: "0000-01-01T00:00:00Z"}, _GARBAGE),
    ({_RESET: "2023-11-14T22:13:25+24:00"}, _GARBAGE),
    ({_RESET: "2023-11-14T22:13:25.Z"}, _GARBAGE),
    ({_RESET: "2023-11-14T22:13:25Zx"}, _GARBAGE),
    ({_RESET: "2023-11-14T22:13:25Z, 2023-11-14T22:13:26Z"}, _GARBAGE),
    ({_RESET: "\u0662\u0660\u0662\u0663-11-14T22:13:25Z"}, _GARBAGE),
    ({_RESET: "Tue, 14 Nov 2023 22:13:25 GMT"}, _GARBAGE),
    # Seconds
    ({_RESET: "0"}, 0),
    ({_RESET: "5"}, 5),
    ({_RESET: " 7 "}, 7),
    ({_RESET: "2.5"}, 2.5),
    ({_RESET: "007"}, 7),
    ({_RESET: "86400"}, 86_400),
    ({_RESET: "86401"}, _GARBAGE),
    ({_RESET: "100000000"}, _GARBAGE),
    # Seconds or milliseconds of the epoch, when plausible
    ({_RESET: "1700000005"}, 5),
    ({_RESET: "1700000005.5"}, 5.5),
    ({_RESET: "1699999990"}, 0),
    ({_RESET: "1700000005000"}, 5),
    ({_RESET: "1700000005500"}, 5.5),
    ({_RESET: "1700086400"}, 86_400),
    ({_RESET: "1700086401"}, _GARBAGE),
    ({_RESET: "1800000000"}, _GARBAGE),
    ({_RESET: "1800000000000"}, _GARBAGE),
    ({_RESET: "9999999999999"}, _GARBAGE),
    ({_RESET: "1700000005000000000"}, _GARBAGE),
    # Garbage
    ({_RESET: ""}, _GARBAGE),
    ({_RESET: "-5"}, _GARBAGE),
    ({_RESET: "+5"}, _GARBAGE),
    ({_RESET: "1e3"}, _GARBAGE),
    ({_RESET: "0x10"}, _GARBAGE),
    ({_RESET: "1_000"}, _GARBAGE),
    ({_RESET: "5s"}, _GARBAGE),
    ({_RESET: "5,5"}, _GARBAGE),
    ({_RESET: "\u0665"}, _GARBAGE),
    ({_RESET: "nan"}, _GARBAGE),
    ({_RESET: "inf"}, _GARBAGE),
    ({_RESET: "null"}, _GARBAGE),
    ({_RESET: "soon"}, _GARBAGE),
    ({_RESET: "9" * 5_000}, _GARBAGE),
    # Retry-After, in seconds or as a date in each form of HTTP
    ({_AFTER: "5"}, 5),
    ({_AFTER: "0"}, 0),
    ({_AFTER: " 120 "}, 120),
    ({_AFTER: "86400"}, 86_400),
    ({_AFTER: "86401"}, _GARBAGE),
    ({_AFTER: "9999999999"}, _GARBAGE),
    ({_AFTER: "Tue, 14 Nov 2023 22:13:25 GMT"}, 5),
    ({_AFTER: "Tue, 14 Nov 2023 22:13:25 +0000"}, 5),
    ({_AFTER: "Wed, 15 Nov 2023 00:13:25 +0200"}, 5),
    ({_AFTER: "Tuesday, 14-Nov-23 22:13:25 GMT"}, 5),
    ({_AFTER: "Tue Nov 14 22:13:25 2023"}, 5),
    ({_AFTER: "Tue, 14 Nov 2023 22:13:25 -0000"}, 5),
    ({_AFTER: "Tue, 14 Nov 2023 22:13:15 GMT"}, 0),
    ({_AFTER: "Sun, 06 Nov 1994 08:49:37 GMT"}, _GARBAGE),
    ({_AFTER: "Fri, 31 Dec 9999 23:59:59 GMT"}, _GARBAGE),
    ({_AFTER: "Tue, 14 Nov 99999 22:13:25 GMT"}, _GARBAGE),
    ({_AFTER: "Tue, 34 Nov 2023 22:13:25 GMT"}, _GARBAGE),
    ({_AFTER: "Tue, 14 Nov 2023 22:13:25 +9999"}, _GARBAGE),
    ({_AFTER: "-5"}, _GARBAGE),
    ({_AFTER: "soon"}, _GARBAGE),
    ({_AFTER: ""}, _GARBAGE),
    ({_AFTER: "," * 30}, _GARBAGE),
    ({_AFTER: "14 Nov 23 22:13:25 +9999999999999999"}, _GARBAGE),
    ({_AFTER: "Tuesday, 14 November 2023 22:13:25 +0000"}, 5),
    ({_AFTER: "Tuesday, 14  November 2023 22:13:25 +0000"}, _GARBAGE),
    ({_AFTER: "Tue, 14 Nov 2023 22:13:25 GMT" + " " * 5_000 + "x"}, _GARBAGE),
    # The first that says something counts
    ({_RESET: "2023-11-14T22:13:25Z", _AFTER: "7"}, 5),
    ({_RESET: "soon", _AFTER: "7"}, 7),
    ({_RESET: "2023-12-14T22:13:25Z", _AFTER: "7"}, 7),
    ({_RESET: "1800000000", _AFTER: "Tue, 14 Nov 2023 22:13:27 GMT"}, 7),
    ({_RESET: "soon", _AFTER: "later"}, _GARBAGE),
    ({_RESET: "0", _AFTER: "7"}, 0),
    # Nothing, as from the services behind the gateway
    ({}, _GARBAGE),
    ({"X-Rate-Limit-Remaining": "0", "X-Rate-Limit-Limit": "100"}, _GARBAGE),
    # Dates are held against the clock of the service
    ({_RESET: "2023-11-15T22:13:25Z", "Date": "Wed, 15 Nov 2023 22:13:20 GMT"}, 5),
    ({_RESET: "2023-11-13T22:13:25Z", "Date": "Mon, 13 Nov 2023 22:13:20 GMT"}, 5),
    ({_RESET: "2013-11-14T22:13:25Z", "Date": "Thu, 14 Nov 2013 22:13:20 GMT"}, 5),
    ({_RESET: "1700086405", "Date": "Wed, 15 Nov 2023 22:13:20 GMT"}, 5),
    ({_RESET: "1700086405000", "Date": "Wed, 15 Nov 2023 22:13:20 GMT"}, 5),
    ({_AFTER: "Wed, 15 Nov 2023 22:13:25 GMT", "Date": "Wed, 15 Nov 2023 22:13:20 GMT"}, 5),
    ({_AFTER: "7", "Date": "Wed, 15 Nov 2023 22:13:20 GMT"}, 7),
    ({_RESET: "7", "Date": "Mon, 13 Nov 2023 22:13:20 GMT"}, 7),
    ({_RESET: "2023-11-14T22:13:25Z", "Date": "yesterday"}, 5),
    ({_RESET: "2023-11-14T22:13:25Z", "Date": ""}, 5),
]
# fmt: on


def test_there_are_enough_vectors() -> None:
    """The table above is the promised size."""
    assert len(_VECTORS) >= 60


@pytest.mark.parametrize(("headers", "wait"), _VECTORS, ids=lambda value: ascii(value)[:80])
def test_vectors(headers: dict[str, str], wait: float) -> None:
    """Each form gives the wait that it means, and what means nothing gives a minute."""
    assert DEFAULT_WAIT == _GARBAGE
    assert parse_wait(CIMultiDictProxy(CIMultiDict(headers)), _NOW) == pytest.approx(wait, abs=1e-4)
    assert parse_wait(CIMultiDict({name.upper(): value for name, value in headers.items()}), _NOW) == pytest.approx(
        wait, abs=1e-4
    )


@given(
    reset=st.none() | st.text(max_size=40) | st.integers().map(str) | st.floats().map(repr) | st.datetimes().map(str),
    after=st.none() | st.text(max_size=50) | st.integers().map(str) | st.floats().map(repr),
    date=st.none() | st.text(max_size=50),
    now=st.floats(0, 4e9),
)
def test_any_header(reset: str | None, after: str | None, date: str | None, now: float) -> None:
    """Whatever the headers hold, the wait is a finite number of seconds within a day."""
    given_headers = {_RESET: reset, _AFTER: after, "Date": date}
    wait = parse_wait(CIMultiDict({name: text for name, text in given_headers.items() if text is not None}), now)
    assert math.isfinite(wait)
    assert 0.0 <= wait <= 86_400.0


@given(
    moment=st.datetimes(dt.datetime(2020, 1, 1), dt.datetime(2040, 1, 1)),  # noqa: DTZ001 - the zone is drawn apart
    offset=st.integers(-23 * 60, 23 * 60),
    wait=st.integers(0, 86_400),
)
def test_any_zone(moment: dt.datetime, offset: int, wait: int) -> None:
    """The zone in which a reset is written does not matter."""
    base = moment.replace(microsecond=0, tzinfo=dt.UTC)
    zone = dt.timezone(dt.timedelta(minutes=offset))
    text = (base + dt.timedelta(seconds=wait)).astimezone(zone).isoformat()
    assert parse_wait(CIMultiDict({_RESET: text}), base.timestamp()) == pytest.approx(wait)


class _Clock:
    """Time that stands until it is moved."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


_REPLY: Final = RawResponse(429, CIMultiDict(), b"")
_OTHER: Final = RawResponse(429, CIMultiDict(), b"")


def test_a_gate_is_closed_until_its_moment() -> None:
    """Calls of a route wait while its gate is closed; other routes do not."""
    clock = _Clock()
    gates = Gates(clock, lambda: 0.0)
    assert not gates.by_route
    assert gates.closed(LIST) is None

    gates.close(LIST, 5.0, _REPLY)

    assert gates.by_route
    assert gates.closed(GET) is None
    for now, is_closed in ((1_000.0, True), (1_004.9, True), (1_005.0, False), (1_006.0, False)):
        clock.now = now
        gate = gates.closed(LIST)
        assert (gate is not None) is is_closed
        assert gate is None or gate.response is _REPLY


def test_a_gate_is_never_opened_earlier() -> None:
    """A later response closes a gate for longer, and never for shorter."""
    clock = _Clock()
    gates = Gates(clock, lambda: 0.0)
    gates.close(LIST, 5.0, _REPLY)
    gates.close(LIST, 2.0, _OTHER)
    gates.close(LIST, 5.0, _OTHER)
    first = gates.closed(LIST)
    gates.close(LIST, 9.0, _OTHER)
    second = gates.closed(LIST)
    assert first is not None
    assert second is not None
    assert (first.opens_at, first.response) == (1_005.0, _REPLY)
    assert (second.opens_at, second.response) == (1_009.0, _OTHER)


def test_a_long_wait_is_capped_and_probed() -> None:
    """A route is closed for two minutes at most; then one call goes first, and the others a moment later."""
    clock = _Clock()
    gates = Gates(clock, lambda: 0.0)
    gates.close(LIST, 86_400.0, _REPLY)
    gates.close(GET, 120.0, _REPLY)
    clock.now += 119.9
    assert gates.closed(LIST) is not None
    clock.now += 0.1
    assert (gates.closed(LIST), gates.closed(GET)) == (None, None)
    for endpoint in (LIST, GET, CREATE):
        gates.pass_through(endpoint)
    second = gates.closed(LIST)
    assert second is not None
    assert (second.opens_at, second.response) == (1_122.0, _REPLY)
    assert gates.closed(GET) is None
    clock.now += 2.0
    assert gates.closed(LIST) is None
    gates.pass_through(LIST)
    assert gates.closed(LIST) is None


def test_gates_may_be_opened_by_hand() -> None:
    """All of them at once."""
    gates = Gates(_Clock(), lambda: 0.0)
    gates.close(LIST, 5.0, _REPLY)
    gates.open_all()
    assert (gates.closed(LIST), gates.by_route) == (None, {})


@pytest.mark.parametrize(("random", "spread"), [(0.0, 0.0), (0.25, 0.5), (1.0, 2.0)])
def test_calls_are_spread_behind_a_gate(random: float, spread: float) -> None:
    """A call waits up to two seconds more than until the gate opens, so that not all come at once."""
    assert SPREAD == 2.0
    assert Gates(_Clock(), lambda: random).draw_spread() == spread


def test_a_route_is_a_method_and_a_template() -> None:
    """Another operation on the same route is limited too, whatever its name and its fields are called."""
    gates = Gates(_Clock(), lambda: 0.0)
    path = GET.path.replace("tenant_id", "id")
    own = Endpoint(name="my.get", method="GET", path=path, auth=GET.auth, returns=object)
    gates.close(GET, 5.0, _REPLY)
    assert gates.closed(own) is not None
    assert gates.was_limited(own)
    assert gates.closed(attrs.evolve(own, method="PUT")) is None


def test_a_route_is_remembered_as_limited() -> None:
    """For a minute after its gate opened, a route is not read ahead."""
    clock = _Clock()
    gates = Gates(clock, lambda: 0.0)
    assert not gates.was_limited(LIST)
    gates.close(LIST, 5.0, _REPLY)
    assert not gates.was_limited(GET)
    for now, was_limited in ((1_000.0, True), (1_005.0, True), (1_064.9, True), (1_065.0, False)):
        clock.now = now
        assert gates.was_limited(LIST) is was_limited
