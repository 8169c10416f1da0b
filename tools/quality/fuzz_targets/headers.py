"""Fuzz target for response headers: rate limits, dates and redirect targets."""

from __future__ import annotations

import math
from collections.abc import Iterator

from multidict import CIMultiDict

from frontegg_async._core.call.failures import error_of_redirect
from frontegg_async._core.call.rate_limits import parse_wait
from frontegg_async._core.http.attempt_results import RawResponse
from frontegg_async.endpoints.tenants import GET
from frontegg_async.errors import ErrorDetails, UnexpectedRedirectError
from quality.fuzz_targets.target import Target, check, join, split, text_of

_NOWS = (0.0, 1_700_000_000.0, 253_402_300_799.0)
_DAY = 86_400.0


def run(data: bytes) -> None:
    """Check that a wait is a number of seconds within a day, and that the error of a redirect names only the host."""
    reset, after, date, location = map(text_of, split(data, 4))
    headers = CIMultiDict({"X-Rate-Limit-Reset": reset, "Retry-After": after, "Date": date, "Location": location})
    for now in _NOWS:
        wait = parse_wait(headers, now)
        check(math.isfinite(wait) and 0.0 <= wait <= _DAY, "the wait is within a day")
        check(parse_wait(headers, now) == wait, "the same headers give the same wait")
    headers["Location"] = f"{location}?canary#canary"
    error = error_of_redirect(GET, RawResponse(302, headers, b""), ErrorDetails())
    check(isinstance(error, UnexpectedRedirectError), "a redirect raises UnexpectedRedirectError")
    check("?canary" not in error.message and "#canary" not in error.message, "the message has no query and no fragment")


def seeds() -> Iterator[bytes]:
    """Yield each form of each header."""
    resets = (
        "2023-11-14T22:13:25.125Z",
        "2023-11-15T00:13:25+02:00",
        "5",
        "2.5",
        "1700000005",
        "1700000005000",
        "soon",
    )
    for reset in resets:
        yield join(reset, "", "Tue, 14 Nov 2023 22:13:20 GMT", "https://user:password@host.example:8443/path")
    for after in ("5", "Tue, 14 Nov 2023 22:13:25 GMT", "Tuesday, 14-Nov-23 22:13:25 GMT", "Tue Nov 14 22:13:25 2023"):
        yield join("", after, "", "//[::1]:80/path")
    yield join("", "", "", "http://[::1")


TARGET = Target("headers", run, seeds)
