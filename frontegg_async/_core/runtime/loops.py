"""The running event loop, which must be one of asyncio."""

from __future__ import annotations

import asyncio

from frontegg_async.errors import WrongLoopError


def running_loop() -> asyncio.AbstractEventLoop:
    """Return the running event loop.

    Raises:
        WrongLoopError: No asyncio loop is running, for example under trio.
    """
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        pass
    raise WrongLoopError(
        "no asyncio event loop is running: the clients of frontegg_async work under asyncio (or uvloop) only; "
        "under trio call a client of frontegg_sync in a thread, for example by trio.to_thread.run_sync"
    )


def loop_runs() -> bool:
    """Return whether an event loop runs in this thread."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True
