"""A TCP relay in front of the service, which records the processes that send on each connection."""

from __future__ import annotations

import asyncio
import contextlib
import re
import time
from collections import defaultdict
from collections.abc import AsyncIterator
from types import TracebackType
from typing import Final, Self

PROCESS_HEADER: Final = "X-Process"
"""Says in each request to the service which process sent it."""

_HEADER: Final = re.compile(rb"\r\n" + PROCESS_HEADER.encode() + rb": ([0-9]+)\r\n", re.IGNORECASE)
_TAIL: Final = 64
"""Bytes of one piece that are looked at again with the next, for a header that was cut."""
_SIZE: Final = 65_536


class Relay:
    """Forwards bytes in both directions.

    Args:
        port: Of the service.
    """

    def __init__(self, port: int) -> None:
        self._port = port
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.StreamWriter] = set()
        self.senders: defaultdict[int, set[int]] = defaultdict(set[int])
        """By the number of each connection: the processes that sent a request on it."""
        self.last: dict[int, float] = {}
        """By the number of each connection: when something was sent on it last, by the monotonic clock."""

    @property
    def url(self) -> str:
        """Where it listens."""
        if self._server is None:
            raise RuntimeError("it does not listen")
        return f"http://127.0.0.1:{self.port}"

    @property
    def port(self) -> int:
        """The port on which it listens."""
        if self._server is None:
            raise RuntimeError("it does not listen")
        port: int = self._server.sockets[0].getsockname()[1]
        return port

    @property
    def shared(self) -> dict[int, set[int]]:
        """The connections on which more than one process sent something."""
        return {number: senders for number, senders in self.senders.items() if len(senders) > 1}

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._connected, "127.0.0.1", 0, backlog=1024)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._server is not None:
            self._server.close()
        for writer in self._open:
            writer.transport.abort()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        number = len(self.senders)
        senders = self.senders[number]
        self._open.add(writer)
        with contextlib.suppress(OSError):
            there, onward = await asyncio.open_connection("127.0.0.1", self._port)
            async with asyncio.TaskGroup() as group:
                group.create_task(self._pass_on(reader, onward, number, senders))
                group.create_task(_pass_on(there, writer))
        writer.close()
        self._open.discard(writer)

    async def _pass_on(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, number: int, senders: set[int]
    ) -> None:
        """Pass on what goes to the service, and note who sent it and when."""
        tail = b""
        async for piece in _pieces(reader):
            seen = tail + piece
            senders.update(int(found) for found in _HEADER.findall(seen))
            self.last[number] = time.monotonic()
            tail = seen[-_TAIL:]
            writer.write(piece)
            await _drain(writer)
        writer.close()


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Pass on what comes from the service."""
    async for piece in _pieces(reader):
        writer.write(piece)
        await _drain(writer)
    writer.close()


async def _pieces(reader: asyncio.StreamReader) -> AsyncIterator[bytes]:
    """Yield what comes, up to the end, however the connection ends."""
    with contextlib.suppress(OSError):
        while piece := await reader.read(_SIZE):
            yield piece


async def _drain(writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        await writer.drain()
