"""Connections that are looked at before they are used again: one on which something came unasked is closed."""

from __future__ import annotations

import asyncio
import select
import weakref
from typing import TYPE_CHECKING

import aiohttp

if TYPE_CHECKING:
    from aiohttp.client_proto import ResponseHandler
    from aiohttp.connector import Connection
    from aiohttp.tracing import Trace


class CheckedConnector(aiohttp.TCPConnector):
    """Uses a connection again only if nothing came on it since its last answer.

    What came would be taken for the answer to the next request, whoever that is about; and on a connection whose end
    came the next request would be lost.
    """

    _known: weakref.WeakSet[ResponseHandler] | None = None

    async def connect(
        self,
        req: aiohttp.ClientRequest,
        traces: list[Trace],
        timeout: aiohttp.ClientTimeout,  # noqa: ASYNC109 - the signature is aiohttp's
    ) -> Connection:
        """Return a connection that is new, or on which nothing came unasked."""
        known = self._known
        if known is None:
            known = self._known = weakref.WeakSet()
        while True:
            connection = await super().connect(req, traces, timeout)
            protocol = connection.protocol
            if protocol is None or protocol not in known:
                if protocol is not None:
                    known.add(protocol)
                return connection
            if not protocol.should_close and not _has_input(connection.transport):
                return connection
            connection.close()


def _has_input(transport: asyncio.Transport | None) -> bool:
    """Return whether something came, or the end, that the event loop has not read yet."""
    socket = None if transport is None else transport.get_extra_info("socket")
    if socket is None or socket.fileno() < 0:
        return transport is None or transport.is_closing()
    if not hasattr(select, "poll"):
        return bool(select.select((socket,), (), (), 0)[0])
    poll = select.poll()
    poll.register(socket.fileno(), select.POLLIN)
    return bool(poll.poll(0))
