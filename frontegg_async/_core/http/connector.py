"""A connector that checks pooled connections before reuse, and closes connections with unsolicited data.

This module works around https://github.com/aio-libs/aiohttp/issues/13656. Remove the module when the oldest supported
aiohttp itself refuses a connection with unsolicited data. It must also find data that is still in the socket's buffer.
"""

from __future__ import annotations

import asyncio
import select
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

import aiohttp

if TYPE_CHECKING:
    from aiohttp.client_proto import ResponseHandler
    from aiohttp.connector import Connection
    from aiohttp.tracing import Trace

_NO_WAIT: Final = 0
_MANY: Final = 16


class CheckedConnector(aiohttp.TCPConnector):
    """A connector that reuses a connection only if neither data nor an end of stream arrived after its last response.

    Unsolicited data would be mistaken for the response to the next request. A request on a connection that the server
    has closed would be lost.
    """

    _probes: dict[ResponseHandler, Callable[[int], object]] | None = None
    was_closed: bool = False
    """Whether the connector was closed. Each call reads this attribute, which is faster than `closed`.
    """

    async def connect(
        self,
        req: aiohttp.ClientRequest,
        traces: list[Trace],
        timeout: aiohttp.ClientTimeout,  # noqa: ASYNC109 - the signature is aiohttp's
    ) -> Connection:
        """Return a new connection, or a pooled connection without unsolicited data."""
        probes = self._probes
        if probes is None:
            probes = self._probes = {}
        while True:
            # `super()` would take longer.
            connection = await aiohttp.TCPConnector.connect(self, req, traces, timeout)
            protocol = connection.protocol
            if protocol is None:
                return connection
            probe = probes.get(protocol)
            if probe is None:
                _forget_lost(probes)
                probes[protocol] = _make_probe(connection.transport)
                return connection
            if not protocol.should_close and not probe(_NO_WAIT):
                return connection
            del probes[protocol]
            connection.close()

    def protocols(self) -> tuple[ResponseHandler, ...]:
        """Return the protocols of all connections, including those in use."""
        return tuple(self._probes or ())

    async def close(self, *, abort_ssl: bool = False) -> None:
        """Close all connections."""
        self.was_closed = True
        await super().close(abort_ssl=abort_ssl)


def _forget_lost(probes: dict[ResponseHandler, Callable[[int], object]]) -> None:
    """Drop the probes of closed connections, once for every 16 added connections."""
    if len(probes) % _MANY == _MANY - 1:
        for protocol in [protocol for protocol in probes if not protocol.is_connected()]:
            del probes[protocol]


def _make_probe(transport: asyncio.Transport | None) -> Callable[[int], object]:
    """Return a function that checks whether the socket has unread data or an unread end of stream.

    The function is made once for each connection, because making it takes longer than calling it.
    """
    socket = None if transport is None else transport.get_extra_info("socket")
    if socket is None or socket.fileno() < 0:
        return lambda _: transport is None or transport.is_closing()
    if not hasattr(select, "poll"):
        return lambda seconds: select.select((socket,), (), (), seconds)[0]
    poll = select.poll()
    poll.register(socket.fileno(), select.POLLIN)
    return poll.poll
