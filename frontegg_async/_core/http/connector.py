"""Connections that are looked at before they are used again: one on which something came unasked is closed."""

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
    """Uses a connection again only if nothing came on it since its last response.

    What came would be taken for the response to the next request, whoever that is about; and on a connection whose end
    came the next request would be lost.
    """

    _probes: dict[ResponseHandler, Callable[[int], object]] | None = None
    was_closed: bool = False
    """Whether it was closed, as `closed` says; to read it takes no call."""

    async def connect(
        self,
        req: aiohttp.ClientRequest,
        traces: list[Trace],
        timeout: aiohttp.ClientTimeout,  # noqa: ASYNC109 - the signature is aiohttp's
    ) -> Connection:
        """Return a connection that is new, or on which nothing came unasked."""
        probes = self._probes
        if probes is None:
            probes = self._probes = {}
        while True:
            # By its name: to look up what is above takes longer, each time.
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
        """Return the protocols of all connections, those that are in use among them."""
        return tuple(self._probes or ())

    async def close(self, *, abort_ssl: bool = False) -> None:
        """Close all connections."""
        self.was_closed = True
        await super().close(abort_ssl=abort_ssl)


def _forget_lost(probes: dict[ResponseHandler, Callable[[int], object]]) -> None:
    """Leave out the connections that have ended, now and then."""
    if len(probes) % _MANY == _MANY - 1:
        for protocol in [protocol for protocol in probes if not protocol.is_connected()]:
            del probes[protocol]


def _make_probe(transport: asyncio.Transport | None) -> Callable[[int], object]:
    """Return a function that tells whether something came, or the end, that the event loop has not read yet.

    It is made once for a connection, since to make it takes longer than to look.
    """
    socket = None if transport is None else transport.get_extra_info("socket")
    if socket is None or socket.fileno() < 0:
        return lambda _: transport is None or transport.is_closing()
    if not hasattr(select, "poll"):
        return lambda seconds: select.select((socket,), (), (), seconds)[0]
    poll = select.poll()
    poll.register(socket.fileno(), select.POLLIN)
    return poll.poll
