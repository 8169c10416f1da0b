"""JavaScript's conversions of JSON values to numbers, texts and times. Entitlement rules need the same results."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final, cast

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND: Final = timedelta(milliseconds=1)
_SPACE: Final = "\t\n\v\f\r \u00a0\u1680\u2028\u2029\u202f\u205f\u3000\ufeff" + "".join(map(chr, range(0x2000, 0x200B)))
"""White space in JavaScript."""
_DECIMAL: Final = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?", re.ASCII)
_OTHER_BASE: Final = re.compile(r"0[xX][0-9a-fA-F]+|0[oO][0-7]+|0[bB][01]+", re.ASCII)
_INFINITIES: Final = {"Infinity": math.inf, "+Infinity": math.inf, "-Infinity": -math.inf}
_TIME: Final = re.compile(
    r"[0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2}"
    r"(?:[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?(?:Z|[+-][0-9]{2}:[0-9]{2})?)?)?)?",
    re.ASCII,
)
_LAST_TIME: Final = 8.64e15
"""JavaScript's last time, in milliseconds since 1970."""
_FIRST_DAY: Final = "0000-01-01"
_LARGE: Final = 1e21
_SMALL: Final = -7
"""From this magnitude on, and at this power of ten, JavaScript formats numbers with an exponent."""


def as_number(value: object) -> float:
    """Return the number that JavaScript uses for a value in a comparison with a number. The number may be NaN."""
    if isinstance(value, bool | int | float):
        return _as_double(value)
    if value is None:
        return 0.0
    if isinstance(value, datetime):
        return float(milliseconds(value))
    text = as_text(value)
    return math.nan if text is None else _number_of(text.strip(_SPACE))


def as_text(value: object) -> str | None:
    """Return JavaScript's text for a value; ``None`` for a time, whose text depends on the machine."""
    if isinstance(value, str):
        return value
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return _text_of(_as_double(value))
    if isinstance(value, list | tuple):
        parts = ["" if each is None else as_text(each) for each in cast("Sequence[object]", value)]
        return None if None in parts else ",".join(part or "" for part in parts)
    return "[object Object]" if isinstance(value, Mapping) else None


def as_time(value: object) -> int | None:
    """Return the milliseconds since 1970 for a time in the service's format; ``None`` for other values.

    Args:
        value: A number of milliseconds, or a text in ISO 8601. A text without a time zone is in UTC.
    """
    if isinstance(value, str):
        return _time_of(value)
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) <= _LAST_TIME:
        return None
    return int(value)


def milliseconds(time: datetime) -> int:
    """Return the milliseconds since 1970 for a time. A time without a zone is in UTC."""
    return ((time.replace(tzinfo=UTC) if time.utcoffset() is None else time) - _EPOCH) // _MILLISECOND


def _as_double(number: float) -> float:
    try:
        return float(number)
    except OverflowError:
        return math.inf if number > 0 else -math.inf


def _number_of(text: str) -> float:
    if not text:
        return 0.0
    if _DECIMAL.fullmatch(text):
        return float(text)
    return _as_double(int(text, 0)) if _OTHER_BASE.fullmatch(text) else _INFINITIES.get(text, math.nan)


def _text_of(number: float) -> str:
    if math.isnan(number):
        return "NaN"
    if math.isinf(number):
        return "Infinity" if number > 0 else "-Infinity"
    if number == int(number) and abs(number) < _LARGE:
        return str(int(number))
    mantissa, _, exponent = repr(number).partition("e")
    if not exponent:
        return mantissa
    power = int(exponent)
    if _SMALL < power < 0:
        return f"{number:.{len(mantissa.replace('.', '').lstrip('-')) - 1 - power}f}"
    return f"{mantissa.removesuffix('.0')}e{power:+d}"


def _time_of(text: str) -> int | None:
    if _TIME.fullmatch(text) is None:
        return None
    try:
        return milliseconds(datetime.fromisoformat(text + _FIRST_DAY[len(text) :]))
    except ValueError:  # no such day or hour
        return None
