"""Waits that end early when the client is closed."""

from __future__ import annotations

import asyncio

from frontegg_async.errors import ClientClosedError


class Waits:
    """The waits of all calls of a client."""

    def __init__(self) -> None:
        self._waiting: set[asyncio.Future[None]] = set()

    async def sleep(self, seconds: float) -> None:
        """Wait.

        Raises:
            ClientClosedError: The client was closed meanwhile.
        """
        loop = asyncio.get_running_loop()
        future: asyncio.Future[None] = loop.create_future()
        self._waiting.add(future)
        handle = loop.call_later(seconds, _finish, future)
        try:
            await future
        finally:
            handle.cancel()
            self._waiting.discard(future)

    def interrupt(self) -> None:
        """End all waits with `ClientClosedError`."""
        for future in self._waiting:
            if not future.done():
                future.set_exception(ClientClosedError("the client was closed"))


def _finish(future: asyncio.Future[None]) -> None:
    if not future.done():
        future.set_result(None)
