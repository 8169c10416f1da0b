"""Warn about a blocking call in the thread of a running event loop, which stops until the call returns."""

from __future__ import annotations

from frontegg_async._core.runtime.caller_warnings import warn_caller
from frontegg_async._core.runtime.notebook_kernels import is_notebook
from frontegg_async.errors import BlockingCallWarning


def warn_of_blocked_loop() -> None:
    """Warn at the line of the caller. Python's default filter shows the warning once for each line.

    The cells of a notebook run inside the event loop of its kernel. A blocking call is not a mistake there, because
    this loop has no other work.

    Raises:
        BlockingCallWarning: The warning filters turn this warning into an error. Nothing was sent.
    """
    if not is_notebook():
        warn_caller(
            "this blocking call stops the running event loop until it returns: await the same call of frontegg_async, "
            "or make this call in a thread, for example with asyncio.to_thread",
            BlockingCallWarning,
        )
