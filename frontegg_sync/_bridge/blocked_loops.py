"""Warn about a blocking call in a thread whose event loop runs: the loop stands still until the call returns."""

from __future__ import annotations

import sys
from typing import Protocol, cast

from frontegg_async._core.runtime.caller_warnings import warn_caller
from frontegg_async.errors import BlockingCallWarning


class _KernelApplication(Protocol):
    def initialized(self) -> bool: ...


def warn_of_blocked_loop() -> None:
    """Warn at the line of the caller, which Python's default filter shows once for each line.

    The cells of a notebook run inside the loop of its kernel, which has nothing else to do: there it is no mistake.

    Raises:
        BlockingCallWarning: The filters turn such warnings into errors; nothing was sent.
    """
    if not _is_notebook():
        warn_caller(
            "this blocking call stops the running event loop until it returns: await the same call of frontegg_async, "
            "or make this one in a thread, as by asyncio.to_thread",
            BlockingCallWarning,
        )


def _is_notebook() -> bool:
    """Return whether this process is the kernel of a notebook."""
    application = getattr(sys.modules.get("ipykernel.kernelapp"), "IPKernelApp", None)
    return application is not None and cast("_KernelApplication", application).initialized()
