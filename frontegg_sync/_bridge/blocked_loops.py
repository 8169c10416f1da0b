"""Warn about a blocking call in a thread whose event loop runs: the loop stands still until the call returns."""

from __future__ import annotations

from frontegg_async._core.runtime.caller_warnings import warn_caller
from frontegg_async._core.runtime.notebook_kernels import is_notebook
from frontegg_async.errors import BlockingCallWarning


def warn_of_blocked_loop() -> None:
    """Warn at the line of the caller, which Python's default filter shows once for each line.

    The cells of a notebook run inside the loop of its kernel, which has nothing else to do: there it is no mistake.

    Raises:
        BlockingCallWarning: The filters turn such warnings into errors; nothing was sent.
    """
    if not is_notebook():
        warn_caller(
            "this blocking call stops the running event loop until it returns: await the same call of frontegg_async, "
            "or make this one in a thread, as by asyncio.to_thread",
            BlockingCallWarning,
        )
