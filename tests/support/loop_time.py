"""The time of an event loop that passes while nothing happens."""

from __future__ import annotations

import asyncio
import selectors
import time
from typing import Final

_STILL: Final = 0.01
"""Seconds in which the system hands on what was sent on loopback."""


def skip_waits() -> None:
    """Have the running loop skip its waits: when nothing comes in any more, its next timer fires at once.

    It comes first in a test: a client that was used before has the other time.

    The time limit that a test waits for can then be long, so that it does not fire early on a busy machine. All that
    the loop waits for must be in it, as are both ends of a connection: what threads and other processes are about to do
    is not known to it.
    """
    loop = asyncio.get_running_loop()
    selector: selectors.BaseSelector = loop._selector  # type: ignore[attr-defined]  # private
    select = selector.select
    skipped = 0.0

    def skip(timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        nonlocal skipped
        if timeout is None or timeout <= _STILL:
            return select(timeout)
        ready = select(_STILL)
        if not ready:
            skipped += timeout
        return ready

    selector.select = skip  # type: ignore[method-assign]  # of this loop only
    loop.time = lambda: time.monotonic() + skipped  # type: ignore[method-assign]  # of this loop only
