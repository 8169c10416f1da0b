"""Serve one session over standard input and output."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from os import read, write
from typing import TYPE_CHECKING, Final, TypeVar, cast

import msgspec
from mcp.server.stdio import stdio_server

from frontegg_async.mcp.protocol import make_server
from frontegg_async.mcp.scope import Scope
from frontegg_async.mcp.service import DEADLINE, AccountsService

if TYPE_CHECKING:
    import anyio

T = TypeVar("T")

_INPUT: Final = 0
_OUTPUT: Final = 1
_CHUNK: Final = 65_536
_LONGEST: Final = 2**20
"""The largest size of a message, in bytes. A larger message is refused."""
_NO_MESSAGE: Final = b"!"


async def serve(service: AccountsService, scope: Scope, *, as_text: bool = False) -> None:
    """Serve a session until standard input ends, or until the reader of standard output closes it.

    Args:
        service: Runs the tools.
        scope: The accounts that the session may see.
        as_text: Whether answers also contain text.
    """
    server = make_server(service, lambda: (scope, ""), as_text=as_text)
    wire = cast("anyio.AsyncFile[str]", _Wire())
    try:
        async with stdio_server(wire, wire) as (received, sent):
            await server.run(received, sent, server.create_initialization_options())
    except* BrokenPipeError:
        pass


class _Head(msgspec.Struct):
    """The members of a message that distinguish requests from answers."""

    id: int | str | None = None
    method: str | None = None
    params: _Cancelled | None = None


class _Cancelled(msgspec.Struct, rename="camel"):
    """The parameters of a notification that cancels a request."""

    request_id: int | str | None = None


class _Wire:
    """Standard input and output for the MCP SDK, which iterates this object for lines and writes messages to it.

    Reads and writes block in daemon threads. The SDK's own threads would keep the process alive while the client sends
    nothing. At the end of standard input, calls in progress are answered before the SDK stops them.
    """

    def __init__(self) -> None:
        self._waiting: set[int | str] = set()
        """The ids of requests without an answer."""
        self._written = asyncio.Event()

    async def __aiter__(self) -> AsyncIterator[str]:
        rest = b""
        while chunk := await _in_daemon(lambda: read(_INPUT, _CHUNK)):
            *lines, rest = (rest + chunk).split(b"\n")
            if len(rest) > _LONGEST:
                rest = _NO_MESSAGE
            for line in lines:
                yield self._received(line)
        if rest:
            yield self._received(rest)
        with suppress(TimeoutError):
            async with asyncio.timeout(DEADLINE):
                while self._waiting:
                    self._written.clear()
                    await self._written.wait()

    def _received(self, line: bytes) -> str:
        with suppress(msgspec.MsgspecError, RecursionError):  # the SDK refuses malformed messages
            head = _decode(line)
            if head.method == "notifications/cancelled" and head.params is not None:
                self._waiting -= {*filter(None, [head.params.request_id])}
            elif head.method is not None and head.id is not None:
                self._waiting.add(head.id)
        return line.decode(errors="replace")

    async def write(self, text: str) -> None:
        """Write a complete message."""
        written = text.encode()
        left = memoryview(written)

        def write_some() -> int:
            return write(_OUTPUT, left)

        while left:
            left = left[await _in_daemon(write_some) :]
        head = _decode(written)
        if head.method is None and head.id is not None:
            self._waiting.discard(head.id)
        self._written.set()

    async def flush(self) -> None:
        """Do nothing, because there is no buffer."""


_decode: Final = msgspec.json.Decoder(_Head).decode


async def _in_daemon(function: Callable[[], T]) -> T:
    """Call a function in a daemon thread. The thread continues if the caller is cancelled."""
    loop = asyncio.get_running_loop()
    future: asyncio.Future[T] = loop.create_future()

    def settle(set_it: Callable[[], None]) -> None:
        if not future.done():
            set_it()

    def run() -> None:
        try:
            result = function()
        except BaseException as error:  # noqa: BLE001 - the caller receives it
            raised = error
            done: Callable[[], None] = lambda: future.set_exception(raised)  # noqa: E731 - as below
        else:
            done = lambda: future.set_result(result)  # noqa: E731 - as above
        with suppress(RuntimeError):  # the loop was closed
            loop.call_soon_threadsafe(settle, done)

    threading.Thread(target=run, daemon=True, name="frontegg mcp").start()
    return await future
