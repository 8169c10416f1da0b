"""The look at values that the service does not check: the time zone database is on a disk, which no loop waits for."""

from __future__ import annotations

import asyncio

from frontegg_async import arguments


async def warn_unknown_values(*, timezone: object, currency: object) -> None:
    """Warn of a time zone and a currency that do not exist: the service does not check them, and takes them.

    Args:
        timezone: The time zone; what is not given, null or empty is no reason to warn.
        currency: The currency, likewise.
    """
    if isinstance(timezone, str) and arguments.is_new_timezone(timezone):
        await asyncio.to_thread(arguments.is_timezone, timezone)
    arguments.warn_unknown_values(timezone=timezone, currency=currency)
