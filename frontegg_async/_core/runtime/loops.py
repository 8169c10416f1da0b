"""The event loop of asyncio, without which nothing here can be awaited."""

from __future__ import annotations

import asyncio

from frontegg_async.errors import WrongLoopError


def running_loop() -> asyncio.AbstractEventLoop:
    """Return the loop that runs here.

    Raises:
        WrongLoopError: There is none, as under trio.
    """
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        pass
    raise WrongLoopError(
        "no asyncio event loop runs here: the clients of frontegg_async are awaited under asyncio (or uvloop) only; "
        "under trio call a client of frontegg_sync in a thread, as with trio.to_thread.run_sync"
    )
