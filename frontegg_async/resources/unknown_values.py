"""Warns of values that the service does not check."""

from __future__ import annotations

import asyncio
from typing import Final

from frontegg_async._core.checks import arguments
from frontegg_async._core.runtime.loops import running_loop
from frontegg_async._core.runtime.worker_threads import run_in_thread

_LONGEST_LOOK_UP: Final = 1.0
"""Seconds: a disk that does not answer must not hold up a call for the sake of a warning."""


async def warn_unknown_values(*, timezone: object, currency: object, within: float | None = None) -> None:
    """Warn of a time zone and a currency that do not exist: the service does not check them, and takes them.

    The time zone is looked up in a thread, because that reads the disk. One that cannot be looked up in time is taken
    to exist.

    Args:
        timezone: The time zone; what is not given, null or empty is no reason to warn.
        currency: The currency, likewise.
        within: Seconds that the call may take, at most one of which is spent here; ``None`` for no limit.
    """
    if isinstance(timezone, str) and arguments.is_new_timezone(timezone):
        running_loop()
        longest = _LONGEST_LOOK_UP if within is None else min(within, _LONGEST_LOOK_UP)
        try:
            async with asyncio.timeout(longest):
                await run_in_thread(arguments.is_timezone, timezone)
        except TimeoutError:
            timezone = None
    arguments.warn_unknown_values(timezone=timezone, currency=currency)
