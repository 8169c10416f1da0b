"""A client with almost no cost: it sends the same request repeatedly and reads only the length of responses."""

from __future__ import annotations

import asyncio
import re
from typing import Final
from urllib.parse import urlsplit

_LENGTH: Final = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)
_GOOD: Final = b"HTTP/1.1 200"


class _Connection(asyncio.Protocol):
    """Sends requests on one connection, one after the other.

    Args:
        request: The bytes to send.
        count: The number of requests.
        done: Receives the last body.
    """

    def __init__(self, request: bytes, count: int, done: asyncio.Future[bytes]) -> None:
        self._request = request
        self._left = count
        self._done = done
        self._transport: asyncio.Transport | None = None
        self._parts: list[bytes] = []
        self._have = self._head = self._whole = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Send the first request."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        transport.write(self._request)

    def data_received(self, data: bytes) -> None:
        """Send the next request when the response is complete."""
        self._parts.append(data)
        self._have += len(data)
        if not self._whole and not self._read_head():
            return
        if self._have < self._whole:
            return
        self._left -= 1
        if not self._left:
            self._done.set_result(b"".join(self._parts)[self._head :])
            self._close()
            return
        self._parts.clear()
        self._have = self._whole = 0
        assert self._transport is not None
        self._transport.write(self._request)

    def _read_head(self) -> bool:
        text = b"".join(self._parts)
        end = text.find(b"\r\n\r\n")
        if end < 0:
            return False
        found = _LENGTH.search(text, 0, end)
        if not text.startswith(_GOOD) or found is None:
            self._done.set_exception(ValueError(text[:200].decode("latin-1")))
            self._close()
            return False
        self._head = end + 4
        self._whole = self._head + int(found[1])
        return True

    def connection_lost(self, exc: Exception | None) -> None:
        """Report an error if responses are missing."""
        if not self._done.done():
            self._done.set_exception(exc or ConnectionError("the server closed the connection"))

    def _close(self) -> None:
        assert self._transport is not None
        self._transport.close()


async def load(origin: str, target: str, token: str, *, count: int, connections: int) -> bytes:
    """Send requests; return the body of one.

    Args:
        origin: The origin of the server.
        target: The request target.
        token: The token of each request.
        count: The number of requests, over all connections.
        connections: The number of connections, each with one request at a time.
    """
    address = urlsplit(origin)
    assert address.hostname is not None
    assert address.port is not None
    request = f"GET {target} HTTP/1.1\r\nHost: {address.netloc}\r\nAuthorization: Bearer {token}\r\n\r\n".encode()
    loop = asyncio.get_running_loop()
    waiting: list[asyncio.Future[bytes]] = []
    for _ in range(connections):
        done: asyncio.Future[bytes] = loop.create_future()
        waiting.append(done)

        def connect(done: asyncio.Future[bytes] = done) -> _Connection:
            return _Connection(request, count // connections, done)

        await loop.create_connection(connect, address.hostname, address.port)
    return (await asyncio.gather(*waiting))[0]
