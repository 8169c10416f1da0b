"""`Settings`: the settings of a job, for the ledger and for the engine."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Final, TypeAlias, cast

import attrs

from frontegg_async._core.checks import arguments
from frontegg_async._values.flags import check_flag
from frontegg_async._values.json_values import JsonValue
from frontegg_async._values.kinds import shown
from frontegg_async.errors import InvalidArgumentError

Rate: TypeAlias = float | str | None
"""A rate: requests per second as a number, or text such as ``400/s`` or ``1000/min``.

``None`` stands for the rate that the service allows.
"""

_RATE: Final = re.compile(r"\s*([0-9]+(?:\.[0-9]+)?)\s*/\s*(s|sec|second|m|min|minute|h|hour)\s*", re.ASCII)
_SECONDS: Final = {"s": 1.0, "m": 60.0, "h": 3600.0}

MaxFailures: TypeAlias = int | float | None
"""The maximum number of rows that may fail: a whole number, or a share of all rows below 1."""

RESERVE: Final = 0.2
"""The default share of the service's limit that is left to other clients."""

_MOST_CONCURRENT: Final = 1_000


@attrs.frozen(kw_only=True)
class Settings:
    """The settings of a job."""

    concurrency: int
    """The maximum number of simultaneous requests."""
    rate: float | None
    """The maximum number of requests per second; ``None`` for the rate that the service allows."""
    reserve: float
    """The share of the service's limit that is left to other clients."""
    max_failures: MaxFailures
    """The maximum number or share of rows that may fail."""
    keep_before: bool
    """Whether the ledger stores the values that rows replace."""
    is_guarded: bool
    """Whether rows expect values, and are sent only if the service shows these values."""

    @classmethod
    def read(cls, stored: Mapping[str, JsonValue]) -> Settings:
        """Check stored settings, and fill missing settings with defaults.

        Args:
            stored: The settings, in the form of `settings_of`.

        Raises:
            InvalidArgumentError: A setting is invalid.
        """
        given = {**_DEFAULTS, **stored}
        arguments.check_count(given["concurrency"], "concurrency", least=1, most=_MOST_CONCURRENT)
        return cls(
            concurrency=cast("int", given["concurrency"]),
            rate=parse_rate(cast("Rate", given["rate"])),
            reserve=check_reserve(cast("float", given["reserve"])),
            max_failures=check_max_failures(cast("MaxFailures", given["max_failures"])),
            keep_before=check_flag(given["keep_before"], "keep_before", InvalidArgumentError),
            is_guarded=check_flag(given["is_guarded"], "is_guarded", InvalidArgumentError),
        )


def settings_of(
    concurrency: int, rate: float | str | None, reserve: float, max_failures: float | None, *, keep_before: bool = False
) -> dict[str, JsonValue]:
    """Return the settings of a job in the form that the ledger stores.

    Args:
        concurrency: The maximum number of simultaneous requests.
        rate: The rate; ``None`` for the rate that the service allows.
        reserve: The share of the service's limit that is left to other clients.
        max_failures: The maximum number or share of rows that may fail; ``None`` for the default guard.
        keep_before: Whether the ledger stores the values that rows replace.
    """
    return {
        "concurrency": concurrency,
        "rate": rate,
        "reserve": reserve,
        "max_failures": max_failures,
        "keep_before": keep_before,
    }


_DEFAULTS: Final[Mapping[str, JsonValue]] = {**settings_of(16, None, RESERVE, None), "is_guarded": False}


def parse_rate(rate: Rate) -> float | None:
    """Convert a rate to requests per second; return ``None`` for ``None``.

    Raises:
        InvalidArgumentError: The value is not a rate.
    """
    if rate is None:
        return None
    number = math.nan
    if isinstance(rate, str):
        match = _RATE.fullmatch(rate)
        if match is not None:
            number = float(match[1]) / _SECONDS[match[2][0]]
    elif isinstance(rate, int | float) and not isinstance(rate, bool):
        number = float(rate)
    if not 0 < number < math.inf:
        raise InvalidArgumentError(
            f"rate must be a number of requests per second above 0, such as 200, or text such as '400/s' or '1000/min',"
            f" not {shown(rate)}"
        )
    return number


def check_reserve(reserve: float) -> float:
    """Check a reserve, and return it as a float.

    Raises:
        InvalidArgumentError: The value is not a share from 0 to below 1.
    """
    if isinstance(reserve, bool) or not isinstance(reserve, int | float) or not 0 <= reserve < 1:
        raise InvalidArgumentError(f"reserve must be a share from 0 to below 1, such as 0.2, not {shown(reserve)}")
    return float(reserve)


def check_max_failures(value: MaxFailures) -> MaxFailures:
    """Check a number or a share of failures, and return it.

    Raises:
        InvalidArgumentError: The value is neither a whole number from 0 nor a share below 1.
    """
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if value is not None and not (is_number and value >= 0 and (isinstance(value, int) or value < 1)):
        raise InvalidArgumentError(
            "max_failures must be a whole number from 0, or a share of the rows below 1, such as 0.05,"
            f" not {shown(value)}"
        )
    return value
