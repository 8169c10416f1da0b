"""What JavaScript makes of JSON values."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta, timezone

import pytest

from frontegg_async._values.javascript_values import as_number, as_text, as_time, milliseconds


@pytest.mark.parametrize(
    ("value", "number"),
    [
        *((5, 5.0), (True, 1.0), (None, 0.0), ("", 0.0), (" 5 ", 5.0), ("\ufeff5", 5.0), ("5e1", 50.0), (".5", 0.5)),
        *(("0x1F", 31.0), ("0b11", 3.0), ("0o17", 15.0), ("-Infinity", -math.inf), ([], 0.0), ([5], 5.0), (["5"], 5.0)),
        *((10**400, math.inf), (datetime(1970, 1, 1, 0, 0, 1, tzinfo=UTC), 1_000.0)),
    ],
)
def test_numbers(value: object, number: float) -> None:
    """As ``Number(value)``, and as ``value.getTime()``."""
    assert as_number(value) == number


@pytest.mark.parametrize(
    "value", ["a", "5a", "1_000", "\u0665", "infinity", "nan", "-0x1", [1, 2], {}, {"a": 1}, math.nan]
)
def test_no_numbers(value: object) -> None:
    """They are neither less nor more than any number."""
    assert math.isnan(as_number(value))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        *(("a", "a"), (None, "null"), (True, "true"), (5, "5"), (5.0, "5"), (5.5, "5.5"), (-0.0, "0"), (1e21, "1e+21")),
        *(
            (1e20, "100000000000000000000"),
            (1e-7, "1e-7"),
            (1.5e-7, "1.5e-7"),
            (1e-6, "0.000001"),
            (1.25e-5, "0.0000125"),
        ),
        *(
            (2**53 + 1, "9007199254740992"),
            (math.nan, "NaN"),
            (math.inf, "Infinity"),
            ([], ""),
            ([1, None, ["a"]], "1,,a"),
        ),
        *(
            ({}, "[object Object]"),
            (datetime(2026, 1, 1, tzinfo=UTC), None),
            ([datetime(2026, 1, 1, tzinfo=UTC)], None),
        ),
    ],
)
def test_texts(value: object, text: str | None) -> None:
    """As ``String(value)``."""
    assert as_text(value) == text


@pytest.mark.parametrize(
    ("value", "time"),
    [
        *(("1970-01-01", 0), ("1970", 0), ("1970-01", 0), ("1970-01-01T00:00", 0), ("1970-01-01T00:00:01Z", 1_000)),
        *(
            ("1970-01-01T00:00:00.0019Z", 1),
            ("1970-01-01T02:00:00+02:00", 0),
            ("1970-01-01 00:00:00", 0),
            (1_000, 1_000),
        ),
        *(("2026-13-01", None), ("2026-02-30", None), ("soon", None), ("", None), ("20260101", None), (None, None)),
        *((8.64e15, 8_640_000_000_000_000), (8.65e15, None), (-math.inf, None), (1e300, None)),
        *((True, None), (math.nan, None), ("2026-01-01T25:00Z", None), ("2026-01-01T00:00:00+2", None)),
    ],
)
def test_times(value: object, time: int | None) -> None:
    """Those of the service, where no zone means UTC."""
    assert as_time(value) == time


def test_milliseconds() -> None:
    """A time without a zone is in UTC; what is less than a millisecond does not count."""
    time = datetime(1970, 1, 1, 0, 0, 0, 1_999, tzinfo=UTC)
    assert milliseconds(time) == milliseconds(time.replace(tzinfo=None)) == 1
    assert milliseconds(time.replace(tzinfo=timezone(timedelta(hours=1)))) == 1 - 3_600_000
