"""A scripted TCP server: each connection follows a script of steps, and what it receives is recorded.

A script is a row of steps. The last script of a server is played by all further connections:

    async with scripted_server([ReadRequest(), Send(answer_bytes(200)), Reset()], [ReadRequest(), Close()]) as server:
        ...  # talk to server.url
        assert server.connections[0].received == b"GET / HTTP/1.1..."
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Sequence
from ssl import SSLContext
from typing import ClassVar, Protocol

import attrs

from tests.support.faults.http import LOOPBACK, RawRequest, RecordingReader, read_request, reset, serving

_PIECE = 65_536


class EndError(Exception):
    """A step ended the connection."""


@attrs.define(eq=False)
class Connection:
    """One connection: its number, all bytes that came in on it, the requests read from them, and how it ended.

    Args:
        number: From 1.
        reader: What comes in.
        writer: What goes out.
        requests: The requests that steps read.
        end: ``script`` if the script came to its end, ``close`` or ``reset`` if a step ended it, ``peer`` if the peer
            did; ``None`` while it is open.
    """

    number: int
    reader: RecordingReader = attrs.field(repr=False)
    writer: asyncio.StreamWriter = attrs.field(repr=False)
    requests: list[RawRequest] = attrs.field(factory=list[RawRequest])
    end: str | None = None

    @property
    def received(self) -> bytes:
        """All bytes that came in, also those that no step read."""
        return bytes(self.reader.received)

    async def send(self, data: bytes) -> None:
        """Send bytes."""
        self.writer.write(data)
        await self.writer.drain()

    async def read_request(self) -> RawRequest:
        """Read a request."""
        request = await read_request(self.reader, self.number)
        self.requests.append(request)
        return request


class Step(Protocol):
    """Something that a connection does."""

    async def play(self, connection: Connection) -> None:
        """Do it."""
        ...


@attrs.frozen
class ReadRequest:
    """Wait for a whole request."""

    async def play(self, connection: Connection) -> None:
        """Read it."""
        await connection.read_request()


@attrs.frozen
class ReadBytes:
    """Wait for so many bytes."""

    count: int

    async def play(self, connection: Connection) -> None:
        """Read them."""
        await connection.reader.readexactly(self.count)


@attrs.frozen
class Send:
    """Send bytes at once."""

    data: bytes = attrs.field(repr=False)

    async def play(self, connection: Connection) -> None:
        """Send them."""
        await connection.send(self.data)


@attrs.frozen
class Drip:
    """Send bytes a few at a time, with a pause after each."""

    data: bytes = attrs.field(repr=False)
    every: float
    size: int = 1

    async def play(self, connection: Connection) -> None:
        """Send them."""
        for start in range(0, len(self.data), self.size):
            await connection.send(self.data[start : start + self.size])
            await asyncio.sleep(self.every)


@attrs.frozen
class Pause:
    """Wait some seconds."""

    seconds: float

    async def play(self, connection: Connection) -> None:  # noqa: ARG002 - it does nothing with it
        """Wait."""
        await asyncio.sleep(self.seconds)


@attrs.frozen
class WaitFor:
    """Wait until somebody sets an event."""

    event: asyncio.Event = attrs.field(factory=asyncio.Event, repr=False)

    async def play(self, connection: Connection) -> None:  # noqa: ARG002 - it does nothing with it
        """Wait."""
        await self.event.wait()


@attrs.frozen
class HalfClose:
    """Tell the peer that nothing more will be sent, and stay."""

    async def play(self, connection: Connection) -> None:
        """Shut down the sending side."""
        connection.writer.write_eof()


@attrs.frozen
class WaitForPeer:
    """Wait until the peer ends the connection; what it sends meanwhile is recorded."""

    async def play(self, connection: Connection) -> None:
        """Read to the end."""
        while await connection.reader.read(_PIECE):
            pass
        raise asyncio.IncompleteReadError(b"", None)


@attrs.frozen
class Close:
    """Close the connection."""

    end: ClassVar[str] = "close"

    async def play(self, connection: Connection) -> None:
        """End it."""
        connection.writer.close()
        raise EndError(self.end)


@attrs.frozen
class Reset:
    """Reset the connection."""

    end: ClassVar[str] = "reset"

    async def play(self, connection: Connection) -> None:
        """End it."""
        reset(connection.writer)
        raise EndError(self.end)


@attrs.frozen
class Serve:
    """Read requests as long as they come, and play for each the steps that a function chooses."""

    choose: Callable[[RawRequest], Sequence[Step]] = attrs.field(repr=False)

    async def play(self, connection: Connection) -> None:
        """Serve until a step ends the connection, or the peer does."""
        while True:
            for step in self.choose(await connection.read_request()):
                await step.play(connection)


@attrs.define(eq=False)
class ScriptedServer:
    """A server that plays scripts, and what it saw.

    Args:
        scripts: The script of each connection; the last is played by all further ones.
    """

    scripts: Sequence[Sequence[Step]]
    connections: list[Connection] = attrs.field(factory=list[Connection], init=False)
    port: int = attrs.field(default=0, init=False)

    @property
    def url(self) -> str:
        """The address."""
        return f"http://{LOOPBACK}:{self.port}"

    @property
    def requests(self) -> list[RawRequest]:
        """The requests of all connections that steps read, connection by connection."""
        return [request for connection in self.connections for request in connection.requests]

    async def handle(self, reader: RecordingReader, writer: asyncio.StreamWriter) -> None:
        """Play the script of a new connection."""
        connection = Connection(len(self.connections) + 1, reader, writer)
        self.connections.append(connection)
        connection.end = await self._play(connection)

    async def _play(self, connection: Connection) -> str:
        script = self.scripts[min(connection.number, len(self.scripts)) - 1]
        try:
            for step in script:
                await step.play(connection)
        except EndError as ended:
            return str(ended)
        except (asyncio.IncompleteReadError, ConnectionError):
            return "peer"
        return "script"


@contextlib.asynccontextmanager
async def scripted_server(*scripts: Sequence[Step], tls: SSLContext | None = None) -> AsyncIterator[ScriptedServer]:
    """Serve scripts on loopback.

    Args:
        scripts: The script of each connection; the last is played by all further ones.
        tls: Serves TLS with this context.
    """
    server = ScriptedServer(scripts)
    async with serving(server.handle, tls=tls) as server.port:
        yield server
