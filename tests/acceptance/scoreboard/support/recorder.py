"""A server that records every byte that it receives, and sends scripted responses."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import json
from collections.abc import AsyncIterator, Callable
from ssl import SSLContext
from typing import Final, TypeAlias

import attrs


@attrs.frozen
class Seen:
    """A received request."""

    method: str
    target: str
    head: bytes = attrs.field(repr=False)
    body: bytes = attrs.field(repr=False)


Answering: TypeAlias = Callable[[Seen], bytes]


@attrs.define
class Recorder:
    """Records what a server receives.

    Args:
        answering: Returns the bytes of an answer.
    """

    answering: Answering
    seen: list[Seen] = attrs.field(factory=list)
    bytes_received: bytearray = attrs.field(factory=bytearray, repr=False)
    connections: int = 0
    port: int = 0
    scheme: str = "http"

    @property
    def url(self) -> str:
        """The address."""
        return f"{self.scheme}://127.0.0.1:{self.port}"

    def take(self) -> list[Seen]:
        """Return the requests since the last time."""
        seen, self.seen = self.seen, []
        return seen

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection."""
        self.connections += 1
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                self.bytes_received += head
                body = await reader.readexactly(_length(head))
                self.bytes_received += body
                method, target, _ = head.split(b"\r\n", 1)[0].decode("latin-1").split(" ")
                self.seen.append(Seen(method, target, head, body))
                writer.write(self.answering(self.seen[-1]))
                await writer.drain()
        except asyncio.IncompleteReadError as error:
            self.bytes_received += error.partial
        except (ConnectionError, ValueError):
            pass
        finally:
            writer.close()


def _length(head: bytes) -> int:
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return int(line.partition(b":")[2])
    return 0


def answer(status: int, body: object = None, *headers: str) -> bytes:
    """Return the bytes of an answer in JSON."""
    payload = b"" if body is None else json.dumps(body).encode()
    lines = (f"HTTP/1.1 {status} Whatever", f"Content-Length: {len(payload)}", "Content-Type: application/json")
    return "\r\n".join((*lines, *headers)).encode() + b"\r\n\r\n" + payload


TOKEN: Final = {"token": "vendor-token", "expiresIn": 3600}


def with_token(answering: Answering) -> Answering:
    """Return what answers authentications with a token, and everything else as it is told."""
    return lambda seen: answer(200, TOKEN) if seen.target.endswith("/auth/vendor") else answering(seen)


def user_token(mark: str = "", **claims: object) -> str:
    """Return a user's JWT, whose signature nobody checks, for a tenant of the name ``t``."""
    said = {"sub": "ann", "tenantId": "t", "type": "userToken", **claims}
    parts = (json.dumps(part).encode() for part in ({"alg": "none"}, said))
    return ".".join([*(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts), f"c2ln{mark}"])


@contextlib.asynccontextmanager
async def recorder(answering: Answering, *, ssl: SSLContext | None = None) -> AsyncIterator[Recorder]:
    """Serve on a free port of loopback."""
    record = Recorder(answering, scheme="http" if ssl is None else "https")
    server = await asyncio.start_server(record.serve, "127.0.0.1", 0, ssl=ssl, limit=2**20)
    record.port = server.sockets[0].getsockname()[1]
    try:
        yield record
    finally:
        server.close()
