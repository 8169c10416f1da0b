"""Warn about unknown time zones and currencies. A thread looks up the time zone, which reads the disk."""

from __future__ import annotations

import asyncio
import functools
from typing import Final, Protocol

import attrs

from frontegg_async._core.checks import arguments
from frontegg_async._core.runtime.caller_warnings import warn_caller
from frontegg_async._core.runtime.loops import running_loop
from frontegg_async._core.runtime.worker_threads import run_in_thread
from frontegg_async.errors import UnknownValueWarning

_LONGEST_LOOK_UP: Final = 1.0
"""The longest look-up of a time zone, in seconds. A slow disk must not delay a call because of a warning."""

_MAX_COMPARED: Final = 256
_MAX_SHOWN: Final = 64
_MAX_ZONES: Final = 1024
_zones: Final[dict[str, bool]] = {}
"""The time zones that were looked up. The value is whether the zone exists."""


class WithTimezone(attrs.AttrsInstance, Protocol):
    """A body with a time zone and a currency. A missing, null or empty value causes no warning."""

    @property
    def timezone(self) -> object:
        """The time zone."""
        ...

    @property
    def currency(self) -> object:
        """The currency of the body, unchecked."""
        ...


async def warn_unknown_values(body: WithTimezone, *, within: float | None = None) -> None:
    """Warn about an unknown time zone and an unknown currency, which the service accepts without a check.

    If the look-up of a time zone takes too long, no warning is emitted.

    Args:
        body: The body. If a time zone or a currency is set, the whole body is checked before the warnings.
        within: The time limit of the call, in seconds. The look-up takes at most one of them. ``None`` for no limit.

    Raises:
        InvalidArgumentError: A field of the body is not allowed.
    """
    timezone, currency = body.timezone, body.currency
    if not any(isinstance(each, str) and each for each in (timezone, currency)):
        return
    arguments.check_body(body)
    if isinstance(timezone, str) and timezone and timezone not in _zones:
        running_loop()
        longest = _LONGEST_LOOK_UP if within is None else min(within, _LONGEST_LOOK_UP)
        try:
            async with asyncio.timeout(longest):
                await run_in_thread(_is_timezone, timezone)
        except TimeoutError:
            timezone = None
    warn_now(timezone=timezone, currency=currency)


def warn_now(*, timezone: object, currency: object) -> None:
    """Warn like `warn_unknown_values`, but look up a new time zone in this thread."""
    if isinstance(timezone, str) and timezone and not _is_timezone(timezone):
        _warn("timezone", timezone, "a name of the time zone database", _timezones())
    if isinstance(currency, str) and currency and currency not in _CURRENCIES:
        _warn("currency", currency, "a code of ISO 4217", _CURRENCIES)


def _is_timezone(name: str) -> bool:
    """Return whether a time zone exists. On a system without the database, return ``True`` for every name."""
    if name not in _zones:
        if len(_zones) >= _MAX_ZONES:
            _zones.clear()
        _zones[name] = _look_up(name)
    return _zones[name]


def _look_up(name: str) -> bool:
    import zoneinfo  # noqa: PLC0415 - few calls have a time zone

    try:
        zoneinfo.ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        # Listing the database takes about a hundred times as long, so it is listed only for names that were not found.
        return not _timezones() or name in _timezones()
    return True


@functools.cache
def _timezones() -> frozenset[str]:
    import zoneinfo  # noqa: PLC0415 - few calls have a time zone

    return frozenset(zoneinfo.available_timezones())


def _warn(argument: str, value: str, kind: str, known: frozenset[str]) -> None:
    import difflib  # noqa: PLC0415 - seldom needed, and slow to import

    by_fold = {each.casefold(): each for each in known}
    nearest = difflib.get_close_matches(value[:_MAX_COMPARED].casefold(), by_fold, n=1)
    hint = f"; the nearest is {by_fold[nearest[0]]!r}" if nearest else ""
    warn_caller(
        f"{argument} {value[:_MAX_SHOWN]!r} is not {kind}{hint}. The service accepts the value without a check",
        UnknownValueWarning,
    )


_CURRENCIES: Final = frozenset(
    """
    AED AFN ALL AMD AOA ARS AUD AWG AZN
    BAM BBD BDT BHD BIF BMD BND BOB BOV BRL BSD BTN BWP BYN BZD
    CAD CDF CHE CHF CHW CLF CLP CNY COP COU CRC CUP CVE CZK
    DJF DKK DOP DZD
    EGP ERN ETB EUR
    FJD FKP
    GBP GEL GHS GIP GMD GNF GTQ GYD
    HKD HNL HTG HUF
    IDR ILS INR IQD IRR ISK
    JMD JOD JPY
    KES KGS KHR KMF KPW KRW KWD KYD KZT
    LAK LBP LKR LRD LSL LYD
    MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN
    NAD NGN NIO NOK NPR NZD
    OMR
    PAB PEN PGK PHP PKR PLN PYG
    QAR
    RON RSD RUB RWF
    SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL
    THB TJS TMT TND TOP TRY TTD TWD TZS
    UAH UGX USD USN UYI UYU UYW UZS
    VED VES VND VUV
    WST
    XAD XAF XAG XAU XBA XBB XBC XBD XCD XCG XDR XOF XPD XPF XPT XSU XUA
    YER
    ZAR ZMW ZWG
    ANG BGN CUC HRK SLL ZWL
    """.split()  # noqa: SIM905 - a table of two hundred codes reads best as text
)
"""The codes of ISO 4217 for currencies, funds, metals and units.

The codes in the last line have been withdrawn since 2020.
"""
