"""Find the running asyncio event loop, and close the connections of closed event loops."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Coroutine, Iterable
from typing import TYPE_CHECKING

from frontegg_async.errors import WrongLoopError

if TYPE_CHECKING:
    from aiohttp.client_proto import ResponseHandler


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
        "under trio, call a client of frontegg_sync in a thread, for example with trio.to_thread.run_sync"
    )


def loop_runs() -> bool:
    """Return whether an event loop runs in this thread."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


def end_connections(protocols: Iterable[ResponseHandler]) -> bool:
    """Close the sockets of connections whose event loop is closed.

    No public API closes these sockets, because closing a transport needs its event loop. A transport that is only
    dropped closes its socket with a `ResourceWarning` (by design, see https://github.com/aio-libs/aiohttp/issues/1115).

    Args:
        protocols: The protocols of the connections.

    Returns:
        Whether all sockets were closed. Connections of event loops other than asyncio's cannot be closed.
    """
    could_end = [_end(protocol.transport) for protocol in protocols]
    return all(could_end)


def _end(transport: asyncio.BaseTransport | None) -> bool:
    if transport is None:
        return True
    tls = getattr(transport, "_ssl_protocol", None)
    below = transport if tls is None else getattr(tls, "_transport", None)
    if below is None:
        return True
    end: Callable[[None], None] | None = getattr(below, "_call_connection_lost", None)
    if end is None:
        return False
    if getattr(below, "_sock", None) is not None:
        # The protocol schedules callbacks, which a closed loop refuses by an error. The socket is closed nevertheless.
        with contextlib.suppress(RuntimeError):
            end(None)
    return True


def run_without_loop(coroutine: Coroutine[object, object, None]) -> None:
    """Run a coroutine that never waits."""
    try:
        coroutine.send(None)
    except StopIteration:
        return
    coroutine.close()
