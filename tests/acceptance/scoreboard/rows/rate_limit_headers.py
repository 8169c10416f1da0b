"""Headers of a 429 and the seconds that they ask to wait, at 2025-06-30T23:59:50Z, a Monday."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

NOW: Final = 1_751_327_990.0
UNTOLD: Final = 60.0
"""What is waited when an answer does not say, or nothing that can be."""

_RESET: Final = "X-Rate-Limit-Reset"
_AFTER: Final = "Retry-After"

_RESETS: Final[Mapping[str, float]] = {
    # RFC 3339: the day, the month and the half-year end while one waits
    "2025-06-30T23:59:50Z": 0,
    "2025-06-30T23:59:59Z": 9,
    "2025-07-01T00:00:00Z": 10,
    "2025-07-01T00:01:50Z": 120,
    "2025-07-01T23:59:50Z": 86_400,
    "2025-07-01T00:00:00.5Z": 10.5,
    "2025-07-01T00:00:00.125Z": 10.125,
    "2025-07-01T00:00:00.250000Z": 10.25,
    "2025-07-01T00:00:00.250000000Z": 10.25,
    "2025-07-01t00:00:00z": 10,
    "2025-07-01 00:00:00Z": 10,
    "2025-07-01T00:00:00+00:00": 10,
    "2025-07-01T00:00:00-00:00": 10,
    "2025-07-01T02:00:00+02:00": 10,
    "2025-06-30T14:30:00-09:30": 10,
    "2025-07-01T13:45:00+13:45": 10,
    # Times in the past, and times after the end of any limit
    "2025-06-30T23:59:49Z": 0,
    "2025-06-30T12:00:00Z": 0,
    "2025-06-29T23:59:49Z": UNTOLD,
    "2025-07-01T23:59:51Z": UNTOLD,
    "2035-07-01T00:00:00Z": UNTOLD,
    "1970-01-01T00:00:00Z": UNTOLD,
    "9999-12-31T23:59:59Z": UNTOLD,
    "0001-01-01T00:00:00+14:00": UNTOLD,
    # Texts that are not a time
    "2025-07-01T00:00:00": UNTOLD,
    "2025-07-01": UNTOLD,
    "2025-06-31T00:00:00Z": UNTOLD,
    "2025-02-29T00:00:00Z": UNTOLD,
    "2025-07-01T24:00:01Z": UNTOLD,
    "2025-07-01T00:00:00+99:00": UNTOLD,
    "2025-07-01T00:00:00Z; 1": UNTOLD,
    "Tue, 01 Jul 2025 00:00:00 GMT": UNTOLD,
    # Seconds from now
    "0": 0,
    "1": 1,
    "030": 30,
    "0.75": 0.75,
    "86400": 86_400,
    "86401": UNTOLD,
    # Seconds and milliseconds of the epoch
    "1751328000": 10,
    "1751328000.25": 10.25,
    "1751327980": 0,
    "1751414390": 86_400,
    "1751414391": UNTOLD,
    "1751328000000": 10,
    "1751328000250": 10.25,
    "1751327000000": 0,
    "1900000000": UNTOLD,
    "1900000000000": UNTOLD,
    # Junk and the absurd
    "": UNTOLD,
    "soon": UNTOLD,
    "-5": UNTOLD,
    "+5": UNTOLD,
    "1e3": UNTOLD,
    "0x10": UNTOLD,
    "5 s": UNTOLD,
    "1,5": UNTOLD,
    "NaN": UNTOLD,
    "Infinity": UNTOLD,
    "9" * 400: UNTOLD,
    "\u0665": UNTOLD,
    "null": UNTOLD,
}

_AFTERS: Final[Mapping[str, float]] = {
    "0": 0,
    "7": 7,
    "120": 120,
    "86400": 86_400,
    "86401": UNTOLD,
    "-1": UNTOLD,
    "later": UNTOLD,
    "": UNTOLD,
    # The three forms of an HTTP date
    "Tue, 01 Jul 2025 00:00:00 GMT": 10,
    "Tuesday, 01-Jul-25 00:00:00 GMT": 10,
    "Tue Jul  1 00:00:00 2025": 10,
    "Mon, 30 Jun 2025 23:59:00 GMT": 0,
    "Tue, 01 Jul 2035 00:00:00 GMT": UNTOLD,
    "Tue, 32 Jul 2025 00:00:00 GMT": UNTOLD,
}

_WRONG_CLOCKS: Final[tuple[tuple[Mapping[str, str], float], ...]] = (
    # Times are by the service's own clock, which is an hour, a day or ten years away from the client's
    ({_RESET: "2025-07-01T01:00:05Z", "Date": "Tue, 01 Jul 2025 01:00:00 GMT"}, 5),
    ({_RESET: "2025-06-29T23:00:05Z", "Date": "Sun, 29 Jun 2025 23:00:00 GMT"}, 5),
    ({_RESET: "2035-07-01T00:00:05Z", "Date": "Sun, 01 Jul 2035 00:00:00 GMT"}, 5),
    ({_RESET: "1751331605", "Date": "Tue, 01 Jul 2025 01:00:00 GMT"}, 5),
    ({_RESET: "1751331605000", "Date": "Tue, 01 Jul 2025 01:00:00 GMT"}, 5),
    ({_AFTER: "Tue, 01 Jul 2025 01:00:05 GMT", "Date": "Tue, 01 Jul 2025 01:00:00 GMT"}, 5),
    ({_RESET: "5", "Date": "Sun, 01 Jul 2035 00:00:00 GMT"}, 5),
    ({_RESET: "2025-07-01T00:00:00Z", "Date": "yesterday"}, 10),
    # A reset that is absurd by the service's own clock
    ({_RESET: "2025-07-01T00:00:00Z", "Date": "Sun, 01 Jul 2035 00:00:00 GMT"}, UNTOLD),
)

_BOTH: Final[tuple[tuple[Mapping[str, str], float], ...]] = (
    ({_RESET: "2025-07-01T00:00:00Z", _AFTER: "3"}, 10),
    ({_RESET: "4", _AFTER: "90"}, 4),
    ({_RESET: "soon", _AFTER: "3"}, 3),
    ({_RESET: "2035-07-01T00:00:00Z", _AFTER: "3"}, 3),
    ({_RESET: "", _AFTER: "Tue, 01 Jul 2025 00:00:00 GMT"}, 10),
    ({_RESET: "soon", _AFTER: "later"}, UNTOLD),
    ({_RESET.lower(): "6"}, 6),
    ({_AFTER.upper(): "6"}, 6),
    ({}, UNTOLD),
)

VECTORS: Final[tuple[tuple[Mapping[str, str], float], ...]] = (
    *(({_RESET: text}, wait) for text, wait in _RESETS.items()),
    *(({_AFTER: text}, wait) for text, wait in _AFTERS.items()),
    *_WRONG_CLOCKS,
    *_BOTH,
)
