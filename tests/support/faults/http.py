"""HTTP messages as bytes, and servers on loopback, for the fault tools."""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
import struct
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from ssl import SSLContext
from typing import Final, SupportsIndex, TypeAlias

import attrs

LOOPBACK: Final = "127.0.0.1"
_HEAD_END: Final = b"\r\n\r\n"

_LIMIT: Final = 2**24


class RecordingReader(asyncio.StreamReader):
    """A reader that keeps all that comes in, also what nobody reads."""

    def __init__(self) -> None:
        super().__init__(limit=_LIMIT)
        self.received = bytearray()

    def feed_data(self, data: Iterable[SupportsIndex]) -> None:
        """Keep what came, and hand it on."""
        whole = bytes(data)
        self.received += whole
        super().feed_data(whole)


Handler: TypeAlias = Callable[[RecordingReader, asyncio.StreamWriter], Awaitable[None]]


@attrs.frozen
class RawRequest:
    """A received request.

    Args:
        method: The method.
        target: The path with its query, as it was sent.
        headers: The headers, with names in lower case.
        body: The body.
        connection: The number of the connection that it came on, from 1.
        raw: All of its bytes.
    """

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes
    connection: int
    raw: bytes = attrs.field(default=b"", repr=False)

    @property
    def path(self) -> str:
        """The target without its query."""
        return self.target.partition("?")[0]

    def json(self) -> object:
        """The parsed body."""
        return json.loads(self.body)


async def read_request(reader: asyncio.StreamReader, connection: int) -> RawRequest:
    """Read one request whose body has a length, or none.

    Args:
        reader: Where it comes from.
        connection: The number of the connection.

    Raises:
        IncompleteReadError: The peer ended before the request did.
    """
    head = await reader.readuntil(_HEAD_END)
    first, *lines = head.decode("latin-1").split("\r\n")
    method, target, _ = first.split(" ")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines if line)}
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    return RawRequest(method, target, headers, body, connection, head + body)


def answer_bytes(
    status: int = 200, body: object = None, *, headers: Mapping[str, str] | None = None, raw: bytes | None = None
) -> bytes:
    """Return a well-formed answer.

    Args:
        status: The status.
        body: What is sent as JSON; nothing if ``None``.
        headers: More headers.
        raw: The body as bytes, in the place of ``body``.
    """
    payload = raw if raw is not None else (b"" if body is None else json.dumps(body).encode())
    lines = [f"HTTP/1.1 {status} Whatever", f"Content-Length: {len(payload)}", "Content-Type: application/json"]
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    return "\r\n".join(lines).encode() + _HEAD_END + payload


def reset(writer: asyncio.StreamWriter) -> None:
    """End a connection with a reset, whatever is still to be sent."""
    sock: socket.socket | None = writer.get_extra_info("socket")
    if sock is not None and sock.fileno() >= 0:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


@contextlib.asynccontextmanager
async def serving(handle: Handler, *, port: int = 0, tls: SSLContext | None = None) -> AsyncIterator[int]:
    """Serve connections on loopback; gives the port.

    Each connection is handled in a task that is cancelled at the end. A peer that goes away is no error.

    Args:
        handle: Handles one connection; it is closed afterwards.
        port: The port; a free one by default.
        tls: Serves TLS with this context.
    """
    tasks: set[asyncio.Task[None]] = set()

    async def serve(reader: RecordingReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        task.add_done_callback(tasks.discard)
        try:
            with contextlib.suppress(asyncio.CancelledError, asyncio.IncompleteReadError, ConnectionError):
                await handle(reader, writer)
        finally:
            writer.close()

    def make_protocol() -> asyncio.StreamReaderProtocol:
        reader = RecordingReader()
        return asyncio.StreamReaderProtocol(reader, lambda _, writer: serve(reader, writer))

    server = await asyncio.get_running_loop().create_server(make_protocol, LOOPBACK, port, ssl=tls)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for task in list(tasks):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await server.wait_closed()
