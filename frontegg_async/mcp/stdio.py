"""Serve one session over standard input and output."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from os import read, write
from typing import TYPE_CHECKING, Final, TypeVar, cast

from mcp.server.stdio import stdio_server

from frontegg_async.mcp.protocol import make_server
from frontegg_async.mcp.scope import Scope
from frontegg_async.mcp.service import AccountsService

if TYPE_CHECKING:
    import anyio

T = TypeVar("T")

_INPUT: Final = 0
_OUTPUT: Final = 1
_CHUNK: Final = 65_536
_LONGEST: Final = 2**20
"""The most bytes of a message; of a longer one, the rest is left out, so that it is no message."""


async def serve(service: AccountsService, scope: Scope, *, as_text: bool = False) -> None:
    """Serve one session, until standard input ends, or nobody reads standard output.

    Args:
        service: Runs the tools.
        scope: The accounts that the session may see.
        as_text: Whether answers come as text, too.
    """
    server = make_server(service, lambda: (scope, ""), as_text=as_text)
    wire = cast("anyio.AsyncFile[str]", _Wire())
    with suppress(BrokenPipeError):
        try:
            async with stdio_server(wire, wire) as (received, sent):
                await server.run(received, sent, server.create_initialization_options())
        except BaseExceptionGroup as errors:
            raise _first(errors) from None


def _first(errors: BaseExceptionGroup[BaseException]) -> BaseException:
    error: BaseException = errors
    while isinstance(error, BaseExceptionGroup):
        error = cast("BaseExceptionGroup[BaseException]", error).exceptions[0]
    return error


class _Wire:
    """Standard input and output, as the SDK takes them: what it reads lines from, and what it writes to.

    Both block in daemon threads. The SDK's own threads would keep the program from ending while its client is silent.
    """

    async def __aiter__(self) -> AsyncIterator[str]:
        rest = b""
        while chunk := await _in_daemon(lambda: read(_INPUT, _CHUNK)):
            *lines, rest = (rest + chunk).split(b"\n")
            rest = rest[:_LONGEST]
            for line in lines:
                yield line.decode(errors="replace")
        if rest:
            yield rest.decode(errors="replace")

    async def write(self, text: str) -> None:
        """Write a text whole."""
        left = memoryview(text.encode())

        def write_some() -> int:
            return write(_OUTPUT, left)

        while left:
            left = left[await _in_daemon(write_some) :]

    async def flush(self) -> None:
        """Do nothing: there is no buffer."""


async def _in_daemon(function: Callable[[], T]) -> T:
    """Call a function in a daemon thread, which a cancelled caller leaves behind."""
    loop = asyncio.get_running_loop()
    future: asyncio.Future[T] = loop.create_future()

    def settle(set_it: Callable[[], None]) -> None:
        if not future.done():
            set_it()

    def run() -> None:
        try:
            result = function()
        except BaseException as error:  # noqa: BLE001 - the caller gets it
            raised = error
            done: Callable[[], None] = lambda: future.set_exception(raised)  # noqa: E731 - as below
        else:
            done = lambda: future.set_result(result)  # noqa: E731 - as above
        with suppress(RuntimeError):  # the loop was closed
            loop.call_soon_threadsafe(settle, done)

    threading.Thread(target=run, daemon=True, name="frontegg mcp").start()
    return await future
